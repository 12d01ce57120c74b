"""Aho-Corasick over a view: which patterns occur where, longest first, for all finders in one pass."""

from functools import cached_property, lru_cache
from itertools import chain
from typing import TypeAlias

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.codes import Places
from countermark.signals.text.views import SPACE, View

#: Pattern number, first and last position (included), as parallel arrays.
Hits: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

#: Up to here a table for every state is fastest; above it costs more memory than it saves time.
DENSE_PATTERNS = 20_000


#: Automata kept for the next search of the same patterns: a plan is often made again for a portfolio that is the same.
ENGINES_KEPT = 6


@lru_cache(maxsize=ENGINES_KEPT)
def _engine_of(patterns: tuple[str, ...]) -> ahocorasick_rs.BytesAhoCorasick:
    kinds = ahocorasick_rs.Implementation
    kind = kinds.DFA if len(patterns) <= DENSE_PATTERNS else kinds.ContiguousNFA
    return ahocorasick_rs.BytesAhoCorasick([one.encode() for one in patterns], implementation=kind)


class PatternSearch:
    """All patterns that several finders look for in the same views: each view is passed through once.

    Finders first add what they look for, then ask. It cannot be pickled; whoever holds it rebuilds it.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def add(self, patterns: list[str]) -> Places:
        """Take in patterns, before the first search; gives the number of each."""
        numbers = [self._numbers.setdefault(pattern, len(self._numbers)) for pattern in patterns]
        return np.array(numbers, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._numbers)

    @cached_property
    def _engine(self) -> ahocorasick_rs.BytesAhoCorasick:
        return _engine_of(tuple(self._numbers))

    def hits(self, view: View) -> Hits:
        """All occurrences in the order of the text, the longest of one beginning first; positions of the view."""
        if self not in view.found:
            view.found[self] = self._search(view)
        found: Hits = view.found[self]
        return found

    def _search(self, view: View) -> Hits:
        text = view.in_utf8
        found = self._engine.find_matches_as_indexes(text.octets.data, overlapping=True)
        table = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=3 * len(found)).reshape(-1, 3)
        numbers, first, last = table[:, 0], text.characters(table[:, 1]), text.characters(table[:, 2]) - 1
        if not len(numbers):
            return numbers, first, last
        first += view.codes[first] == SPACE
        last -= view.codes[last] == SPACE
        order = np.lexsort((-last, first))
        return numbers[order], first[order], last[order]


class PatternFinder:
    """Finds many fixed patterns in views.

    Args:
        patterns: distinct, not empty, as `views.pattern` writes them for a spaced view.
        search: to share with finders that look through the same views.
    """

    def __init__(self, patterns: list[str], search: PatternSearch | None = None) -> None:
        self._search = search if search is not None else PatternSearch()
        self._added = self._search.add(patterns)

    @cached_property
    def _own(self) -> Places:
        """For each pattern of the search its number here, -1 for those of other finders."""
        own = np.full(len(self._search), -1, dtype=np.int64)
        own[self._added] = np.arange(len(self._added))
        return own

    def find(self, view: View, *, longest: bool) -> Hits:
        """All occurrences in the order of the text, as positions of the block; with `longest`, none inside a longer."""
        numbers, first, last = self._search.hits(view)
        numbers = self._own[numbers]
        kept = numbers >= 0
        numbers, first, last = numbers[kept], first[kept], last[kept]
        if longest and len(numbers):
            kept = np.ones(len(last), dtype=bool)
            kept[1:] = last[1:] > np.maximum.accumulate(last)[:-1]
            numbers, first, last = numbers[kept], first[kept], last[kept]
        return numbers, view.original(first), view.original(last)
