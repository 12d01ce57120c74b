"""The columns of a partner's template, as data: one line a column, `heading = field`, or `heading = "a fixed text"`."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from countermark.node.channels.letters import FIELDS
from countermark.node.kernel.cells import harmless

MOST_COLUMNS, LONGEST_HEADING = 60, 120
_LINE = re.compile(r"(?P<heading>[^=]+)=\s*(?:(?P<field>[a-z_]+)(?:\s*\[(?P<most>\d{1,5})\])?|\"(?P<fixed>[^\"]*)\")")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the field that fills it or a fixed text, and how many characters it takes (0 = any)."""

    heading: str
    field: str = ""
    fixed: str = ""
    most: int = 0


def read_columns(written: str) -> tuple[Column, ...]:
    """The columns of a template.

    Raises:
        ValueError: names the line, and what is wrong with it.
    """
    found: list[Column] = []
    for number, line in enumerate(filter(str.strip, written.splitlines()), 1):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f'Line {number} is not “heading = field”, “heading = field [500]” or “heading = "text"”.')
        heading, name = match["heading"].strip(), match["field"] or ""
        if name and name not in FIELDS:
            raise ValueError(f"Line {number}: there is no field “{name}”.")
        if len(heading) > LONGEST_HEADING or any(one.heading == heading for one in found):
            raise ValueError(f"Line {number}: the heading is too long, or stands twice.")
        found.append(Column(heading, name, match["fixed"] or "", int(match["most"] or 0)))
    if not 1 <= len(found) <= MOST_COLUMNS:
        raise ValueError(f"A template has 1 to {MOST_COLUMNS} columns.")
    return tuple(found)


def row(columns: Sequence[Column], fields: Mapping[str, str]) -> list[str]:
    """One row. A text from a stranger never acts as a formula in the partner's spreadsheet."""
    return [harmless(fields.get(one.field, "") if one.field else one.fixed) for one in columns]


def write(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The file: UTF-8 with a mark, so that spreadsheets read it; every cell quoted; lines end as RFC 4180 has it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[harmless(one) for one in columns], *rows])
    return text.getvalue().encode("utf-8-sig")
