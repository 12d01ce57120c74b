"""Take items, judge them, put them aside. Every write: state, decision and audit row together or not at all."""

from datetime import timedelta

from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.querying import named
from countermark.node.findings.states import WAITING
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import deciding, history, leases, opening
from countermark.node.review.items import compose
from countermark.node.review.models import Skip
from countermark.node.review.shown import DecisionShown, LeaseShown, ReviewItem
from countermark.node.review.verdicts import Verdict

#: How long a skipped item stays out of the way of the one who skipped it.
SKIPPED_FOR = timedelta(hours=24)
ANY = FindingFilters()


def open_next(member: Member, filters: FindingFilters = ANY) -> ReviewItem | None:
    """Take the first item of the queue that nobody holds and the member has not put aside; None = the queue is clear.

    `filters.states` chooses the queue (one of WAITING; none = the open queue). A member who may not decide gets the
    first item read-only. Raises NotPermitted for counsel's queue.
    """
    opened = opening.first(member, filters)
    return compose(member, opened.finding, opened.lease, filters, opened.next_ids) if opened else None


def open_item(member: Member, core_id: str, filters: FindingFilters = ANY) -> ReviewItem:
    """Open one item: taken when it is free and waits, read-only (`lease.mine` is false) otherwise; NotFound."""
    opened = opening.one(member, core_id)
    return compose(member, opened.finding, opened.lease, opening.queue_around(opened.finding, filters))


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
    Skip.objects.filter(member_id=member.user_id, finding__in=named(member, core_id)).delete()


def renew_lease(member: Member, core_id: str, lease_token: str) -> LeaseShown:
    """Hold an item for another ten minutes; Conflict when someone else took it or it no longer waits."""
    finding = _waiting(member, core_id)
    held = leases.holder(member, finding)
    if held.mine and held.token != lease_token:
        raise Conflict("You no longer hold this item in this window. Open it again.", code="lease-lost")
    renewed = leases.take(member, finding)
    if renewed is None:
        raise Conflict(leases.holder(member, finding).sentence(), code="lease-lost")
    leases.trim(member)
    return renewed


def _waiting(member: Member, core_id: str) -> int:
    finding = named(member, core_id).only("pk", "state").first()
    if finding is None:
        raise NotFound("finding", core_id)
    if finding.state not in WAITING:
        raise Conflict("This finding no longer waits for a decision.", code="finding-decided")
    return finding.pk
