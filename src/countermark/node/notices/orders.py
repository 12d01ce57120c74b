"""Orders of an illegal product as the marketplace lists them: a reference, a day, and whether the buyer can be reached.

Nothing about a person has a column here: names and addresses stay in the marketplace's own order system.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from countermark.node.kernel.errors import FieldProblem, Invalid

COLUMNS = ("order", "ordered_on", "reachable")
LARGEST, MOST_ROWS, MOST_TOLD = 5 * 1024 * 1024, 50_000, 100
#: Begins with a letter or a figure, so that no table program takes it for a formula.
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}")
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Order:
    """One order."""

    reference: str
    ordered_on: date
    reachable: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds.

    Attributes:
        orders: good rows, each reference once.
        problems: bad rows, at most `MOST_TOLD`: row, column, what is wrong, how to mend it.
        bad: how many rows were bad.
    """

    orders: tuple[Order, ...]
    problems: tuple[FieldProblem, ...]
    bad: int


def read_orders(data: bytes, since: date, until: date) -> Read:
    """Read a CSV file in UTF-8 with the columns of `COLUMNS`, in any order.

    Args:
        data: the file.
        since, until: days between which an order counts, both included.

    Raises:
        Invalid: too large, no text, no such columns, or columns that have no place here.
    """
    if len(data) > LARGEST:
        raise Invalid.of("file", "too-large", "The file is larger than 5 MB.", "Split it.")
    try:
        lines = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        columns = tuple((one or "").strip().lower() for one in lines.fieldnames or ())
        _check(columns)
        lines.fieldnames = list(columns)
        return _rows(lines, since, until)
    except UnicodeDecodeError as error:
        raise Invalid.of("file", "not-text", "The file is no text in UTF-8.", "Save it as CSV in UTF-8.") from error
    except csv.Error as error:
        raise Invalid.of("file", "not-csv", f"The file cannot be read as CSV: {error}.", "Save it again.") from error


def _check(columns: tuple[str, ...]) -> None:
    lacking, strange = set(COLUMNS) - set(columns), set(columns) - set(COLUMNS)
    if lacking or len(columns) != len(set(columns)):
        raise Invalid.of(
            "file", "columns-missing", f"It lacks: {', '.join(sorted(lacking))}.", f"It needs: {', '.join(COLUMNS)}."
        )
    if strange:
        raise Invalid.of(
            "file",
            "columns-strange",
            f"It has {len(strange)} further columns.",
            "Leave them out: nothing about a buyer but the reference of the order comes here.",
        )


def _rows(lines: "csv.DictReader[str]", since: date, until: date) -> Read:
    orders: dict[str, Order] = {}
    problems: list[FieldProblem] = []
    bad = 0
    for number, line in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise Invalid.of("file", "too-many-rows", f"It has more than {MOST_ROWS:,} rows.", "Split it.")
        found = _row(number, line, since, until)
        if isinstance(found, Order) and found.reference not in orders:
            orders[found.reference] = found
            continue
        bad += 1
        if len(problems) < MOST_TOLD:
            problems.append(
                found if isinstance(found, FieldProblem) else _wrong(number, "order", "It stands twice.", "")
            )
    return Read(tuple(orders.values()), tuple(problems), bad)


def _row(number: int, line: dict[str, str], since: date, until: date) -> Order | FieldProblem:
    reference, day, reachable = ((line.get(one) or "").strip() for one in COLUMNS)
    if not _REFERENCE.fullmatch(reference):
        mend = "Write the number of the order: letters, figures and . _ / - only, at most 80."
        return _wrong(number, "order", "It is no reference of an order.", mend)
    try:
        ordered_on = date.fromisoformat(day)
    except ValueError:
        return _wrong(number, "ordered_on", "It is no day.", "Write it like 2026-03-01.")
    if not since <= ordered_on <= until:
        return _wrong(number, "ordered_on", f"It lies outside {since} to {until}.", "Leave this order out.")
    if reachable.lower() not in _YES | _NO:
        return _wrong(number, "reachable", "It says neither yes nor no.", "Write yes or no.")
    return Order(reference, ordered_on, reachable.lower() in _YES)


def _wrong(number: int, column: str, message: str, mend: str) -> FieldProblem:
    return FieldProblem(f"row {number}, {column}", "order-wrong", f"Row {number}, {column}: {message}", mend)
