"""Pictures that could not be looked at: they travel beside the findings of a batch and are told by row."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import pyarrow as pa

from countermark.formats.images import is_address, unusable_picture
from countermark.model import RowProblem
from countermark.model.decoding import decode
from countermark.signals.image import Unreadable

#: Where they stand in the metadata of a batch of findings, and where they stand once put into words.
_SEEN, TOLD = b"countermark.pictures", b"countermark.problems"

#: Name of a file and number of a row in it, for each row of a batch of listings.
Places = Sequence[tuple[str, int]]


def beside(findings: pa.RecordBatch, unreadable: Iterable[Unreadable]) -> pa.RecordBatch:
    """Findings with what could not be looked at; an address on the web is no fault of a list, and is left out."""
    rows = [one for one in unreadable if not is_address(one.uri)]
    return _with(findings, _SEEN, msgspec.json.encode(rows)) if rows else findings


def in_words(findings: pa.RecordBatch, places: Places) -> tuple[pa.RecordBatch, list[RowProblem]]:
    """The findings with the same as problems by file and row, and these problems."""
    seen = (findings.schema.metadata or {}).get(_SEEN)
    if seen is None:
        return findings, []
    problems = [_told(one, *places[one.row]) for one in decode(seen, list[Unreadable])]
    return _with(findings, TOLD, msgspec.json.encode(problems)), problems


def told(metadata: Iterable[dict[bytes, bytes] | None]) -> Iterator[RowProblem]:
    """The problems that stand in such metadata."""
    for one in metadata:
        yield from decode((one or {}).get(TOLD, b"[]"), list[RowProblem])


def _told(one: Unreadable, source: str, row: int) -> RowProblem:
    return unusable_picture(source, row, one.uri, one.why, one.mend)


def _with(findings: pa.RecordBatch, key: bytes, value: bytes) -> pa.RecordBatch:
    return findings.replace_schema_metadata({key: value})
