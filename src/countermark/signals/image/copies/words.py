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
NEAR = 48

#: The same after one, two, three and four of the four words: of pairs within NEAR one in a hundred stops on the way,
#: among the least alike; of all pairs in a drawer nine of ten are read no further than half.
NEAR_SO_FAR = (18, 31, 41, NEAR)

_SEED = 3
_PIECE = 1 << 12
_OCTETS = 32
_OWN_ROWS = 256 * np.arange(_OCTETS)[:, None]

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

    def with_more(self, more: "Pairs", words: int) -> "Pairs":
        """These pairs, and then those of words that come after the first `words` words of the picture."""
        shifted = more.query + np.int32(words)
        return Pairs(np.concatenate([self.query, shifted]), np.concatenate([self.reference, more.reference]))


class WordIndex:
    """Finds near words by bits drawn at random once and for all (Indyk, Motwani 1998): no training, no data file.

    Args:
        bits: words of the references, shape (n, 4), dtype uint64. Copied, column by column.
    """

    def __init__(self, bits: Words) -> None:
        # By column: of nearly every word only the first is read.
        self._columns = tuple(np.ascontiguousarray(bits[:, column]) for column in range(bits.shape[1]))
        # A drawer holds about two words on average, whatever the number of references.
        self._width = min(max(int(np.log2(max(len(bits), 1))) - 1, LEAST_BITS), MOST_BITS)
        self._parts = _parts(self._width)
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
        return np.stack([column[words] for column in self._columns], axis=1)

    def near(self, bits: Words) -> Pairs:
        """Every reference word within NEAR bits that shares an uncommon drawer with a word of `bits`, shape (n, 4)."""
        drawers = self._drawers(bits).ravel()
        start = self._start.take(drawers)
        size = self._start.take(drawers + 1) - start
        size[size > COMMON] = 0
        opened = np.repeat(np.arange(len(drawers), dtype=np.int32), size)
        shift = start + size - np.cumsum(size, dtype=np.int32)
        reference = self._order.take(shift.take(opened) + np.arange(len(opened), dtype=np.int32))
        query = opened % np.int32(max(len(bits), 1))
        distance = np.zeros(len(query), np.uint8)
        for column, most in enumerate(NEAR_SO_FAR):
            distance += np.bitwise_count(bits[:, column].take(query) ^ self._columns[column].take(reference))
            kept = np.flatnonzero(distance <= most)
            query, reference, distance = query.take(kept), reference.take(kept), distance.take(kept)
        held = np.int64(max(len(self._columns[0]), 1))
        query, reference = np.divmod(_once(query * held + reference), held)
        return Pairs(query.astype(np.int32), reference.astype(np.int32))

    def _drawers(self, bits: Words) -> npt.NDArray[np.int32]:
        """Drawer of each word in each table, shape (TABLES, n); drawers of all tables are numbered through."""
        drawers = np.empty((TABLES, len(bits)), np.int32)
        for start in range(0, len(bits), _PIECE):
            octets = bits[start : start + _PIECE].view(np.uint8).reshape(-1, _OCTETS)
            drawers[:, start : start + _PIECE] = self._parts.take(octets.T + _OWN_ROWS, 0).sum(0, dtype=np.int32).T
        return drawers + (np.arange(TABLES, dtype=np.int32) << self._width)[:, None]


def _parts(width: int) -> npt.NDArray[np.int32]:
    """What each value of each octet adds to the drawer in each table, shape (octets times 256, TABLES)."""
    drawn = np.random.default_rng(_SEED)
    places = np.zeros((8 * _OCTETS, TABLES), np.int32)
    for table in range(TABLES):
        places[drawn.permutation(8 * _OCTETS)[:width], table] = 1 << np.arange(width)[::-1]
    single = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.int32)
    return np.concatenate([single @ places[8 * octet : 8 * octet + 8] for octet in range(_OCTETS)])


def _once(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Each number once, in order; as np.unique, which takes longer for few."""
    ordered = np.sort(numbers)
    once: npt.NDArray[np.int64] = ordered[1:][ordered[1:] != ordered[:-1]]
    return np.concatenate([ordered[:1], once])
