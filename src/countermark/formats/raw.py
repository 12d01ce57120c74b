"""Rows as a reader hands them on, before anybody has checked them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

import pyarrow as pa

from countermark.formats.listing_row import Place, RawRow
from countermark.model import RowProblem

#: Fields that hold several texts in one row.
LIST_FIELDS = ("images", "more_images", "image_hashes")


@dataclass(slots=True)
class RawChunk:
    """Some rows of one file, at most a batch of them.

    Attributes:
        place: the file, and what fills the columns it lacks.
        numbers: row number of each row in `columns`, ascending.
        columns: field of `columns.SYNONYMS` -> its values, one a row: text, or the typed columns of a Parquet file
            (whole numbers, days, times, lists of text).
        odd: rows that do not fit into columns, with their row number.
        problems: what the reader itself found.
    """

    place: Place
    numbers: list[int] = field(default_factory=list)
    columns: dict[str, pa.Array] = field(default_factory=dict)
    odd: list[tuple[int, RawRow]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    def fill(self, rows: Sequence[RawRow]) -> Self:
        """Lay plain rows (text, and lists of text for pictures) out in columns, in the order of `numbers`."""
        for name in dict.fromkeys(name for row in rows for name in row):
            type_ = pa.list_(pa.string()) if name in LIST_FIELDS else pa.string()
            self.columns[name] = pa.array([row.get(name) for row in rows], type_)
        return self


class RawReader(Protocol):
    """One file in one format, read from front to back."""

    def chunks(self) -> Iterator[RawChunk]:
        """The rows, at most `Limits.batch_rows` at a time; raises UnreadableSource when there can be none."""
        ...
