"""Read evidence as one member sees it; whoever opens a file leaves a line of custody."""

import mimetypes
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from countermark.node.evidence import custody
from countermark.node.evidence.models import Evidence, EvidenceFile
from countermark.node.evidence.store import digest, store
from countermark.node.kernel.claims import State
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A piece of evidence in a list: `state` is that of the work, `reason` why it failed."""

    id: str
    listing_id: str
    requested_at: datetime
    sealed_at: datetime | None
    state: str
    reason: str
    stamps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyShown:
    """One line of custody; `actor` is `usr_…`, `worker` or `system`."""

    seq: int
    at: str
    actor: str
    action: str
    detail: dict[str, str]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """One file: name below `data/`, SHA-256, bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StampShown:
    """What an authority said: its name, and by when the seal existed."""

    authority: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShown:
    """Everything a page about one piece of evidence needs.

    Attributes:
        row: as in a list.
        url: address that was asked for; a text, never a link.
        seal: SHA-256 of the seal, empty before it is sealed.
        held, held_by, held_for, review_on: legal hold, who answers for it, its case, when it is looked at again.
        retain_until, deleted_at: last day, and when the files were deleted.
        broken: why custody cannot be shown, empty when it can.
    """

    row: EvidenceRow
    url: str
    seal: str
    retention: str
    held: bool
    held_by: str
    held_for: str
    review_on: date | None
    retain_until: date | None
    deleted_at: datetime | None
    files: tuple[FileShown, ...]
    stamps: tuple[StampShown, ...]
    custody: tuple[CustodyShown, ...]
    broken: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file to hand out; always as a download, never shown in place."""

    name: str
    media_type: str
    data: bytes


def evidence(member: Member, evidence_id: str) -> EvidenceShown:
    """One piece of evidence. Raises NotPermitted (EVIDENCE_CAPTURE), NotFound."""
    row = _row(member, evidence_id)
    broken, lines = "", []
    try:
        lines = custody.lines_of(row)
    except Refused as refused:
        broken = str(refused)
    return EvidenceShown(
        row=_shown(row),
        url=row.url,
        seal=digest(row.seal.encode()) if row.seal else "",
        retention=Evidence.Retention(row.retention).label,
        held=row.held,
        held_by=row.held_by,
        held_for=row.held_for,
        review_on=row.review_on,
        retain_until=row.retain_until,
        deleted_at=row.deleted_at,
        files=tuple(FileShown(name=f.name, sha256=f.sha256, size=f.size) for f in row.files.order_by("name")),
        stamps=tuple(StampShown(authority=s.authority, at=s.stamped_at) for s in row.stamps.order_by("id")),
        custody=tuple(
            CustodyShown(seq=o.seq, at=o.at, actor=o.actor, action=o.action, detail=o.detail, digest=o.digest)
            for o in lines
        ),
        broken=broken,
    )


def evidence_of_listing(member: Member, listing_id: str, most: int = 20) -> tuple[EvidenceRow, ...]:
    """What was captured of a listing, newest first; nothing for who may not see evidence."""
    if not member.may(Permission.EVIDENCE_CAPTURE):
        return ()
    rows = Evidence.objects.filter(organisation_id=member.organisation_id, listing_id=listing_id).order_by("-id")
    return tuple(_shown(row) for row in rows[:most])


def open_file(member: Member, evidence_id: str, sha256: str) -> OpenedFile:
    """The bytes of a file, checked against its hash; leaves a line of custody.

    Raises NotPermitted (EVIDENCE_CAPTURE), NotFound, Conflict (not sealed, deleted, or changed in the store).
    """
    row = sealed_row(member, evidence_id)
    file = row.files.filter(sha256=sha256).first() if len(sha256) == 64 else None
    if file is None:
        raise NotFound("file of this evidence", "")
    data = stored_bytes(file)
    with transaction.atomic():
        custody.add(row, member.actor, "opened", {"file": file.name})
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return OpenedFile(file.name.replace("/", "-"), media_type, data)


def stored_bytes(file: EvidenceFile) -> bytes:
    """The bytes of a file; raises Conflict when they are not what was sealed."""
    try:
        data = store().evidence_path(file.sha256).read_bytes()
    except OSError as error:
        raise Conflict(f"{file.name} is not in the store any more.", code="evidence-lost") from error
    if digest(data) != file.sha256:
        raise Conflict(f"{file.name} in the store is no longer what was sealed.", code="evidence-changed")
    return data


def sealed_row(member: Member, evidence_id: str) -> Evidence:
    """A piece that was sealed and is still there. Raises NotPermitted, NotFound, Conflict."""
    row = _row(member, evidence_id)
    if row.state != State.DONE:
        raise Conflict("It is not sealed: wait until the page was captured.", code="not-sealed")
    if row.deleted_at is not None:
        raise Conflict("Its files were deleted when their time was over; seal and custody stay.", code="deleted")
    return row


def _row(member: Member, evidence_id: str) -> Evidence:
    member.require(Permission.EVIDENCE_CAPTURE)
    row = None
    if is_id("evd", evidence_id):
        row = Evidence.objects.filter(organisation_id=member.organisation_id, public_id=evidence_id).first()
    if row is None:
        raise NotFound("evidence", evidence_id)
    return row


def _shown(row: Evidence) -> EvidenceRow:
    return EvidenceRow(
        id=row.public_id,
        listing_id=row.listing_id,
        requested_at=row.requested_at,
        sealed_at=row.sealed_at,
        state=row.state,
        reason=row.reason,
        stamps=row.stamps.count(),
    )
