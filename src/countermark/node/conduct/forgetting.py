"""The end of what a marketplace told us, and of what we answered: copies of signed entries, which stay."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from countermark.node.conduct.models import Measure, ToldAnswer, ToldMeasure
from countermark.node.evidence.receipts import GoneFile, receipt_now, write_off
from countermark.node.exchange.models import Deletion
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.proof.canonical import canonical

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
    files = (GoneFile(row.public_id, row.entry, len(text), "deleted"),)
    receipt = receipt_now(row.entry, CLASS, last_day, row.entry, files)
    write_off(row.organisation_id, receipt, "measure.copy_deleted", row.public_id)
    return True


def check_there(organisation_id: int, measure_id: str) -> None:
    """Lock a measure, told to us or our own, so that nobody deletes what was said of it meanwhile. Raises NotFound."""
    named = {"organisation_id": organisation_id, "public_id": measure_id[:40]}
    found = [row for table in (ToldMeasure, Measure) for row in table.objects.select_for_update().filter(**named)]
    if not is_id("msr", measure_id) or not found:
        raise NotFound("measure", measure_id)
