"""CSV and other delimited text: rows survive whatever stands in their neighbours."""

import csv
from collections import deque
from collections.abc import Iterator

import pyarrow as pa

from countermark.formats.columns import REQUIRED, map_columns
from countermark.formats.limits import MIB, Limits
from countermark.formats.lines import read_lines
from countermark.formats.listing_row import Place
from countermark.formats.problems import UnreadableSource, problem
from countermark.formats.raw import RawChunk
from countermark.formats.streams import ByteStream, Utf8Stream
from countermark.model import RowProblem

#: Tried on the first line, in this order; the one under which most column names are known is taken.
DELIMITERS = (",", ";", "\t", "|")
#: Lines read a second time after a quote that never closed: this much, plus as much as was read once.
_REREAD_FREELY = 16 * MIB


class _BadLine(str):
    """A line that is not UTF-8, with its bytes kept as lone surrogates."""

    __slots__ = ()


class _LineTooLong(Exception):
    pass


class _RecordTooLong(Exception):
    pass


class CsvRecords:
    """Records of delimited text, one by one, with what was wrong with each.

    The quote rules are those of RFC 4180: a quoted cell may hold line ends; a quote inside it is doubled. When a quote
    never closes, the line it stands in is the bad one, and the lines after it are read again from the start.
    """

    def __init__(self, stream: ByteStream, limits: Limits, delimiter: str | None = None) -> None:
        head = stream.peek(64 * 1024)
        # Files from before 2001 end their lines with a carriage return alone.
        newline = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
        lines = read_lines(Utf8Stream(stream), limits.record_bytes, accept_tail=stream.whole, newline=newline)
        self._feed = _LineFeed(_decoded(lines), limits.record_bytes)
        self.delimiter = delimiter or self._feed.sniff()
        self._reader = csv.reader(self._feed, delimiter=self.delimiter, strict=True)
        self.width = 0
        self.row = -1  # the header is row 0
        self.size = 0  # characters of the last record
        self._reread = 0

    def __iter__(self) -> Iterator[tuple[list[str], str]]:
        """Yield (cells, "") for a good record and ([], code of the problem) for a bad one; the header comes first."""
        while True:
            self._feed.start_record()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except _LineTooLong:
                code, cells = "row-too-long", []
            except _RecordTooLong:
                code, cells = "broken-quotes", []
            except csv.Error as error:
                code, cells = self._explain(error), []
            else:
                code = self._judge(cells)
            self.row += 1
            self.size = self._feed.size
            if code == "" and not any(cells):
                continue  # a blank line: counted, as every editor counts it, and passed over
            if code in ("broken-quotes", "wrong-number-of-cells"):
                self._give_back()
            yield cells, code

    def excerpt(self) -> str:
        """The first line of the last record, for a report."""
        return self._feed.taken[0] if self._feed.taken else ""

    def _explain(self, error: csv.Error) -> str:
        # A cell may also be over-long because its quote never closed; then the lines after it tell.
        alone = len(self._feed.taken) == 1 and "field limit" in str(error)
        return "cell-too-long" if alone else "broken-quotes"

    def _judge(self, cells: list[str]) -> str:
        if self._feed.bad:
            return "not-utf8"
        if self.width and cells and len(cells) != self.width:
            return "" if self._trim(cells) else "wrong-number-of-cells"
        return ""

    def _trim(self, cells: list[str]) -> bool:
        """Spreadsheets write empty cells after the last column; they mean nothing."""
        if len(cells) > self.width and not any(cells[self.width :]):
            del cells[self.width :]
            return True
        return False

    def _give_back(self) -> None:
        """After a record that went wrong over several lines: only its first line is lost, the others are read again.

        A hostile file could make every line start such a record; lines are given back only while that costs no more
        than reading the file twice.
        """
        lines = list(self._feed.taken)[1:]
        size = sum(map(len, lines))
        if lines and self._reread + size <= _REREAD_FREELY + self._feed.total:
            self._reread += size
            self._feed.give_back(lines)


