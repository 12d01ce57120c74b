"""What the events of both feeds say together. A pure fold: whatever order they came in, both nodes get the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from countermark.node.cases.states import CaseEntry, CaseState


class Event(Protocol):
    """What is asked of one event; a row of `CaseEvent` has it."""

    entry_hash: str
    type: str
    party: str
    feed: str
    seq: int
    happened_at: datetime
    assigned_to: str
    due_on: date | None
    outcome: str
    items: list[list[str]]
    corrects: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Something that was attached: whether it still is, by whom, with which entry."""

    attached: bool
    party: str
    entry_hash: str


@dataclass(slots=True)
class Settled:
    """A case as its events leave it.

    Attributes:
        titled: id of the entry that says its title.
        items: (kind, id) -> where it stands.
    """

    opened_by: str
    opened_at: datetime
    titled: str
    state: CaseState = CaseState.OPEN
    outcome: str = ""
    closed_at: datetime | None = None
    assigned_to: str = ""
    due_on: date | None = None
    changed_at: datetime | None = None
    last_party: str = ""
    items: dict[tuple[str, str], Placed] = field(default_factory=dict)


def order(event: Event) -> tuple[datetime, str, int]:
    """Place of an event in the history, the same on both nodes: when it happened, then feed, then place in it."""
    return event.happened_at, event.feed, event.seq


def settle(events: Iterable[Event]) -> Settled:
    """Fold the events of one case.

    Of two things said at once, the one later in the order of the history counts, so both sides settle alike.

    Args:
        events: in any order; exactly one of them opened the case.

    Raises:
        ValueError: none opened it.
    """
    ordered = sorted(events, key=order)
    opening = next((event for event in ordered if event.type == CaseEntry.OPENED), None)
    if opening is None:
        raise ValueError("No event opened the case.")
    settled = Settled(opening.party, opening.happened_at, opening.entry_hash)
    for event in ordered:
        _take(settled, event, opening)
        settled.changed_at, settled.last_party = event.happened_at, event.party
    return settled


def _take(settled: Settled, event: Event, opening: Event) -> None:
    match event.type:
        case CaseEntry.ASSIGNED:
            settled.assigned_to = event.assigned_to
        case CaseEntry.DUE_SET:
            settled.due_on = event.due_on
        case CaseEntry.CLOSED:
            settled.state, settled.outcome, settled.closed_at = CaseState.CLOSED, event.outcome, event.happened_at
        case CaseEntry.REOPENED:
            settled.state, settled.outcome, settled.closed_at = CaseState.OPEN, "", None
        case CaseEntry.ATTACHED | CaseEntry.DETACHED:
            for kind, ref in event.items:
                attached = event.type == CaseEntry.ATTACHED
                settled.items[kind, ref] = _placed(settled.items.get((kind, ref)), event, attached=attached)
        case CaseEntry.CORRECTED if event.corrects == opening.entry_hash and event.party == opening.party:
            settled.titled = event.entry_hash


def _placed(before: Placed | None, event: Event, *, attached: bool) -> Placed:
    if attached or before is None:
        return Placed(attached, event.party, event.entry_hash)
    # What was attached stays known by the entry that brought it.
    return Placed(attached, before.party, before.entry_hash)
