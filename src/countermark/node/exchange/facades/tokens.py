"""Tokens with which a company's tools read: made once, shown once, kept as a digest, counted by the hour."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from countermark.node.audit import services as audit
from countermark.node.exchange.models import Agreement, ReadHour, ReadToken, Shelf
from countermark.node.kernel.errors import FieldProblem, Invalid, NotFound, NotPermitted
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.parties import selectors as parties
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

PREFIX = "cmr_"
#: Days that a token lasts, at most and unless said; tokens of one organisation that are alive at once.
MOST_DAYS, USUAL_DAYS, MOST_TOKENS = 366, 90, 50
#: Requests that one token may make in a minute.
MOST_A_MINUTE = 240


class UnknownToken(Exception):
    """There is no token, or none that opens anything now. Which of it, the answer does not say."""


class TooMany(Exception):
    """More requests in this minute than one tool needs.

    Attributes:
        seconds: until the next minute begins.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__("too-many")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token as its page shows it; never the token itself."""

    key: int
    name: str
    owner: str
    agreement: str
    personal: bool
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    reads: int
    objects_read: int

    @property
    def is_alive(self) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and self.expires_at > now()


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads with a token, as far as it goes now."""

    token: ReadToken
    member: Member

    def agreements(self) -> QuerySet[Agreement]:
        """Agreements that it opens, in a steady order."""
        rows = Agreement.objects.filter(organisation_id=self.member.organisation_id, version__gt=0)
        if self.token.agreement_id is not None:
            rows = rows.filter(pk=self.token.agreement_id)
        return rows.order_by("name")


@transaction.atomic
def add(
    member: Member,
    *,
    name: str,
    owner: str = "",
    agreement: str = "",
    days: int = USUAL_DAYS,
    personal: bool = False,
) -> str:
    """Make a token and give it; nobody can read it again.

    Args:
        member: who makes it.
        name: which tool it is for.
        owner: e-mail of the colleague with whose role it reads; empty = the member.
        agreement: name of the one that it opens; empty = all.
        days: that it lasts.
        personal: whether it reads personal data too; then the owner needs PERSONAL_DATA_VIEW.

    Raises:
        NotPermitted (TOKENS_MANAGE), NotFound (the agreement), Invalid.
    """
    member.require(Permission.TOKENS_MANAGE)
    reads_as = _owner(member, owner)
    row = _agreement(member, agreement)
    problems = _problems(member, name.strip(), days, reads_as, personal=personal)
    if problems:
        raise Invalid(problems)
    text = PREFIX + secrets.token_urlsafe(32)
    made = ReadToken.objects.create(
        organisation_id=member.organisation_id,
        owner_id=reads_as.user_id,
        agreement=row,
        name=name.strip(),
        digest=_digest(text),
        personal=personal,
        expires_at=now() + timedelta(days=days),
    )
    facts: dict[str, str | int | bool] = {
        "reads_as": reads_as.actor,
        "agreement": agreement,
        "personal": personal,
        "days": days,
    }
    _note(member.actor, made, "token.added", facts)
    return text


@transaction.atomic
def revoke(member: Member, key: int) -> None:
    """Close a token at once. Raises NotPermitted (TOKENS_MANAGE), NotFound."""
    member.require(Permission.TOKENS_MANAGE)
    rows = ReadToken.objects.select_for_update().filter(organisation_id=member.organisation_id, revoked_at=None)
    row = rows.filter(pk=key).first() if 0 < key < 2**63 else None
    if row is None:
        raise NotFound("token", str(key))
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    _note(member.actor, row, "token.revoked", {})


def listed(member: Member) -> tuple[TokenShown, ...]:
    """Every token of the organisation, newest first. Raises NotPermitted (TOKENS_MANAGE)."""
    member.require(Permission.TOKENS_MANAGE)
    note_hours(member.organisation_id)
    rows = ReadToken.objects.filter(organisation_id=member.organisation_id).select_related("owner", "agreement")
    shown = []
    for row in rows.prefetch_related("hours").order_by("-pk")[:500]:
        hours = row.hours.all()
        shown.append(
            TokenShown(
                key=row.pk,
                name=row.name,
                owner=row.owner.name or row.owner.email,
                agreement=row.agreement.name if row.agreement else "",
                personal=row.personal,
                made_at=row.made_at,
                expires_at=row.expires_at,
                revoked_at=row.revoked_at,
                used_at=row.used_at,
                reads=sum(hour.reads for hour in hours),
                objects_read=sum(hour.objects_read for hour in hours),
            )
        )
    return tuple(shown)


