"""Chinese names in other characters of the same sound, with strokes between, or in pinyin: `柯梵`, `昂丨黛丨儿`."""

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.codes import CODE_POINTS, text_of
from countermark.signals.text.evidence import DISGUISED, Sighting
from countermark.signals.text.folding import plain
from countermark.signals.text.marks import facts_of
from countermark.signals.text.names import PART, Name
from countermark.signals.text.patterns import PatternFinder, PatternSearch
from countermark.signals.text.tricks import SEPARATED, SOUNDS, strength_of
from countermark.signals.text.views import NOWHERE, Block, View, pattern
from countermark.signals.text.words import is_common

TABLE = Path(__file__).with_name("syllables.tsv")
#: Strokes that are characters of their own, drawn between the characters of a name.
STROKES = "丨丶丿亅丷"
#: Two syllables have a dozen everyday homophones: one character must be that of the name, and a second clue helps.
FEW, LEAST_LATIN = 2, 5
WEAK = 0.3
#: Syllables of the private plane, so that they meet no character of a text.
_FIRST_SYLLABLE = 0xF0000
#: What speakers of many provinces do not tell apart; and chi, qi, which both stand for a foreign "tch".
_ALIKE = (("chi", "qi"), ("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def syllables() -> dict[str, str]:
    """Every ideograph of the basic block and its usual reading without tone (`build_syllables.py` makes the table)."""
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {letter: syllable for syllable, letters in rows for letter in letters}


@cache
def _sounds() -> NDArray[np.uint32]:
    """Every code point as itself, ideographs as their sound; 0 is what a reader overlooks."""
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    numbers: dict[str, int] = {}
    for letter, syllable in syllables().items():
        heard_as = syllable
        for one, other in _ALIKE:
            heard_as = heard_as.replace(one, other)
        table[ord(letter)] = _FIRST_SYLLABLE + numbers.setdefault(heard_as, len(numbers))
    for stroke in STROKES:
        table[ord(stroke)] = 0
    return table


def sound_of(letters: str) -> str:
    """Ideographs as the syllables that they are searched by in a block as it sounds (`heard`)."""
    return "".join(chr(_sounds()[ord(letter)]) for letter in letters)


def heard(block: Block) -> View:
    """A block as it sounds: ideographs as syllables, strokes left out, all else as it stands."""
    codes = _sounds().take(block.codes)
    kept = codes != 0
    # The ends of fields are 0 themselves and must stay: no name is heard across one.
    kept |= block.codes == 0
    out = codes[kept]
    return View(text_of(out), out, np.flatnonzero(~kept), NOWHERE, None)


class Spoken:
    """The fields of a block that have ideographs, as a block, and as it sounds; made once for all who listen."""

    def __init__(self, block: Block) -> None:
        self._whole = block

    @cached_property
    def part(self) -> Block | None:
        """The block of fields with an ideograph of the basic block; None when there is none."""
        codes = self._whole.codes
        if codes.dtype == np.uint8:
            return None
        places = np.flatnonzero((codes >= 0x4E00) & (codes < 0xA000))
        fields: list[int] = np.unique(self._whole.field_at(places)).tolist()
        return self._whole.part(fields) if fields else None

    @cached_property
    def view(self) -> View:
        """How `part` sounds; asked only where there is one."""
        if self.part is None:
            raise ValueError("nothing of this block can be heard")
        return heard(self.part)


class HomophoneFinder:
    """Finds whole ideographic names by sound, in ideographs and (spelled out) in Latin letters."""

    def __init__(self, names: tuple[Name, ...], search: PatternSearch, sounds: PatternSearch) -> None:
        self._of_sound: dict[str, list[Name]] = {}
        self._of_word: dict[str, list[Name]] = {}
        for name in names:
            known = [syllables().get(letter) for letter in name.letters]
            if name.what == PART or len(known) < FEW or not name.is_distinctive or None in known:
                continue
            self._of_sound.setdefault(sound_of(name.letters), []).append(name)
            for word in _spelt_out(name.letters, list(filter(None, known))):
                self._of_word.setdefault(word, []).append(name)
        self._sounds = list(self._of_sound)
        self._words = list(self._of_word)
        self._by_sound = PatternFinder(self._sounds, sounds)
        self._by_word = PatternFinder(self._words, search)

    def find(self, block: Block, view: View, spoken: Spoken) -> Iterator[Sighting]:
        """Sightings in a block and its spaced view; a spelling that is the plain name is none."""
        if self._words:
            for number, start, end in hits(self._by_word, view):
                yield from (_sighting(block, name, start, end) for name in self._of_word[self._words[number]])
        part = spoken.part if self._sounds else None
        if part is not None:
            for number, start, end in hits(self._by_sound, spoken.view):
                yield from (_sighting(part, name, start, end) for name in self._of_sound[self._sounds[number]])


def _spelt_out(letters: str, heard_as: list[str]) -> Iterator[str]:
    """A name in Latin letters, whole or by syllables, and with an end or one sign so: `guchi`, `古chi`, `昂dai儿`."""
    word = "".join(heard_as)
    if len(word) < LEAST_LATIN:
        return
    if not is_common(word):
        yield pattern(word, plain())
    if not all(map(is_common, heard_as)):
        yield pattern(" ".join(heard_as), plain())
    for cut in range(1, len(letters)):
        yield pattern(letters[:cut] + "".join(heard_as[cut:]), plain())
        yield pattern("".join(heard_as[:cut]) + letters[cut:], plain())
    for place in range(1, len(letters) - 1):
        yield pattern(letters[:place] + heard_as[place] + letters[place + 1 :], plain())


def hits(finder: PatternFinder, view: View) -> Iterator[tuple[int, int, int]]:
    """Number of the pattern, first character and the one after the last, of every occurrence."""
    numbers, first, last = finder.find(view, longest=False)
    return zip(numbers.tolist(), first.tolist(), (last + 1).tolist(), strict=True)


def _sighting(block: Block, name: Name, start: int, end: int) -> Sighting:
    field = block.field_of(start)
    span = block.span(field, start, end)
    found = block.texts[field][span.start : span.end]
    bare = "".join(letter for letter in found if letter not in STROKES)
    trick = SEPARATED if bare == name.letters else SOUNDS
    alone, backed = (0.0, 0.0) if found == name.letters else _worth(bare, name.letters, trick)
    return Sighting(
        row=block.rows[field],
        signal=DISGUISED,
        span=span,
        word=name.letters,
        alone=alone,
        backed=backed,
        brand=name.brand,
        right_id=name.right_id,
        facts=facts_of(name, found, block.fields[field]) | {"tricks": trick},
        wants_intent=True,
    )


def _worth(bare: str, letters: str, trick: str) -> tuple[float, float]:
    """Value without and with a second clue: two syllables are weak, and nothing alone when no character is shared."""
    strong = strength_of((trick,))
    if trick == SEPARATED:
        return strong, strong
    if len(letters) > FEW and not bare.isascii():
        return strong, strong
    shared = bare.isascii() or not set(bare).isdisjoint(letters)
    return (WEAK if shared else 0.0), strong
