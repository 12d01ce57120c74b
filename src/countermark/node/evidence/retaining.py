"""Legal hold, and the end of retention: files go when their time is over, seal, custody and a receipt stay."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.evidence import custody
from countermark.node.evidence.models import (
    DeletionReceipt,
    Evidence,
    EvidenceFile,
    Exhibit,
    Purchase,
    PurchaseExhibit,
    PurchaseFile,
)
from countermark.node.evidence.models.retained import Retention
from countermark.node.evidence.receipts import GoneFile, keep_receipt, receipt_now, receipt_of
from countermark.node.evidence.store import store
from countermark.node.kernel.claims import State
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Years that something is kept, by class: a page after it was sealed, a purchase after its last act.
YEARS = {Retention.ROUTINE: 2, Retention.CASE: 10}
LONGEST_REASON = 200
#: Days after which somebody looks at a hold again, when nobody says another day; and the furthest day.
REVIEW_DAYS, FURTHEST_REVIEW = 365, 5 * 366

Kept = Evidence | Purchase


def last_day(day: date, retention: str) -> date:
    """The last day on which something of a class is kept that was sealed, or last changed, on a day."""
    years = YEARS[Retention(retention)]
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def hold(member: Member, subject: str, reason: str, review_on: date | None = None) -> None:
    """Keep evidence or a purchase whatever its retention says, until `release`; whoever holds it answers for it.

    Args:
        member: needs EVIDENCE_EXPORT.
        subject: `evd_…` or `prc_…`.
        reason: names a case, never a person.
        review_on: when somebody looks whether it is still needed; a year from today when None.

    Raises NotPermitted, NotFound, Conflict (not sealed, or deleted), Invalid (reason or day).
    """
    day = now().date()
    review = review_on or day + timedelta(days=REVIEW_DAYS)
    if not day < review <= day + timedelta(days=FURTHEST_REVIEW):
        raise Invalid.of("review_on", "not-a-day", "Somebody looks at it within five years.", "Choose a day to come.")
    _set(member, subject, reason, held=True, held_by=member.actor, held_for=reason.strip(), review_on=review)


def release(member: Member, subject: str, reason: str) -> None:
    """End a hold; raises as `hold`."""
    _set(member, subject, reason, held=False, held_by="", held_for="", review_on=None)


def _set(member: Member, subject: str, reason: str, *, held: bool, **values: Any) -> None:
    member.require(Permission.EVIDENCE_EXPORT)
    if not reason.strip() or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise Invalid.of("reason", "no-reason", f"Say why, in at most {LONGEST_REASON} characters.", "Name the case.")
    with transaction.atomic():
        row = _locked(member, subject)
        type(row).objects.filter(pk=row.pk).update(held=held, **values)
        detail = {"reason": reason.strip()}
        if values["review_on"]:
            detail["review"] = values["review_on"].isoformat()
        custody.add(row, member.actor, "held" if held else "released", detail)
        action = "evidence.held" if held else "evidence.released"
        audit.record(actor=member.actor, organisation=row.organisation_id, action=action, target=row.public_id)


def _locked(member: Member, subject: str) -> Kept:
    table = next((table for kind, table in _TABLES.items() if is_id(kind, subject)), Evidence)
    rows: Any = table.objects.select_for_update().filter(organisation_id=member.organisation_id, public_id=subject)
    row: Kept | None = rows.first()
    if row is None:
        raise NotFound("evidence", subject)
    if isinstance(row, Evidence) and row.state != State.DONE:
        raise Conflict("It is not sealed: wait until the page was captured.", code="not-sealed")
    if row.deleted_at is not None:
        raise Conflict("Its files were deleted when their time was over; seal and custody stay.", code="deleted")
    return row


_TABLES: dict[str, type[Evidence] | type[Purchase]] = {"evd": Evidence, "prc": Purchase}


def delete_due(today: date, most: int = 50) -> int:
    """Delete the files of what is over and held by nobody; gives of how many pieces.

    The row says first that it is deleted, then the bytes go, then the receipt is written: whoever is stopped in
    between is followed by one who goes on, and no receipt is written for bytes that are still there.
    """
    return sum(_delete(row) for row in _due(today, most))


def _due(today: date, most: int) -> Iterable[Kept]:
    receipts = DeletionReceipt.objects.values("subject")
    for table in _TABLES.values():
        rows: Any = table.objects
        yield from rows.filter(retain_until__lt=today, held=False, deleted_at=None).order_by("id")[:most]
        yield from rows.exclude(deleted_at=None).exclude(public_id__in=receipts).order_by("id")[:most]


def _delete(row: Kept) -> bool:
    with transaction.atomic():
        found: Any = type(row).objects.select_for_update().get(pk=row.pk)
        if found.deleted_at is None and (found.held or found.retain_until != row.retain_until):
            return False
        if found.deleted_at is None:
            type(row).objects.filter(pk=row.pk).update(deleted_at=now())
    gone = tuple(GoneFile(name, sha256, size, _bytes_gone(sha256)) for name, sha256, size in _files_of(row))
    with transaction.atomic():
        type(row).objects.select_for_update().get(pk=row.pk)
        if DeletionReceipt.objects.filter(subject=row.public_id).exists():
            return False
        _write_receipt(row, gone)
    return True


def _files_of(row: Kept) -> list[tuple[str, str, int]]:
    """Name, hash and size of everything that goes with a row, in the order of the names."""
    kinds: tuple[Any, ...] = (row.files, row.exhibits)
    return sorted(one for kind in kinds for one in kind.values_list("name", "sha256", "size"))


def _bytes_gone(sha256: str) -> str:
    if is_needed(sha256):
        return "shared"
    store().evidence_path(sha256).unlink(missing_ok=True)
    return "deleted"


def is_needed(sha256: str) -> bool:
    """Whether some bytes belong to anything that is not deleted: of another page, purchase or organisation too."""
    return any(table.objects.filter(sha256=sha256, **{f"{of}__deleted_at": None}).exists() for table, of in _FILES)


_FILES: tuple[tuple[Any, str], ...] = (
    (EvidenceFile, "evidence"),
    (Exhibit, "evidence"),
    (PurchaseFile, "purchase"),
    (PurchaseExhibit, "purchase"),
)


def _write_receipt(row: Kept, gone: tuple[GoneFile, ...]) -> None:
    before = row.custody.order_by("-seq").first()
    chain = before.digest if before else ""
    made = receipt_now(row.public_id, row.retention, row.retain_until, chain, gone)
    sha256 = keep_receipt(row.organisation_id, made)
    custody.add(row, "system", "deleted", {"because": "retention", "receipt": sha256, "files": str(len(gone))})
    audit.record(actor="system", organisation=row.organisation_id, action="evidence.deleted", target=row.public_id)


def receipt(member: Member, subject: str) -> bytes:
    """The receipt of what was deleted, as bytes. Raises NotPermitted (EVIDENCE_EXPORT), NotFound."""
    member.require(Permission.EVIDENCE_EXPORT)
    return receipt_of(member.organisation_id, subject)
