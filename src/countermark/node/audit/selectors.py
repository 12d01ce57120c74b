"""Read the trail."""

from datetime import datetime
from typing import Protocol

from countermark.node.audit.models import Event
from countermark.node.audit.shown import EventPage, EventShown
from countermark.node.kernel.folding import is_storable

#: Most events on one page.
LARGEST_PAGE = 200


class TrailReader(Protocol):
    """Who reads: a `Member` of parties, which stands above this room."""

    @property
    def organisation_id(self) -> int:
        """Row number of the reader's organisation."""
        ...

    def require(self, permission: str) -> None:
        """Raise NotPermitted when the reader lacks a permission."""
        ...


def events(
    member: TrailReader,
    *,
    actor: str = "",
    action: str = "",
    target: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: str = "",
    size: int = 50,
) -> EventPage:
    """One page of the member's organisation's trail, newest first. Raises NotPermitted (`audit.view`).

    Args:
        member: who reads.
        actor: exact, `usr_…`.
        action: exact, or a whole first part (`right` finds `right.edited`).
        target: exact id.
        since: not older than this.
        until: older than this.
        before: id of the last event of the page before (`EventPage.next_before`).
        size: events on the page, at most 200.
    """
    member.require("audit.view")
    found = Event.objects.filter(organisation_id=member.organisation_id)
    if not is_storable(actor, action, target, before):
        return EventPage((), None)
    if actor:
        found = found.filter(actor=actor)
    if target:
        found = found.filter(target=target)
    if action:
        found = found.filter(action=action) if "." in action else found.filter(action__startswith=f"{action}.")
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    if before:
        found = found.filter(id__lt=before)
    size = max(1, min(size, LARGEST_PAGE))
    rows = [_shown(event) for event in found.order_by("-id")[: size + 1]]
    return EventPage(tuple(rows[:size]), rows[size - 1].id if len(rows) > size else None)


def _shown(event: Event) -> EventShown:
    return EventShown(
        id=event.id,
        at=event.at,
        actor=event.actor,
        action=event.action,
        target=event.target,
        detail=event.detail,
        request_id=event.request_id,
    )
