"""The trail as screens are given it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventShown:
    """One event.

    Attributes:
        id: `adt_…`.
        at: when, UTC.
        actor: `usr_…`, `worker` or `system`; `parties.selectors.actor_names` says who that is.
        action: dotted, thing first.
        target: id of the thing.
        detail: facts, flat.
        request_id: `req_…`, empty outside of a request.
    """

    id: str
    at: datetime
    actor: str
    action: str
    target: str
    detail: dict[str, str | int | float | bool | None]
    request_id: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of the trail, newest first; `next_before` is None on the last."""

    rows: tuple[EventShown, ...]
    next_before: str | None
