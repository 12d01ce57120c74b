"""Apply the table of retention to what no lower room deletes by itself. Run by a worker."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, Protocol

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet

from countermark.law.retention import shipped_retention
from countermark.node.audit import services as audit
from countermark.node.cases.models import Attachment, SharedItem
from countermark.node.conduct import forgetting as measures
from countermark.node.conduct import forgetting_answers as answers
from countermark.node.duties.holding import is_held
from countermark.node.duties.models import Hold, PersonRequest
from countermark.node.evidence.models import DeletionReceipt
from countermark.node.evidence.receipts import receipt_of
from countermark.node.findings.models import Finding
from countermark.node.findings.states import WAITING
from countermark.node.kernel.time import now
from countermark.node.notices import forgetting as notices
from countermark.node.notices.bulk import forgetting as batches
from countermark.node.notices.models import Notice
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.proceedings import forgetting as proceedings

log = structlog.get_logger(__name__)

_MOST = 200


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """Receipt of a deletion: id of what is gone (64 digits: of an entry whose copy is), when, SHA-256 of its text."""

    subject: str
    at: datetime
    sha256: str


class _Room(Protocol):
    """A room that keeps something until nothing was written of it for a time."""

    CLASS: str

    def over(self, before: datetime, /) -> list[Any]:
        """Rows of which nothing was written since."""
        ...

    def forget(
        self, row: Any, before: datetime, last_day: Callable[[date], date], is_held: Callable[[], bool], /
    ) -> bool:
        """Delete what is kept of one, with a receipt."""
        ...


def apply_all() -> int:
    """Delete what is over; says how many things. Safe to run twice."""
    return _alerts() + _requests() + _proceedings() + _told_measures() + _cases()


def alerts_over() -> QuerySet[Finding]:
    """Findings that nobody decided in the time of the table, and that no notice, case, partner or hold needs."""
    edge = shipped_retention()["unproven-alerts"].begun_before(now().date())
    before = datetime.combine(edge, time(), UTC)
    same = {"organisation_id": OuterRef("organisation_id")}
    name = OuterRef("core_id")
    return Finding.objects.filter(
        ~Exists(Notice.objects.filter(finding=name, **same)),
        ~Exists(SharedItem.objects.filter(ref=name, **same)),
        ~Exists(Attachment.objects.filter(ref=name, case__organisation_id=OuterRef("organisation_id"))),
        ~Exists(Hold.objects.filter(target=name, ended_at=None, **same)),
        found_at__lt=before,
        state__in=sorted(WAITING),
        decisions=None,
        supersedes=None,
        last_reviewer=None,
    )


def _alerts() -> int:
    gone: dict[int, int] = {}
    for key, organisation in list(alerts_over().order_by("pk").values_list("pk", "organisation_id")[:_MOST]):
        try:
            with transaction.atomic():
                # Asked again under the lock of the delete: somebody may just have decided it.
                _all, by_kind = alerts_over().filter(pk=key).delete()
        except ProtectedError:
            continue
        gone[organisation] = gone.get(organisation, 0) + by_kind.get("findings.Finding", 0)
    for organisation, number in gone.items():
        if number:
            _note(organisation, "retention.alerts_deleted", number)
    return sum(gone.values())


def _requests() -> int:
    edge = shipped_retention()["person-requests"].begun_before(now().date())
    over = PersonRequest.objects.filter(answered_at__lt=datetime.combine(edge, time(), UTC), erased_at=None)
    gone: dict[int, int] = {}
    with transaction.atomic():
        for row in over.select_for_update().order_by("pk")[:_MOST]:
            PersonRequest.objects.filter(pk=row.pk).update(name="", contact="", words="", answer="", erased_at=now())
            gone[row.organisation_id] = gone.get(row.organisation_id, 0) + 1
        for organisation, number in gone.items():
            _note(organisation, "retention.requests_cleared", number)
    return sum(gone.values())


def _proceedings() -> int:
    return _quiet(proceedings)


def _cases() -> int:
    return _quiet(notices) + _quiet(batches) + _quiet(answers)


def _quiet(room: _Room) -> int:
    """Delete what a room keeps and nothing was written of for the time of its class."""
    found = shipped_retention()[room.CLASS]
    before = datetime.combine(found.begun_before(now().date()), time(), UTC)
    rows = room.over(before)
    return _forgotten((row, partial(room.forget, row, before, found.last_day)) for row in rows)


def _told_measures() -> int:
    found = shipped_retention()[measures.CLASS]
    rows = measures.over(found.begun_before(now().date()), found.last_day)
    return _forgotten((row, partial(measures.forget, row, day)) for row, day in rows)


def _forgotten(found: Iterable[tuple[Any, Callable[[Callable[[], bool]], bool]]]) -> int:
    """Rows and what deletes each of them unless it is held; says how many went."""
    gone = 0
    for row, forget in found:
        held = partial(is_held, row.organisation_id, row.public_id)
        # Asked before as well, so that what is held for years is not locked at each round.
        gone += gone < _MOST and not held() and forget(held)
    return gone


def receipts(member: Member, size: int = 100) -> tuple[ReceiptShown, ...]:
    """What was deleted of the member's organisation, the newest first. Raises NotPermitted (RETENTION_HOLD)."""
    member.require(Permission.RETENTION_HOLD)
    rows = DeletionReceipt.objects.filter(organisation_id=member.organisation_id).order_by("-pk")[:size]
    return tuple(ReceiptShown(one.subject, one.at, one.sha256) for one in rows)


def receipt(member: Member, subject: str) -> bytes:
    """One receipt, byte for byte. Raises NotPermitted (RETENTION_HOLD), NotFound."""
    member.require(Permission.RETENTION_HOLD)
    return receipt_of(member.organisation_id, subject)


def _note(organisation: int, action: str, number: int) -> None:
    audit.record(actor="worker", organisation=organisation, action=action, detail={"things": number})
    log.info("work.retention", what=action, things=number)
