"""A file of notices to be filed: CSV with a heading line, one finding a row; what is wrong is told by its place."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence

from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.notices import papers
from countermark.node.notices.bulk.choosing import MOST_ROWS, Row, Together

#: Columns that are read; only the first must be there.
COLUMNS = ("finding", "agreement", "right", "country", "regime", "ground", "explanation")
LARGEST = 64 * 1024 * 1024
_MOST_PROBLEMS = 50


def key_of(data: bytes, together: Together) -> str:
    """What makes one batch out of many tries with one file and one signature: SHA-256 over both."""
    said = "\n".join((together.signer, together.country, together.explanation, *sorted(together.declared)))
    return hashlib.sha256(hashlib.sha256(data).digest() + said.encode()).hexdigest()


def read_rows(data: bytes) -> list[Row]:
    """Rows of a CSV file, UTF-8, at most 10,000.

    Raises:
        Invalid: too large, not UTF-8, no column `finding`, a column that is unknown, a row that cannot be read.
    """
    if len(data) > LARGEST:
        raise Invalid.of("file", "too-large", f"The file is larger than {LARGEST // 1024 // 1024} MB.", "Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start:,} is not UTF-8."
        raise Invalid.of("file", "not-text", message, "Save the file as CSV in UTF-8.") from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    found, problems = [], []
    for number, given in _numbered(lines):
        row = given if isinstance(given, FieldProblem) else _row(number, given)
        if isinstance(row, FieldProblem):
            problems.append(row)
        else:
            found.append(row)
        if len(found) > MOST_ROWS or len(problems) >= _MOST_PROBLEMS:
            break
    if problems:
        raise Invalid(problems)
    return found


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str] | FieldProblem]]:
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
        raise Invalid.of("file", "not-csv", f"The file cannot be read as CSV: {error}.", mend) from error


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
    return Row(**cells)


def _longest(column: str) -> int:
    return papers.LONGEST_EXPLANATION if column == "explanation" else 40
