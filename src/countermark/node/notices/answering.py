"""What a law asks of a seller's answer, and what it says when something is missing, in the seller's language."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from countermark.law.asked import Declaration, Field, Paper
from countermark.law.drafts import Draft
from countermark.law.drafts import Problem as LawProblem
from countermark.law.preflight import wanted_declarations, wanted_fields
from countermark.law.wording import said
from countermark.node.kernel.errors import FieldProblem
from countermark.node.notices import lawyer
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Deed
from countermark.node.notices.steps import ANSWERS


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field of the answer: its key, name and help in one language."""

    id: str
    title: str
    help: str


@dataclass(frozen=True, slots=True)
class DeclarationShown:
    """A sentence to sign: `text` as the seller reads it, `original` the English words that are signed."""

    id: str
    text: str
    original: str
    version: str


def may_answer_again(notice: Notice, moment: datetime) -> bool:
    """Whether the seller can answer as far as earlier answers go: once, or as often as the programme gives chances."""
    before = notice.counters.count()
    if not before:
        return True
    allowed = before < ANSWERS.get(notice.regime, 1)
    return allowed and not lawyer.refusal(lawyer.read(notice.matter), Deed.COUNTER, moment)


def wanted(regime_id: str) -> tuple[tuple[Field, ...], tuple[Declaration, ...]]:
    """What this law asks a seller to write and to sign, besides the reason."""
    asked, draft = lawyer.regime(regime_id).file.asked, Draft(paper=Paper.COUNTER, items=())
    fields = tuple(one for one in wanted_fields(asked, draft) if one.id not in {"facts", "signature"})
    return fields, wanted_declarations(asked, Paper.COUNTER)


def form_in(regime_id: str, language: str) -> tuple[tuple[FieldShown, ...], tuple[DeclarationShown, ...]]:
    """The same in a language; where the words are the English ones, `original` is empty."""
    fields, declarations = wanted(regime_id)
    shown = tuple(FieldShown(one.id, said(one.title, language), said(one.mend, language)) for one in fields)
    return shown, tuple(_declaration(one, language) for one in declarations)


def _declaration(one: Declaration, language: str) -> DeclarationShown:
    text = said(one.text, language)
    return DeclarationShown(one.id, text, "" if text == one.text else one.text, one.version)


def problem_in_words(regime_id: str, problem: LawProblem) -> FieldProblem:
    """What the law holds against an answer, in the active language; its norms are left to the lawyers."""
    language = get_language() or "en"
    asked = lawyer.regime(regime_id).file.asked
    field = next((one for one in asked.fields if one.id == problem.field and Paper.COUNTER in one.of), None)
    title = _names().get(problem.field) or (said(field.title, language) if field else problem.field)
    mend = said(field.mend, language) if field else ""
    words = {
        "field-missing": (_("“%(field)s” is missing."), mend),
        "field-thin": (_("“%(field)s” says too little."), mend),
        "field-too-long": (_("“%(field)s” is too long."), _("Shorten it.")),
        "not-signed": (_("A statement is not ticked that the law asks you to make."), _("Read it and tick it.")),
        "signed-other-words": (
            _("The statement to sign has changed since this page was made."),
            _("Read it and tick it again."),
        ),
        "signer-missing": (_("Your name is missing under the statements."), _("Write your name.")),
    }
    message, mend = words.get(problem.code, (_("The answer cannot be accepted as it is."), mend))
    return FieldProblem(problem.field, problem.code, message % {"field": title}, mend)


def _names() -> dict[str, str]:
    """Fields that the page calls by plainer names than the law does."""
    return {"facts": _("Tell it in your own words"), "signature": _("Your name")}
