"""The statement of reasons that a seller is given: the law's builder, filled with what this decision says."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

import rfc8785
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from countermark.law.statement.building import build_statement, seller_sections
from countermark.law.statement.decision import Decision, Measure, Origin, puid_of
from countermark.law.wording import day_in_words, said
from countermark.model import RightKind
from countermark.node.notices import lawyer, papers, reasons, telling
from countermark.node.notices.models import Notice, Statement, Telling
from countermark.node.notices.states import Deed, Told

_CONTENT = {"picture_only": ("IMAGE",), "text_only": ("TEXT",)}
_REDRESS = {
    "eu-dsa": (
        gettext_noop("You can complain to us, free of charge, within six months: use the answer on this page."),
        gettext_noop("You can go to a certified out-of-court dispute settlement body."),
        gettext_noop("You can go to court."),
    ),
}
_PLAIN_REDRESS = (
    gettext_noop("You can answer with a counter-notice on this page."),
    gettext_noop("You can go to court."),
)


def state_reasons(notice: Notice, deed: Deed, reason: str, at: datetime) -> Statement:
    """Write the statement of a restriction; its hash is the reference that the law's record keeps.

    The seller is told the same in every language; the database gets the English one.
    """
    paper, puid = papers.read(notice.paper), puid_of(secrets.token_bytes(16))
    with override("en"):
        decision = _decision(notice, paper, deed, reason, at, "en", puid)
        sections = _sections(decision, deed, reason, "en")
    filing: dict[str, Any] | None = build_statement(decision) if notice.regime == "eu-dsa" else None
    digest = hashlib.sha256(rfc8785.dumps(sections)).hexdigest()
    statement = Statement(notice=notice, sections=sections, filing=filing, sha256=digest, at=at)
    statement.save()

    def sections_in(language: str) -> telling.Sections:
        return _sections(_decision(notice, paper, deed, reason, at, language, puid), deed, reason, language)

    telling.tell(notice, Told.STATEMENT, sections_in)
    return statement


def put_to_seller(notice: Notice) -> Telling:
    """Put a complaint to the seller before anything is decided, where the programme hears both sides first."""
    paper = papers.read(notice.paper)

    def sections_in(language: str) -> telling.Sections:
        law = lawyer.law_of(lawyer.read(notice.matter)).file
        ground = next((one.title for one in law.asked.grounds if one.id == paper.ground), paper.ground)
        given = {"partner": notice.other_side, "ground": said(ground, language), "right": right_in_words(paper)}
        return [
            [
                _("The complaint"),
                _("%(partner)s has complained. The notice says: %(ground)s. Right relied on: %(right)s.") % given,
            ],
            [_("How it stands"), _("Your offer is still up. Nothing is decided.")],
            [_("What you can do"), _("You can answer on this page. Without an answer in time the offer goes down.")],
        ]

    return telling.tell(notice, Told.COMPLAINT, sections_in)


def _sections(decision: Decision, deed: Deed, reason: str, language: str) -> telling.Sections:
    sections = [list(one) for one in seller_sections(decision, language)]
    if deed is Deed.PARTLY:
        day = day_in_words(decision.applies_from, language)
        sections[0][1] = f"{_sentence(reason)} {said('It applies from {day}.', language).format(day=day)}"
    return sections


def _sentence(reason: str) -> str:
    """A reason as a sentence of the active language, which has its own full stop."""
    return _("%(words)s.") % {"words": _(reasons.words_of(reason))}


def right_in_words(paper: papers.Filed) -> str:
    """The right relied on, as a register names it; a register number of a partner is quoted, never resolved."""
    number = f"{paper.right_office} {paper.right_number}".strip()
    return " ".join(part for part in (paper.right_title or paper.brand, f"({number})" if number else "") if part)


def _decision(
    notice: Notice, paper: papers.Filed, deed: Deed, reason: str, at: datetime, language: str, puid: str
) -> Decision:
    """The decision with its texts in the active language, which `language` names."""
    law = lawyer.law_of(lawyer.read(notice.matter)).file
    ground = next((one.title for one in law.asked.grounds if one.id == paper.ground), paper.ground)
    ground, title = said(ground, language), said(law.title, language)
    on_terms = reason == "terms"
    kinds = (RightKind(paper.right_kind),) if paper.right_kind in set(RightKind) else ()
    facts = _("The notice says: %(ground)s. Right relied on: %(right)s.")
    return Decision(
        puid=puid,
        measures=(Measure.REMOVED,),
        posted=(notice.filed_at or at).date(),
        applies_from=at.date(),
        facts=facts % {"ground": ground, "right": right_in_words(paper)},
        law="" if on_terms else _("%(ground)s, %(law)s") % {"ground": ground, "law": title},
        terms=_("Our terms on counterfeit goods") if on_terms else "",
        explanation=_sentence(reason),
        kinds=kinds,
        content=_CONTENT.get(reason, ("PRODUCT",)),
        origin=Origin.NOTICE,
        notifier=notice.other_side,
        redress=tuple(_(one) for one in _REDRESS.get(notice.regime, _PLAIN_REDRESS)),
    )
