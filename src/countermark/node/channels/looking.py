"""Ask how messages stand that were sent, less and less often while nothing changes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects

from countermark.node.channels.connector import Parcel, Seen
from countermark.node.channels.letters import Enclosed
from countermark.node.channels.line import Line
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.outbox import place_of
from countermark.node.channels.reporting import tell
from countermark.node.channels.shelf import connector
from countermark.node.channels.statuses import ENDS, Status
from countermark.node.kernel.time import now

FIRST, LONGEST = timedelta(minutes=10), timedelta(hours=12)
#: After this nobody asks any more.
AT_MOST = timedelta(days=90)
_AT_ONCE = 50


def first_look(row: Dispatch) -> datetime | None:
    """When to ask for the first time; None where the connector cannot tell."""
    return now() + FIRST if connector(row.channel.connector).looks and row.status not in ENDS else None


def look_at_some(channel: Channel, line: Line) -> int:
    """Ask how the next messages stand; says of how many there was news. Raises TryLater."""
    due = Dispatch.objects.filter(channel=channel, state=Dispatch.State.SENT, next_look__lte=now())
    rows = list(due.order_by("next_look", "pk")[:_AT_ONCE])
    if not rows:
        return 0
    seen = connector(channel.connector).look(parcels_of(rows), place_of(channel), line)
    return sum(_keep(row.pk, one) for row, one in zip(rows, seen, strict=True))


def parcels_of(rows: list[Dispatch]) -> list[Parcel]:
    """Messages as their connector gets them."""
    prefetch_related_objects(rows, "enclosures")
    return [
        Parcel(
            reference=row.reference,
            body=row.body,
            their_id=row.their_id,
            batch=row.batch,
            began=row.began_at or row.made_at,
            enclosed=tuple(
                Enclosed(one.name, one.media_type, one.sha256, bytes(one.data)) for one in row.enclosures.all()
            ),
        )
        for row in rows
    ]


@transaction.atomic
def _keep(key: int, seen: Seen) -> bool:
    row = Dispatch.objects.select_for_update().get(pk=key)
    news = seen.status is not Status.UNKNOWN or seen.raw != ""
    news = news and tell(row, seen.raw, seen.status, seen.detail)
    row.looks = 0 if news else row.looks + 1
    row.next_look = _next_look(row)
    row.save()
    return news


def _next_look(row: Dispatch) -> datetime | None:
    moment = now()
    if row.status in ENDS or (row.sent_at and moment - row.sent_at > AT_MOST):
        return None
    doubled: int = 2 ** min(row.looks, 10)
    return moment + min(LONGEST, FIRST * doubled)
