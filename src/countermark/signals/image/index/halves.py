"""Count differing bits over a block of hashes with faiss: half of each hash by its kernel, then the few that pass.

faiss belongs to the extra `pictures`; it is imported by the first search that is worth it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from countermark.signals.image.index.counting import Counting, Near, NumpyCounting, Words, joined

#: Hashes of a block: a call of faiss costs some ten microseconds, and a block of one query is one call.
BLOCK = 262_144
#: Hashes that many queries go over before the next: half of each is 1 MiB, which stays in a processor's own cache.
_AT_ONCE = 65_536
#: Queries that one call takes: what it may find is kept in memory, and all hashes may be alike.
_QUERIES = 64
#: So many hashes held, or comparisons in one search, are worth importing faiss: a fifth of a second and 38 MB, once.
_MANY_HELD = 100_000
_MANY_COMPARED = 10_000_000
_HALF_BYTES, _HALF_BITS = 16, 128

_Bytes = npt.NDArray[np.uint8]


@cache
def can_count() -> bool:
    """Whether faiss is installed; it is not imported to say so."""
    return find_spec("faiss") is not None


def room(size: int, *, for_faiss: bool) -> Words:
    """Room for hashes, of shape (2, 2, size) whichever way it lies in memory.

    For faiss the two words of a half lie side by side, all first halves before all second ones; numpy is quicker over
    the same word of all hashes.
    """
    return np.empty((2, size, 2), np.uint64).transpose(0, 2, 1) if for_faiss else np.empty((2, 2, size), np.uint64)


def counting(queries: Words, radius: int, held: int, *, faiss: bool | None) -> Counting:
    """The way to look for these queries, of shape (q, 4), among so many hashes.

    Args:
        queries: shape (q, 4).
        radius: in bits.
        held: how many hashes there are.
        faiss: use it always, never, or (None) where it is installed and there is enough to count.
    """
    if faiss is None:
        faiss = can_count() and (held >= _MANY_HELD or held * len(queries) >= _MANY_COMPARED)
    return FaissCounting(queries, radius) if faiss else NumpyCounting(queries, radius)


class FaissCounting:
    """Finds the hashes of a block within a radius of each query. Exact.

    The first look: a hash within the radius differs in no more bits than that in its first half. Of unrelated hashes
    one in 480 million passes at a radius of 31. faiss stays on the calling thread and lets other threads run.

    Args:
        queries: shape (q, 4).
        radius: in bits.
    """

    def __init__(self, queries: Words, radius: int) -> None:
        import faiss  # noqa: PLC0415 - it belongs to an extra

        self._faiss: Any = faiss
        self._firsts, self._seconds = (np.ascontiguousarray(queries[:, at : at + 2]) for at in (0, 2))
        self._radius = radius

    def near(self, block: Words) -> Near:
        """As `Counting.near`; the block is a part from the front of one that `room` made for faiss."""
        if self._radius < 0:
            return joined([])
        size = block.shape[2]
        step = size if len(self._firsts) == 1 else _AT_ONCE
        with _one_thread(self._faiss):
            return joined(
                [
                    near
                    for start in range(0, size, step)
                    for cut in range(0, len(self._firsts), _QUERIES)
                    for near in self._of_some(block[:, :, start : start + step], start, cut)
                ]
            )

    def _of_some(self, part: Words, start: int, cut: int) -> Iterator[Near]:
        """What is near among some hashes of a block, to some of the queries."""
        asked, held = self._firsts[cut : cut + _QUERIES], part[0].T
        # Owns the memory that `rev_swig_ptr` shows: everything is copied before it goes.
        passed = self._faiss.RangeSearchResult(len(asked))
        self._faiss.hamming_range_search(
            self._pointer(asked),
            self._pointer(held),
            len(asked),
            len(held),
            min(self._radius, _HALF_BITS) + 1,  # faiss counts as near what differs in less
            _HALF_BYTES,
            passed,
        )
        limits = self._faiss.rev_swig_ptr(passed.lims, len(asked) + 1)
        if not (count := int(limits[-1])):
            return
        places, distances = (self._faiss.rev_swig_ptr(one, count) for one in (passed.labels, passed.distances))
        queries = np.repeat(np.arange(cut, cut + len(asked)), np.diff(limits.astype(np.int64)))
        for at in range(0, count, _AT_ONCE):
            some = slice(at, at + _AT_ONCE)
            yield self._in_full(part[1].T, start, Near(queries[some], places[some], distances[some]))

    def _in_full(self, seconds: Words, start: int, passed: Near) -> Near:
        """Of what passed, with the distance in the first half, what is near in both; places in the block."""
        counts = np.bitwise_count(seconds[passed.place] ^ self._seconds[passed.query])
        # Two words differ in 128 bits at most: their sum fits a byte.
        distances = passed.distance + (counts[:, 0] + counts[:, 1])
        near = np.flatnonzero(distances <= self._radius)
        return Near(passed.query[near], passed.place[near] + start, distances[near].astype(np.int64))

    def _pointer(self, words: Words) -> Any:
        """Where rows lie, for faiss; it refuses what is not of one piece."""
        bytes_: _Bytes = words.view(np.uint8)
        return self._faiss.swig_ptr(bytes_)


@contextmanager
def _one_thread(faiss: Any) -> Iterator[None]:
    """Keep faiss from starting threads: the setting is the calling thread's own, and is put back."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
