"""The end of what a marketplace told us, and of what we answered: copies of signed entries, which stay."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from countermark.node.audit import services as audit
from countermark.node.conduct.models import ToldAnswer, ToldMeasure
from countermark.node.evidence.retaining import GoneFile, Receipt, keep_receipt
from countermark.node.exchange.models import Deletion
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.proof.canonical import canonical
from countermark.proof.entries import write_moment

#: Class of `law/retention.yaml`.
CLASS = "told-measures"

Copy = ToldMeasure | ToldAnswer


def over(before: date, keeps_until: Callable[[date], date]) -> list[tuple[Copy, date]]:
    """Copies whose time is over, oldest first, each with the last day of its time.

    A measure goes some time after its last day, our answer with it; each copy goes at once with what lay beside its
    entry, as the agreement says.

    Args:
        before: what ended before this day is over.
        keeps_until: the last day of something that ended on a day.
    """
    last: dict[str, date] = {}
    found: list[tuple[Copy, date]] = []
    for row in _copies(ToldMeasure):
        day = last_day_of(row)
        # Of one id that two partners use, the later day counts for our answer.
        key = f"{row.organisation_id} {row.public_id}"
        last[key] = max(day, last.get(key, day))
        if day < before or row.is_gone:
            found.append((row, keeps_until(day)))
    for row in _copies(ToldAnswer):
        day = last.get(f"{row.organisation_id} {row.public_id}", row.at.date())
        if day < before or row.is_gone:
            found.append((row, keeps_until(day)))
    return [(row, min(day, now().date())) for row, day in found]


def _copies(table: type[Copy]) -> Iterator[Any]:
    deleted = Deletion.objects.filter(
        entry__entry_id=OuterRef("entry"), entry__feed__organisation_id=OuterRef("organisation_id")
    )
    return table.objects.annotate(is_gone=Exists(deleted)).order_by("pk").iterator(chunk_size=500)


def last_day_of(row: ToldMeasure) -> date:
    """The last day on which a measure holds, as it was told; the day of telling where nobody said it."""
    try:
        return date.fromisoformat(row.said.get("ends_on", ""))
    except ValueError:
        return row.at.date()


@transaction.atomic
def forget(copy: Copy, last_day: date, is_held: Callable[[], bool]) -> bool:
    """Delete one copy, with a receipt; says whether it went now. What is gone already, or held, does not."""
    table = type(copy)
    row = table.objects.select_for_update().filter(pk=copy.pk).first()
    if row is None or is_held():
        return False
    text = canonical({"words": row.words} if isinstance(row, ToldAnswer) else dict(row.said))
    table.objects.filter(pk=row.pk).delete()
    receipt = Receipt(
        subject=row.entry,
        retention=CLASS,
        last_day=last_day.isoformat(),
        deleted=write_moment(now()),
        chain=row.entry,
        files=(GoneFile(row.public_id, row.entry, len(text), "deleted"),),
    )
    keep_receipt(row.organisation_id, receipt)
    audit.record(actor="worker", organisation=row.organisation_id, action="measure.copy_deleted", target=row.public_id)
    return True


def check_there(organisation_id: int, measure_id: str) -> None:
    """Lock what is to be held, so that nobody deletes it meanwhile. Raises NotFound."""
    rows = ToldMeasure.objects.select_for_update().filter(organisation_id=organisation_id, public_id=measure_id[:40])
    if not is_id("msr", measure_id) or not list(rows):
        raise NotFound("measure that we were told of", measure_id)
