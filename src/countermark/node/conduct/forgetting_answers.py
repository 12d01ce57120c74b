"""The end of what a person answered to a measure: the words go, acts and reasons stay, and a receipt says so."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from countermark.node.conduct import judging
from countermark.node.conduct.models import Act, Appeal, Measure
from countermark.node.conduct.recording import lock
from countermark.node.conduct.states import AWAITED
from countermark.node.evidence.receipts import gone, receipt_now, write_off
from countermark.proof.canonical import canonical

#: Class of `law/retention.yaml`.
CLASS = "case-data"


def over(before: datetime) -> list[Measure]:
    """Measures with an answer that ended before a moment, with nothing written since; oldest first.

    An answer that nobody has decided is not over, however long the measure is.
    """
    acts = Act.objects.filter(measure=OuterRef("pk"))
    answers = Appeal.objects.filter(act__measure=OuterRef("pk"))
    rows = Measure.objects.filter(Exists(answers), ~Exists(acts.filter(at__gte=before)), ends_on__lt=before.date())
    return [one for one in rows.order_by("pk") if judging.standing(one) not in AWAITED]


@transaction.atomic
def forget(measure: Measure, before: datetime, last_day: Callable[[date], date], is_held: Callable[[], bool]) -> bool:
    """Delete the answer to one; says whether it went now. Asked again under its lock.

    Args:
        measure: as `over` gave it.
        before: as `over` was asked.
        last_day: of what ended on a day.
        is_held: whether a hold keeps it.
    """
    row, acts = lock(measure.organisation_id, measure.public_id)
    answers = Appeal.objects.filter(act__measure=row)
    files = tuple(gone(f"acts/{one.act.number:04d}", canonical({"words": one.words})) for one in answers)
    is_over = acts[-1].at < before and judging.standing(row, acts) not in AWAITED
    if not files or not is_over or is_held():
        return False
    answers.delete()
    ended = max(row.ends_on, acts[-1].at.date())
    receipt = receipt_now(row.public_id, CLASS, last_day(ended), "", files)
    write_off(row.organisation_id, receipt, "measure.answer_deleted")
    return True
