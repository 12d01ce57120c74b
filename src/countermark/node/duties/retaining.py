"""Apply the table of retention to what no lower room deletes by itself. Run by a worker."""

from datetime import UTC, datetime, time

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet

from countermark.law.retention import shipped_retention
from countermark.node.audit import services as audit
from countermark.node.cases.models import Attachment, SharedItem
from countermark.node.duties.models import Hold, PersonRequest
from countermark.node.findings.models import Finding
from countermark.node.findings.states import WAITING
from countermark.node.kernel.time import now
from countermark.node.notices.models import Notice

log = structlog.get_logger(__name__)

_MOST = 200


def apply_all() -> int:
    """Delete what is over; says how many things. Safe to run twice."""
    return _alerts() + _requests()


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


def _note(organisation: int, action: str, number: int) -> None:
    audit.record(actor="worker", organisation=organisation, action=action, detail={"things": number})
    log.info("work.retention", what=action, things=number)
