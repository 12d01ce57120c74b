"""The one Latin word of a text in ideographs: in another script an everyday word is a name more often than itself."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA

from countermark.signals.text.folding import latin
from countermark.signals.text.names import GENERIC, PART, Name
from countermark.signals.text.pieces import MOST_HOUSES, NEAR, Piece
from countermark.signals.text.words import is_common

_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
#: Letters that are drawn, not typed; only a text with one of them is folded.
_DRAWN = re.compile("[\u24b6-\u24e9\uff21-\uff5a\U0001d400-\U0001d7ff\U0001f110-\U0001f1ff]")
SHORTEST, LONGEST = 4, 24
#: Of a word of this length and more two letters may be dropped or exchanged; none may be new, and the first stays.
LEAST_NEAR, EDITS = 6, 2
#: Words of which is remembered what they are near to; a market has more words than memory.
MOST_REMEMBERED = 1 << 14


class LoneWords:
    """Finds pieces in texts whose only Latin word they are.

    Args:
        names: their words with letters dropped or exchanged are pieces, too.
        pieces: by their letters.
    """

    def __init__(self, names: tuple[Name, ...], pieces: dict[str, list[Piece]]) -> None:
        self._pieces = pieces
        self._alike: dict[tuple[str, int], list[tuple[str, Name]]] = defaultdict(list)
        self._known: set[str] = set()
        self._near: dict[str, list[Piece]] = {}
        for name in names:
            for word in {word for spelling in name.patterns for word in spelling.split()}:
                self._known.add(word)
                if _has_neighbours(word, name):
                    self._alike[word[0], len(word)].append((word, name))

    def find(self, texts: list[str]) -> Iterator[tuple[int, tuple[int, int], list[Piece]]]:
        """Number of the text, start and end of its lone word in it, and the pieces that the word may be."""
        for number, text in enumerate(texts):
            word = _lone(text)
            if word is not None:
                pieces = self._pieces.get(word.letters) or self._nearby(word.letters)
                if pieces:
                    yield number, (word.start, word.end), pieces

    def _nearby(self, word: str) -> list[Piece]:
        if not SHORTEST <= len(word) <= LONGEST or word in self._known or is_common(word):
            return []
        if word not in self._near:
            if len(self._near) >= MOST_REMEMBERED:
                self._near.clear()
            self._near[word] = self._measured(word)
        return self._near[word]

    def _measured(self, word: str) -> list[Piece]:
        near: dict[str, Name] = {}
        for length in range(len(word), len(word) + EDITS + 1):
            for letters, name in self._alike.get((word[0], length), ()):
                if Counter(word) <= Counter(letters) and OSA.distance(word, letters, score_cutoff=EDITS) <= EDITS:
                    near.setdefault(name.brand, name)
        if len(near) > MOST_HOUSES:
            return []
        return [Piece(word, name, NEAR, everyday=True, houses=len(near)) for name in near.values()]


def _has_neighbours(word: str, name: Name) -> bool:
    fits = LEAST_NEAR <= len(word) <= LONGEST and word.isascii() and word.isalpha()
    return fits and name.what != PART and name.worth != GENERIC and not is_common(word)


class _Word(NamedTuple):
    letters: str
    start: int
    end: int


def _lone(text: str) -> _Word | None:
    """The only Latin word of a text, typed or drawn; None when there is none or another."""
    first = _LATIN.search(text)
    if first is None:
        return _drawn(text) if _DRAWN.search(text) else None
    return None if _LATIN.search(text, first.end()) else _Word(latin().text(first[0]).text, *first.span())


def _drawn(text: str) -> _Word | None:
    folded = latin().text(text)
    first = _LATIN.search(folded.text)
    if first is None or _LATIN.search(folded.text, first.end()):
        return None
    return _Word(first[0], *folded.span(*first.span()))
