"""Which words of a block lie within one or two edits of a known word: a gate that costs numpy passes, not Python.

Two words are within d edits of each other only if dropping at most d letters from each can leave the same word (the
deletion neighbourhood of Mor and Fraenkel, 1982; Garbe's SymSpell). Words are compared by polynomial hashes modulo
2^64, computed from prefix sums, so that dropping a letter is a subtraction. A hash hit is only a candidate: the caller
confirms it by the words themselves.
"""

import re
from functools import cache
from itertools import combinations

import numpy as np

from countermark.signals.text.codes import Places, codes_of
from countermark.signals.text.word_hashes import BASE, LONGEST, SHORTEST, Hashes

_COMPARED = re.compile(f"[a-z]{{{SHORTEST},{LONGEST}}}")
#: Slots of the gate for each known hash, and the most there are, as a power of two: 16 MiB.
SLOTS_PER_HASH, MOST_BITS = 16, 24


@cache
def _powers(length: int) -> tuple[Hashes, Hashes]:
    """Powers of the base and of its inverse, exponents 0 to `length`, modulo 2^64."""
    forward, backward = (
        np.full(length + 1, base % (1 << 64), dtype=np.uint64) for base in (BASE, pow(BASE, -1, 1 << 64))
    )
    forward[0] = backward[0] = 1
    return np.multiply.accumulate(forward), np.multiply.accumulate(backward)


class _Letters:
    """The letters of words one after the other, and hashes of what dropping some of them leaves."""

    def __init__(self, words: list[str]) -> None:
        codes = codes_of("".join(words))
        self.lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        self._starts = np.cumsum(self.lengths) - self.lengths
        # Rounded up to a power of two, so that the powers are made once and not for every block.
        forward, self._inverse = _powers(1 << (len(codes) + 4).bit_length())
        self._sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(codes * forward[: len(codes)], out=self._sums[1:])

    def _stretch(self, start: Places, end: Places, zero: Places) -> Hashes:
        """What the letters from `start` to `end` add to a hash whose first place is `zero`."""
        hashes: Hashes = (self._sums[end] - self._sums[start]) * self._inverse[zero]
        return hashes

    def neighbourhood(self, chosen: Places, dropped: int) -> tuple[Hashes, Places]:
        """Hashes of the chosen words with exactly 0, 1 or 2 letters dropped, and the word each belongs to."""
        first, count, cuts = _cuts(dropped)
        lengths = self.lengths[chosen]
        ways = count[lengths]
        owners = np.repeat(chosen, ways)
        way = np.arange(len(owners)) - np.repeat(np.cumsum(ways) - ways, ways) + np.repeat(first[lengths], ways)
        starts = self._starts[owners]
        total, edge = np.zeros(len(owners), dtype=np.uint64), starts
        for gone in range(dropped):
            cut = starts + cuts[way, gone]
            total += self._stretch(edge, cut, starts + gone)
            edge = cut + 1
        return total + self._stretch(edge, starts + self.lengths[owners], starts + dropped), owners


@cache
def _cuts(dropped: int) -> tuple[Places, Places, Places]:
    """All ways to drop letters, for each length of word: where its ways begin, how many they are, and the ways."""
    ways = [list(combinations(range(length), dropped)) for length in range(LONGEST + 1)]
    count = np.array([len(some) for some in ways])
    flat = np.array([way for some in ways for way in some], dtype=np.int64).reshape(int(count.sum()), dropped)
    return np.cumsum(count) - count, count, flat


def _least_for_drops(lengths: Places, edits: Places) -> tuple[int, int, int]:
    """The shortest words of which 0, 1 and 2 letters must be dropped to meet every known word within its edits.

    A word shorter than a known one by n letters is within d edits of it only if at most d - n of its own are dropped.
    """
    never = LONGEST + 1
    one, two = (min(lengths[edits == most].tolist(), default=never) for most in (1, 2))
    return SHORTEST, min(one, two - 1), two


class NeighbourIndex:
    """Known words, ready to say which words of a block may lie near one.

    Args:
        known: words of letters a to z; `edits[i]` (1 or 2) is how far from `known[i]` to look.
    """

    def __init__(self, known: list[str], edits: list[int]) -> None:
        if not all(map(_COMPARED.fullmatch, known)):
            raise ValueError(f"known words must have {SHORTEST} to {LONGEST} letters a to z")
        words = _Letters(known)
        far = np.array(edits, dtype=np.int64)
        every = [words.neighbourhood(np.flatnonzero(far >= dropped), dropped) for dropped in (0, 1, 2)]
        hashes, owners = (np.concatenate(parts) for parts in zip(*every, strict=True))
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._owners = hashes[order], owners[order]
        self._longest = int(max(words.lengths, default=0))
        self._least = _least_for_drops(words.lengths, far)
        bits = max(10, min(MOST_BITS, (SLOTS_PER_HASH * len(hashes)).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._gate = np.zeros(1 << bits, dtype=bool)
        self._gate[self._slots(self._hashes)] = True

    def _slots(self, hashes: Hashes) -> Hashes:
        slots: Hashes = (hashes * np.uint64(BASE)) >> self._shift
        return slots

    def candidates(self, words: list[str]) -> set[tuple[int, int]]:
        """(word, known word) pairs, by number, that share a neighbour: all that are near, and a few that are not.

        The words must have `SHORTEST` to `LONGEST` letters a to z.
        """
        found: set[tuple[int, int]] = set()
        letters = _Letters(words)
        for dropped, least in enumerate(self._least):
            some = np.flatnonzero((letters.lengths >= least) & (letters.lengths - dropped <= self._longest))
            hashes, owners = letters.neighbourhood(some, dropped)
            passed = np.flatnonzero(self._gate[self._slots(hashes)])
            hashes, owners = hashes[passed], owners[passed]
            first = np.searchsorted(self._hashes, hashes, side="left")
            known = np.flatnonzero(self._hashes.take(first, mode="clip") == hashes) if len(self._hashes) else first[:0]
            hashes, owners, first = hashes[known], owners[known], first[known]
            last = np.searchsorted(self._hashes, hashes, side="right")
            for number in range(len(hashes)):
                near = self._owners[first[number] : last[number]].tolist()
                found.update((int(owners[number]), known) for known in near)
        return found
