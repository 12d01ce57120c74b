"""The words of a block, each with a hash: what Python would ask word by word, numpy asks for all at once."""

import secrets
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.codes import ASCII, Codes, Places, codes_of, narrowed

Hashes = NDArray[np.uint64]

#: Odd: products with it modulo 2^64 lose nothing. Its upper bits depend on all bits of what it multiplies.
BASE = 0x9E3779B97F4A7C15
#: Words outside these lengths are not compared.
SHORTEST, LONGEST = 4, 24
#: A word is read as numbers of eight octets each; each number has a factor of its own in the hash. Factors are odd, and
#: drawn by each process for itself: with known ones a seller could compute a harmless word with the hash of a misspelt
#: mark, and have that remembered. Which they are changes nothing that is found.
OCTETS = 8
_FACTORS = tuple(np.uint64(secrets.randbits(64) | 1) for _ in range(3))
#: What is left of a number when so many octets belong to the word.
_SHOWN = np.array([(1 << (OCTETS * octets)) - 1 for octets in range(OCTETS + 1)], dtype=np.uint64)
_ONE, _HALF, _ALL_BUT_ONE = np.uint64(1), np.uint64(32), np.uint64(63)


class Words:
    """The words of `SHORTEST` to `LONGEST` letters a to z in a code array.

    Attributes:
        starts, ends: of each word, end excluded.
    """

    def __init__(self, codes: Codes) -> None:
        self._octets = narrowed(codes) if codes.dtype == np.uint8 else narrowed(codes) * (codes < ASCII)
        letters = np.zeros(len(codes) + 2, dtype=bool)
        np.less(self._octets - np.uint8(ord("a")), 26, out=letters[1:-1])
        edges = np.flatnonzero(letters[1:] != letters[:-1])
        starts, ends = edges[::2], edges[1::2]
        fits = (ends - starts >= SHORTEST) & (ends - starts <= LONGEST)
        self.starts, self.ends = starts[fits], ends[fits]

    def texts(self, text: str, chosen: Places) -> list[str]:
        """The chosen words in the text that the codes stand for."""
        bounds = zip(self.starts[chosen].tolist(), self.ends[chosen].tolist(), strict=True)
        return [text[start:end] for start, end in bounds]

    @cached_property
    def whole(self) -> Hashes:
        """The hash of every word: its octets, eight at a time, as numbers, each times its factor, modulo 2^64."""
        return hashes_at(self._octets, self.starts, self.ends - self.starts, _FACTORS)


def hashes_at(octets: NDArray[np.uint8], starts: Places, lengths: Places, factors: tuple[np.uint64, ...]) -> Hashes:
    """Each stretch's first `LONGEST` octets, eight at a time, as numbers, each times its factor, modulo 2^64."""
    padded = np.zeros(len(octets) // OCTETS * OCTETS + 2 * LONGEST, dtype=np.uint8)
    padded[: len(octets)] = octets
    numbers = padded.view("<u8")
    hashes: Hashes = _read(numbers, starts, lengths) * factors[0]
    for further, factor in enumerate(factors[1:], 1):
        begun = OCTETS * further
        longer = np.flatnonzero(lengths > begun)
        hashes[longer] += _read(numbers, starts[longer] + begun, lengths[longer] - begun) * factor
    return hashes


def _read(numbers: Hashes, starts: Places, lengths: Places) -> Hashes:
    """Up to eight octets from each start on as a number, the first lowest; `numbers` are all octets, eight each.

    Its upper half is added to the lower one bit by bit, which loses nothing. Without that, of a factor only the lowest
    octet would count for the eighth letter, and of 256 processes one would take two words that differ in their eighth
    and sixteenth letter for the same.
    """
    whole, bits = starts >> 3, ((starts & 7) << 3).astype(np.uint64)
    # Shifted twice, because 64 bits at once is more than a shift can do.
    read: Hashes = (numbers[whole] >> bits) | ((numbers[whole + 1] << _ONE) << (_ALL_BUT_ONE - bits))
    read &= _SHOWN[np.minimum(lengths, OCTETS)]
    read ^= read >> _HALF
    return read


def hashes_of(words: Iterable[str]) -> Hashes:
    """Sorted hashes of words; those that `Words` would pass over are passed over here."""
    return np.unique(Words(codes_of(" ".join(words))).whole)


class InVain:
    """Remembers hashes of words that were looked at lately and of which nothing came, so that none is looked at again.

    Each hash has one slot and takes it from the one before: half a megabyte, however many words come. Words of titles
    repeat so much that most are found here. What is remembered changes the time of an answer, never the answer.
    """

    BITS = 16

    def __init__(self) -> None:
        self._table = np.zeros(1 << self.BITS, dtype=np.uint64)

    def _slots(self, hashes: Hashes) -> Hashes:
        slots: Hashes = (hashes * np.uint64(BASE)) >> np.uint64(64 - self.BITS)
        return slots

    def unknown(self, hashes: Hashes) -> Places:
        """Places of the hashes that are not remembered, rising."""
        return np.flatnonzero(self._table[self._slots(hashes)] != hashes)

    def remember(self, hashes: Hashes) -> None:
        """Take in hashes of words of which nothing came."""
        self._table[self._slots(hashes)] = hashes
