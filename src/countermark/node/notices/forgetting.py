"""The end of a case: what a seller answered goes, with the papers; what happened stays, and a receipt says so."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from countermark.node.audit import services as audit
from countermark.node.evidence.retaining import GoneFile, Receipt, keep_receipt
from countermark.node.evidence.store import digest
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices.models import Counter, CounterPaper, Happening, Notice
from countermark.node.notices.states import Stage
from countermark.proof.canonical import canonical
from countermark.proof.entries import write_moment

#: Class of `law/retention.yaml`.
CLASS = "case-data"
#: Stages in which nobody has anything to decide.
DECIDED = frozenset({Stage.DOWN, Stage.REFUSED, Stage.KEPT, Stage.RESTORED, Stage.WITHDRAWN})


def over(before: datetime) -> list[Notice]:
    """Notices with answers of a seller that are decided, with nobody's clock running and nothing since a moment.

    Oldest first. What lies before a court is not over, however long it takes; a later word begins the time anew.
    """
    later = Happening.objects.filter(notice=OuterRef("pk"), recorded_at__gte=before)
    answered = Counter.objects.filter(notice=OuterRef("pk"))
    decided = Notice.objects.filter(stage__in=DECIDED, due_who="", answers_gone_at=None)
    return list(decided.filter(~Exists(later), Exists(answered), made_at__lt=before).order_by("pk"))


@transaction.atomic
def forget(notice: Notice, before: datetime, last_day: Callable[[date], date], is_held: Callable[[], bool]) -> bool:
    """Delete the answers of one, with their papers; says whether they went now. Asked again under its lock.

    Args:
        notice: as `over` gave it.
        before: as `over` was asked.
        last_day: of what was last written on a day.
        is_held: whether a hold keeps it.
    """
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    last = row.happenings.latest("number")
    is_over = row.stage in DECIDED and not row.due_who and last.recorded_at < before
    if not is_over or row.answers_gone_at is not None or is_held():
        return False
    gone = tuple(_gone(row))
    CounterPaper.objects.filter(counter__notice=row).delete()
    Counter.objects.filter(notice=row).delete()
    row.answers_gone_at = now()
    row.save(update_fields=["answers_gone_at"])
    receipt = Receipt(
        subject=row.public_id,
        retention=CLASS,
        last_day=last_day(last.recorded_at.date()).isoformat(),
        deleted=write_moment(row.answers_gone_at),
        chain=last.entry or last.version,
        files=gone,
    )
    keep_receipt(row.organisation_id, receipt)
    audit.record(
        actor="worker", organisation=row.organisation_id, action="notice.answers_deleted", target=row.public_id
    )
    return True


def check_there(organisation_id: int, notice_id: str) -> None:
    """Lock a notice that is to be held, so that nobody deletes its answers meanwhile. Raises NotFound, Conflict."""
    rows = Notice.objects.select_for_update().filter(organisation_id=organisation_id, public_id=notice_id[:40])
    row = rows.first()
    if row is None or not is_id("ntc", notice_id):
        raise NotFound("notice", notice_id)
    if row.answers_gone_at is not None:
        raise Conflict("The answers were deleted when their time was over; what happened stays.", code="deleted")


def _gone(row: Notice) -> Iterator[GoneFile]:
    for one in row.counters.order_by("public_id"):
        text = canonical({"words": one.words, "fields": one.fields, "declared": one.declared})
        yield GoneFile(one.public_id, digest(text), len(text), "deleted")
        for paper in one.papers.order_by("pk"):
            yield GoneFile(f"{one.public_id}/{paper.sha256[:12]}", paper.sha256, len(paper.data), "deleted")
