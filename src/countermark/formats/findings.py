"""Findings in and out: Parquet for many, JSON Lines for reading along."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.formats.arrow_findings import FINDING_SCHEMA, batch_to_findings, findings_to_batch, iterate_findings
from countermark.formats.limits import MIB, Limits
from countermark.formats.lines import read_lines
from countermark.formats.opening import open_source
from countermark.formats.problems import UnreadableSource, problem
from countermark.formats.streams import ByteStream
from countermark.formats.writing import whole_file
from countermark.model import Finding, InvalidRecord, from_json, to_json
from countermark.model.finding import SCHEMA_VERSION

#: Rows of one Parquet row group, whatever the size of the batches that were written: equal findings, equal bytes.
ROW_GROUP = 10_000
#: One finding as JSON; reasons carry sentences, so it may be longer than a listing.
LONGEST = 4 * MIB

JSON_LINES = (".jsonl", ".ndjson")


class FindingWriter:
    """Writes findings to a file that appears only when all of them are in it.

    A context manager. `-` writes JSON Lines to standard output, line by line; a file ending in `.parquet` is Parquet,
    `.jsonl` or `.ndjson` is JSON Lines. On an error inside the block the target stays as it was before.

    Raises:
        ValueError: when the ending is none of these.
    """

    def __init__(self, target: str | Path) -> None:
        self._target = target
        self._stack = ExitStack()
        self._sink: _JsonSink | _ParquetSink | None = None
        if str(target) != "-" and Path(target).suffix not in (".parquet", *JSON_LINES):
            raise ValueError(f"{Path(target).name}: findings are written as .parquet or .jsonl.")

    def __enter__(self) -> Self:
        if str(self._target) == "-":
            self._sink = _JsonSink(sys.stdout.buffer)
            self._stack.callback(sys.stdout.buffer.flush)
        else:
            path = Path(self._target)
            file = self._stack.enter_context(whole_file(path))
            if path.suffix == ".parquet":
                self._sink = self._stack.enter_context(_ParquetSink(file))
            else:
                self._sink = _JsonSink(file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sink = None
        self._stack.__exit__(kind, error, trace)

    def write(self, findings: Iterable[Finding]) -> None:
        """Add findings, in order."""
        for some in _chunked(findings, 1000):
            self._open_sink().write_findings(some)

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Add the findings of a batch in FINDING_SCHEMA, in order."""
        if batch.num_rows:
            self._open_sink().write_batch(batch)

    def _open_sink(self) -> "_JsonSink | _ParquetSink":
        if self._sink is None:
            raise RuntimeError("a FindingWriter writes only inside its with block")
        return self._sink


def _chunked(findings: Iterable[Finding], size: int) -> Iterator[list[Finding]]:
    some: list[Finding] = []
    for finding in findings:
        some.append(finding)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


class _JsonSink:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write_findings(self, findings: list[Finding]) -> None:
        self._file.write(b"".join(to_json(finding) + b"\n" for finding in findings))

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self.write_findings(batch_to_findings(batch))


class _ParquetSink:
    """Gathers rows into row groups of one size."""

    def __init__(self, file: BinaryIO) -> None:
        self._writer = pq.ParquetWriter(file, FINDING_SCHEMA, compression="zstd")
        self._held: list[pa.RecordBatch] = []
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write(self._rows)
        self._writer.close()

    def write_findings(self, findings: list[Finding]) -> None:
        self.write_batch(findings_to_batch(findings))

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._rows += batch.num_rows
        if self._rows >= ROW_GROUP:
            self._write(self._rows - self._rows % ROW_GROUP)

    def _write(self, rows: int) -> None:
        if rows:
            table = pa.Table.from_batches(self._held, FINDING_SCHEMA)
            self._writer.write_table(table.slice(0, rows), row_group_size=ROW_GROUP)
            self._held = table.slice(rows).to_batches()
            self._rows -= rows


def read_findings(source: str | Path | BinaryIO) -> Iterator[Finding]:
    """Read findings back, one by one.

    Args:
        source: a file written by FindingWriter (Parquet or JSON Lines, told apart by content), `-` for standard input,
            or an open binary file.

    Raises:
        UnreadableSource: when the file is missing, is something else, was cut, or was written by a newer version;
            findings before the place are given first.
    """
    with open_source(source) as (raw, name):
        stream = ByteStream(raw, name)
        if stream.peek(4) == b"PAR1":
            yield from _read_parquet(raw, stream)
        else:
            yield from _read_json(stream)


def _read_json(stream: ByteStream) -> Iterator[Finding]:
    row = 0
    # A last line without its line end is read too: if it was cut, it is no JSON and is told as that.
    for lines in read_lines(stream, LONGEST, accept_tail=lambda: True):
        for line in lines:
            row += 1
            if line is None:
                raise UnreadableSource(
                    problem("row-too-long", source=stream.name, row=row, words={"limit": f"{LONGEST:,}"})
                )
            if line.strip():
                yield _checked(_parse(line, stream.name, row), stream.name, row)
    troubles = stream.troubles()
    if troubles:
        raise UnreadableSource(troubles[0])


def _parse(line: bytes, name: str, row: int) -> Finding:
    try:
        return from_json(line, Finding)
    except InvalidRecord as error:
        cut = "truncated" in error.message
        code = "cut-short" if cut else "bad-finding"
        words = {"reason": error.message.removesuffix(".")}
        raise UnreadableSource(problem(code, source=name, row=row, value=line, words=words)) from error


def _checked(finding: Finding, name: str, row: int) -> Finding:
    if finding.schema_version > SCHEMA_VERSION:
        raise UnreadableSource(problem("newer-schema", source=name, row=row))
    return finding


def _read_parquet(raw: BinaryIO, stream: ByteStream) -> Iterator[Finding]:
    row = 0
    try:
        direct = raw.seekable() and not stream.compressed
        if direct:
            raw.seek(0)
        with pq.ParquetFile(raw if direct else pa.BufferReader(_all_of(stream))) as file:
            _check_schema(file, stream.name)
            for batch in file.iter_batches(1000, columns=FINDING_SCHEMA.names):
                for finding in iterate_findings(batch):
                    row += 1
                    yield _checked(finding, stream.name, row)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).split("\n", 1)[0][:200]
        raise UnreadableSource(problem("bad-parquet", source=stream.name, words={"reason": reason})) from error
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise UnreadableSource(
            problem("bad-finding", source=stream.name, row=row + 1, words={"reason": str(error)[:200]})
        ) from error


def _check_schema(file: pq.ParquetFile, name: str) -> None:
    missing = [column for column in FINDING_SCHEMA.names if column not in file.schema_arrow.names]
    if missing:
        words = {"reason": f"there is no column {missing[0]}"}
        raise UnreadableSource(problem("bad-finding", source=name, words=words))


def _all_of(stream: ByteStream) -> bytes:
    most = Limits().row_group_bytes
    data = bytearray()
    while more := stream.read(MIB):
        data += more
        if len(data) > most:
            raise UnreadableSource(problem("too-large", source=stream.name, words={"limit": f"{most:,} bytes"}))
    return bytes(data)
