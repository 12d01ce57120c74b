"""Ground truth: which listings really infringe, for measuring the engine."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.formats.csv_rows import CsvRecords
from countermark.formats.limits import Limits
from countermark.formats.lines import read_lines
from countermark.formats.opening import open_source
from countermark.formats.problems import UnreadableSource, problem
from countermark.formats.streams import ByteStream, Utf8Stream
from countermark.formats.strict_json import JsonValue, NotJson, read_json
from countermark.formats.writing import whole_file
from countermark.model import Kind, derive_id, kind_of_id, to_json

TRUTH_SCHEMA = pa.schema(
    [
        pa.field("listing_id", pa.string(), nullable=False),
        pa.field("brand", pa.string(), nullable=False),
        pa.field("infringing", pa.bool_(), nullable=False),
        pa.field("kind", pa.string()),
    ]
)

_TRUE = frozenset({"true", "1", "yes", "oui", "是"})
_FALSE = frozenset({"false", "0", "no", "non", "否"})
_NAMES = ("listing_id", "marketplace", "external_id", "brand", "infringing", "kind")


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of one listing and one house.

    Attributes:
        listing_id: `lst_…`.
        brand: the house it is about; empty when it is true for every house.
        infringing: whether it infringes.
        kind: in which way, None when it does not or nobody said.
    """

    listing_id: str
    brand: str
    infringing: bool
    kind: Kind | None = None


def read_truth(source: str | Path | BinaryIO) -> Iterator[Truth]:
    """Read truths from CSV, JSON Lines or Parquet, told apart by content.

    A row names its listing by `listing_id`, or by `marketplace` and `external_id`. Columns `brand`, `infringing`
    (true or false) and `kind` follow. Truth decides what an engine is worth, so one bad row refuses the file.

    Raises:
        UnreadableSource: by row and field.
    """
    with open_source(source) as (raw, name):
        stream = ByteStream(raw, name)
        head = stream.peek(64)
        if not head:
            raise UnreadableSource(problem("empty-file", source=name))
        if head.startswith(b"PAR1"):
            rows = _parquet_rows(raw, name)
        elif head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            rows = _json_rows(stream)
        else:
            rows = _csv_rows(stream)
        for number, row in rows:
            yield _read(row, name, number)


def write_truth(target: Path, truths: Iterable[Truth]) -> None:
    """Write truths, whole or not at all: Parquet when the name ends so, JSON Lines otherwise."""
    with whole_file(target) as file:
        if target.suffix == ".parquet":
            rows = [msgspec.to_builtins(truth) for truth in truths]
            pq.write_table(pa.Table.from_pylist(rows, schema=TRUTH_SCHEMA), file, compression="zstd")
        else:
            file.writelines(to_json(truth) + b"\n" for truth in truths)


def _refuse(name: str, row: int, field: str, reason: str, value: object = None) -> UnreadableSource:
    return UnreadableSource(
        problem("bad-truth", source=name, row=row, field=field, value=value, words={"reason": reason})
    )


def _read(row: dict[str, object], name: str, number: int) -> Truth:
    infringing = row.get("infringing")
    if not isinstance(infringing, bool):
        word = str(infringing or "").strip().casefold()
        if word not in _TRUE | _FALSE:
            raise _refuse(name, number, "infringing", "infringing is neither true nor false", infringing)
        infringing = word in _TRUE
    kind = str(row.get("kind") or "").strip()
    if kind and kind not in Kind.__members__.values():
        raise _refuse(name, number, "kind", "no such kind", kind)
    return Truth(
        listing_id=_listing_id(row, name, number),
        brand=str(row.get("brand") or ""),
        infringing=infringing,
        kind=Kind(kind) if kind else None,
    )


def _listing_id(row: dict[str, object], name: str, number: int) -> str:
    given = str(row.get("listing_id") or "").strip()
    if given:
        if kind_of_id(given) != "lst":
            raise _refuse(name, number, "listing_id", "a listing_id begins with lst_", given)
        return given
    external_id = str(row.get("external_id") or row.get("id") or "").strip()
    if not external_id:
        raise _refuse(name, number, "listing_id", "neither listing_id nor external_id is given")
    return derive_id("lst", str(row.get("marketplace") or ""), external_id)


def _json_rows(stream: ByteStream) -> Iterator[tuple[int, dict[str, object]]]:
    number = 0
    for lines in read_lines(Utf8Stream(stream), Limits().record_bytes, accept_tail=lambda: True):
        for line in lines:
            number += 1
            try:
                value = _json_value(line)
            except NotJson as error:
                words = error.words
                raise UnreadableSource(
                    problem(error.code, source=stream.name, row=number, value=line, words=words)
                ) from error
            if isinstance(value, dict):
                yield number, dict(value)
            elif value is not None:
                raise _refuse(stream.name, number, "", "not an object", line)


def _json_value(line: bytes | None) -> JsonValue:
    if line is None:
        raise NotJson("row-too-long", limit=f"{Limits().record_bytes:,}")
    return read_json(line) if line.strip() else None


def _csv_rows(stream: ByteStream) -> Iterator[tuple[int, dict[str, object]]]:
    records = CsvRecords(stream, Limits())
    names: list[str] = []
    for cells, code in records:
        if code:
            words = {"limit": f"{Limits().record_bytes:,}", "found": str(len(cells)), "expected": str(records.width)}
            raise UnreadableSource(
                problem(code, source=stream.name, row=max(records.row, 0), value=records.excerpt(), words=words)
            )
        if not names:
            names = [cell.strip().lower() for cell in cells]
            records.width = len(names)
            if "infringing" not in names:
                raise UnreadableSource(problem("missing-column", source=stream.name, words={"field": "infringing"}))
        else:
            yield records.row, dict(zip(names, cells, strict=True))


def _parquet_rows(raw: BinaryIO, name: str) -> Iterator[tuple[int, dict[str, object]]]:
    number = 0
    try:
        raw.seek(0)
        with pq.ParquetFile(raw) as file:
            columns = [column for column in file.schema_arrow.names if column in _NAMES]
            for batch in file.iter_batches(10_000, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        reason = str(error).split("\n", 1)[0][:200]
        raise UnreadableSource(problem("bad-parquet", source=name, words={"reason": reason})) from error
