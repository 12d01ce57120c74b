"""What the houses are called: every spelling that the finders look for, made ready once from a portfolio."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from countermark.model import Portfolio, RightStatus
from countermark.signals.text.folding import plain, skeleton
from countermark.signals.text.views import pattern
from countermark.signals.text.words import is_common, points_to_many

MARK, ALIAS, NAME, PART = "mark", "alias", "name", "part"

#: A name this short is never evidence by itself: two Latin letters or figures, one ideograph.
SHORT_LATIN, SHORT_IDEOGRAPHS = 2, 1
#: A word of a longer mark stands for the whole only from this length on, and when it is no common word.
PART_LETTERS = 5
#: The beginning of an ideographic mark stands for it from two characters and half the mark on; its end only in marks
#: of four characters, the ends of shorter ones are the endings of a thousand foreign names.
BEGINNING_OF, ENDING_OF = 3, 4
#: What finding a name is worth alone and with a second clue of its house: a whole name, one that is an everyday word,
#: one that must not fire alone, a distinctive word of a longer one, a stretch of an ideographic one.
WHOLE, EVERYDAY, GENERIC = (1.0, 1.0), (0.3, 1.0), (0.0, 1.0)
WORD, STRETCH = (0.5, 0.5), (0.3, 0.5)
#: A mark of several words may be written as one word from this length on.
JOINED_LETTERS = 4
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Name:
    """One thing a house is called.

    Attributes:
        written: as the portfolio spells it.
        brand: the house.
        what: `mark`, `alias`, `name` (of the house) or `part` (a distinctive word of a longer mark).
        right_id: the right it comes from, empty for the name of a house.
        worth: value in [0, 1] of finding it as it is written, without and with a second clue of its house.
        patterns: as searched in the spaced view, the usual spelling first.
    """

    written: str
    brand: str
    what: str
    right_id: str
    worth: tuple[float, float]
    patterns: tuple[str, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Folded words of the usual spelling."""
        return tuple(self.patterns[0].split())

    @cached_property
    def letters(self) -> str:
        """All folded letters and figures, without spaces."""
        return "".join(self.words)

    @cached_property
    def skeleton(self) -> str:
        """As searched in the bare view."""
        return skeleton()(self.letters)

    @property
    def is_distinctive(self) -> bool:
        """Neither generic nor an everyday word; parts are chosen to be so."""
        return self.worth not in (GENERIC, EVERYDAY)

    @property
    def is_latin(self) -> bool:
        """Written in ASCII letters and figures once folded."""
        return self.letters.isascii()


def names_of(portfolio: Portfolio) -> tuple[Name, ...]:
    """Every name to look for, in a stable order. A right that its register or owner calls lapsed brings none."""
    whole: dict[tuple[str, str], Name] = {}
    for brand, written, what, right_id, generic in _spellings(portfolio):
        patterns = _patterns(written)
        if patterns and (brand, patterns[0]) not in whole:
            worth = GENERIC if generic else _worth_of(patterns[0].split())
            whole[brand, patterns[0]] = Name(written, brand, what, right_id, worth, patterns)
    return (*whole.values(), *_parts(list(whole.values())))


def classes_of(portfolio: Portfolio) -> dict[str, frozenset[int]]:
    """The Nice classes that each house has rights in; none for a house with a right that says none."""
    classes: dict[str, frozenset[int]] = {}
    for right in (right for right in portfolio.rights if right.mark is not None):
        own = frozenset(right.classes)
        known = classes.get(right.brand, own)
        classes[right.brand] = known | own if known and own else frozenset()
    return classes


def _spellings(portfolio: Portfolio) -> Iterator[tuple[str, str, str, str, bool]]:
    """(brand, as written, what, right id, said to be generic): marks first, then aliases, then names of houses.

    `Right.generic` is about the mark itself; an alias is judged by itself.
    """
    live = [right for right in portfolio.rights if right.status is not RightStatus.LAPSED]
    for right in live:
        if right.mark is not None:
            yield right.brand, right.mark.value, MARK, right.id, right.generic
    for right in live:
        for alias in right.aliases:
            yield right.brand, alias.value, ALIAS, right.id, False
    # The name of a house counts only while a right stands behind it: without one there is nothing to infringe.
    for brand in sorted({right.brand for right in live}):
        yield brand, brand, NAME, "", False


def _patterns(written: str) -> tuple[str, ...]:
    """The spaced pattern of a name, then the same written as one word or (camel case) as several."""
    usual = pattern(written, plain())
    words = usual.split()
    patterns = [usual, pattern(CAMEL.sub(" ", written), plain())]
    joined = "".join(words)
    if len(words) > 1 and joined.isascii() and len(joined) >= JOINED_LETTERS and not is_common(joined):
        patterns.append(pattern(joined, plain()))
    return tuple(dict.fromkeys(one for one in patterns if one))


def _worth_of(words: list[str]) -> tuple[float, float]:
    letters = "".join(words)
    ideographs = 0 if letters.isascii() else sum(not letter.isascii() for letter in letters)
    if len(letters) <= SHORT_LATIN and ideographs <= SHORT_IDEOGRAPHS:
        return GENERIC
    return EVERYDAY if points_to_many(letters) and (len(words) == 1 or ideographs) else WHOLE


def _parts(whole: list[Name]) -> list[Name]:
    """Parts of names that point to one house only: `Aurelle` for `Maison Aurelle`, `黛儿` for `昂黛儿`."""
    taken = {one for name in whole for one in name.patterns}
    parts: dict[str, Name] = {}
    shared: set[str] = set()
    for name in whole:
        for part in (*_distinctive_words(name), *_stretches(name)):
            searched = pattern(part, plain())
            if searched not in taken:
                known = parts.setdefault(part, _part(name, part, searched))
                if known.brand != name.brand:
                    shared.add(part)
    return [name for part, name in parts.items() if part not in shared]


def _part(name: Name, part: str, searched: str) -> Name:
    return Name(part, name.brand, PART, name.right_id, WORD if part.isascii() else STRETCH, (searched,))


def _distinctive_words(name: Name) -> list[str]:
    split = (spelling.split() for spelling in name.patterns)
    words = dict.fromkeys(word for some in split if len(some) > 1 for word in some)
    return [w for w in words if len(w) >= PART_LETTERS and w.isascii() and w.isalpha() and not points_to_many(w)]


def _stretches(name: Name) -> list[str]:
    """Beginnings and ends of an ideographic name, two characters and half of it at least."""
    letters = name.letters
    if len(letters) < BEGINNING_OF or any(letter.isascii() for letter in letters):
        return []
    lengths = range(max(2, (len(letters) + 1) // 2), len(letters))
    stretches = [letters[:length] for length in lengths]
    if len(letters) >= ENDING_OF:
        stretches += [letters[-length:] for length in lengths]
    return [one for one in dict.fromkeys(stretches) if not points_to_many(one)]
