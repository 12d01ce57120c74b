"""Which findings a member may take, in which order."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import matching
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review.models import Lease, Skip


def queue_of(filters: FindingFilters) -> FindingState:
    """The queue that filters choose: the one waiting state they name, else the open queue."""
    named = filters.states & WAITING
    return next(iter(named)) if len(named) == 1 else FindingState.OPEN


def may_see_queue(member: Member, filters: FindingFilters) -> bool:
    """Whether the chosen queue is for the member's eyes: counsel's is for counsel and administrators."""
    return member.may(_needed(filters))


def _needed(filters: FindingFilters) -> Permission:
    escalated = queue_of(filters) is FindingState.ESCALATED
    return Permission.REVIEW_DECIDE_ESCALATED if escalated else Permission.REVIEW_VIEW


def in_queue(member: Member, filters: FindingFilters) -> QuerySet[Finding]:
    """Everything that waits in the chosen queue under the filters, held or skipped or not; in no order.

    Raises NotPermitted when the queue is counsel's and the member is not.
    """
    member.require(_needed(filters))
    # Words are searched in titles, which is slow on a long queue; the list of findings does that.
    return matching(member, replace(filters, states=frozenset({queue_of(filters)}), words=""))


def workable(member: Member, filters: FindingFilters) -> QuerySet[Finding]:
    """What of a queue the member may take: without what others hold, what was skipped, or a second look at oneself."""
    found = in_queue(member, filters)
    if queue_of(filters) is FindingState.SECOND_LOOK:
        found = found.filter(Q(last_reviewer__isnull=True) | ~Q(last_reviewer_id=member.user_id))
    moment = now()
    of_this = {"finding_id": OuterRef("pk"), "until__gt": moment}
    held = Lease.objects.filter(**of_this).exclude(member_id=member.user_id)
    skipped = Skip.objects.filter(**of_this, member_id=member.user_id)
    return found.filter(~Exists(held), ~Exists(skipped))
