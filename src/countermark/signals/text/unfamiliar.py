"""The words of a block that are neither everyday words nor names we know: the only ones worth a closer look."""

from collections.abc import Iterable, Iterator

import numpy as np

from countermark.signals.text.folding import Places
from countermark.signals.text.neighbours import Hashes, Words, hashes_of
from countermark.signals.text.views import Block, View


class Unfamiliar:
    """Words of a spaced view of a block whose hashes are not among the familiar ones.

    Attributes:
        words: all words of the view.
        distinct: numbers of unfamiliar words, one of each spelling.
    """

    def __init__(self, block: Block, view: View, words: Words, familiar: Hashes) -> None:
        self._block, self._view, self.words = block, view, words
        self._hashes = words.whole()
        places = np.minimum(np.searchsorted(familiar, self._hashes), len(familiar) - 1)
        self._all = np.flatnonzero(familiar[places] != self._hashes)
        _, first = np.unique(self._hashes[self._all], return_index=True)
        self.distinct: Places = self._all[first]

    def text(self, word: int) -> str:
        """A word as the view folds it."""
        return self._view.text[self.words.starts[word] : self.words.ends[word]]

    def occurrences(self, word: int) -> Iterator[tuple[int, int, int]]:
        """(field, start, end) of every word spelt like this one; pieces of article numbers are left out."""
        same = self._all[self._hashes[self._all] == self._hashes[word]]
        first = self._view.original(self.words.starts[same])
        last = self._view.original(self.words.ends[same] - 1)
        fields = self._block.field_at(first)
        for field, start, end in zip(fields.tolist(), first.tolist(), last.tolist(), strict=True):
            if not self._block.joined[start - 1].isdigit() and not self._block.joined[end + 1].isdigit():
                yield field, start, end + 1


def familiar_hashes(words: Iterable[str]) -> Hashes:
    """Hashes of familiar words, for `Unfamiliar`; never empty."""
    return hashes_of(sorted({*words, "familiar"}))
