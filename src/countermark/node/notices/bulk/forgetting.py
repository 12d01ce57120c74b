"""The end of a batch: who signed and what was written for it goes, once the words of all its notices are gone."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from countermark.model.decoding import decode
from countermark.node.evidence.receipts import gone, receipt_now, write_off
from countermark.node.kernel.time import now
from countermark.node.notices.bulk.choosing import Row, Together
from countermark.node.notices.models import Batch, BatchRow
from countermark.node.notices.states import RowState

#: Class of `law/retention.yaml`.
CLASS = "case-data"


def over(before: datetime) -> list[Batch]:
    """Batches made before a moment of which no row waits and no notice holds words any more; oldest first."""
    return list(_over(before).order_by("pk"))


def _over(before: datetime) -> QuerySet[Batch]:
    needed = Q(notice__isnull=False, notice__words_gone_at=None) | Q(state=RowState.WAITING)
    rows = BatchRow.objects.filter(needed, batch=OuterRef("pk"))
    return Batch.objects.filter(~Exists(rows), words_gone_at=None, made_at__lt=before)


@transaction.atomic
def forget(batch: Batch, before: datetime, last_day: Callable[[date], date], is_held: Callable[[], bool]) -> bool:
    """Delete the words of one; says whether they went now. Asked again under its lock.

    Args:
        batch: as `over` gave it.
        before: as `over` was asked.
        last_day: of what was last written on a day.
        is_held: whether a hold keeps it.
    """
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if is_held() or not _over(before).filter(pk=row.pk).exists():
        return False
    # The signer alone would be found by trying names; the whole choice is not.
    files = (gone("together", row.together.encode()),)
    kept = decode(row.together, Together)
    row.together = msgspec.json.encode(Together(country=kept.country, declared=kept.declared)).decode()
    row.refused, row.words_gone_at = [], now()
    row.save(update_fields=["together", "refused", "words_gone_at"])
    rows = list(row.rows.all())
    for one in rows:
        chosen = msgspec.structs.replace(decode(one.chosen, Row), explanation="")
        one.chosen = msgspec.json.encode(chosen).decode()
    BatchRow.objects.bulk_update(rows, ["chosen"], batch_size=500)
    receipt = receipt_now(row.public_id, CLASS, last_day(row.made_at.date()), "", files)
    write_off(row.organisation_id, receipt, "notice.batch_words_deleted")
    return True
