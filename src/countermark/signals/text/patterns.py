"""Aho-Corasick over a view: which patterns occur where, longest first."""

from typing import TypeAlias

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.views import SPACE, View

#: Pattern number, first and last original position (included), as parallel arrays.
Hits: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

#: Up to here a table for every state is fastest; above it costs more memory than it saves time.
DENSE_PATTERNS = 2_000


class PatternFinder:
    """Finds many fixed patterns in views. It cannot be pickled; whoever holds it rebuilds it from what it came from.

    Args:
        patterns: distinct, not empty, as `views.pattern` writes them for a spaced view.
    """

    def __init__(self, patterns: list[str]) -> None:
        dense = len(patterns) <= DENSE_PATTERNS
        kinds = ahocorasick_rs.Implementation
        self._engine = ahocorasick_rs.AhoCorasick(
            patterns, implementation=kinds.DFA if dense else kinds.ContiguousNFA, store_patterns=False
        )

    def find(self, view: View, *, longest: bool) -> Hits:
        """All occurrences in the order of the text; with `longest`, those inside a longer one are left out."""
        found = self._engine.find_matches_as_indexes(view.text, overlapping=True)
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        numbers, first, last = table[:, 0], table[:, 1].copy(), table[:, 2] - 1
        if not len(numbers):
            return numbers, first, last
        first += view.codes[first] == SPACE
        last -= view.codes[last] == SPACE
        order = np.lexsort((-last, first))
        numbers, first, last = numbers[order], first[order], last[order]
        if longest:
            kept = np.ones(len(last), dtype=bool)
            kept[1:] = last[1:] > np.maximum.accumulate(last)[:-1]
            numbers, first, last = numbers[kept], first[kept], last[kept]
        return numbers, view.original(first), view.original(last)
