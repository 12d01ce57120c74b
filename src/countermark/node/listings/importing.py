"""One import in a worker's hands: batch by batch, each committed together with how far the file was read."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from django.db import IntegrityError, transaction

from countermark import model
from countermark.formats.arrow import batch_to_listings
from countermark.formats.limits import Defaults, Limits
from countermark.formats.listings import ListingBatch, read_listings
from countermark.formats.problems import UnreadableSource
from countermark.model import ImageSource, RowProblem
from countermark.model.problem import excerpt_of
from countermark.node.audit import services as audit
from countermark.node.evidence.archives import PictureArchive
from countermark.node.kernel.claims import give_back, renew
from countermark.node.kernel.time import now
from countermark.node.listings.models import NAME_LENGTH, Import, ImportProblem
from countermark.node.listings.pictures import Gatherer, NoImages
from countermark.node.listings.spooling import Spool
from countermark.node.listings.states import ImportOutcome
from countermark.node.listings.storing import Incoming, store

#: A claim ends this long after its last renewal; it is renewed with every batch, and between pictures.
CLAIM_SECONDS = 180
BEAT_SECONDS = 30
#: Goes at one import before it is given up.
TRIES = 3
#: Two imports may meet on one listing; the second sees what the first committed when it tries again.
COMMIT_TRIES = 4
#: Problems kept in detail; beyond them they are only counted.
PROBLEMS_KEPT = 10_000
#: Listings committed at once.
LIMITS = Limits(batch_rows=1000, name_characters=NAME_LENGTH)
LONGEST_MARKETPLACE = 200

KeepGoing = Callable[[], bool]
Progress = Callable[[float, float | None], None]


class _Stopped(Exception):
    """This go ends here."""

    def __init__(self, outcome: ImportOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass
class Reading:
    """One go at one import.

    Attributes:
        row: the import, claimed by `worker`.
        source: the file of listings.
        images: where the bytes of its pictures are.
        keep_going: asked between batches; when it says no, the import is given back.
        progress: told how many bytes were read, of how many.
    """

    row: Import
    worker: str
    source: Path
    images: ImageSource
    keep_going: KeepGoing = lambda: True
    progress: Progress = lambda _done, _total: None
    _beat_at: float = field(default_factory=time.monotonic)

    def run(self) -> ImportOutcome:
        """Read what is left of the file. Ends the import, or gives it back."""
        gatherer = Gatherer(self.images, self._beat)
        try:
            for piece in self._rest():
                self._look_up()
                fitting, refused = _fitting(batch_to_listings(piece.batch), self.row.name)
                incoming = [Incoming(record, gatherer.gather(record)) for record in fitting]
                self._commit(piece, incoming, refused)
                self.progress(piece.bytes_done, piece.bytes_total)
        except _Stopped as stopped:
            return stopped.outcome
        except UnreadableSource as unreadable:
            return end(self.row, self.worker, Import.State.FAILED, unreadable.problem.sentence())
        return end(self.row, self.worker, Import.State.DONE)

    def _rest(self) -> Iterator[ListingBatch]:
        """What an earlier go did not commit: the same file gives the same rows, so the first ones are passed over."""
        rows, told = self.row.rows_read, self.row.problems_read
        row = self.row
        defaults = Defaults(marketplace=row.marketplace, captured_at=row.requested_at, language=row.language or None)
        for piece in read_listings(self.source, limits=LIMITS, defaults=defaults):
            skipped, silent = min(rows, piece.batch.num_rows), min(told, len(piece.problems))
            rows, told = rows - skipped, told - silent
            self._beat()
            if skipped < piece.batch.num_rows or silent < len(piece.problems):
                yield replace(piece, batch=piece.batch.slice(skipped), problems=piece.problems[silent:])

    def _look_up(self) -> None:
        if not self.keep_going():
            give_back(self.row, self.worker)
            raise _Stopped(ImportOutcome.RELEASED)

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at < BEAT_SECONDS:
            return
        self._beat_at = time.monotonic()
        if not renew(self.row, self.worker, CLAIM_SECONDS):
            raise _Stopped(ImportOutcome.LOST)

    def _commit(self, piece: ListingBatch, incoming: Sequence[Incoming], refused: Sequence[RowProblem]) -> None:
        for tries_left in reversed(range(COMMIT_TRIES)):
            try:
                return self._commit_once(piece, incoming, refused)
            except IntegrityError:
                if not tries_left:
                    raise
        raise AssertionError("unreachable")

    def _commit_once(self, piece: ListingBatch, incoming: Sequence[Incoming], refused: Sequence[RowProblem]) -> None:
        """Listings, problems and the place where to go on: together, or not at all."""
        with transaction.atomic():
            row = _held(self.row, self.worker)
            if row is None:
                raise _Stopped(ImportOutcome.LOST)
            if not row.cancel_requested:
                stored = store(row.organisation_id, incoming, row)
                _tell(row, [*piece.problems, *refused])
                row.rows_read += piece.batch.num_rows
                row.problems_read += len(piece.problems)
                row.bytes_done = piece.bytes_done
                row.rows_good += len(incoming)
                row.rows_new += stored.new
                row.rows_changed += stored.changed
                row.rows_older += stored.older
                row.pictures_kept += stored.pictures_kept
                row.pictures_missing += stored.pictures_missing
                row.claimed_until = now() + timedelta(seconds=CLAIM_SECONDS)
                row.save()
        if row.cancel_requested:
            raise _Stopped(end(row, self.worker, Import.State.CANCELLED))


def images_of(row: Import) -> ImageSource:
    """The pictures that came with an uploaded file. Raises Invalid when their archive is not what it was."""
    archive = Spool(row.public_id).pictures()
    return PictureArchive(archive) if archive else NoImages()


def end(row: Import, worker: str, state: Import.State, reason: str = "") -> ImportOutcome:
    """End a claimed import, say so in the trail, and remove its files. LOST when it is no longer the worker's."""
    with transaction.atomic():
        held = _held(row, worker)
        if held is None:
            return ImportOutcome.LOST
        held.state, held.reason, held.ended_at = state, reason[:500], now()
        held.claimed_by, held.claimed_until = "", None
        if state == Import.State.DONE:
            held.bytes_done = held.size or held.bytes_done
        held.save()
        note_end(held)
    Spool(row.public_id).remove()
    return ImportOutcome(state.value)


