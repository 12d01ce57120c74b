"""Batches as screens and the command line are given them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_noop

from countermark.model.decoding import decode
from countermark.node.kernel.pages import page_by_row
from countermark.node.notices.bulk.choosing import Row, Together
from countermark.node.notices.bulk.filing import batch_of
from countermark.node.notices.models import Batch, BatchRow, Notice
from countermark.node.notices.states import STAGE_WORDS, RowState, Stage
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

_ROW_WORDS = {
    RowState.WAITING: gettext_noop("Waits for the worker"),
    RowState.FILED: gettext_noop("Filed"),
    RowState.DRAFT: gettext_noop("A draft"),
    RowState.LEFT_OUT: gettext_noop("Left out"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """One row of a batch.

    Attributes:
        number, finding, state: as they stand.
        chosen: what was chosen for it.
        title: of the offer, once it is filed.
        notice, stage_words: `ntc_…` and where it stands, or what became of the row.
        problems: why it is a draft: field, code, message, mend, and the right and listing that they concern.
    """

    number: int
    finding: str
    state: str
    chosen: Row
    title: str
    notice: str
    stage_words: str
    problems: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchShown:
    """A batch with one page of its rows, drafts before the rest when `state` asks for them.

    Attributes:
        counts: rows by state.
        can_undo: notices that were not sent yet.
        mine: whether the reader signed it: only then can its drafts be filed again.
        together: what was chosen and signed for all rows; without a signer nobody has signed yet.
        refused: lines of the file that are no rows: where, code, message, mend.
    """

    id: str
    source: str
    made_at: datetime
    counts: dict[str, int]
    can_undo: int
    mine: bool
    together: Together
    refused: tuple[dict[str, str], ...]
    rows: tuple[RowShown, ...]
    next_cursor: str | None

    @property
    def total(self) -> int:
        """Rows in all."""
        return sum(self.counts.values())


def batch(member: Member, batch_id: str, state: str = "", cursor: str = "", size: int = 100) -> BatchShown:
    """A batch, its rows in order. Raises NotPermitted (NOTICES_FILE), NotFound."""
    row = batch_of(member, batch_id)
    rows = row.rows.filter(state=state) if state in set(RowState) else row.rows.all()
    found, following = page_by_row(rows.select_related("notice"), cursor, size, newest_first=False)
    waiting = Notice.objects.filter(batch_row__batch=row, stage__in=[Stage.QUEUED, Stage.HELD])
    return BatchShown(
        id=row.public_id,
        source=row.source,
        made_at=row.made_at,
        counts=counts_of(row),
        can_undo=waiting.count(),
        mine=row.by_id == member.user_id,
        together=decode(row.together, Together),
        refused=tuple(row.refused),
        rows=tuple(_shown(one) for one in found),
        next_cursor=following,
    )


def report(member: Member, batch_id: str) -> Iterator[RowShown]:
    """Every row of a batch, in order, a thousand at a time. Raises NotPermitted (NOTICES_FILE), NotFound."""
    rows = batch_of(member, batch_id).rows.select_related("notice").order_by("number")
    return (_shown(one) for one in rows.iterator(chunk_size=1000))


def counts_of(row: Batch) -> dict[str, int]:
    """How many rows of a batch stand in each state."""
    counted = row.rows.values_list("state").annotate(many=Count("pk")).order_by()
    return {str(state): 0 for state in RowState} | dict(counted)


def batches(member: Member, size: int = 20) -> tuple[tuple[str, str, datetime], ...]:
    """The newest batches: id, where from, when. Raises NotPermitted (NOTICES_FILE)."""
    member.require(Permission.NOTICES_FILE)
    rows: QuerySet[Batch] = Batch.objects.filter(organisation_id=member.organisation_id).order_by("-pk")
    return tuple((one.public_id, one.source, one.made_at) for one in rows[:size])


def without_notice(member: Member, findings: list[str]) -> list[str]:
    """Those findings on which no notice rests that still counts, in their order. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    stored = Notice.objects.filter(organisation_id=member.organisation_id, finding__in=findings)
    taken = set(stored.exclude(stage=Stage.UNDONE).values_list("finding", flat=True))
    return [one for one in findings if one not in taken]


def _shown(one: BatchRow) -> RowShown:
    return RowShown(
        number=one.number,
        finding=one.finding,
        state=one.state,
        chosen=decode(one.chosen, Row),
        title=one.notice.title if one.notice else "",
        notice=one.notice.public_id if one.notice else "",
        stage_words=STAGE_WORDS[Stage(one.notice.stage)] if one.notice else _ROW_WORDS[RowState(one.state)],
        problems=tuple(one.problems),
    )
