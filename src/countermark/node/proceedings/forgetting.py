"""The end of a proceeding's time: its words go, its steps stay with their hashes, and a receipt says so."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef

from countermark.law.matter import Happened
from countermark.node.evidence.receipts import GoneFile, receipt_now, write_off
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer
from countermark.node.proceedings.models import Proceeding, Step, StepWords
from countermark.node.proceedings.words import text_of

#: Class of `law/retention.yaml`.
CLASS = "proceedings"


def over(before: datetime) -> list[Proceeding]:
    """Proceedings that are closed, and of which nothing was written since a moment; oldest first."""
    later = Step.objects.filter(proceeding=OuterRef("pk"), recorded_at__gte=before)
    rows = Proceeding.objects.filter(~Exists(later), closed=True, deleted_at=None, made_at__lt=before)
    return list(rows.order_by("pk"))


@transaction.atomic
def forget(
    proceeding: Proceeding, before: datetime, last_day: Callable[[date], date], is_held: Callable[[], bool]
) -> bool:
    """Delete the words of one; says whether they went now. Asked again under its lock whether it is over and not held.

    Args:
        proceeding: as `over` gave it.
        before: as `over` was asked.
        last_day: of what was last written on a day.
        is_held: whether a hold keeps it.
    """
    row = Proceeding.objects.select_for_update().get(pk=proceeding.pk)
    steps = list(Step.objects.filter(proceeding=row).select_related("words").order_by("number"))
    if not row.closed or row.deleted_at is not None or steps[-1].recorded_at >= before or is_held():
        return False
    StepWords.objects.filter(step__proceeding=row).delete()
    row.about, row.right, row.deleted_at, row.matter = "", "", now(), _without_words(row.matter)
    row.save(update_fields=["about", "right", "deleted_at", "matter"])
    last = steps[-1]
    receipt = receipt_now(row.public_id, CLASS, last_day(last.recorded_at.date()), last.digest, _gone(steps))
    write_off(row.organisation_id, receipt, "proceeding.words_deleted")
    return True


def check_there(organisation_id: int, proceeding_id: str) -> None:
    """Lock a proceeding that is to be held, so that nobody deletes it meanwhile. Raises NotFound, Conflict (gone)."""
    rows = Proceeding.objects.select_for_update().filter(organisation_id=organisation_id, public_id=proceeding_id[:40])
    row = rows.first()
    if row is None or not is_id("pcd", proceeding_id):
        raise NotFound("proceeding", proceeding_id)
    if row.deleted_at is not None:
        raise Conflict("Its words were deleted when their time was over; the steps stay.", code="deleted")


def _gone(steps: Iterable[Step]) -> Iterable[GoneFile]:
    for one in steps:
        said = one.words
        size = len(text_of(said.facts, said.note, said.salt))
        yield GoneFile(f"steps/{one.number:04d}", one.digest, size, "deleted")


def _without_words(matter: str) -> str:
    """The matter with what happened and when, and no fact that anybody wrote."""
    read = lawyer.read(matter)
    log = tuple(_without_facts(one) for one in read.log)
    return lawyer.write(msgspec.structs.replace(read, log=log))


def _without_facts(one: Happened) -> Happened:
    kept = {name: value for name, value in one.event.facts.items() if name in {"from", "to"} and not one.rule}
    return msgspec.structs.replace(one, event=msgspec.structs.replace(one.event, facts=kept))
