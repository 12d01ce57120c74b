"""A file of notices to be filed: CSV with a heading line, one finding a row; what is wrong is told by its place."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.notices import papers
from countermark.node.notices.bulk.choosing import MOST_ROWS, Row, Together, row_problems

if TYPE_CHECKING:
    from _csv import Reader as _Lines

#: Columns that are read; only the first must be there.
COLUMNS = ("finding", "agreement", "right", "country", "regime", "ground", "explanation")
LARGEST = 64 * 1024 * 1024
#: Problems of one refusal; lines that are told one by one where the good rows are kept; characters of a heading.
_MOST_PROBLEMS, _MOST_TOLD, _HEADING = 50, 500, 4096


def key_of(data: bytes, together: Together, who: str = "") -> str:
    """What makes one batch out of many tries with one file and one signature: SHA-256 over both.

    `who`: the member, where nobody has signed yet: two who bring the same file sign each their own batch.
    """
    said = "\n".join(
        (together.signer, together.country, together.explanation, *sorted(together.declared), *filter(None, [who]))
    )
    return hashlib.sha256(hashlib.sha256(data).digest() + said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds: rows that can be kept, each with its place in the file, and why the others cannot.

    Attributes:
        rows, numbers: rows, and the number of each, counted from 1 without the heading and without empty lines.
        refused: the first problems, one for each line that is left out.
        left_out: lines that are left out, also those that are not told one by one.
    """

    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    refused: tuple[FieldProblem, ...]
    left_out: int


def read_rows(data: bytes) -> list[Row]:
    """Rows of a CSV file, when every one of them can be kept.

    Raises:
        Invalid: as `read_file`, and what stands against single rows.
    """
    found = read_file(data)
    if found.refused:
        raise Invalid(list(found.refused[:_MOST_PROBLEMS]))
    return list(found.rows)


def read_file(data: bytes) -> ReadFile:
    """Rows of a CSV file, UTF-8, parted by comma, semicolon or tab, at most 10,000; bad rows are told, good ones kept.

    Raises:
        Invalid: too large, not UTF-8, no CSV, no column `finding`, a column that is unknown, too many rows, no row.
    """
    rows: list[Row] = []
    numbers: list[int] = []
    refused: list[FieldProblem] = []
    left_out = 0
    number = 0
    for number, given in _numbered(_lines(data)):
        row = given if isinstance(given, FieldProblem) else _row(number, given)
        if isinstance(row, Row):
            rows.append(row)
            numbers.append(number)
        elif left_out < _MOST_TOLD:
            refused.append(row)
        left_out += not isinstance(row, Row)
        if number > MOST_ROWS:
            mend = f"File at most {MOST_ROWS:,} at once."
            raise Invalid.of("file", "too-many-rows", f"The file has more than {MOST_ROWS:,} rows.", mend)
    if not number:
        raise Invalid.of("file", "no-rows", "The file holds no row below its first line.", "Write one finding a row.")
    return ReadFile(tuple(rows), tuple(numbers), tuple(refused), left_out)


def _lines(data: bytes) -> "_Lines":
    if len(data) > LARGEST:
        raise Invalid.of("file", "too-large", f"The file is larger than {LARGEST // 1024 // 1024} MB.", "Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start:,} is not UTF-8."
        raise Invalid.of("file", "not-text", message, "Save the file as CSV in UTF-8.") from error
    first = text[:_HEADING].partition("\n")[0]
    # A spreadsheet in French writes semicolons.
    return csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=max(",;\t", key=first.count))


def _numbered(lines: "_Lines") -> Iterator[tuple[int, dict[str, str] | FieldProblem]]:
    """Rows by the name of their columns, counted from 1 without the heading."""
    try:
        heading = _heading(next(lines, []))
        for number, cells in enumerate((one for one in lines if any(cell.strip() for cell in one)), 1):
            if len(cells) > len(heading):
                message = f"Row {number} has {len(cells)} cells, the heading {len(heading)}."
                yield number, FieldProblem(f"row {number}", "row-cells", message, "Put texts with commas in quotes.")
            else:
                yield number, dict(zip(heading, cells, strict=False))
    except csv.Error as error:
        mend = "Save it anew as CSV with a heading line."
        message = f"Line {lines.line_num:,} cannot be read as CSV: {error}."
        raise Invalid.of("file", "not-csv", message, mend) from error


def _heading(cells: Sequence[str]) -> list[str]:
    names = [one.strip().casefold() for one in cells]
    mend = f"Known columns: {', '.join(COLUMNS)}."
    if "finding" not in names:
        raise Invalid.of("file", "no-finding-column", "The first line names no column “finding”.", mend)
    unknown = sorted(set(names) - set(COLUMNS))
    if unknown:
        shown = ", ".join(f"“{one[:40]}”" for one in unknown[:5])
        raise Invalid.of("file", "column-unknown", f"These columns are not known: {shown}.", mend)
    if len(set(names)) < len(names):
        raise Invalid.of("file", "column-twice", "A column stands twice in the first line.", "Take one away.")
    return names


def _row(number: int, given: dict[str, str]) -> Row | FieldProblem:
    cells = {name: value.strip() for name, value in given.items()}
    if not cells.get("finding"):
        return FieldProblem(
            f"row {number}", "finding-missing", f"Row {number} names no finding.", "Write the id from its page (fnd_…)."
        )
    long = [one for one, value in cells.items() if len(value) > _longest(one)]
    if long:
        message = f"Column {long[0]} of row {number} is longer than {_longest(long[0]):,} characters."
        return FieldProblem(f"row {number}", "too-long", message, "Shorten it.")
    row = Row(**cells)
    return next(iter(row_problems(number, row)), row)


def _longest(column: str) -> int:
    return papers.LONGEST_EXPLANATION if column == "explanation" else 40
