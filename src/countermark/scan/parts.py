"""A folder of Parquet as pieces of work: each read, scanned and written whole, by anybody, any number of times."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Protocol

import msgspec
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from countermark.formats.arrow import FINDING_SCHEMA
from countermark.formats.limits import Defaults, Limits
from countermark.formats.listing_check import Checked, check_chunk
from countermark.formats.listing_row import Place, RowRules
from countermark.formats.parquet_rows import ParquetListings
from countermark.formats.seen import Seen
from countermark.model import ImageSource, RowProblem, to_json
from countermark.model.decoding import decode
from countermark.scan.pictures import in_words
from countermark.scan.places import open_place, put

#: Rows from which a piece of work is large enough; row groups are never split.
ROWS_PER_PART = 50_000
#: Where a part's counts stand in the metadata of its output.
_TALLY = b"countermark.tally"


class Plan(Protocol):
    """What a driver runs: a pure, picklable function from a batch to a batch."""

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        """The answer to one batch."""
        ...


class Part(msgspec.Struct, frozen=True):
    """One piece of work.

    Attributes:
        source: path of the input file below the input folder.
        first, last: its row groups, the last excluded.
        rows: how many rows they say they hold.
        size: bytes of the whole input file.
        name: path of the output file below the output folder.
        changed: when the input file was last written, in nanoseconds; with path and size it tells inputs apart. It also
            stands in for the time of rows that have none.
    """

    source: str
    first: int
    last: int
    rows: int
    size: int
    name: str
    changed: int = 0


class PartTally(msgspec.Struct, frozen=True):
    """What became of a part: listings looked at, problems of rows and pictures, findings made, prices by currency."""

    listings: int
    problems: int
    findings: int
    currencies: dict[str, int] = {}


def find_parts(place: str) -> list[Part]:
    """Every piece of work below a folder, in the order of paths and row groups; reads only the footers."""
    filesystem, root = open_place(place)
    parts: list[Part] = []
    files = filesystem.get_file_info(pafs.FileSelector(root, recursive=True))
    for info in sorted(files, key=lambda each: each.path):
        relative = info.path[len(root) :].lstrip("/")
        hidden = any(step.startswith(("_", ".")) for step in relative.split("/"))
        if info.type == pafs.FileType.File and relative.endswith(".parquet") and not hidden:
            parts.extend(_parts_of(filesystem, info, relative))
    return parts


def _parts_of(filesystem: pafs.FileSystem, info: pafs.FileInfo, relative: str) -> Iterator[Part]:
    with filesystem.open_input_file(info.path) as file:
        facts = pq.ParquetFile(file).metadata
        first, rows = 0, 0
        for group in range(facts.num_row_groups):
            rows += facts.row_group(group).num_rows
            if rows >= ROWS_PER_PART or group == facts.num_row_groups - 1:
                stem = relative.removesuffix(".parquet")
                name = f"{stem}.rg{first:06d}-{group + 1:06d}.findings.parquet"
                yield Part(relative, first, group + 1, rows, info.size, name, info.mtime_ns or 0)
                first, rows = group + 1, 0


def digest_of(parts: list[Part]) -> str:
    """SHA-256 in hex over what tells these pieces of work from others."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