def note_end(row: Import, actor: str = "worker") -> None:
    """Say in the trail how an import ended."""
    audit.record(
        actor=actor,
        organisation=row.organisation_id,
        action=f"import.{row.state}",
        target=row.public_id,
        detail={
            "listings": row.rows_good,
            "new": row.rows_new,
            "changed": row.rows_changed,
            "problems": row.problems_total,
            "pictures": row.pictures_kept,
        },
    )


def _held(row: Import, worker: str) -> Import | None:
    rows = Import.objects.select_for_update().filter(pk=row.pk, state=Import.State.RUNNING, claimed_by=worker)
    return rows.first()


def _tell(row: Import, problems: Sequence[RowProblem]) -> None:
    room = max(0, PROBLEMS_KEPT - row.problems_total)
    row.problems_total += len(problems)
    ImportProblem.objects.bulk_create(
        ImportProblem(
            source_import=row,
            row=told.row,
            field=told.field[:200],
            code=told.code[:60],
            message=told.message[:500],
            mend=told.mend[:500],
            excerpt=told.excerpt[:200],
        )
        for told in problems[:room]
    )


def _fitting(records: Sequence[model.Listing], source: str) -> tuple[list[model.Listing], list[RowProblem]]:
    """Set aside what the tables have no room for; the reader's own limits leave only the marketplace."""
    fitting, refused = [], []
    for record in records:
        if len(record.marketplace) <= LONGEST_MARKETPLACE:
            fitting.append(record)
            continue
        refused.append(
            RowProblem(
                source=source,
                row=0,
                field="marketplace",
                code="marketplace-too-long",
                message=f"listing {excerpt_of(record.external_id, 40)}: the marketplace's name is too long.",
                mend=f"Use at most {LONGEST_MARKETPLACE} characters.",
                excerpt=excerpt_of(record.marketplace, 60),
            )
        )
    return fitting, refused
