"""A personal link to one's deadlines, for a calendar program that cannot log in: made once, shown once, revocable."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.kernel.errors import NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.notices.models import CalendarLink
from countermark.node.parties.access import Member, member_of
from countermark.node.parties.permissions import Permission

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: The last read is written at most so often: a calendar asks all day.
_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link that is open: when it was made and last read; never the link itself."""

    made_at: datetime
    used_at: datetime | None


@transaction.atomic
def make(member: Member) -> str:
    """A new link, 256 random bits, in place of the one before; it cannot be read again. NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    _close(member)
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.create(
        organisation_id=member.organisation_id, owner_id=member.user_id, token_hash=_hash(token)
    )
    _note(member, "calendar_link.made")
    return token


@transaction.atomic
def revoke(member: Member) -> bool:
    """Close the member's link; False when there was none."""
    closed = _close(member)
    if closed:
        _note(member, "calendar_link.revoked")
    return closed


def link_of(member: Member) -> LinkShown | None:
    """The member's open link; None when there is none. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    row = CalendarLink.objects.filter(
        owner_id=member.user_id, organisation_id=member.organisation_id, revoked_at__isnull=True
    ).first()
    return LinkShown(row.made_at, row.used_at) if row else None


def follow(token: str) -> Member:
    """Who reads with a token, with the role of this moment. NotFound for any that opens nothing: nobody learns why."""
    gone = NotFound("such calendar; the link may be revoked")
    if not _TOKEN.fullmatch(token):
        raise gone
    rows = CalendarLink.objects.select_related("owner")
    row = rows.filter(token_hash=_hash(token), revoked_at__isnull=True).first()
    if row is None:
        raise gone
    try:
        member = member_of(row.owner)
        member.require(Permission.NOTICES_VIEW)
    except NotPermitted as refused:
        raise gone from refused
    if member.organisation_id != row.organisation_id:
        raise gone
    moment = now()
    if row.used_at is None or row.used_at <= moment - _NOTED_EVERY:
        CalendarLink.objects.filter(pk=row.pk).update(used_at=moment)
    return member


def _close(member: Member) -> bool:
    mine = CalendarLink.objects.filter(owner_id=member.user_id, revoked_at__isnull=True)
    return bool(mine.update(revoked_at=now()))


def _hash(token: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()


def _note(member: Member, action: str) -> None:
    audit.record(actor=member.actor, organisation=member.organisation_id, action=action, target=member.actor)
