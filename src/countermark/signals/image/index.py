"""Radius search over 256-bit hashes: exact, in memory, with adding and removing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: 64-bit words of a hash.
WORDS = 4
#: Hashes compared at a time: what is computed for them stays in the processor's cache.
BLOCK = 16_384
_START = 64

Words = npt.NDArray[np.uint64]


class Hit(NamedTuple):
    """One hash within the radius: whose it is, and how many bits differ."""

    key: int
    distance: int


@dataclass(frozen=True, slots=True)
class Hits:
    """All hits of a batch of queries, as three arrays of one length, sorted by query, then distance, then key."""

    query: npt.NDArray[np.int64]
    key: npt.NDArray[np.int64]
    distance: npt.NDArray[np.int64]


class FingerprintIndex:
    """Hashes under keys of the caller's choice; one key may have several. About 40 bytes a hash.

    Every search looks at every hash, so it is exact; a million take a few milliseconds. Picklable.
    """

    def __init__(self) -> None:
        self._words: Words = np.empty((WORDS, _START), np.uint64)
        self._keys = np.empty(_START, np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, key: int, bits: bytes) -> None:
        """Add one hash of 32 bytes under a key; visible to the next search."""
        self.add_many([key], [bits])

    def add_many(self, keys: Sequence[int], bits: Sequence[bytes]) -> None:
        """Add hashes of 32 bytes, each under the key at the same place.

        Raises:
            ValueError: when the lengths differ or a hash is not 32 bytes long.
        """
        if len(keys) != len(bits):
            raise ValueError(f"{len(keys)} keys for {len(bits)} hashes")
        words = as_words(bits)
        self._make_room(len(keys))
        end = self._count + len(keys)
        self._words[:, self._count : end] = words.T
        self._keys[self._count : end] = keys
        self._count = end

    def remove(self, key: int) -> int:
        """Take out every hash of a key; returns how many there were."""
        places = np.flatnonzero(self._keys[: self._count] == key)
        for place in places[::-1]:
            self._count -= 1
            self._words[:, place] = self._words[:, self._count]
            self._keys[place] = self._keys[self._count]
        return len(places)

    def search(self, bits: bytes, radius: int) -> list[Hit]:
        """Every hash that differs from `bits` (32 bytes) in at most `radius` bits, nearest first."""
        hits = self.search_many([bits], radius)
        return [Hit(*pair) for pair in zip(hits.key.tolist(), hits.distance.tolist(), strict=True)]

    def search_many(self, queries: Sequence[bytes], radius: int) -> Hits:
        """The same for many queries at once; `Hits.query` counts them from 0."""
        words = as_words(queries)
        scratch, counts, total = _scratch()
        found: list[npt.NDArray[np.int64]] = []
        for start in range(0, self._count, BLOCK):
            block = self._words[:, start : min(start + BLOCK, self._count)]
            size = block.shape[1]
            for number, query in enumerate(words):
                _distances(block, query, scratch[:size], counts[:size], total[:size])
                near = np.flatnonzero(total[:size] <= radius)
                if len(near):
                    found.append(_rows(number, self._keys[start + near], total[near]))
        return _in_order(found)

    def _make_room(self, more: int) -> None:
        size = len(self._keys)
        if self._count + more <= size:
            return
        size = max(2 * size, self._count + more)
        words, keys = np.empty((WORDS, size), np.uint64), np.empty(size, np.int64)
        words[:, : self._count], keys[: self._count] = self._words[:, : self._count], self._keys[: self._count]
        self._words, self._keys = words, keys


def as_words(bits: Sequence[bytes]) -> Words:
    """Hashes of 32 bytes as an array of shape (n, 4); the byte order does not matter for counting differences.

    Raises:
        ValueError: when one is not 32 bytes long.
    """
    if any(len(one) != 8 * WORDS for one in bits):
        raise ValueError("a hash of 256 bits has 32 bytes")
    return np.frombuffer(b"".join(bits), np.uint64).reshape(-1, WORDS)


def _scratch() -> tuple[Words, npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    return np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.uint8)


def _distances(
    block: Words, query: Words, scratch: Words, counts: npt.NDArray[np.uint8], total: npt.NDArray[np.uint8]
) -> None:
    """Write into `total` how many bits differ, capped at 255 so that it fits a byte."""
    np.bitwise_xor(block[0], query[0], out=scratch)
    np.bitwise_count(scratch, out=total)
    for word in range(1, WORDS):
        np.bitwise_xor(block[word], query[word], out=scratch)
        np.bitwise_count(scratch, out=counts)
        if word == WORDS - 1:
            np.minimum(counts, 63, out=counts)
        np.add(total, counts, out=total)


def _rows(query: int, keys: npt.NDArray[np.int64], distances: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    return np.stack([np.full(len(keys), query, np.int64), keys, distances.astype(np.int64)], axis=1)


def _in_order(found: list[npt.NDArray[np.int64]]) -> Hits:
    if not found:
        nothing = np.empty(0, np.int64)
        return Hits(nothing, nothing, nothing)
    rows = np.concatenate(found)
    query, key, distance = rows[np.lexsort((rows[:, 1], rows[:, 2], rows[:, 0]))].T
    return Hits(query, key, distance)