def opened(text: str) -> Reading:
    """Who reads with a token; counts the request.

    Raises:
        UnknownToken: no such token, or it has run out, was revoked, or its owner may not read any more.
        TooMany: of them in this minute.
    """
    moment = now()
    alive = ReadToken.objects.filter(revoked_at=None, expires_at__gt=moment)
    token = alive.filter(digest=_digest(text)).select_related("owner").first() if _looks_right(text) else None
    if token is None:
        raise UnknownToken
    _count(token, moment)
    try:
        member = parties.member_of(token.owner)
    except NotPermitted as gone:
        raise UnknownToken from gone
    if member.organisation_id != token.organisation_id or not member.may(Permission.EXCHANGE_VIEW):
        raise UnknownToken
    return Reading(token, member)


def note_read(token: ReadToken, shelf: Shelf, facade: str, objects: int) -> None:
    """Count what was read; earlier hours of the organisation go to the trail."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        row, _ = ReadHour.objects.get_or_create(token=token, shelf=shelf, facade=facade, hour=hour)
        ReadHour.objects.filter(pk=row.pk).update(reads=F("reads") + 1, objects_read=F("objects_read") + objects)
    note_hours(token.organisation_id)


def note_hours(organisation_id: int | None = None) -> int:
    """Write hours that are over to the trail, one row for token, agreement and kind; says how many.

    Args:
        organisation_id: whose; None = everybody's, as the worker asks.
    """
    hour = now().replace(minute=0, second=0, microsecond=0)
    over = Q(noted=False, hour__lt=hour)
    if organisation_id is not None:
        over &= Q(token__organisation_id=organisation_id)
    if not ReadHour.objects.filter(over).exists():
        return 0
    with transaction.atomic():
        locked = ReadHour.objects.select_for_update(of=("self",)).select_related("token", "shelf__agreement")
        rows = list(locked.filter(over).order_by("pk")[:500])
        for row in rows:
            facts: dict[str, str | int | bool] = {
                "agreement": row.shelf.agreement.name,
                "facade": row.facade,
                "hour": row.hour.isoformat(),
                "reads": row.reads,
                "objects": row.objects_read,
                "personal": row.token.personal,
            }
            _note(f"token_{row.token_id}", row.token, "token.read", facts)
        ReadHour.objects.filter(pk__in=[row.pk for row in rows]).update(noted=True)
    return len(rows)


def _count(token: ReadToken, moment: datetime) -> None:
    """Count in the row itself, so that all processes of the node count together."""
    minute = moment.replace(second=0, microsecond=0)
    rows = ReadToken.objects.filter(pk=token.pk)
    rows.exclude(minute=minute).update(minute=minute, minute_reads=0)
    free = rows.filter(minute=minute, minute_reads__lt=MOST_A_MINUTE)
    if not free.update(minute_reads=F("minute_reads") + 1, used_at=moment):
        raise TooMany(60 - moment.second)


def _looks_right(text: str) -> bool:
    return text.startswith(PREFIX) and len(text) <= 100 and text.isascii()


def _digest(text: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(text.encode()).hexdigest()


def _owner(member: Member, email: str) -> Member:
    if not email:
        return member
    try:
        found = parties.operator(email)
    except NotFound:
        found = None
    if found is None or found.organisation_id != member.organisation_id:
        raise NotFound("member with that address")
    return found


def _agreement(member: Member, name: str) -> Agreement | None:
    if not name:
        return None
    row: Agreement | None = Agreement.objects.filter(organisation_id=member.organisation_id, name=name[:40]).first()
    if row is None:
        raise NotFound("agreement", name)
    return row


def _problems(member: Member, name: str, days: int, owner: Member, *, personal: bool) -> list[FieldProblem]:
    found = []
    if not name or len(name) > 80 or not is_storable(name) or not name.isprintable():
        found.append(FieldProblem("name", "name", "A token needs a name of one line.", "Write which tool it is for."))
    if not 1 <= days <= MOST_DAYS:
        found.append(FieldProblem("days", "days", f"A token lasts 1 to {MOST_DAYS} days.", "Choose fewer days."))
    if not owner.may(Permission.EXCHANGE_VIEW):
        found.append(FieldProblem("owner", "owner", "This colleague does not see the exchange.", "Choose another."))
    if personal and not owner.may(Permission.PERSONAL_DATA_VIEW):
        mend = "Make the token without them, or for somebody who sees them."
        found.append(FieldProblem("personal", "personal", "This colleague does not see personal data.", mend))
    alive = ReadToken.objects.filter(organisation_id=member.organisation_id, revoked_at=None, expires_at__gt=now())
    if alive.count() >= MOST_TOKENS:
        found.append(FieldProblem("", "too-many", f"{MOST_TOKENS} tokens are alive.", "Revoke one first."))
    return found


def _note(actor: str, token: ReadToken, action: str, facts: dict[str, str | int | bool]) -> None:
    audit.record(
        actor=actor, organisation=token.organisation_id, action=action, target=f"token_{token.pk}", detail=facts
    )
