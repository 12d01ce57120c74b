"""Everyday words of shop titles: never taken for a misspelt mark, never evidence by themselves."""

from functools import cache
from pathlib import Path

from countermark.signals.text.folding import plain

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
