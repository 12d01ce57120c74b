"""Rows for spreadsheets: entries, listings, findings. Every cell is made harmless (formula injection)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from countermark.node.exchange.facades.lens import Said
from countermark.node.exchange.facades.stix import Version, stix_time
from countermark.node.exchange.rules.fields import FIELDS
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.cells import harmless

#: Columns that say where a row comes from.
_OF_ENTRIES = (
    *("publisher", "feed", "place", "entry_id", "type", "subject", "happened_at", "recorded_at"),
    *("purpose", "data_class", "retain_until", "words"),
)
_OF_ITEMS = ("publisher", "subject", "changed_at", "withdrawn", "purpose", "retain_until", "entry_id", "object")
#: Never in a table: bytes of files.
_LEFT_OUT = frozenset({"content"})


def columns_of(kind: ItemKind | None) -> tuple[str, ...]:
    """Names of the columns; None = entries of any kind. The columns are the same whatever was agreed."""
    if kind is None:
        return _OF_ENTRIES
    return _OF_ITEMS + tuple(name for name in FIELDS[kind] if name not in _LEFT_OUT)


def row_of_entry(said: Said, recorded: datetime, words: str) -> list[str]:
    """One entry; `words` is open, kept, deleted."""
    entry = said.entry
    facts = [said.publisher, entry.feed, str(entry.seq), said.entry_id, entry.type, entry.subject, entry.time]
    return [*facts, stix_time(recorded), entry.purpose, str(entry.data_class), entry.retain_until or "", words]


def row_of_item(one: Version, kind: ItemKind) -> list[str]:
    """One listing or finding as it stands now; withdrawn ones without their fields."""
    words = one.words if one.words and not one.revoked and one.words.kind is kind else None
    entry = one.cause.entry if words is None else words.entry
    facts = [one.cause.publisher, one.subject, stix_time(one.version), "yes" if one.revoked else ""]
    facts += [entry.purpose, entry.retain_until or "", one.cause.entry_id, one.stix_id]
    fields: dict[str, Any] = dict(words.fields) if words else {}
    return facts + [_cell(fields.get(name)) for name in columns_of(kind)[len(_OF_ITEMS) :]]


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """CSV (RFC 4180), line by line, every cell harmless."""
    yield _line(columns)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([harmless(cell) for cell in row])
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    # Each part is made harmless by itself too: people split such cells.
    return " | ".join(harmless(one) for one in value) if isinstance(value, tuple) else str(value)
