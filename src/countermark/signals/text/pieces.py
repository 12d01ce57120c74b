"""Pieces of names: what hints at a house beside words for goods, and says nothing without them.

A piece is what is left of a name when most of it is hidden in the open: one word of several (`Franck`), a word cut
short (`Herm`), some of its characters (`克莱`), their sound in others (`爱玛`). Most pieces are also words, people and
other makers, so each knows how many houses of the portfolio have a name that it fits, and whether it is an everyday
word. A piece that more houses share than `MOST_HOUSES` is left out: that also bounds what large portfolios look for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from countermark.signals.text.homophones import sound_of, syllables
from countermark.signals.text.names import GENERIC, PART, Name
from countermark.signals.text.shapes import mistaken
from countermark.signals.text.words import describes_no_goods, is_common, points_to_many, seen_in_titles

#: How a piece belongs to its name, as the sentence says it.
WORD, CUT, CHARACTERS = "one word of a longer name", "a word of a name cut short", "some characters of a name"
SOUND, SHAPE, SIGNS = "the sound of its characters", "a character that looks alike", "its first letter and character"
MASKED, NEAR = "its first letters and a mask", "a word of a name with letters dropped or exchanged"
PEOPLE = "its first character, for men or women"

#: More houses with such a name, and the piece points to none of them.
MOST_HOUSES = 8
#: Letters of a word that stands alone, of a word that may be cut short, and what is left of that.
LEAST_WORD, LEAST_CUT, LEFT = 4, 6, (4, 5)
#: At least this share of a word must be left; half of it, when it is a beginning so short or has a sign for a letter.
LEAST_SHARE, SHORT, HALF = 0.4, 3, 0.5
#: Characters of a stretch; longer stretches of a name hold shorter ones.
STRETCH = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of one name.

    Attributes:
        letters: folded, or the syllables that a sound is searched by.
        name: what it is a piece of.
        how: which of the ways above.
        everyday: an everyday word, a person's name, or too common in titles and company names to point to one house.
        houses: how many houses of the portfolio have a name that it fits.
    """

    letters: str
    name: Name
    how: str
    everyday: bool
    houses: int = 1


class Pieces:
    """All pieces of the names of a portfolio, by what they are searched by.

    Attributes:
        written: rare Latin words and ideographic stretches, as they are written.
        alone: Latin words that say something only alone among ideographs: everyday ones, and what is left of cut ones.
        sounds: syllables of the private plane (`homophones`).
    """

    def __init__(self, names: tuple[Name, ...]) -> None:
        whole = [name for name in names if name.what != PART and name.worth != GENERIC]
        taken = frozenset(spelling.strip() for name in names for spelling in name.patterns)
        words = list(_words(whole))
        rare = (piece for piece in words if not piece.everyday)
        everyday = (piece for piece in words if piece.everyday)
        signs = (*_stretches(whole), *_look_alikes(whole), *_initials(whole), *_people(whole))
        self.written = _gathered((*rare, *signs), taken)
        self.alone = _gathered((*everyday, *_cut(whole)), taken)
        self.sounds = _gathered(_sounds(whole), frozenset())


def _gathered(pieces: Iterable[Piece], taken: frozenset[str]) -> dict[str, list[Piece]]:
    """Pieces by their letters: one a house, none that is a name of somebody, fits too many or is in too many titles."""
    found: dict[str, dict[str, Piece]] = defaultdict(dict)
    for piece in pieces:
        if piece.letters not in taken and piece.letters not in seen_in_titles():
            found[piece.letters].setdefault(piece.name.brand, piece)
    return {
        letters: [Piece(one.letters, one.name, one.how, one.everyday, len(houses)) for one in houses.values()]
        for letters, houses in found.items()
        if len(houses) <= MOST_HOUSES
    }


def _words(names: list[Name]) -> Iterator[Piece]:
    for name in names:
        for words in (spelling.split() for spelling in name.patterns):
            for word in words if len(words) > 1 else ():
                if len(word) >= LEAST_WORD and word.isascii() and word.isalpha():
                    everyday = points_to_many(word)
                    if not everyday or describes_no_goods(word):
                        yield Piece(word, name, WORD, everyday)


def _cut(names: list[Name]) -> Iterator[Piece]:
    for name in names:
        for word in dict.fromkeys(word for spelling in name.patterns for word in spelling.split()):
            if len(word) >= LEAST_CUT and word.isascii() and word.isalpha() and not is_common(word):
                if HALF * len(word) <= SHORT and not points_to_many(word[:SHORT]):
                    yield Piece(word[:SHORT], name, CUT, everyday=True)
                for length in LEFT:
                    if LEAST_SHARE * len(word) <= length < len(word) - 1:
                        for left in (word[:length], word[-length:]):
                            if not points_to_many(left):
                                yield Piece(left, name, CUT, everyday=False)


def _stretches(names: list[Name]) -> Iterator[Piece]:
    """Neighbours in a Chinese name, from two on, and the ends of one of three characters."""
    for name in names:
        for letters in _chinese_words(name):
            ends = [letters[:1] + letters[-1:]] if len(letters) == STRETCH + 1 else []
            neighbours = [letters[at : at + STRETCH] for at in range(len(letters) - STRETCH + 1)]
            halves = [letters[:half] for half in range(STRETCH + 1, len(letters))]
            halves += [letters[-half:] for half in range(STRETCH + 1, len(letters))]
            for stretch in (*neighbours, *ends, *halves):
                if stretch != name.letters:
                    yield Piece(stretch, name, CHARACTERS, points_to_many(stretch))


def _sounds(names: list[Name]) -> Iterator[Piece]:
    """The sound of a name of two characters, and of the first two of a longer one."""
    for name in names:
        letters = name.letters
        if len(letters) >= STRETCH and all(letter in syllables() for letter in letters):
            yield Piece(sound_of(letters[:STRETCH]), name, SOUND, everyday=True)


def _look_alikes(names: list[Name]) -> Iterator[Piece]:
    """Everyday names of two characters with one that looks alike; other names so written are disguised marks."""
    for name in names:
        if len(name.letters) == STRETCH and not name.is_distinctive and not name.is_latin:
            for spelling in mistaken(name.letters):
                if not points_to_many(spelling):
                    yield Piece(spelling, name, SHAPE, everyday=True)


def _initials(names: list[Name]) -> Iterator[Piece]:
    """The first letter of the Latin name of a house and the first character of its Chinese one, in either order."""
    initials: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if name.is_latin and name.letters[:1].isalpha():
            initials[name.brand].add(name.letters[0])
    for name in names:
        for letters in _chinese_words(name):
            for initial in sorted(initials[name.brand]):
                for both in (f"{initial} {letters[0]}", f"{letters[0]} {initial}"):
                    yield Piece(both, name, SIGNS, everyday=False)


def _people(names: list[Name]) -> Iterator[Piece]:
    """The first character of a Chinese name and the word for men or women: `菲男` for men's shoes of `菲拉格慕`."""
    for name in names:
        for letters in _chinese_words(name):
            for people in "男女":
                if not points_to_many(letters[0] + people):
                    yield Piece(letters[0] + people, name, PEOPLE, everyday=True)


def _chinese_words(name: Name) -> list[str]:
    """The stretches of two and more ideographs in a name: the whole of most, `黛珂` of `COSME DECORTE 黛珂`."""
    words = name.patterns[0].split()
    return [word for word in words if len(word) >= STRETCH and all(letter in syllables() for letter in word)]
