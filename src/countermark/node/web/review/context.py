"""What the templates of the review screen are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from countermark.model import Direction
from countermark.node.findings.shown import FindingPage, FindingRow
from countermark.node.findings.states import FindingState
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.review import selectors
from countermark.node.review.shown import DecisionShown, ReasonChoices, ReviewItem
from countermark.node.review.verdicts import NEEDS_NOTE, Verdict
from countermark.node.web import choices as offered
from countermark.node.web import narrowing
from countermark.node.web.evidence import evidence_of, picture_address
from countermark.node.web.narrowing import Narrowing
from countermark.node.web.templatetags.countermark import written_price
from countermark.node.web.words import Word

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What happened, told to the person; `note` is given back when it could not be saved."""

    words: str
    detail: str = ""
    note: str = ""
    back_address: str = ""
    back_label: str = ""

    @property
    def title(self) -> str:
        """The same words, as a heading."""
        return self.words


@dataclass(frozen=True, slots=True)
class Attempt:
    """A decision as it came from the form."""

    verdict: str
    reason: str
    note: str

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> "Attempt":
        """Read the form: each verdict has reasons of its own, the button says which verdict."""
        verdict = form.get("verdict", "")
        return cls(verdict=verdict, reason=form.get(f"reason_{verdict}", ""), note=form.get("note", "").strip())


_QUESTIONS: Mapping[Verdict, tuple[Word, Word]] = {
    Verdict.INFRINGING: (gettext_lazy("Why infringing?"), gettext_lazy("Confirm: infringing")),
    Verdict.NOT_INFRINGING: (gettext_lazy("Why not infringing?"), gettext_lazy("Confirm: not infringing")),
    Verdict.UNSURE: (gettext_lazy("What is missing?"), gettext_lazy("Confirm: unsure")),
    Verdict.ESCALATE: (gettext_lazy("Why escalate?"), gettext_lazy("Confirm: escalate")),
}


def of_page(
    member: Member,
    wanted: Narrowing,
    item: ReviewItem | None,
    cursor: str,
    *,
    attempt: Attempt | None = None,
    problem: Invalid | None = None,
) -> Shown:
    """The whole screen: queues, rail, item."""
    rows = selectors.queue(member, wanted.filters, cursor)
    return {
        "item": item,
        "queues": _queues(member, wanted),
        "filters": {
            "chips": wanted.chips(reverse("web:review")),
            "address": wanted.address(reverse("web:review-filter")),
        },
        "rail": _rail(rows, wanted, item.next_ids if item else ()),
        "help_text": _("Decide with one key; the next item comes by itself. Nothing leaves the house from here."),
    } | (of_item(wanted, item, attempt, problem) if item else _clear(member, wanted))


def of_item(
    wanted: Narrowing,
    item: ReviewItem,
    attempt: Attempt | None = None,
    problem: Invalid | None = None,
) -> Shown:
    """One item with everything that can be done with it."""
    finding = item.finding.row.core_id
    drawn = evidence_of(item.finding, item.explanation)
    return {
        "evidence": drawn,
        "speaks_against": any(reason.direction is Direction.AGAINST for reason in drawn.reasons),
        "facts": offered.facts_in_words(item.facts),
        "decisions": item.decisions,
        "finding_id": finding,
        "choices": [_choice(choice, attempt, problem) for choice in item.choices],
        "note": attempt.note if attempt else "",
        "note_problem": _problem_of(problem, "note"),
        "verdict_problem": _problem_of(problem, "verdict"),
        "address": wanted.address(reverse("web:review-item", args=[finding])),
        "decide_address": wanted.address(reverse("web:review-decide", args=[finding])),
        "skip_address": wanted.address(reverse("web:review-skip", args=[finding])),
        "next_address": _item_address(wanted, item.next_ids[0]) if item.next_ids else "",
        "undo_address": _undo_address(wanted, item.undoable),
    }


def spoken(said: Said, item: ReviewItem | None, *, onwards: bool) -> str:
    """What the live region says: what was saved, how far the queue is, what comes."""
    if item is None:
        return f"{said.words} {_('The queue is clear.')}"
    place, row = item.place, item.finding.row
    where = _("%(position)s of %(length)s.") % {"position": place.position, "length": place.length}
    price = f", {written_price(row.price)}" if row.price else ""
    coming = _("Next: %(title)s%(price)s.") if onwards else _("Here: %(title)s%(price)s.")
    return f"{said.words} {where} " + coming % {"title": row.title[:80], "price": price}


