"""An inverted index of 256-bit words: which words of the references are nearly the same as a word of a picture."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from countermark.signals.image.copies.features import Words

#: Ways of sorting the words into drawers. Two words that differ by 30 bits share at least one of twelve drawers of 18
#: bits with about three of four chances; corners of a copy are so near or nearer.
TABLES = 12
#: Bits that make a drawer, at least and at most.
LEAST_BITS, MOST_BITS = 8, 18
#: Words in a drawer beyond which it says nothing: they are common to many references, or to one pattern.
COMMON = 30
#: Bits that may differ between a corner and its copy.
NEAR = 56

_SEED = 3
_PIECE = 1 << 16

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Words of a picture beside words of references, each pair once.

    Attributes:
        query, reference: numbers of the words, shape (n,).
    """

    query: Numbers
    reference: Numbers

    def __len__(self) -> int:
        return len(self.query)


class WordIndex:
    """Finds near words by bits drawn at random once and for all (Indyk, Motwani 1998): no training, no data file.

    Args:
        bits: words of the references, shape (n, 4), dtype uint64. Held, not copied.
    """

    def __init__(self, bits: Words) -> None:
        self._bits = bits
        # A drawer holds about two words on average, whatever the number of references.
        self._width = min(max(int(np.log2(max(len(bits), 1))) - 1, LEAST_BITS), MOST_BITS)
        drawn = np.random.default_rng(_SEED)
        # Bit 256 is the nought that fills the rest of each 32.
        self._drawn = np.full((TABLES, 32), 256, np.intp)
        for table in range(TABLES):
            self._drawn[table, 32 - self._width :] = drawn.permutation(256)[: self._width]
        drawers = self._drawers(bits)
        self._order = np.empty(TABLES * len(bits), np.int32)
        self._start = np.empty(TABLES * 2**self._width + 1, np.int32)
        for table in range(TABLES):
            order = np.argsort(drawers[table], kind="stable")
            part = slice(table * 2**self._width, (table + 1) * 2**self._width)
            self._order[table * len(bits) : (table + 1) * len(bits)] = order
            edges = np.arange(part.start, part.stop)
            self._start[part] = np.searchsorted(drawers[table][order], edges) + table * len(bits)
        self._start[-1] = len(self._order)

    def bits(self, words: npt.NDArray[np.integer]) -> Words:
        """Words of the references by number, shape (n, 4)."""
        return np.asarray(self._bits[words], np.uint64)

    def near(self, bits: Words) -> Pairs:
        """Every reference word within NEAR bits that shares an uncommon drawer with a word of `bits`, shape (n, 4)."""
        drawers = self._drawers(bits).ravel()
        start = self._start.take(drawers)
        size = self._start.take(drawers + 1) - start
        size[size > COMMON] = 0
        query = np.repeat(np.arange(len(drawers), dtype=np.int32), size)
        shift = start + size - np.cumsum(size, dtype=np.int32)
        reference = self._order.take(shift.take(query) + np.arange(len(query), dtype=np.int32))
        query %= max(len(bits), 1)
        differ = np.bitwise_count(bits.take(query, 0) ^ self._bits.take(reference, 0))
        distance = differ[:, 0].astype(np.uint16)
        for column in (1, 2, 3):
            distance += differ[:, column]
        kept = np.flatnonzero(distance <= NEAR)
        both = np.unique(query[kept].astype(np.int64) * len(self._bits) + reference[kept])
        query_again, reference_again = np.divmod(both, max(len(self._bits), 1))
        return Pairs(query_again.astype(np.int32), reference_again.astype(np.int32))

    def _drawers(self, bits: Words) -> npt.NDArray[np.int32]:
        """Drawer of each word in each table, shape (TABLES, n); drawers of all tables are numbered through."""
        # In pieces, and by picking bits: a product of matrices would start threads that fight over the cores.
        drawers = np.empty((TABLES, len(bits)), np.int32)
        for start in range(0, len(bits), _PIECE):
            piece = bits[start : start + _PIECE].view(np.uint8).reshape(-1, 32)
            single = np.concatenate([np.unpackbits(piece, axis=1), np.zeros((len(piece), 1), np.uint8)], axis=1)
            drawers[:, start : start + _PIECE] = np.packbits(single[:, self._drawn], axis=2).view(">u4")[..., 0].T
        return drawers + (np.arange(TABLES, dtype=np.int32) << self._width)[:, None]
