"""Take items, judge them, put them aside. Every write: state, decision and audit row together or not at all."""

from countermark.node.findings.filters import FindingFilters
from countermark.node.parties.access import Member
from countermark.node.review.shown import DecisionShown, LeaseShown, ReviewItem
from countermark.node.review.verdicts import Verdict


def open_next(member: Member, filters: FindingFilters = FindingFilters()) -> ReviewItem | None:
    """Take the first item of the queue that nobody holds and the member has not put aside; None = the queue is clear.

    `filters.states` chooses the queue (one of WAITING; empty = the open queue). A member who may not decide gets the
    first item read-only.
    """
    raise NotImplementedError


def open_item(member: Member, core_id: str, filters: FindingFilters = FindingFilters()) -> ReviewItem:
    """Open one item: taken when it is free and waits, read-only (`lease.mine` is false) otherwise; NotFound."""
    raise NotImplementedError


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

    Raises NotPermitted (Permission.REVIEW_DECIDE, or REVIEW_DECIDE_ESCALATED in counsel's queue), Invalid (verdict,
    reason or note), Conflict (the hold was lost or someone decided meanwhile: the detail says who, what and when).
    """
    raise NotImplementedError


def undo(member: Member, decision_id: str) -> ReviewItem:
    """Take back one's own decision within COUNTERMARK_UNDO_MINUTES: the item waits again and is in one's hands.

    Raises NotFound, NotPermitted (someone else's), Conflict (too late, already undone, or decided again since).
    """
    raise NotImplementedError


def skip(member: Member, core_id: str) -> None:
    """Put an item aside for 24 hours, for this member only, and let go of it."""
    raise NotImplementedError


def unskip(member: Member, core_id: str) -> None:
    """Take back a skip."""
    raise NotImplementedError


def renew_lease(member: Member, core_id: str, lease_token: str) -> LeaseShown:
    """Hold an item for another ten minutes; Conflict when someone else took it."""
    raise NotImplementedError
