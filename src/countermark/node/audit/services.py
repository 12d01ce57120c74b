"""Write the trail."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from countermark.node.audit.models import Event
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.requests import request_id

_ACTION = re.compile(r"[a-z][a-z_]*(?:\.[a-z][a-z_]*)+")
#: Facts of one event, and characters of one fact: a trail is read by people.
MOST_FACTS = 40
LONGEST_FACT = 500

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One event that is to be written; fields as in `record`."""

    actor: str
    organisation: int
    action: str
    target: str = ""
    detail: Mapping[str, Fact] = field(default_factory=dict)


def record(
    *,
    actor: str,
    organisation: int,
    action: str,
    target: str = "",
    detail: Mapping[str, Fact] | None = None,
) -> str:
    """Add one event and give its id. Call it in the transaction of the write it speaks of: both stay, or neither.

    Args:
        actor: `usr_…` (`Member.actor`), `worker` or `system`; never a name or an address.
        organisation: the organisation's row number; 0 for the node itself.
        action: dotted, thing first (`right.edited`).
        target: id of the thing.
        detail: facts, flat; no personal data. Long texts are cut.

    Raises ValueError when the action is not dotted lower case or the facts are too many.
    """
    event = _event(Deed(actor=actor, organisation=organisation, action=action, target=target, detail=detail or {}))
    event.save()
    return event.id


def record_all(deeds: Iterable[Deed]) -> None:
    """Add many events at once, as `record` adds one; call it in the transaction of the writes they speak of."""
    Event.objects.bulk_create([_event(one) for one in deeds], batch_size=500)


def _event(deed: Deed) -> Event:
    if not _ACTION.fullmatch(deed.action):
        raise ValueError(f"{deed.action!r} is not an action: write it dotted and in lower case, thing first.")
    if len(deed.detail) > MOST_FACTS:
        raise ValueError(f"{len(deed.detail)} facts are too many for one event.")
    return Event(
        id=new_id("adt"),
        organisation_id=deed.organisation,
        actor=deed.actor[:60],
        action=deed.action[:60],
        target=deed.target[:80],
        detail={key: _fact(value) for key, value in deed.detail.items()},
        request_id=request_id(),
    )


def _fact(value: Fact) -> Fact:
    # A fact may quote what someone typed; it must never be what makes a write fail.
    return value[:LONGEST_FACT].replace("\0", "") if isinstance(value, str) else value
