"""From raw rows to a batch of listings: whole columns first, the rest row by row, order kept, doubles set aside."""

from typing import NamedTuple

import pyarrow as pa

from countermark.formats.arrow import LISTING_SCHEMA
from countermark.formats.listing_columns import ColumnCheck
from countermark.formats.listing_row import RawRow, RowRules
from countermark.formats.problems import problem
from countermark.formats.raw import RawChunk
from countermark.formats.seen import Seen
from countermark.model import RowProblem


class Checked(NamedTuple):
    """The listings of a chunk that can be kept, the number of each one's row, and what was wrong with the others."""

    batch: pa.RecordBatch
    numbers: list[int]
    problems: list[RowProblem]


def check_chunk(chunk: RawChunk, rules: RowRules, seen: Seen) -> Checked:
    """Check the rows of a chunk.

    Args:
        chunk: rows of one file.
        rules: what rows are held against.
        seen: the listings read so far, in this and earlier files.

    Returns:
        The listings that can be kept, in file order, in LISTING_SCHEMA; and what was wrong, by row.
    """
    problems = list(chunk.problems)
    batch, numbers, doubtful = _by_columns(chunk, rules)
    doubtful += chunk.odd
    if doubtful:
        batch, numbers = _with_rows(batch, numbers, sorted(doubtful, key=lambda each: each[0]), chunk, rules, problems)
    batch, numbers = _without_doubles(batch, numbers, chunk, seen, problems)
    return Checked(batch, numbers, sorted(problems, key=lambda each: each.row))


def _by_columns(chunk: RawChunk, rules: RowRules) -> tuple[pa.RecordBatch, list[int], list[tuple[int, RawRow]]]:
    if not chunk.numbers:
        return pa.RecordBatch.from_pylist([], schema=LISTING_SCHEMA), [], []
    check = ColumnCheck(chunk, rules)
    check.run()
    batch = pa.RecordBatch.from_arrays([check.columns[name] for name in LISTING_SCHEMA.names], schema=LISTING_SCHEMA)
    flags = check.ok.to_pylist()
    if all(flags):
        return batch, chunk.numbers, []
    doubtful = [(number, _row_of(chunk, at)) for at, number in enumerate(chunk.numbers) if not flags[at]]
    return batch.filter(check.ok), [n for n, ok in zip(chunk.numbers, flags, strict=True) if ok], doubtful


def _row_of(chunk: RawChunk, at: int) -> RawRow:
    return {name: _python_value(column[at]) for name, column in chunk.columns.items()}


def _python_value(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):  # a time beyond Python's calendar, which no rule can mean
        return f"a {scalar.type} out of range"


def _with_rows(
    batch: pa.RecordBatch,
    numbers: list[int],
    doubtful: list[tuple[int, RawRow]],
    chunk: RawChunk,
    rules: RowRules,
    problems: list[RowProblem],
) -> tuple[pa.RecordBatch, list[int]]:
    """Judge the doubtful rows one by one and put those that can be kept in their places among the others."""
    kept, kept_numbers = [], []
    for number, raw in doubtful:
        columns, found = rules.read(raw, number, chunk.place)
        problems.extend(found)
        if columns is not None:
            kept.append(columns)
            kept_numbers.append(number)
    if not kept:
        return batch, numbers
    rows = pa.RecordBatch.from_pylist(kept, schema=LISTING_SCHEMA)
    numbers = numbers + kept_numbers
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    together = pa.concat_batches([batch, rows])
    return together.take(pa.array(order, pa.int64())), [numbers[at] for at in order]


def _without_doubles(
    batch: pa.RecordBatch, numbers: list[int], chunk: RawChunk, seen: Seen, problems: list[RowProblem]
) -> tuple[pa.RecordBatch, list[int]]:
    if not numbers:
        return batch, numbers
    source = chunk.place.source
    ids = batch.column("external_id").to_pylist()
    doubles = seen.add(source, numbers, batch.column("marketplace").to_pylist(), ids)
    if not doubles:
        return batch, numbers
    for index, (first_source, first_row) in doubles.items():
        first = f"row {first_row}" + ("" if first_source == source else f" of {first_source}")
        problems.append(
            problem(
                "duplicate-id",
                source=source,
                row=numbers[index],
                field="external_id",
                value=ids[index],
                words={"first": first},
            )
        )
    keep = [at not in doubles for at in range(len(numbers))]
    return batch.filter(pa.array(keep)), [number for number, kept in zip(numbers, keep, strict=True) if kept]
