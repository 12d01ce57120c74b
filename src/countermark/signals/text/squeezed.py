"""Marks behind repeated letters (`Corvaaane`) and behind pairs that look like one letter (`Onclrelle`)."""

import re
from collections.abc import Iterator

import numpy as np

from countermark.signals.text.codes import Places
from countermark.signals.text.evidence import DISGUISED, Sighting
from countermark.signals.text.marks import facts_of
from countermark.signals.text.names import Name
from countermark.signals.text.tricks import PAIRS, REPEATED, strength_of
from countermark.signals.text.views import Block, View
from countermark.signals.text.word_hashes import InVain, Words
from countermark.signals.text.words import is_common

#: A letter written three times or more is no spelling of any language we read.
RUN = re.compile(r"(.)\1\1+")
PAIR_READ_AS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
LEAST_LETTERS = 4


def readings(word: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a word may be meant to read, with the tricks undone for it; the word itself is not among them."""
    repeated = RUN.search(word) is not None
    for times in (r"\1", r"\1\1") if repeated else (r"\1",):
        once = RUN.sub(times, word)
        tricks = (REPEATED,) if repeated else ()
        if tricks:
            yield once, tricks
        for pair, letter in PAIR_READ_AS:
            if pair in once:
                yield once.replace(pair, letter), (PAIRS, *tricks)


class SqueezedFinder:
    """Finds names in words that repeat letters or hold a pair that looks like one letter."""

    def __init__(self, names: tuple[Name, ...]) -> None:
        self._names: dict[str, list[Name]] = {}
        for name in names:
            if len(name.words) == 1 and name.letters.isascii() and len(name.letters) >= LEAST_LETTERS:
                self._names.setdefault(name.letters, []).append(name)
        self._in_vain = InVain()

    def find(self, block: Block, view: View, words: Words) -> Iterator[Sighting]:
        """Sightings in the words of a spaced view of the block."""
        suspicious = self._suspicious(view, words)
        suspicious = suspicious[self._in_vain.unknown(words.whole[suspicious])]
        hashes, first, alike = np.unique(words.whole[suspicious], return_index=True, return_inverse=True)
        behind = [self._names_behind(word) for word in words.texts(view.text, suspicious[first])]
        self._in_vain.remember(hashes[[not names for names in behind]])
        telling = np.array([bool(names) for names in behind], dtype=bool)[alike]
        for number, spelling in zip(suspicious[telling].tolist(), alike[telling].tolist(), strict=True):
            for name, tricks in behind[spelling]:
                yield _sighting(block, view, int(words.starts[number]), int(words.ends[number]), name, tricks)

    def _names_behind(self, word: str) -> list[tuple[Name, tuple[str, ...]]]:
        if is_common(word):
            return []
        return [(name, tricks) for reading, tricks in readings(word) for name in self._names.get(reading, ())]

    @staticmethod
    def _suspicious(view: View, words: Words) -> Places:
        """Words with a letter three times in a row or with a pair, in order."""
        here, after = view.codes[:-2], view.codes[1:-1]
        odd = (here == after) & (after == view.codes[2:])
        for pair, _ in PAIR_READ_AS:
            odd |= (here == ord(pair[0])) & (after == ord(pair[1]))
        places = np.flatnonzero(odd)
        places = places[view.codes[places] >= ord("a")]  # a word has no figures: half of all are in prices and numbers
        numbers = np.searchsorted(words.starts, places, side="right") - 1
        kept: Places = np.unique(numbers[numbers >= 0])
        return kept


def _sighting(block: Block, view: View, start: int, end: int, name: Name, tricks: tuple[str, ...]) -> Sighting:
    ends: Places = view.original(np.array([start, end - 1]))
    first, last = ends.tolist()
    field = block.field_of(first)
    span = block.span(field, first, last + 1)
    value = strength_of(tricks)
    facts = facts_of(name, block.texts[field][span.start : span.end], block.fields[field])
    return Sighting(
        row=block.rows[field],
        signal=DISGUISED,
        span=span,
        word=name.letters,
        alone=value * name.worth[0],
        backed=value * name.worth[1],
        brand=name.brand,
        right_id=name.right_id,
        facts=facts | {"tricks": ", ".join(sorted(tricks))},
    )
