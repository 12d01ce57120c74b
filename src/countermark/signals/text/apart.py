"""Names found in the bare view: whatever stands between their letters, whatever stands for them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.codes import Places
from countermark.signals.text.folding import skeleton
from countermark.signals.text.patterns import PatternFinder, PatternSearch
from countermark.signals.text.tricks import LONGEST, SLACK, Spelling, explain
from countermark.signals.text.views import FIGURE, LETTER, Block, View, classes

#: Shorter names turn up by chance once spaces are gone.
LEAST_LATIN, LEAST_IDEOGRAPHS = 4, 2


@dataclass(frozen=True, slots=True)
class Recovered:
    """A spelling that stands for letters we know: which ones, from `start` to `end` (excluded) in the block, how."""

    number: int
    field: int
    start: int
    end: int
    found: str
    spelling: Spelling


class BareFinder:
    """Finds folded letters in bare views and explains each spelling.

    Args:
        letters: folded letters without spaces; those too short for a view without spaces are never found.
        search: what all finders look for in bare views.
    """

    def __init__(self, letters: list[str], search: PatternSearch) -> None:
        self._letters = letters
        self._of_pattern: dict[str, list[int]] = {}
        for number, one in enumerate(letters):
            if len(one) >= (LEAST_LATIN if one.isascii() else LEAST_IDEOGRAPHS):
                self._of_pattern.setdefault(skeleton()(one), []).append(number)
        self._patterns = list(self._of_pattern)
        self._latin = np.array([pattern.isascii() for pattern in self._patterns], dtype=bool)
        self._most = np.array([LONGEST * len(pattern) + SLACK for pattern in self._patterns], dtype=np.int64)
        self._finder = PatternFinder(self._patterns, search)

    def find(self, block: Block, view: View, taken: Places) -> Iterator[Recovered]:
        """Spellings in the bare view of a block that begin at none of the places already taken, and what was done.

        Letters to which nothing was done are left out: they are found as such, or belong to something longer.
        """
        numbers, first, last = self._finder.find(view, longest=False)
        if not len(numbers):
            return
        begun = np.zeros(len(block.codes), dtype=bool)
        begun[taken] = True
        inside_word = self._latin[numbers] & (_in_word(block, first - 1) | _in_word(block, last + 1))
        kept = ~inside_word & (last - first < self._most[numbers]) & ~begun[first]
        found = zip(numbers[kept].tolist(), first[kept].tolist(), last[kept].tolist(), strict=True)
        for pattern, start, end in found:
            yield from self._explained(block, self._of_pattern[self._patterns[pattern]], start, end + 1)

    def _explained(self, block: Block, numbers: list[int], start: int, end: int) -> Iterator[Recovered]:
        field = block.field_of(start)
        offset = block.offsets[field]
        found = block.texts[field][start - offset : end - offset]
        plain = found.lower() if found.isascii() else found
        for number in numbers:
            spelling = explain(found, self._letters[number]) if plain != self._letters[number] else None
            if spelling is not None:
                yield Recovered(number, field, start, end, found, spelling)


def _in_word(block: Block, places: Places) -> NDArray[np.bool_]:
    kinds = classes().of(block.codes[places])
    inside: NDArray[np.bool_] = (kinds == LETTER) | (kinds == FIGURE)
    return inside
