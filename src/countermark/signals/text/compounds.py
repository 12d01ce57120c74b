"""Marks grown together with everyday words, as tags and shop names write them: `#corvanebags`."""

from collections import defaultdict
from collections.abc import Iterator

from countermark.signals.text.evidence import MARK, Sighting
from countermark.signals.text.marks import facts_of
from countermark.signals.text.names import PART, Name
from countermark.signals.text.tricks import APART_VALUE
from countermark.signals.text.unfamiliar import Unfamiliar
from countermark.signals.text.views import Block
from countermark.signals.text.words import is_common

#: Shorter names begin or end too many words; shorter rests are endings, not words.
LEAST_LETTERS, LEAST_REST = 6, 3


class CompoundFinder:
    """Finds names at the beginning or end of a word whose rest is an everyday word."""

    def __init__(self, names: tuple[Name, ...]) -> None:
        self._names: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            whole = name.what != PART and name.is_distinctive
            if whole and name.letters.isascii() and name.letters.isalpha() and len(name.letters) >= LEAST_LETTERS:
                self._names[name.letters].append(name)
        self._beginnings = {letters[:LEAST_LETTERS] for letters in self._names}
        self._ends = {letters[-LEAST_LETTERS:] for letters in self._names}

    def find(self, block: Block, unfamiliar: Unfamiliar) -> Iterator[Sighting]:
        """Sightings among the unfamiliar words of a block; the span is the whole word."""
        words = zip(unfamiliar.distinct.tolist(), unfamiliar.texts, strict=True)
        inside = {word: names for word, text in words if (names := self._inside(text))}
        places = unfamiliar.occurrences(inside)
        for word, names in inside.items():
            for name in names:
                for field, start, end in places[word]:
                    span = block.span(field, start, end)
                    yield Sighting(
                        row=block.rows[field],
                        signal=MARK,
                        span=span,
                        word=name.letters,
                        alone=APART_VALUE,
                        backed=APART_VALUE,
                        brand=name.brand,
                        right_id=name.right_id,
                        facts=facts_of(name, block.texts[field][span.start : span.end], block.fields[field]),
                    )

    def _inside(self, word: str) -> list[Name]:
        found: list[Name] = []
        if word[:LEAST_LETTERS] not in self._beginnings and word[-LEAST_LETTERS:] not in self._ends:
            return found
        for cut in range(LEAST_REST, len(word) - LEAST_REST + 1):
            before, after = word[:cut], word[cut:]
            if before in self._names and is_common(after):
                found += self._names[before]
            if after in self._names and is_common(before):
                found += self._names[after]
        return found
