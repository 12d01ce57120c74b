"""Hold an item: one person at a time, in one statement that is atomic on both databases."""

import secrets
from datetime import datetime, timedelta

from django.db import connection

from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.review.models import Lease
from countermark.node.review.shown import LeaseShown

#: How long an item stays in one's hands after the last sign of life.
HOLD = timedelta(minutes=10)
#: Items one person may hold at once: the one in front of them and two in other windows. The oldest is let go.
HELD_AT_ONCE = 3

_TAKE = """
INSERT INTO review_lease (finding_id, member_id, token, taken_at, until)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (finding_id) DO UPDATE SET
    token = CASE WHEN review_lease.member_id = excluded.member_id THEN review_lease.token ELSE excluded.token END,
    member_id = excluded.member_id,
    taken_at = excluded.taken_at,
    until = excluded.until
WHERE review_lease.member_id = excluded.member_id OR review_lease.until <= excluded.taken_at
RETURNING token
"""

FREE = LeaseShown(mine=False, token="", holder="", until=None)


def take(member: Member, finding: int) -> LeaseShown | None:
    """Take an item that is free, or was one's own, or whose hold has ended; None when someone else has it.

    Taking one's own again keeps the token, so that a second window does not spoil the first.
    """
    taken = now()
    until = taken + HOLD
    stamp = connection.ops.adapt_datetimefield_value
    values: list[str | int | None] = [finding, member.user_id, secrets.token_urlsafe(16), stamp(taken), stamp(until)]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
    return LeaseShown(mine=True, token=row[0], holder=member.name, until=until) if row else None


def seen(member: Member, lease: Lease | None) -> LeaseShown:
    """A lease (with `member` loaded) as its record; one that has ended is free."""
    if lease is None or ended(lease.until):
        return FREE
    mine = lease.member_id == member.user_id
    name = lease.member.name or lease.member.email
    return LeaseShown(mine=mine, token=lease.token if mine else "", holder=name, until=lease.until)


def holder(member: Member, finding: int) -> LeaseShown:
    """Who has an item, without taking it."""
    return seen(member, Lease.objects.select_related("member").filter(finding_id=finding).first())


def let_go(member: Member, finding: int) -> None:
    """Give an item back."""
    Lease.objects.filter(finding_id=finding, member_id=member.user_id).delete()


def trim(member: Member) -> None:
    """Let go of what a person holds beyond HELD_AT_ONCE, and of what ended: the oldest first."""
    held = Lease.objects.filter(member_id=member.user_id)
    keep = held.order_by("-taken_at", "-pk").values_list("pk", flat=True)[:HELD_AT_ONCE]
    held.exclude(pk__in=list(keep)).delete()


def ended(until: datetime) -> bool:
    """Whether a hold is over."""
    return until <= now()
