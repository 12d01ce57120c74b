"""The end of a case: words, names and papers go; what happened stays, with a receipt of what is gone.

Words are what people wrote: answers of the seller, notes, signed declarations, what the seller was told, the
explanation of the notice, and letters that went through a channel.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from countermark.node.channels import outbox
from countermark.node.evidence.receipts import GoneFile, gone, receipt_now, write_off
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices import papers
from countermark.node.notices.models import (
    Counter,
    CounterPaper,
    Happening,
    HappeningWords,
    Notice,
    Piece,
    SignedWords,
    Statement,
    Telling,
)
from countermark.node.notices.moves import SELLER
from countermark.node.notices.states import Stage
from countermark.proof.canonical import canonical

#: Class of `law/retention.yaml`.
CLASS = "case-data"
#: Stages in which nobody has anything to decide.
OVER = frozenset({Stage.DOWN, Stage.REFUSED, Stage.KEPT, Stage.RESTORED, Stage.WITHDRAWN, Stage.UNDONE})
#: Tables of words and the way from each to its notice; papers before the answers that they lie beside.
_WORDS: tuple[tuple[Any, str], ...] = (
    (CounterPaper, "counter__notice"),
    (Counter, "notice"),
    (HappeningWords, "happening__notice"),
    (SignedWords, "notice"),
    (Statement, "notice"),
    (Telling, "notice"),
    (Piece, "notice"),
)


def over(before: datetime) -> list[Notice]:
    """Notices that are decided or were never sent, where nobody has to act and nothing happened since a moment.

    Oldest first. What lies before a court is not over, however long it takes; a later word begins the time anew.
    """
    return list(_over(before).only("organisation_id", "public_id").order_by("pk"))


def _over(before: datetime) -> QuerySet[Notice]:
    later = Happening.objects.filter(notice=OuterRef("pk"), recorded_at__gte=before)
    # What is down waits for the seller, who need not answer: its chance counts until its last day, and no longer.
    chance_over = Q(due_who=SELLER) & (Q(due=None) | Q(due__lt=before.date()))
    rows = Notice.objects.filter(Q(due_who="") | chance_over, stage__in=OVER, words_gone_at=None, made_at__lt=before)
    return rows.filter(~Exists(later))


@transaction.atomic
def forget(notice: Notice, before: datetime, last_day: Callable[[date], date], is_held: Callable[[], bool]) -> bool:
    """Delete the words of one, with its papers; says whether they went now. Asked again under its lock.

    Args:
        notice: as `over` gave it.
        before: as `over` was asked.
        last_day: of what was last written on a day.
        is_held: whether a hold keeps it.
    """
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if is_held() or not _over(before).filter(pk=row.pk).exists():
        return False
    last = row.happenings.order_by("-number").first()
    written = max((last.recorded_at if last else row.made_at).date(), row.due or date.min)
    files = (*_gone(row), *outbox.forget(row.organisation_id, row.public_id))
    for table, way in _WORDS:
        table.objects.filter(**{way: row}).delete()
    row.words_gone_at, row.paper = now(), papers.write(papers.without_words(papers.read(row.paper)))
    row.save(update_fields=["words_gone_at", "paper"])
    chain = (last.entry or last.version) if last else ""
    receipt = receipt_now(row.public_id, CLASS, last_day(written), chain, files)
    write_off(row.organisation_id, receipt, "notice.words_deleted")
    return True


def check_there(organisation_id: int, notice_id: str) -> None:
    """Lock a notice that is to be held, so that nobody deletes its words meanwhile. Raises NotFound, Conflict."""
    rows = Notice.objects.select_for_update().filter(organisation_id=organisation_id, public_id=notice_id[:40])
    row = rows.first()
    if row is None or not is_id("ntc", notice_id):
        raise NotFound("notice", notice_id)
    if row.words_gone_at is not None:
        raise Conflict("Its words were deleted when their time was over; what happened stays.", code="deleted")


def _gone(row: Notice) -> Iterator[GoneFile]:
    """Everything that goes, by the hash over its text: nobody's name is hashed alone, so none is found by trying."""
    for answer in row.counters.order_by("public_id"):
        text = canonical({"words": answer.words, "fields": answer.fields, "declared": answer.declared})
        yield gone(answer.public_id, text)
        yield from (_paper(f"{answer.public_id}/", one) for one in answer.papers.order_by("pk"))
    for said in HappeningWords.objects.filter(happening__notice=row).select_related("happening").order_by("pk"):
        yield gone(f"steps/{said.happening.number:04d}", canonical({"note": said.note}))
    for signed in row.signed.order_by("pk"):
        yield GoneFile(f"signed/{signed.declaration}", signed.version, len(signed.words.encode()), "deleted")
    for statement in row.statements.order_by("pk"):
        yield gone("statement", canonical(statement.sections))
    for told in row.tellings.order_by("pk"):
        yield gone(f"told/{told.what}", canonical(told.texts))
    yield from (_paper("papers/", one) for one in row.pieces.order_by("pk"))
    paper = papers.read(row.paper)
    if paper.explanation or paper.fields:
        yield gone("notice", canonical({"explanation": paper.explanation, "fields": dict(paper.fields)}))


def _paper(folder: str, one: CounterPaper | Piece) -> GoneFile:
    return GoneFile(f"{folder}{one.sha256[:12]}", one.sha256, len(one.data), "deleted")
