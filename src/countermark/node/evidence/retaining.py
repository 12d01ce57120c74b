"""Legal hold, and the end of retention: files go when their time is over, seal and custody stay."""

from datetime import date

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.evidence import custody
from countermark.node.evidence.models import Evidence, EvidenceFile, Exhibit
from countermark.node.evidence.store import store
from countermark.node.evidence.viewing import sealed_row
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

LONGEST_REASON = 200


def hold(member: Member, evidence_id: str, reason: str) -> None:
    """Keep a piece whatever its retention says, until `release`. `reason` names a case, never a person.

    Raises NotPermitted (EVIDENCE_EXPORT), NotFound, Conflict, Invalid (no reason, or too long a one).
    """
    _set(member, evidence_id, reason, held=True)


def release(member: Member, evidence_id: str, reason: str) -> None:
    """End a hold; raises as `hold`."""
    _set(member, evidence_id, reason, held=False)


def _set(member: Member, evidence_id: str, reason: str, *, held: bool) -> None:
    member.require(Permission.EVIDENCE_EXPORT)
    row = sealed_row(member, evidence_id)
    if not reason.strip() or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise Invalid.of("reason", "no-reason", f"Say why, in at most {LONGEST_REASON} characters.", "Name the case.")
    with transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(held=held)
        custody.add(row, member.actor, "held" if held else "released", {"reason": reason.strip()})
        action = "evidence.held" if held else "evidence.released"
        audit.record(actor=member.actor, organisation=row.organisation_id, action=action, target=row.public_id)


def delete_due(today: date, most: int = 50) -> int:
    """Delete the files of pieces whose last day is over and that nobody holds; gives how many pieces."""
    due = Evidence.objects.filter(retain_until__lt=today, held=False, deleted_at=None).order_by("id")[:most]
    return sum(_delete(row.pk) for row in due)


def _delete(number: int) -> bool:
    with transaction.atomic():
        row = Evidence.objects.select_for_update().get(pk=number)
        if row.held or row.deleted_at is not None:
            return False
        Evidence.objects.filter(pk=number).update(deleted_at=now())
        custody.add(row, "system", "deleted", {"because": "retention"})
        audit.record(actor="system", organisation=row.organisation_id, action="evidence.deleted", target=row.public_id)
        hashes = [*row.files.values_list("sha256", flat=True), *row.exhibits.values_list("sha256", flat=True)]
    for sha256 in hashes:
        # The same bytes may be evidence of another page, or of another organisation.
        kept = [table.objects.filter(sha256=sha256, evidence__deleted_at=None) for table in (EvidenceFile, Exhibit)]
        if not any(rows.exists() for rows in kept):
            store().evidence_path(sha256).unlink(missing_ok=True)
    return True
