"""Listings out of anything that holds them: one stream of Arrow batches, bad rows told beside good ones."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from countermark.formats.arrow import LISTING_SCHEMA
from countermark.formats.csv_rows import CsvListings
from countermark.formats.jsonl_rows import JsonLinesListings
from countermark.formats.limits import Defaults, Limits
from countermark.formats.listing_check import Checked, check_chunk
from countermark.formats.listing_row import Place, RowRules
from countermark.formats.merchant_feed import MerchantFeed
from countermark.formats.parquet_rows import ParquetListings
from countermark.formats.problems import Unfit, UnreadableSource, problem
from countermark.formats.raw import RawReader
from countermark.formats.saved_pages import SavedPage
from countermark.formats.seen import Seen
from countermark.formats.sources import Entry, ListingFormat, Sources, detect_format, find_entries, open_entry
from countermark.formats.streams import CHUNK, ByteStream
from countermark.model import RowProblem

#: Problems told with one batch, before a batch is given out only to carry them.
_PROBLEMS_HELD = 4096


@dataclass(frozen=True, slots=True)
class ListingBatch:
    """Some listings, and what was wrong with others near them.

    Attributes:
        batch: in LISTING_SCHEMA; may have no rows when there are only problems to tell.
        problems: rows, fields and files that were set aside, in file order.
        bytes_done: raw bytes read so far over all files.
        bytes_total: raw bytes of all files, None when unknown.
        rows: for each listing the name of its file and the number of its row there, from 1.
    """

    batch: pa.RecordBatch
    problems: tuple[RowProblem, ...]
    bytes_done: int
    bytes_total: int | None
    rows: tuple[tuple[str, int], ...] = ()


def read_listings(
    source: Sources | BinaryIO,
    *,
    format: ListingFormat | None = None,  # noqa: A002 - the word users know
    limits: Limits = Limits(),  # noqa: B008 - frozen
    defaults: Defaults = Defaults(),  # noqa: B008 - frozen
) -> Iterator[ListingBatch]:
    """Read listings as a stream of batches; memory does not grow with their number.

    Args:
        source: a file, a directory, a glob, `-` for standard input, several of these, or an open binary file.
        format: what the files are, when their names and first bytes do not tell.
        limits: bounds on everything that comes from outside.
        defaults: fill columns that a file lacks.

    Yields:
        Batches of at most `limits.batch_rows` listings. A bad row is never raised but told in `problems`. Of listings
        with the same marketplace and id, over all files, the first is kept.

    Raises:
        UnreadableSource: when nothing at all can be read.
    """
    with Seen() as seen:
        reading = _Reading(format, limits, defaults, seen)
        if isinstance(source, str | Path | Sequence):
            reading.total = _total(find_entries(source, limits))
            yield from reading.batches(_open_all(find_entries(source, limits)))
        else:
            name = Path(str(getattr(source, "name", "stream"))).name
            yield from reading.batches(iter([(Entry(name, None, named=True), source)]))


class _Reading:
    """One call of `read_listings`: goes from file to file, keeps count, gathers small pieces into batches."""

    def __init__(self, wanted: ListingFormat | None, limits: Limits, defaults: Defaults, seen: Seen) -> None:
        self._wanted = wanted
        self._limits = limits
        self._defaults = defaults
        self._seen = seen
        self._rules = RowRules(limits)
        self._read = 0
        self._done = 0
        self._fatal: RowProblem | None = None
        self._pieces: list[pa.RecordBatch] = []
        self._rows = 0
        self._problems: list[RowProblem] = []
        self._places: list[tuple[str, int]] = []
        self.total: int | None = None

    def batches(self, files: Iterator[tuple[Entry, BinaryIO | None]]) -> Iterator[ListingBatch]:
        """Read every file; raises UnreadableSource when none could be."""
        for entry, raw in files:
            yield from self._file(entry, raw)
        if self._read == 0:
            fatal = self._fatal or problem("no-files", source="the source")
            self._problems = [each for each in self._problems if each is not fatal]
            yield from self._flush()
            raise UnreadableSource(fatal)
        yield from self._flush()

    def _file(self, entry: Entry, raw: BinaryIO | None) -> Iterator[ListingBatch]:
        if entry.trouble is not None or raw is None:
            self._fail(entry.trouble or problem("not-found", source=entry.name))
            return
        stream = ByteStream(raw, entry.name, self._limits)
        before = self._done
        with ExitStack() as stack:
            try:
                for chunk in self._reader(stream, raw, stack).chunks():
                    self._done = before + stream.done
                    yield from self._take(chunk.place.source, check_chunk(chunk, self._rules, self._seen))
                self._read += 1
            except UnreadableSource as error:
                self._fail(error.problem)
        self._done = before + (stream.total or stream.done)
        self._problems.extend(stream.troubles())

    def _fail(self, trouble: RowProblem) -> None:
        self._fatal = self._fatal or trouble
        self._problems.append(trouble)

    def _reader(self, stream: ByteStream, raw: BinaryIO, stack: ExitStack) -> RawReader:
        place = self._place(stream.name, raw)
        format_ = _format_of(stream, self._wanted)
        if format_ is ListingFormat.PARQUET:
            file = _seekable(stream, raw, stack)

            def advance(size: int) -> None:
                stream.done += size

            return ParquetListings(file, place, self._limits, advance)
        if format_ is ListingFormat.MERCHANT_TSV:
            return CsvListings(stream, place, self._limits, "\t")
        readers: dict[ListingFormat, Callable[[ByteStream, Place, Limits], RawReader]] = {
            ListingFormat.CSV: CsvListings,
            ListingFormat.JSONL: JsonLinesListings,
            ListingFormat.JSONLD: SavedPage,
            ListingFormat.MERCHANT_XML: MerchantFeed,
        }
        return readers[format_](stream, place, self._limits)

    def _place(self, name: str, raw: BinaryIO) -> Place:
        captured_at = self._defaults.captured_at or _changed_at(raw) or self._rules.now
        return Place(name, captured_at.astimezone(UTC), self._defaults.marketplace, self._defaults.language)

    def _take(self, source: str, checked: Checked) -> Iterator[ListingBatch]:
        """Gather pieces until they fill a batch; a piece is never larger than one."""
        batch, numbers, problems = checked
        weight = sum(piece.nbytes for piece in self._pieces)
        full = self._rows + batch.num_rows > self._limits.batch_rows or weight > self._limits.batch_bytes
        if full or len(self._problems) + len(problems) > _PROBLEMS_HELD:
            yield from self._flush()
        if batch.num_rows:
            self._pieces.append(batch)
            self._places.extend((source, number) for number in numbers)
            self._rows += batch.num_rows
        self._problems.extend(problems)
        if self._rows >= self._limits.batch_rows:
            yield from self._flush()

    def _flush(self) -> Iterator[ListingBatch]:
        if not self._pieces and not self._problems:
            return
        batch = pa.concat_batches(self._pieces) if len(self._pieces) > 1 else (self._pieces or [_EMPTY])[0]
        yield ListingBatch(batch, tuple(self._problems), self._done, self.total, tuple(self._places))
        self._pieces, self._rows, self._problems, self._places = [], 0, [], []


_EMPTY = pa.RecordBatch.from_arrays([pa.nulls(0, field.type) for field in LISTING_SCHEMA], schema=LISTING_SCHEMA)


def _format_of(stream: ByteStream, wanted: ListingFormat | None) -> ListingFormat:
    head = stream.peek(4096)
    if not head:
        trouble = next(iter(stream.troubles()), problem("empty-file", source=stream.name))
        raise UnreadableSource(trouble)
    try:
        return detect_format(stream.name, head, wanted)
    except Unfit as unfit:
        raise UnreadableSource(problem(unfit.code, source=stream.name, words=unfit.words)) from unfit


def _seekable(stream: ByteStream, raw: BinaryIO, stack: ExitStack) -> BinaryIO:
    """A file that can be read from its end, as Parquet is; a stream or a compressed file is laid down first."""
    if raw.seekable() and not stream.compressed:
        raw.seek(0)
        return raw
    file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    while data := stream.read(CHUNK):
        file.write(data)
    file.seek(0)
    return cast("BinaryIO", file)


def _changed_at(raw: BinaryIO) -> datetime | None:
    try:
        return datetime.fromtimestamp(os.fstat(raw.fileno()).st_mtime, UTC)
    except (OSError, AttributeError, ValueError):
        return None


def _open_all(entries: Iterator[Entry]) -> Iterator[tuple[Entry, BinaryIO | None]]:
    for entry in entries:
        if entry.trouble is not None or entry.path is None:
            yield entry, None if entry.trouble else sys.stdin.buffer
            continue
        try:
            with open_entry(entry) as raw:
                yield entry, raw
        except OSError as error:
            words = {"reason": error.strerror or type(error).__name__}
            yield Entry(entry.name, entry.path, trouble=problem("cannot-read", source=entry.name, words=words)), None


def _total(entries: Iterator[Entry]) -> int | None:
    total = 0
    for entry in entries:
        if entry.size is None and entry.trouble is None:
            return None
        total += entry.size or 0
    return total
