"""Open an item: find it, and take it when it is free and the member may decide it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from countermark.node.findings.detailing import with_sides
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import ORDER, named
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.kernel.errors import NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import leases
from countermark.node.review.items import PREFETCHED
from countermark.node.review.queueing import workable
from countermark.node.review.shown import LeaseShown

#: The item and those after it that the page prefetches; also the tries before asking again, when others are faster.
CANDIDATES = 1 + PREFETCHED


@dataclass(frozen=True, slots=True)
class Opened:
    """A finding (from `with_holder`) with what became of the hold; `next_ids` when they are known already."""

    finding: Finding
    lease: LeaseShown
    next_ids: tuple[str, ...] | None


def with_holder(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings with both sides and whoever holds them, in one question."""
    return with_sides(found).select_related("lease__member")


def first(member: Member, filters: FindingFilters) -> Opened | None:
    """The first item of the queue that the member gets; None when the queue is clear for this member."""
    while candidates := list(with_holder(workable(member, filters)).order_by(*ORDER)[:CANDIDATES]):
        taken = take_first(member, candidates)
        if taken is not None:
            place, lease = taken
            return Opened(candidates[place], lease, ids_after(candidates, place))
    return None


def take_first(member: Member, candidates: Sequence[Finding]) -> tuple[int, LeaseShown] | None:
    """Take the first of some rows of the queue: its place among them, and the hold.

    A member who may not decide takes nothing and sees the first. None when others were faster with every one.
    """
    if not may_take(member, candidates[0]):
        return 0, leases.holder(member, candidates[0].pk)
    for place, finding in enumerate(candidates):
        lease = leases.take(member, finding.pk)
        if lease is not None:
            return place, lease
    return None


def ids_after(candidates: Sequence[Finding], place: int) -> tuple[str, ...]:
    """Ids of the items after a place, as many as are prefetched."""
    return tuple(row.core_id for row in candidates[place + 1 : place + 1 + PREFETCHED])


def one(member: Member, core_id: str) -> Opened:
    """One item, taken when that is possible. Raises NotPermitted (REVIEW_VIEW), NotFound."""
    member.require(Permission.REVIEW_VIEW)
    finding = with_holder(named(member, core_id)).first()
    if finding is None:
        raise NotFound("finding", core_id)
    return Opened(finding, _hold(member, finding), None)


def queue_around(finding: Finding, filters: FindingFilters) -> FindingFilters:
    """The filters with the queue that the item waits in, if it waits: place and next items are of that one."""
    if finding.state not in WAITING:
        return filters
    return replace(filters, states=frozenset({FindingState(finding.state)}))


def _hold(member: Member, finding: Finding) -> LeaseShown:
    seen = leases.seen(member, getattr(finding, "lease", None))
    held_by_another = seen.until is not None and not seen.mine
    if held_by_another or not may_take(member, finding):
        return seen
    return leases.take(member, finding.pk) or leases.holder(member, finding.pk)


def may_take(member: Member, finding: Finding) -> bool:
    """Whether the member may decide an item in its present state, whoever holds it."""
    if finding.state not in WAITING or not member.may(Permission.REVIEW_DECIDE):
        return False
    if finding.state == FindingState.ESCALATED:
        return member.may(Permission.REVIEW_DECIDE_ESCALATED)
    return finding.state != FindingState.SECOND_LOOK or finding.last_reviewer_id != member.user_id