class _LineFeed:
    """Hands lines to the csv reader and remembers those of the record in hand."""

    def __init__(self, lines: Iterator[str | None], limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.size = 0
        self.total = 0
        self.bad = False

    def start_record(self) -> None:
        self.taken = []
        self.size = 0
        self.bad = False

    def __iter__(self) -> "_LineFeed":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        if line is None:
            raise _LineTooLong
        inside = bool(self.taken)
        self.taken.append(line)
        self.size += len(line)
        self.total += len(line)
        if type(line) is not str:
            self.bad = True
        if inside:
            if self.size > self._limit:
                raise _RecordTooLong
            # The line end belongs to the cell; it stands at the start of the line after it.
            return "\n" + line
        return line

    def give_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))

    def sniff(self) -> str:
        """The delimiter of the first line, which stays to be read."""
        try:
            first = next(self._lines)
        except StopIteration:
            return DELIMITERS[0]
        if first is None:
            return DELIMITERS[0]
        self._again.append(first)
        known = {mark: len(map_columns(next(csv.reader([first], delimiter=mark), []))) for mark in DELIMITERS}
        return max(DELIMITERS, key=lambda mark: known[mark])


def _decoded(chunks: Iterator[list[bytes | None]]) -> Iterator[str | None]:
    for lines in chunks:
        if None not in lines:
            whole = [line for line in lines if line is not None]
            try:
                yield from b"\n".join(whole).decode().split("\n")
                continue
            except UnicodeDecodeError:
                pass
        for line in lines:
            yield None if line is None else _decode_line(line)


def _decode_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return _BadLine(line.decode("utf-8", "surrogateescape"))


class CsvListings:
    """Listings in delimited text with a header line (CSV, and Google's feed as TSV)."""

    def __init__(self, stream: ByteStream, place: Place, limits: Limits, delimiter: str | None = None) -> None:
        self._stream = stream
        self._place = place
        self._limits = limits
        self._delimiter = delimiter

    def chunks(self) -> Iterator[RawChunk]:
        """See `RawReader.chunks`."""
        records = CsvRecords(self._stream, self._limits, self._delimiter)
        rows = iter(records)
        columns = read_header(rows, records, self._place.source)
        chunk, kept, size = RawChunk(self._place), [], 0
        for cells, code in rows:
            if code:
                chunk.problems.append(self._problem(records, cells, code))
            else:
                chunk.numbers.append(records.row)
                kept.append(cells)
                size += records.size
            full = len(kept) + len(chunk.problems) >= self._limits.batch_rows
            if full or size >= self._limits.batch_bytes:
                yield _filled(chunk, kept, columns)
                chunk, kept, size = RawChunk(self._place), [], 0
        if kept or chunk.problems:
            yield _filled(chunk, kept, columns)

    def _problem(self, records: CsvRecords, cells: list[str], code: str) -> RowProblem:
        words = {
            "limit": f"{csv.field_size_limit() if code == 'cell-too-long' else self._limits.record_bytes:,}",
            "found": str(len(cells)),
            "expected": str(records.width),
        }
        value = None if code == "row-too-long" else records.excerpt()
        return problem(code, source=self._place.source, row=records.row, value=value, words=words)


def read_header(
    rows: Iterator[tuple[list[str], str]], records: CsvRecords, source: str, required: tuple[str, ...] = REQUIRED
) -> dict[str, int]:
    """Take the header off the rows; gives field -> column. Raises UnreadableSource when it is of no use."""
    names, code = next(rows, ([], ""))
    if code:
        words = {"limit": "the allowed", "found": "", "expected": ""}
        raise UnreadableSource(problem(code, source=source, value=records.excerpt(), words=words))
    columns = map_columns(names)
    if not columns:
        raise UnreadableSource(problem("no-known-columns", source=source, value=records.excerpt()))
    for field in required:
        if field not in columns:
            name = {"external_id": "id"}.get(field, field)
            raise UnreadableSource(problem("missing-column", source=source, field=name, words={"field": name}))
    records.width = len(names)
    return columns


def _filled(chunk: RawChunk, rows: list[list[str]], columns: dict[str, int]) -> RawChunk:
    if rows:
        cells = list(zip(*rows, strict=True))
        chunk.columns = {field: pa.array(cells[index], pa.string()) for field, index in columns.items()}
    return chunk
