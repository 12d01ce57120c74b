"""Read queues, decisions and what a reviewer has done today."""

from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.shown import Capped, FindingPage
from countermark.node.findings.states import FindingState
from countermark.node.parties.access import Member
from countermark.node.review.shown import DecisionShown
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Day:
    """What one person did today; shown to that person only."""

    decided: int
    undone: int
    median_seconds: int


def queue(member: Member, filters: FindingFilters, cursor: str = "", size: int = 50) -> FindingPage:
    """The queue as this member may work it: without what others hold, what was skipped, or a second look at oneself."""
    raise NotImplementedError


def queue_lengths(member: Member) -> dict[FindingState, Capped]:
    """Length of each queue the member may see, counted up to a cap (1,000)."""
    raise NotImplementedError


def history(member: Member, core_id: str) -> tuple[DecisionShown, ...]:
    """Every decision on the listing and house of a finding, newest first, withdrawn ones included."""
    raise NotImplementedError


def my_day(member: Member) -> Day:
    """What the member did since midnight UTC."""
    raise NotImplementedError