@dataclass(frozen=True)
class PartRunner:
    """A plan that is given parts instead of rows, and answers with their counts: drivers need not know the difference.

    The output of a part depends on its input and the plan alone and is put in place whole, so a part that runs twice,
    after its worker died or beside it, leaves the same bytes under the same name.
    """

    plan: Plan
    source: str
    output: str
    defaults: Defaults

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        """A batch with one column `part` (JSON of `Part`); the answer has one row a part."""
        tallies = [self.run(decode(part, Part), images) for part in batch.column("part").to_pylist()]
        return pa.RecordBatch.from_pylist(
            [{"listings": tally.listings, "problems": tally.problems, "findings": tally.findings} for tally in tallies]
        )

    def run(self, part: Part, images: ImageSource | None) -> PartTally:
        """Scan one part and put its findings in place."""
        findings: list[pa.RecordBatch] = []
        problems: list[RowProblem] = []
        listings = 0
        currencies: Counter[str] = Counter()
        for batch, numbers, wrong in read_part(self.source, part, self.defaults):
            problems.extend(wrong)
            listings += batch.num_rows
            currencies.update(currencies_of(batch))
            if batch.num_rows:
                places = [(part.source, number) for number in numbers]
                found, unseen = in_words(self.plan.run_arrow(batch, images), places)
                problems.extend(unseen)
                findings.append(found)
        tally = PartTally(listings, len(problems), sum(each.num_rows for each in findings), dict(currencies))
        filesystem, root = open_place(self.output)
        if problems:
            lines = b"".join(to_json(problem) + b"\n" for problem in problems)
            put(filesystem, f"{root}/{_problems_name(part)}", lines)
        put(filesystem, f"{root}/{part.name}", _as_parquet(findings, tally))
        return tally


def currencies_of(batch: pa.RecordBatch) -> dict[str, int]:
    """How many listings ask a price in each currency, by code."""
    counted = batch.column("price_currency").drop_null().value_counts().to_pylist()
    return {entry["values"]: entry["counts"] for entry in sorted(counted, key=lambda entry: entry["values"])}


def _problems_name(part: Part) -> str:
    return f"_problems/{part.name.removesuffix('.findings.parquet')}.jsonl"


def problems_in_place(place: str, part: Part) -> bytes:
    """What was wrong with the rows of a part that is in place, as JSON Lines; empty when nothing was."""
    if not tally_of(place, part).problems:
        return b""
    filesystem, root = open_place(place)
    with filesystem.open_input_file(f"{root}/{_problems_name(part)}") as file:
        return bytes(file.read())


def read_part(place: str, part: Part, defaults: Defaults) -> Iterator[Checked]:
    """The listings of a part in LISTING_SCHEMA, each row checked, with their numbers, and what was wrong with others.

    Doubles are set aside within a part only: parts do not know one another.
    """
    filesystem, root = open_place(place)
    path, limits = f"{root}/{part.source}", Limits()
    changed = filesystem.get_file_info(path).mtime
    rules = RowRules(limits)
    captured_at = defaults.captured_at or (changed or rules.now).astimezone(UTC)
    seen_at = Place(part.source, captured_at, defaults.marketplace, defaults.language)
    with filesystem.open_input_file(path) as file, Seen() as seen:
        reader = ParquetListings(file, seen_at, limits, lambda _: None, groups=range(part.first, part.last))
        for chunk in reader.chunks():
            yield check_chunk(chunk, rules, seen)


def _as_parquet(findings: list[pa.RecordBatch], tally: PartTally) -> bytes:
    sink = pa.BufferOutputStream()
    schema = FINDING_SCHEMA.with_metadata({_TALLY: msgspec.json.encode(tally)})
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        table = pa.Table.from_batches(findings, FINDING_SCHEMA).cast(schema)
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def tally_of(place: str, part: Part) -> PartTally:
    """The counts of a part that is in place."""
    filesystem, root = open_place(place)
    with filesystem.open_input_file(f"{root}/{part.name}") as file:
        metadata = pq.read_schema(file).metadata or {}
    return decode(metadata[_TALLY], PartTally)


def levels_in_place(place: str, part: Part) -> Counter[str]:
    """How many findings of a part that is in place have each risk; reads that one column."""
    filesystem, root = open_place(place)
    with filesystem.open_input_file(f"{root}/{part.name}") as file:
        return Counter(pq.read_table(file, columns=["level"]).column("level").to_pylist())


def missing(place: str, parts: list[Part]) -> list[Part]:
    """The parts that are not in place yet."""
    filesystem, root = open_place(place)
    found = filesystem.get_file_info([f"{root}/{part.name}" for part in parts])
    return [part for part, info in zip(parts, found, strict=True) if info.type != pafs.FileType.File]
