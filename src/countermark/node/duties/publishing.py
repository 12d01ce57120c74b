"""The public feed (E-Commerce Law art. 44) and essences of joint arrangements: one person drafts, another releases."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from countermark.node.audit import services as audit
from countermark.node.duties import drafting
from countermark.node.duties.models import Publication
from countermark.node.duties.redacting import doubts
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

LONGEST = 20_000
State, Kind = Publication.State, Publication.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationShown:
    """Something for the public, for a page; `may_release`: another person drafted it."""

    id: str
    organisation: str
    kind: str
    kind_words: str
    subject: str
    title: str
    text: str
    state: str
    state_words: str
    drafted_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    may_release: bool = False


def publications(member: Member, size: int = 200) -> tuple[PublicationShown, ...]:
    """Drafts first, then what is published, newest first. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    rows = _own(member).select_related("organisation").order_by("-pk")[:size]
    return tuple(_shown(row, member) for row in sorted(rows, key=lambda row: row.state != State.DRAFT))


def publication(member: Member, name: str) -> PublicationShown:
    """One of them. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    row = _own(member).select_related("organisation").filter(public_id=name[:40]).first()
    if row is None:
        raise NotFound("publication", name)
    return _shown(row, member)


def for_the_public(kind: str = Kind.NOTICE, size: int = 100, before: str = "") -> tuple[PublicationShown, ...]:
    """What everybody may read, newest first; `before`: id of the last one of the page before."""
    rows = Publication.objects.filter(state=State.PUBLISHED, kind=kind).select_related("organisation")
    if before:
        rows = rows.filter(public_id__lt=before[:40])
    return tuple(_shown(row, None) for row in rows.order_by("-public_id")[:size])


@transaction.atomic
def draft(member: Member, kind: str, subject: str) -> str:
    """Draft from a notice (`ntc_…`) or an agreement (its name), redacted; gives its id (`pbl_…`).

    Raises:
        NotPermitted (NOTICES_DECIDE for notices, AGREEMENTS_MANAGE or PERSONAL_DATA_EXPORT for essences), NotFound,
        Conflict: nothing is decided, or it is drafted already.
    """
    _require(member, kind)
    title, text = drafting.of_notice(member, subject) if kind == Kind.NOTICE else drafting.of_agreement(member, subject)
    if _own(member).filter(kind=kind, subject=subject[:80]).exclude(state=State.WITHDRAWN).exists():
        raise Conflict("It is drafted already.", code="drafted-already")
    row = Publication.objects.create(
        organisation_id=member.organisation_id,
        public_id=new_id("pbl"),
        kind=kind,
        subject=subject[:80],
        title=title[:300],
        text=text[:LONGEST],
        drafted_by_id=member.user_id,
    )
    _note(member, row, "publication.drafted")
    return row.public_id


@transaction.atomic
def edit(member: Member, name: str, title: str, text: str) -> None:
    """Change a draft; who changes it is its author from then on. Raises NotPermitted, NotFound, Invalid, Conflict."""
    row = _locked(member, name, State.DRAFT)
    _check(title, text)
    row.title, row.text, row.drafted_by_id = title.strip(), text.strip(), member.user_id
    row.save(update_fields=["title", "text", "drafted_by"])
    _note(member, row, "publication.edited")


@transaction.atomic
def release(member: Member, name: str, *, no_secret: bool) -> None:
    """Publish a draft of another person.

    Args:
        member: not its author.
        name: `pbl_…`.
        no_secret: the person has looked for trade secrets and found none.

    Raises:
        NotPermitted: also its author; NotFound; Conflict: it is no draft; Invalid: it still looks like personal data,
            or nobody has looked for trade secrets.
    """
    row = _locked(member, name, State.DRAFT)
    if row.drafted_by_id == member.user_id:
        raise NotPermitted("Another person than the one who drafted it publishes it.")
    if not no_secret:
        raise Invalid.of("no_secret", "not-looked", "Look for trade secrets first.", "Read it, and tick the box.")
    _check(row.title, row.text)
    row.state, row.released_by_id, row.published_at = State.PUBLISHED, member.user_id, now()
    row.save(update_fields=["state", "released_by", "published_at"])
    _note(member, row, "publication.released")


@transaction.atomic
def withdraw(member: Member, name: str) -> None:
    """Take something out of the public, or throw a draft away. Raises NotPermitted, NotFound, Conflict."""
    row = _locked(member, name, State.DRAFT, State.PUBLISHED)
    row.state, row.withdrawn_at = State.WITHDRAWN, now()
    row.save(update_fields=["state", "withdrawn_at"])
    _note(member, row, "publication.withdrawn")


def _require(member: Member, kind: str) -> None:
    member.require(Permission.NOTICES_DECIDE if kind == Kind.NOTICE else Permission.PERSONAL_DATA_EXPORT)


def _own(member: Member) -> QuerySet[Publication]:
    return Publication.objects.filter(organisation_id=member.organisation_id)


def _locked(member: Member, name: str, *states: str) -> Publication:
    row = _own(member).select_for_update().filter(public_id=name[:40]).first()
    if row is None:
        raise NotFound("publication", name)
    _require(member, row.kind)
    if row.state not in states:
        raise Conflict(f"It is {State(row.state).label}.", code="not-now")
    return row


def _check(title: str, text: str) -> None:
    if not title.strip() or not text.strip() or len(title) > 300 or len(text) > LONGEST or not is_storable(title, text):
        raise Invalid.of("text", "no-text", "A text is missing, too long, or cannot be stored.", "Write it anew.")
    for field, value in (("title", title), ("text", text)):
        found = doubts(value)
        if found:
            raise Invalid.of(field, "personal-data", f"It still holds what looks like {found[0]}.", "Take it out.")


def _shown(row: Publication, member: Member | None) -> PublicationShown:
    return PublicationShown(
        id=row.public_id,
        organisation=row.organisation.name,
        kind=row.kind,
        kind_words=Kind(row.kind).label,
        subject=row.subject,
        title=row.title,
        text=row.text,
        state=row.state,
        state_words=State(row.state).label,
        drafted_at=row.drafted_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        may_release=member is not None and row.state == State.DRAFT and row.drafted_by_id != member.user_id,
    )


def _note(member: Member, row: Publication, action: str) -> None:
    audit.record(actor=member.actor, organisation=row.organisation_id, action=action, target=row.public_id)
