"""What stands around a piece of a name: words for goods, and whether the piece is a word by itself or part of another.

A piece points to a house only as a word of its own beside goods: `凯文 包包`, and neither `凯文森 包包`, which is
another name, nor `凯文的信`, which is about no goods.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from countermark.signals.text.folding import latin
from countermark.signals.text.goods import LAST_WORD, WORD, Goods, end_of, goods_in, goods_words, start_of
from countermark.signals.text.views import IDEOGRAPH, classes
from countermark.signals.text.words import common_words, is_common, names_of_people

#: How many characters on either side are looked at for goods, and for what is next.
NEAR, NEXT = 40, 24
#: Joins two words into the name of another: `Smith & Wesson`, `O'Neill`, `Anne-Marie`.
JOINS_AFTER, JOINS_BEFORE = re.compile(r" ?[&+]|['’`.\-]"), re.compile(r"[&+] ?\Z|['’`.\-]\Z")
#: Everyday Chinese words are looked for up to this length.
LONGEST_OPENER = 4
_SKIPPED = re.compile(r"[\W\d_]*")
_LATIN = re.compile("[A-Za-z]")
_HAN = re.compile("[\u4e00-\u9fff]")
#: What may stand between a piece and the goods before it.
_SIGNS = " .,;:!/|()[]{}-_·、，。！【】（）「」《》0123456789"


class Around(NamedTuple):
    """What stands around a stretch that is no part of a longer word or name.

    Attributes:
        goods: a word for goods near it that the house may sell.
        beside: it is the next word, or the next but an everyday one.
    """

    goods: str
    beside: bool


def around(text: str, start: int, end: int, nice_classes: frozenset[int], *, beside: bool) -> Around | None:
    """Look around `text[start:end]`; None when it is part of a longer word or name, or when there are no goods near.

    `nice_classes` are those of the house, empty when they are not known. With `beside`, goods must be the next word.
    """
    before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    if not (_ends_before(before[-NEXT:].lower()) and _begins_after(after[:NEXT].lower())):
        return None  # before anything is folded: most pieces end here
    reach = NEXT if beside else NEAR
    before, after = latin().text(before[-reach:]).text, latin().text(after[:reach]).text
    for one in _neighbours(before, after):
        if _fits(one, nice_classes):
            return Around(one.word, beside=True)
    for one in () if beside else goods_in(f"{before} {after}"):
        if _fits(one, nice_classes):
            return Around(one.word, beside=False)
    return None


def is_foreign(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` has the only Latin letters of a text in ideographs."""
    return _HAN.search(text) is not None and not _LATIN.search(text, 0, start) and not _LATIN.search(text, end)


def _neighbours(before: str, after: str) -> Iterator[Goods]:
    """Words for goods that come next, and that stand right before."""
    found = _next(after)
    if found:
        yield found
    found = end_of(before.rstrip(_SIGNS))
    if found:
        yield found


def _fits(goods: Goods, nice_classes: frozenset[int]) -> bool:
    return not nice_classes or goods.nice_class in nice_classes


def _next(after: str) -> Goods | None:
    """The goods that come next, or after one everyday Chinese word (`凯文 新款 包包`)."""
    rest = after[_skipped(after) :]
    found = start_of(rest)
    if found:
        return found
    rest = rest[_opener(rest) :]
    return start_of(rest[_skipped(rest) :])


def _skipped(text: str) -> int:
    match = _SKIPPED.match(text)
    return match.end() if match else 0


def _opener(text: str) -> int:
    """Length of the everyday Chinese word that a text begins with, 0 when it begins with none."""
    return next((length for length in range(LONGEST_OPENER, 1, -1) if text[:length] in _openers()), 0)


@cache
def _openers() -> frozenset[str]:
    return frozenset(word for word in common_words() if not word.isascii()) - names_of_people()


def _is_ideograph(character: str) -> bool:
    return classes()[ord(character)] == IDEOGRAPH


def _begins_after(after: str) -> bool:
    if not after:
        return True
    if _is_ideograph(after[0]):
        return bool(start_of(after)) or _opener(after) > 0
    return not JOINS_AFTER.match(after) and _makes_no_name(WORD.match(after.lstrip(" ")))


def _ends_before(before: str) -> bool:
    if not before:
        return True
    if _is_ideograph(before[-1]):
        lengths = range(LONGEST_OPENER, 1, -1)
        return bool(end_of(before)) or any(before[-length:] in _openers() for length in lengths)
    return not JOINS_BEFORE.search(before) and _makes_no_name(LAST_WORD.search(before.rstrip(" ")))


def _makes_no_name(neighbour: re.Match[str] | None) -> bool:
    """Whether a Latin neighbour, if there is one, makes no longer name: an everyday word and nobody's first name."""
    if neighbour is None or neighbour[0] in goods_words():
        return True
    return is_common(neighbour[0]) and neighbour[0] not in names_of_people()
