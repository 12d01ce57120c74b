"""Chinese names with one character exchanged for one that looks like it: `普拉达` as `晋拉达`."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from countermark.signals.text.evidence import DISGUISED, Sighting
from countermark.signals.text.folding import plain
from countermark.signals.text.homophones import FEW, WEAK, hits, syllables
from countermark.signals.text.marks import facts_of
from countermark.signals.text.names import PART, Name
from countermark.signals.text.patterns import PatternFinder
from countermark.signals.text.tricks import SHAPES, strength_of
from countermark.signals.text.views import Block, View, pattern
from countermark.signals.text.words import is_common

TABLE = Path(__file__).with_name("shapes.tsv")


@cache
def shapes() -> dict[str, str]:
    """Ideographs and those that look like them, nearest first (`build_shapes.py` makes the table)."""
    rows = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(row.split("\t") for row in rows if not row.startswith("#"))


class ShapeFinder:
    """Finds whole ideographic names in which one character is another that looks like it.

    Every such spelling is a pattern of its own, so that a text costs no more to read than one without Chinese names.
    """

    def __init__(self, names: tuple[Name, ...]) -> None:
        whole = [name for name in names if name.what != PART and name.is_distinctive and _is_chinese(name.letters)]
        honest = {name.letters for name in whole}
        self._of_word: dict[str, list[Name]] = {}
        for name in whole:
            for spelling in mistaken(name.letters):
                if spelling not in honest and not is_common(spelling):
                    self._of_word.setdefault(pattern(spelling, plain()), []).append(name)
        self._words = list(self._of_word)
        self._finder = PatternFinder(self._words)

    def find(self, block: Block, view: View) -> Iterator[Sighting]:
        """Sightings in a block and its spaced view; the plain name is none."""
        if not self._words or block.codes.dtype.itemsize == 1:
            return
        for number, start, end in hits(self._finder, view):
            yield from (_sighting(block, name, start, end) for name in self._of_word[self._words[number]])


def _is_chinese(letters: str) -> bool:
    return len(letters) >= FEW and all(letter in syllables() for letter in letters)


def mistaken(letters: str) -> Iterator[str]:
    """Each way to exchange one ideograph of a name for one that looks like it."""
    for place, letter in enumerate(letters):
        for other in shapes().get(letter, ""):
            yield letters[:place] + other + letters[place + 1 :]


def _sighting(block: Block, name: Name, start: int, end: int) -> Sighting:
    field = block.field_of(start)
    span = block.span(field, start, end)
    found = block.texts[field][span.start : span.end]
    strong = strength_of((SHAPES,))
    return Sighting(
        row=block.rows[field],
        signal=DISGUISED,
        span=span,
        word=name.letters,
        # Of two characters one is an everyday pair with anything: it needs a second clue.
        alone=strong if len(name.letters) > FEW else WEAK,
        backed=strong,
        brand=name.brand,
        right_id=name.right_id,
        facts=facts_of(name, found, block.fields[field]) | {"tricks": SHAPES},
        wants_intent=True,
    )
