"""Count differing bits over a block of hashes, half of the hash first."""

import numpy as np
import numpy.typing as npt

#: 64-bit words of a hash.
WORDS = 4
#: Hashes compared at a time: large enough that a call of numpy costs little, small enough for the processor's cache.
BLOCK = 32_768
#: When more than one hash in this many passes the first look, all are counted in full: gathering them costs more.
_FEW = 16

Words = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]


class Nearby:
    """Finds the hashes of a block within a radius of a query; holds its working memory. Exact.

    The first look: where x and y are the differences in two of the four words, at least popcount(x | y) bits differ.
    For unrelated hashes that is 48 of 64 on average with a spread of 3.5, so at a radius of 31 about one in a million
    passes, at the cost of half of the memory and a quarter of the counting.
    """

    def __init__(self, radius: int) -> None:
        self._radius = radius
        self._first = np.empty(BLOCK, np.uint64)
        self._second = np.empty(BLOCK, np.uint64)
        self._counts = np.empty(BLOCK, np.uint8)
        self._total = np.empty(BLOCK, np.uint16)

    def within(self, block: Words, query: Words) -> tuple[npt.NDArray[np.intp], Counts]:
        """Places and distances of the near hashes of a block.

        Args:
            block: shape (4, n), n ≤ BLOCK.
            query: shape (4,).
        """
        size = block.shape[1]
        first, second, counts = self._first[:size], self._second[:size], self._counts[:size]
        np.bitwise_xor(block[0], query[0], out=first)
        np.bitwise_xor(block[1], query[1], out=second)
        np.bitwise_or(first, second, out=first)
        np.bitwise_count(first, out=counts)
        if counts.min() > self._radius:
            return _NOBODY
        passed = np.flatnonzero(counts <= self._radius)
        if len(passed) * _FEW > size:
            return self._in_full(block, query)
        distances = np.bitwise_count(block[:, passed] ^ query[:, None]).sum(axis=0, dtype=np.int64)
        near = distances <= self._radius
        return passed[near], distances[near]

    def _in_full(self, block: Words, query: Words) -> tuple[npt.NDArray[np.intp], Counts]:
        size = block.shape[1]
        first, counts, total = self._first[:size], self._counts[:size], self._total[:size]
        total[:] = 0
        for word in range(WORDS):
            np.bitwise_xor(block[word], query[word], out=first)
            np.bitwise_count(first, out=counts)
            np.add(total, counts, out=total)
        near = np.flatnonzero(total <= self._radius)
        return near, total[near].astype(np.int64)


_NOBODY = (np.empty(0, np.intp), np.empty(0, np.int64))
