"""Read queues, decisions and what a reviewer has done today."""

from dataclasses import dataclass
from statistics import median

from countermark.node.findings.counting import count_up_to
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.paging import page_of
from countermark.node.findings.querying import named
from countermark.node.findings.shown import Capped, FindingPage
from countermark.node.findings.states import FindingState
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import history
from countermark.node.review.items import COUNT_CAP
from countermark.node.review.models import Decision
from countermark.node.review.queueing import in_queue, workable
from countermark.node.review.shown import DecisionShown
from countermark.node.review.verdicts import Verdict

ANY = FindingFilters()


@dataclass(frozen=True, slots=True)
class Day:
    """What one person did today; shown to that person only.

    Attributes:
        decided: decisions that stand.
        undone: decisions taken back.
        median_seconds: of the decisions that stand, 0 when there are none.
    """

    decided: int
    undone: int
    median_seconds: int


def queue(member: Member, filters: FindingFilters = ANY, cursor: str = "", size: int = 50) -> FindingPage:
    """The queue as this member may work it: without what others hold, what was skipped, or a second look at oneself."""
    return page_of(workable(member, filters), cursor, size)


def queue_lengths(member: Member) -> dict[FindingState, Capped]:
    """Length of each queue the member may see, counted up to a cap (1,000), in one question to the database."""
    seen = [FindingState.OPEN, FindingState.SECOND_LOOK]
    if member.may(Permission.REVIEW_DECIDE_ESCALATED):
        seen.append(FindingState.ESCALATED)
    queues = [in_queue(member, FindingFilters(states=frozenset({state}))) for state in seen]
    return dict(zip(seen, count_up_to(COUNT_CAP, queues), strict=True))


def undoable(member: Member) -> DecisionShown | None:
    """The member's latest decision that can still be undone."""
    row = history.undoable_of(member).first()
    return history.shown(row, member) if row else None


def history_of(member: Member, core_id: str) -> tuple[DecisionShown, ...]:
    """Every decision on the listing and house of a finding, newest first, withdrawn ones included; NotFound."""
    member.require(Permission.REVIEW_VIEW)
    finding = named(member, core_id).defer("record").first()
    if finding is None:
        raise NotFound("finding", core_id)
    rows = history.on_listing_and_house(finding)
    return tuple(history.shown(row, member) for row in rows)


def my_day(member: Member) -> Day:
    """What the member did since midnight UTC."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Decision.objects.filter(organisation_id=member.organisation_id, by_id=member.user_id, at__gte=midnight)
    undone = mine.filter(verdict=Verdict.WITHDRAWN).count()
    stand = mine.exclude(verdict=Verdict.WITHDRAWN).filter(superseded_by__isnull=True)
    seconds = list(stand.values_list("seconds", flat=True))
    return Day(decided=len(seconds), undone=undone, median_seconds=int(median(seconds)) if seconds else 0)
