"""Folds: text to what people read in it, each with an exact map back to the original characters.

Three folds, each character by character (so a fold of a part is a part of the fold):

* `PLAIN`: lower case, compatibility forms (full width, ligatures), accents gone: spelling variants nobody hides behind.
* `LATIN`: also look-alikes of other scripts, styled alphabets, hidden characters: what a reader takes it for.
* `SKELETON`: also figures and signs for letters (`0` and `o`, `1`, `i` and `l`) written alike, all else dropped.

`PLAIN` and `LATIN` leave lower-case ASCII as it is. All three are idempotent. Unicode's stability policy fixes
decompositions once assigned, so the same text folds alike under every Python we support.
"""

import unicodedata
from functools import cache

from countermark.signals.text import alphabets
from countermark.signals.text.codes import DROPPED, CharacterFold

#: Scripts whose characters fold to themselves, left out of the tables to keep start-up short.
PLAIN_BLOCKS = (range(0x3400, 0xA000), range(0xAC00, 0xD7A4), range(0xD800, 0xF900), range(0x20000, 0x2F800))
STYLED_TAGS = frozenset({"<font>", "<circle>", "<super>", "<sub>"})
ORDINALS = frozenset("ªº")


def is_styled(character: str) -> bool:
    """Whether it is a letter of an alphabet that is drawn rather than typed (mathematical, enclosed, raised)."""
    if character in alphabets.STYLED:
        return True
    if character in alphabets.SIGNS_OF_PROTECTION:
        return False
    tag, _, rest = unicodedata.decomposition(character).partition(" ")
    letters = "".join(chr(int(code, 16)) for code in rest.split()) if tag in STYLED_TAGS else ""
    return letters.isalpha() and character not in ORDINALS


def is_hidden(character: str) -> bool:
    """Whether it is drawn nowhere, or only drawn over its neighbour."""
    code = ord(character)
    return code in alphabets.HIDDEN or code in alphabets.OVERLAYS


def plain_character(character: str) -> str:
    """What `PLAIN` makes of one character."""
    if character.isascii():
        return character.lower()
    if character == "\N{SOFT HYPHEN}":
        return ""
    if character in alphabets.SIGNS_OF_PROTECTION:
        return " "
    if is_styled(character) or is_hidden(character):
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    bare = _without_accents(unicodedata.normalize("NFKD", character))
    lower = _without_accents(unicodedata.normalize("NFKD", bare.casefold()))
    return "".join(alphabets.STROKED.get(letter, letter) for letter in lower)


def latin_character(character: str) -> str:
    """What `LATIN` makes of one character."""
    if is_hidden(character):
        return ""
    if character in alphabets.STYLED:
        return alphabets.STYLED[character]
    if is_styled(character):
        return unicodedata.normalize("NFKD", character).casefold()
    plain = plain_character(character)
    if plain.isascii():
        return plain
    known = alphabets.BORROWED.get(character) or alphabets.confusables().get(character)
    return known or alphabets.BORROWED.get(plain, plain)


def skeleton_character(character: str) -> str:
    """What `SKELETON` makes of one character; a NUL, the end of a field, stays."""
    latin = latin_character(character)
    letters = "".join(alphabets.SKELETON.get(letter, letter) for letter in latin)
    return "".join(letter for letter in letters if letter.isalnum() or letter == "\0")


def _without_accents(text: str) -> str:
    return text if text.isascii() else "".join(c for c in text if ord(c) not in alphabets.ACCENTS)


@cache
def _candidates() -> tuple[int, ...]:
    """Code points that some fold may change; the others, most of Unicode, need no closer look."""
    special = {ord(c) for table in (alphabets.STYLED, alphabets.BORROWED, alphabets.SKELETON) for c in table}
    special |= {ord(c) for c in (*alphabets.confusables(), *alphabets.STROKED, *alphabets.SIGNS_OF_PROTECTION)}
    special |= alphabets.HIDDEN | alphabets.OVERLAYS | alphabets.ACCENTS
    skipped = set().union(*PLAIN_BLOCKS)
    searched = (code for code in range(0x30000) if code not in skipped)
    return tuple(sorted(special.union(code for code in searched if _changes(chr(code)))))


def _changes(character: str) -> bool:
    return unicodedata.normalize("NFKD", character).casefold() != character or character.isdecimal()


@cache
def plain() -> CharacterFold:
    """The fold `PLAIN`; its tables are built once in a process."""
    return CharacterFold(plain_character, _candidates())


@cache
def latin() -> CharacterFold:
    """The fold `LATIN`."""
    return CharacterFold(latin_character, _candidates())


@cache
def skeleton() -> CharacterFold:
    """The fold `SKELETON`."""
    fold = CharacterFold(skeleton_character, _candidates())
    for code in range(1, 0x30000):
        if fold.single[code] == code and not chr(code).isalnum():
            fold.single[code] = DROPPED
    return fold
