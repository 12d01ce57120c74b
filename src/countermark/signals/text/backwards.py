"""Marks written backwards, letter by letter: `ellerua`."""

from collections import defaultdict
from collections.abc import Iterator

from countermark.signals.text.evidence import DISGUISED, Sighting
from countermark.signals.text.marks import facts_of
from countermark.signals.text.names import PART, Name
from countermark.signals.text.tricks import BACKWARDS, strength_of
from countermark.signals.text.unfamiliar import Unfamiliar
from countermark.signals.text.views import Block

#: Shorter words are too often the reverse of another.
LEAST_LETTERS = 6


class BackwardsFinder:
    """Finds names of one word that are written from the last letter to the first."""

    def __init__(self, names: tuple[Name, ...]) -> None:
        self._names: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            whole = name.is_distinctive and name.what != PART and len(name.words) == 1
            if whole and name.letters.isascii() and name.letters.isalpha() and len(name.letters) >= LEAST_LETTERS:
                self._names[name.letters[::-1]].append(name)

    def find(self, block: Block, unfamiliar: Unfamiliar) -> Iterator[Sighting]:
        """Sightings among the unfamiliar words of a block."""
        words = zip(unfamiliar.distinct.tolist(), unfamiliar.texts, strict=True)
        turned = {word: self._names[text] for word, text in words if text in self._names}
        for word, places in unfamiliar.occurrences(turned).items() if turned else ():
            yield from (_sighting(block, name, place) for place in places for name in turned[word])


def _sighting(block: Block, name: Name, place: tuple[int, int, int]) -> Sighting:
    field, start, end = place
    span = block.span(field, start, end)
    value = strength_of((BACKWARDS,))
    return Sighting(
        row=block.rows[field],
        signal=DISGUISED,
        span=span,
        word=name.letters,
        alone=value,
        backed=value,
        brand=name.brand,
        right_id=name.right_id,
        facts=facts_of(name, block.texts[field][span.start : span.end], block.fields[field]) | {"tricks": BACKWARDS},
    )