def _choice(choice: ReasonChoices, attempt: Attempt | None, problem: Invalid | None) -> Shown:
    question, confirm = _QUESTIONS[choice.verdict]
    tried = attempt is not None and attempt.verdict == choice.verdict
    return {
        "verdict": choice.verdict.value,
        "question": question,
        "confirm": confirm,
        "reasons": [
            {"code": r.code, "label": offered.translated(r.label), "needs_note": r.code in NEEDS_NOTE}
            for r in choice.reasons
        ],
        "suggested": choice.suggested,
        "chosen": attempt.reason if tried and attempt and attempt.reason else choice.suggested,
        "note_needed": choice.note_needed,
        "open": tried,
        "problem": _problem_of(problem, "reason") if tried else "",
    }


def _problem_of(problem: Invalid | None, *fields: str) -> str:
    return " ".join(p.sentence() for p in problem.problems if p.field in fields) if problem else ""


def _queues(member: Member, wanted: Narrowing) -> list[Shown]:
    here = next(iter(wanted.filters.states), FindingState.OPEN)
    page = reverse("web:review")
    return [
        {
            "state": state,
            "length": length,
            "current": state is here,
            "address": wanted.address(page, queue="" if state is FindingState.OPEN else state.value),
        }
        for state, length in selectors.queue_lengths(member).items()
    ]


def of_filters(member: Member, wanted: Narrowing) -> Shown:
    """The form of filters, fetched when it is opened: its choices would cost the queue more than the queue itself."""
    return {
        "queue": wanted.given.get("queue", ""),
        "selects": narrowing.selects(wanted, offered.brands(member), offered.marketplaces(member)),
    }


def _rail(page: FindingPage, wanted: Narrowing, ahead: tuple[str, ...]) -> Shown:
    following = wanted.address(reverse("web:review"), after=page.next_cursor) if page.next_cursor else ""
    return {"rows": [rail_row(row, wanted, ahead) for row in page.rows], "next": following}


def rail_row(row: FindingRow, wanted: Narrowing, ahead: tuple[str, ...]) -> Shown:
    """One line of the queue; pictures of the items `ahead` are fetched before they are asked for."""
    return {
        "id": row.core_id,
        "title": row.title,
        "price": row.price,
        "level": row.level,
        "found_at": row.found_at,
        "address": _item_address(wanted, row.core_id),
        "thumb": picture_address(row.capture_id, "thumb"),
        "full": picture_address(row.capture_id, "full"),
        "ahead": row.core_id in ahead,
    }


def _item_address(wanted: Narrowing, finding: str) -> str:
    return wanted.address(reverse("web:review-item", args=[finding]))


def _undo_address(wanted: Narrowing, decision: DecisionShown | None) -> str:
    return wanted.address(reverse("web:review-undo", args=[decision.id])) if decision else ""


def _clear(member: Member, wanted: Narrowing) -> Shown:
    """An empty queue says why, and what the next useful step is."""
    steps = []
    if wanted.chips(reverse("web:review")):
        steps.append({"address": reverse("web:review"), "label": _("Show the whole queue")})
    if member.may(Permission.SCANS_RUN):
        steps.append({"address": reverse("web:scans"), "label": _("Scan the listings")})
    if member.organisation_kind is OrganisationKind.RIGHTS_HOLDER and member.may(Permission.NOTICES_FILE):
        steps.append({"address": reverse("web:notices-many"), "label": _("File notices for what infringes")})
    steps.append({"address": reverse("web:findings"), "label": _("Look at all findings")})
    undoable = selectors.undoable(member)
    return {
        "address": wanted.address(reverse("web:review")),
        "undoable": undoable,
        "undo_address": _undo_address(wanted, undoable),
        "clear": {
            "title": _("Queue clear"),
            "detail": _(
                "Nothing waits for you here. New findings come with the next scan; skipped items come back after a day."
            ),
            "steps": steps,
        },
    }
