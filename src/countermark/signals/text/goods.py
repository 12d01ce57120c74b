"""Words for goods: what a piece of a name must stand beside before it says anything (`goods.txt`)."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from countermark.signals.text.folding import plain

LIST = Path(__file__).with_name("goods.txt")
#: Plurals of English and French.
ENDINGS = ("s", "es", "x")
_HEAD = re.compile(r"# -- (\d+):")
WORD, LAST_WORD = re.compile(r"[a-z]+"), re.compile(r"[a-z]+\Z")


class Goods(NamedTuple):
    """A word for goods as it stands in a text, and the Nice class it belongs to."""

    word: str
    nice_class: int


@cache
def goods_words() -> dict[str, int]:
    """Every folded word for goods, plurals included, with its Nice class."""
    words: dict[str, int] = {}
    nice_class = 0
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            head = _HEAD.match(line)
            nice_class = int(head[1]) if head else nice_class
            continue
        for word in map(plain(), line.split()):
            words[word] = nice_class
            if word.isascii():
                words.update({word + ending: nice_class for ending in ENDINGS})
    return words


@cache
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in goods_words() if not word.isascii()}, reverse=True))


def goods_in(folded: str) -> list[Goods]:
    """All words for goods in a folded text, Chinese ones first, in the order of the text."""
    return [*_chinese(folded), *_latin(folded)]


def _latin(folded: str) -> list[Goods]:
    words = goods_words()
    return [Goods(word, words[word]) for word in WORD.findall(folded) if word in words]


def _chinese(folded: str) -> list[Goods]:
    if folded.isascii():
        return []
    starts = (start_of(folded[place:]) for place in range(len(folded)) if folded[place] > "\u4dff")
    return [found for found in starts if found]


def start_of(folded: str) -> Goods | None:
    """The word for goods that a folded text begins with; in Latin letters the whole first word."""
    words = goods_words()
    latin = WORD.match(folded)
    if latin:
        return Goods(latin[0], words[latin[0]]) if latin[0] in words else None
    found = next((folded[:length] for length in _lengths() if folded[:length] in words), "")
    return Goods(found, words[found]) if found else None


def end_of(folded: str) -> Goods | None:
    """The word for goods that a folded text ends with."""
    words = goods_words()
    latin = LAST_WORD.search(folded)
    if latin:
        return Goods(latin[0], words[latin[0]]) if latin[0] in words else None
    found = next((folded[-length:] for length in _lengths() if folded[-length:] in words), "")
    return Goods(found, words[found]) if found else None
