"""Put together everything the review screen shows about one item, in few questions to the database."""

from countermark.model import Level
from countermark.node.findings.counting import Count, Nth, ask
from countermark.node.findings.cursor import Cursor
from countermark.node.findings.detailing import detail_of
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import ORDER, after, ahead_of
from countermark.node.findings.selectors import explanation
from countermark.node.findings.shown import Capped, FindingDetail
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import history
from countermark.node.review.facts import fact_lines
from countermark.node.review.queueing import in_queue, may_see_queue, workable
from countermark.node.review.shown import LeaseShown, Place, ReasonChoices, ReviewItem
from countermark.node.review.suggestions import suggested_reason
from countermark.node.review.verdicts import ALLOWED, REASONS, Verdict, needs_note

#: Positions and lengths stop counting here.
COUNT_CAP = 1_000
#: Items after this one that the page fetches before they are asked for.
PREFETCHED = 2


def compose(
    member: Member,
    finding: Finding,
    lease: LeaseShown,
    filters: FindingFilters,
    next_ids: tuple[str, ...] | None = None,
) -> ReviewItem:
    """The item (a finding from `with_sides`) as the member sees it: five questions to the database.

    `next_ids` are asked for when they are not given. Seeing the seller's name is written to the audit trail.
    """
    detail = detail_of(member, finding)
    state = FindingState(finding.state)
    blind = state is FindingState.SECOND_LOOK
    why_not = _why_not(member, finding, lease)
    place, after_it = _around(member, finding, filters, next_ids)
    beside = history.beside(member, finding)
    return ReviewItem(
        finding=detail,
        explanation=explanation(member, detail),
        facts=fact_lines(detail.record, detail.listing, detail.seller, detail.right),
        lease=lease,
        may_decide=not why_not,
        why_not=why_not,
        choices=_choices(detail, state),
        blind=blind,
        decisions=() if blind else beside.decisions,
        place=place,
        next_ids=after_it,
        undoable=beside.undoable,
    )


def _why_not(member: Member, finding: Finding, lease: LeaseShown) -> str:
    """Why the member may not decide this item, in a sentence; empty when they may."""
    if finding.state not in WAITING:
        return "This finding no longer waits for a decision."
    needed = Permission.REVIEW_DECIDE
    if finding.state == FindingState.ESCALATED:
        needed = Permission.REVIEW_DECIDE_ESCALATED
    if not member.may(needed):
        return "Your role may read this item; deciding it is for others."
    if finding.state == FindingState.SECOND_LOOK and finding.last_reviewer_id == member.user_id:
        return "You were unsure about this one; someone else decides it now."
    if not lease.mine and lease.until is not None:
        return f"Being reviewed by {lease.holder} until {lease.until:%H:%M} UTC."
    return "" if lease.mine else "You do not hold this item. Open it again to decide."


def _choices(detail: FindingDetail, state: FindingState) -> tuple[ReasonChoices, ...]:
    level = Level(detail.record.level)
    return tuple(
        ReasonChoices(
            verdict=verdict,
            reasons=REASONS[verdict],
            suggested=suggested_reason(detail.record, verdict),
            note_needed=needs_note(verdict, level, suggested_reason(detail.record, verdict)),
        )
        for verdict in ALLOWED.get(state, tuple[Verdict, ...]())
    )


def _around(
    member: Member, finding: Finding, filters: FindingFilters, next_ids: tuple[str, ...] | None
) -> tuple[Place, tuple[str, ...]]:
    """Where the item stands and what comes after it, in one question to the database."""
    if not may_see_queue(member, filters):
        return Place(position=Capped(0), length=Capped(0)), ()
    queue = in_queue(member, filters)
    ahead = ahead_of(queue, finding.expected_harm, finding.pk)
    questions: list[Count | Nth] = [Count(ahead, COUNT_CAP), Count(queue, COUNT_CAP)]
    if next_ids is None:
        rest = after(workable(member, filters), Cursor(finding.expected_harm, finding.pk)).order_by(*ORDER)
        questions += [Nth(rest, "core_id", place) for place in range(PREFETCHED)]
    before, length, *found = ask(questions)
    place = Place(position=Capped(before.value + 1, more=before.more), length=length)
    return place, next_ids if next_ids is not None else tuple(filter(None, found))
