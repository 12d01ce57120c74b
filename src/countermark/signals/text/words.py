"""Everyday words of shop titles: never taken for a misspelt mark, never evidence by themselves."""

from functools import cache
from pathlib import Path

from countermark.signals.text.folding import plain

RARITY = Path(__file__).with_name("rarity.tsv")
SEEN = Path(__file__).with_name("seen.tsv")
LIST = Path(__file__).with_name("common_words.txt")
#: Endings that make another everyday word of one: English and French plural, French feminine.
ENDINGS = ("s", "es", "e")


#: Sections of the list whose words are names of people, and those whose words describe no goods.
PEOPLE = ("First names", "Chinese: first names and places")
NO_GOODS = ("First names", "Places and peoples", "English: people, body, life")


@cache
def _sections() -> dict[str, frozenset[str]]:
    """The folded words of the list by the heading they stand under."""
    sections: dict[str, set[str]] = {}
    words: set[str] = set()
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("# --"):
            words = sections.setdefault(line.removeprefix("# --").strip(), set())
        elif not line.startswith("#"):
            words.update(plain()(word) for word in line.split())
    return {heading: frozenset(some) for heading, some in sections.items()}


@cache
def common_words() -> frozenset[str]:
    """Every listed word, folded, and its plural and feminine forms."""
    listed = frozenset().union(*_sections().values())
    return listed | {word + ending for word in listed if word.isascii() for ending in ENDINGS}


@cache
def names_of_people() -> frozenset[str]:
    """Listed words that are first names or surnames, in Latin letters or written by sound in Chinese."""
    return _under(PEOPLE)


@cache
def _undescriptive() -> frozenset[str]:
    others = {heading: some for heading, some in _sections().items() if not heading.startswith(NO_GOODS)}
    return _under(NO_GOODS) - frozenset().union(*others.values())


@cache
def seen_in_titles() -> frozenset[str]:
    """Latin words that one title of a thousand has, names of makers among them (`build_seen.py`)."""
    return _first_columns(SEEN)


def _under(headings: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(some for heading, some in _sections().items() if heading.startswith(headings)))


def describes_no_goods(word: str) -> bool:
    """Whether an everyday Latin word is a first name, a place or a word of life, and not one of those for goods."""
    return word in _undescriptive()


def is_common(word: str) -> bool:
    """Whether a folded word is an everyday one."""
    return word in common_words()


@cache
def frequent_words() -> frozenset[str]:
    """Words and ideographic stretches measured to be common in titles or company names (`build_rarity.py`)."""
    return _first_columns(RARITY)


def _first_columns(table: Path) -> frozenset[str]:
    lines = table.read_text(encoding="utf-8").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines if line and not line.startswith("#"))


def points_to_many(word: str) -> bool:
    """Whether a folded word names no house without a second clue: an everyday word, or one measured to be common."""
    return is_common(word) or word in frequent_words()
