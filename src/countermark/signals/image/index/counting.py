"""Count differing bits over a block of hashes with numpy, half of the hash first."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

#: 64-bit words of a hash.
WORDS = 4
#: Hashes compared at a time: large enough that a call of numpy costs little, small enough for the processor's cache.
_AT_ONCE = 32_768
#: When more than one hash in this many passes the first look, all are counted in full: gathering them costs more.
_FEW = 16

Words = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]


class Near(NamedTuple):
    """Hashes of a block within a radius, as three arrays of one length: which query, place in the block, distance."""

    query: Counts
    place: Counts
    distance: Counts


class Counting(Protocol):
    """A way to find what is near; all ways give the same, in an order of their own."""

    def near(self, block: Words) -> Near:
        """What lies within the radius of each query; the block has shape (2, 2, n): halves, words, hashes."""


class NumpyCounting:
    """Finds the hashes of a block within a radius of each query; holds its working memory. Exact.

    The first look: where x and y are the differences in two of the four words, at least popcount(x | y) bits differ.
    For unrelated hashes that is 48 of 64 on average with a spread of 3.5, so at a radius of 31 about one in a million
    passes, at the cost of half of the memory and a quarter of the counting.

    Args:
        queries: shape (q, 4).
        radius: in bits.
    """

    def __init__(self, queries: Words, radius: int) -> None:
        self._queries = queries.reshape(-1, 2, 2)
        self._radius = radius
        self._first = np.empty(_AT_ONCE, np.uint64)
        self._second = np.empty(_AT_ONCE, np.uint64)
        self._counts = np.empty(_AT_ONCE, np.uint8)
        self._total = np.empty(_AT_ONCE, np.uint16)

    def near(self, block: Words) -> Near:
        """As `Counting.near`."""
        found = []
        for start in range(0, block.shape[2], _AT_ONCE):
            part = block[:, :, start : start + _AT_ONCE]
            for number, query in enumerate(self._queries):
                places, distances = self._within(part, query)
                if len(places):
                    found.append(Near(np.full(len(places), number, np.int64), places + start, distances))
        return joined(found)

    def _within(self, part: Words, query: Words) -> tuple[Counts, Counts]:
        size = part.shape[2]
        first, second, counts = self._first[:size], self._second[:size], self._counts[:size]
        np.bitwise_xor(part[0, 0], query[0, 0], out=first)
        np.bitwise_xor(part[0, 1], query[0, 1], out=second)
        np.bitwise_or(first, second, out=first)
        np.bitwise_count(first, out=counts)
        if counts.min() > self._radius:
            return _NOTHING, _NOTHING
        passed = np.flatnonzero(counts <= self._radius)
        if len(passed) * _FEW > size:
            return self._in_full(part, query)
        distances = np.bitwise_count(part[:, :, passed] ^ query[:, :, None]).sum(axis=(0, 1), dtype=np.int64)
        near = distances <= self._radius
        return passed[near], distances[near]

    def _in_full(self, part: Words, query: Words) -> tuple[Counts, Counts]:
        size = part.shape[2]
        first, counts, total = self._first[:size], self._counts[:size], self._total[:size]
        total[:] = 0
        for half, word in np.ndindex(2, 2):
            np.bitwise_xor(part[half, word], query[half, word], out=first)
            np.bitwise_count(first, out=counts)
            np.add(total, counts, out=total)
        near = np.flatnonzero(total <= self._radius)
        return near, total[near].astype(np.int64)


def joined(found: list[Near]) -> Near:
    """Several finds as one."""
    if not found:
        return Near(_NOTHING, _NOTHING, _NOTHING)
    if len(found) == 1:
        return found[0]
    return Near(*(np.concatenate(column) for column in zip(*found, strict=True)))


_NOTHING = np.empty(0, np.int64)
