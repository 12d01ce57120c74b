"""Take items, judge them, put them aside. Every write: state, decision and audit row together or not at all."""

from dataclasses import replace
from datetime import timedelta

from countermark.node.findings.detailing import with_sides
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import ORDER
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import deciding, history, leases
from countermark.node.review.items import PREFETCHED, compose
from countermark.node.review.models import Skip
from countermark.node.review.queueing import workable
from countermark.node.review.shown import DecisionShown, LeaseShown, ReviewItem
from countermark.node.review.verdicts import Verdict

#: How long a skipped item stays out of the way of the one who skipped it.
SKIPPED_FOR = timedelta(hours=24)
#: The item and those after it that the page prefetches; also the tries before asking again, when others are faster.
CANDIDATES = 1 + PREFETCHED

ANY = FindingFilters()


def open_next(member: Member, filters: FindingFilters = ANY) -> ReviewItem | None:
    """Take the first item of the queue that nobody holds and the member has not put aside; None = the queue is clear.

    `filters.states` chooses the queue (one of WAITING; none = the open queue). A member who may not decide gets the
    first item read-only. Raises NotPermitted for counsel's queue.
    """
    while True:
        candidates = list(with_sides(workable(member, filters)).order_by(*ORDER)[:CANDIDATES])
        if not candidates:
            return None
        for number, finding in enumerate(candidates):
            lease = leases.take(member, finding.pk) if _may_take(member, finding) else leases.holder(member, finding.pk)
            if lease is not None:
                after_it = tuple(row.core_id for row in candidates[number + 1 :])
                return compose(member, finding, lease, filters, after_it)


def open_item(member: Member, core_id: str, filters: FindingFilters = ANY) -> ReviewItem:
    """Open one item: taken when it is free and waits, read-only (`lease.mine` is false) otherwise; NotFound."""
    member.require(Permission.REVIEW_VIEW)
    finding = with_sides(Finding.objects.filter(organisation_id=member.organisation_id, core_id=core_id)).first()
    if finding is None:
        raise NotFound("finding", core_id)
    lease = leases.take(member, finding.pk) if _may_take(member, finding) else None
    if lease is None:
        lease = leases.holder(member, finding.pk)
    if finding.state in WAITING:
        filters = replace(filters, states=frozenset({FindingState(finding.state)}))
    return compose(member, finding, lease, filters)


def decide(
    member: Member,
    core_id: str,
    *,
    verdict: Verdict,
    reason: str,
    note: str = "",
    lease_token: str = "",
    seconds: int = 0,
) -> DecisionShown:
    """Judge an item one holds.

    `seconds` is how long the item was in front of the person. Raises NotFound, NotPermitted (Permission.REVIEW_DECIDE,
    or REVIEW_DECIDE_ESCALATED in counsel's queue), Invalid (verdict, reason or note; all problems at once), Conflict
    (the hold was lost, or someone decided meanwhile: the detail says who, what and when).
    """
    judgement = deciding.Judgement(verdict=verdict, reason=reason, note=note, lease_token=lease_token, seconds=seconds)
    return history.shown(deciding.decide(member, core_id, judgement), member)


def undo(member: Member, decision_id: str, filters: FindingFilters = ANY) -> ReviewItem:
    """Take back one's own decision within COUNTERMARK_UNDO_MINUTES: the item waits again and is in one's hands.

    Raises NotFound, NotPermitted (someone else's), Conflict (too late, already undone, or decided again since).
    """
    return open_item(member, deciding.undo(member, decision_id).core_id, filters)


def skip(member: Member, core_id: str) -> None:
    """Put an item aside for 24 hours, for this member only, and let go of it."""
    member.require(Permission.REVIEW_DECIDE)
    finding = _waiting(member, core_id)
    Skip.objects.update_or_create(finding_id=finding, member_id=member.user_id, defaults={"until": now() + SKIPPED_FOR})
    leases.let_go(member, finding)
    leases.trim(member)


def unskip(member: Member, core_id: str) -> None:
    """Take back a skip; nothing happens when there is none."""
    Skip.objects.filter(
        member_id=member.user_id, finding__core_id=core_id, finding__organisation_id=member.organisation_id
    ).delete()


def renew_lease(member: Member, core_id: str, lease_token: str) -> LeaseShown:
    """Hold an item for another ten minutes; Conflict when someone else took it or it no longer waits."""
    finding = _waiting(member, core_id)
    held = leases.holder(member, finding)
    if held.until is not None and (not held.mine or held.token != lease_token):
        raise Conflict(f"{held.holder} has this item until {held.until:%H:%M} UTC.", code="lease-lost")
    renewed = leases.take(member, finding)
    if renewed is None:
        raise Conflict("Someone else has just taken this item.", code="lease-lost")
    leases.trim(member)
    return renewed


def _waiting(member: Member, core_id: str) -> int:
    finding = (
        Finding.objects.filter(organisation_id=member.organisation_id, core_id=core_id).only("pk", "state").first()
    )
    if finding is None:
        raise NotFound("finding", core_id)
    if finding.state not in WAITING:
        raise Conflict("This finding no longer waits for a decision.", code="finding-decided")
    return finding.pk


def _may_take(member: Member, finding: Finding) -> bool:
    if finding.state not in WAITING or not member.may(Permission.REVIEW_DECIDE):
        return False
    if finding.state == FindingState.ESCALATED:
        return member.may(Permission.REVIEW_DECIDE_ESCALATED)
    return finding.state != FindingState.SECOND_LOOK or finding.last_reviewer_id != member.user_id
