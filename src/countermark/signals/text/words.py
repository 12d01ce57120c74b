"""Everyday words of shop titles: never taken for a misspelt mark, never evidence by themselves."""

from functools import cache
from pathlib import Path

from countermark.signals.text.folding import plain

RARITY = Path(__file__).with_name("rarity.tsv")
LIST = Path(__file__).with_name("common_words.txt")
#: Endings that make another everyday word of one: English and French plural, French feminine.
ENDINGS = ("s", "es", "e")


@cache
def common_words() -> frozenset[str]:
    """Every listed word, folded, and its plural and feminine forms."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    listed = {plain()(word) for line in lines if not line.startswith("#") for word in line.split()}
    return frozenset(listed | {word + ending for word in listed if word.isascii() for ending in ENDINGS})


def is_common(word: str) -> bool:
    """Whether a folded word is an everyday one."""
    return word in common_words()


@cache
def frequent_words() -> frozenset[str]:
    """Words and ideographic stretches measured to be common in titles or company names (`build_rarity.py`)."""
    lines = RARITY.read_text(encoding="utf-8").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines if line and not line.startswith("#"))


def points_to_many(word: str) -> bool:
    """Whether a folded word names no house without a second clue: an everyday word, or one measured to be common."""
    return is_common(word) or word in frequent_words()
