"""The words of a block that are neither everyday words nor names we know: the only ones worth a closer look."""

from collections.abc import Iterable
from typing import Literal

import numpy as np

from countermark.signals.text.codes import Places
from countermark.signals.text.views import Block, View
from countermark.signals.text.word_hashes import BASE, Hashes, InVain, Words, hashes_of

SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
#: Slots of the table for each word, so that few share one.
SLOTS_PER_WORD = 8


class Familiar:
    """A set of words, asked by hash for many words at once.

    Most words asked for are in it, so most are answered by one look into a table that holds a hash in each slot; the
    few that lost their slot to another word, and the words that are not in the set, are searched. Words that were
    searched, and those that were looked at closely and led to nothing, are remembered and not asked for again.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._hashes = hashes_of(sorted({*words, "familiar"}))
        bits = max(12, (SLOTS_PER_WORD * len(self._hashes)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, dtype=np.uint64)
        self._table[self._slots(self._hashes)] = self._hashes
        self.in_vain = InVain()

    def _slots(self, hashes: Hashes) -> Hashes:
        slots: Hashes = (hashes * np.uint64(BASE)) >> self._shift
        return slots

    def strangers(self, hashes: Hashes) -> Places:
        """Places of the hashes that are worth a look, rising: not in the set, and not looked at in vain lately."""
        new = self.in_vain.unknown(hashes)
        doubtful = new[self._table[self._slots(hashes[new])] != hashes[new]]
        asked = hashes[doubtful]
        places = np.minimum(np.searchsorted(self._hashes, asked), len(self._hashes) - 1)
        strangers: Places = doubtful[self._hashes[places] != asked]
        self.in_vain.remember(hashes[np.setdiff1d(new, strangers, assume_unique=True)])
        return strangers


class Unfamiliar:
    """Words of a spaced view of a block that are not familiar.

    Attributes:
        words: all words of the view.
        distinct: numbers of unfamiliar words, the first of each spelling, rising.
        texts: their folded letters, in the same order.
    """

    def __init__(self, block: Block, view: View, words: Words, familiar: Familiar) -> None:
        self._block, self._view, self.words, self._familiar = block, view, words, familiar
        self._telling: set[int] = set()
        self._hashes = words.whole
        strangers = familiar.strangers(self._hashes)
        self._alike = strangers[np.argsort(self._hashes[strangers], kind="stable")]
        self._ordered = self._hashes[self._alike]
        self.distinct: Places = np.sort(self._alike[np.flatnonzero(np.diff(self._ordered, prepend=~self._ordered[:1]))])
        self.texts = words.texts(view.text, self.distinct)

    def occurrences(self, chosen: Iterable[int]) -> dict[int, list[tuple[int, int, int]]]:
        """(field, start, end) of all words spelt like each of the chosen ones; not of pieces of article numbers."""
        asked = np.array(list(chosen), dtype=np.int64)
        self._telling.update(asked.tolist())
        begin, end = (np.searchsorted(self._ordered, self._hashes[asked], side) for side in SIDES)
        same = np.concatenate([self._alike[:0], *map(self._alike.__getitem__, map(slice, begin, end))])
        first = self._view.original(self.words.starts[same])
        last = self._view.original(self.words.ends[same] - 1)
        columns = np.repeat(asked, end - begin), self._block.field_at(first), first, last
        found: dict[int, list[tuple[int, int, int]]] = {word: [] for word in asked.tolist()}
        for word, field, start, stop in zip(*(column.tolist() for column in columns), strict=True):
            if not self._block.joined[start - 1].isdigit() and not self._block.joined[stop + 1].isdigit():
                found[word].append((field, start, stop + 1))
        return found

    def looked_at(self) -> None:
        """Say that every finder has seen these words: those of which none chose an occurrence are remembered."""
        in_vain = [word for word in self.distinct.tolist() if word not in self._telling]
        self._familiar.in_vain.remember(self._hashes[in_vain])
