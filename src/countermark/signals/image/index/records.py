"""Records of an append-only file: each with checksums, so that what a crash tore off is told from damage.

A record is a head of 20 bytes (mark, kind, number of keys, checksum of the body, checksum of the head) and a body:
keys as 64-bit integers, and for added hashes 32 bytes each. All little-endian.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from countermark.signals.image.index.counting import WORDS, Words

#: Hashes in one record; a longer batch becomes several records.
MOST_IN_RECORD = 65_536
_MARK = b"CMfp"
_HEAD = struct.Struct("<4sIII")
_SUM = struct.Struct("<I")
HEAD_SIZE = _HEAD.size + _SUM.size

Keys = npt.NDArray[np.int64]


class DamagedIndex(Exception):
    """A file of the index does not say what was written: more is wrong than a torn end. Build it again."""


class RecordKind(IntEnum):
    """What a record says about its keys."""

    ADDED = 1
    REMOVED = 2


@dataclass(frozen=True, slots=True)
class Record:
    """Keys that came with their hashes, shape (n, 4), or that went (shape (0, 4))."""

    kind: RecordKind
    keys: Keys
    words: Words


def pack(kind: RecordKind, keys: Keys, words: Words | None = None) -> bytes:
    """One record as bytes; at most MOST_IN_RECORD keys."""
    body = keys.astype("<i8").tobytes() + (b"" if words is None else words.tobytes())
    head = _HEAD.pack(_MARK, kind, len(keys), zlib.crc32(body))
    return head + _SUM.pack(zlib.crc32(head)) + body


def unpack(data: bytes, place: int = 0) -> Iterator[tuple[Record, int]]:
    """Whole records from `place` on, each with the place after it.

    Ends at the end of the data, or before a record that was not written whole.

    Raises:
        DamagedIndex: a broken record has a whole one after it, so it was not torn off at the end.
    """
    while place < len(data):
        found = _at(data, place)
        if found is None:
            if _any_after(data, place):
                raise DamagedIndex(f"a record at byte {place} is broken, though whole ones follow it")
            return
        record, place = found
        yield record, place


def _at(data: bytes, place: int) -> tuple[Record, int] | None:
    head = data[place : place + HEAD_SIZE]
    if len(head) < HEAD_SIZE or _SUM.unpack_from(head, _HEAD.size)[0] != zlib.crc32(head[: _HEAD.size]):
        return None
    mark, kind, count, checksum = _HEAD.unpack_from(head)
    if mark != _MARK or count > MOST_IN_RECORD or kind not in tuple(RecordKind):
        return None
    start = place + HEAD_SIZE
    size = count * (8 + (8 * WORDS if kind == RecordKind.ADDED else 0))
    body = data[start : start + size]
    if len(body) < size or zlib.crc32(body) != checksum:
        return None
    keys = np.frombuffer(body, "<i8", count).astype(np.int64)
    words = np.frombuffer(body, np.uint64, offset=8 * count).reshape(-1, WORDS)
    return Record(RecordKind(kind), keys, words), start + size


def _any_after(data: bytes, place: int) -> bool:
    while (place := data.find(_MARK, place + 1)) >= 0:
        if _at(data, place) is not None:
            return True
    return False
