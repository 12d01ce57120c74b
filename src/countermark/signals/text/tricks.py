"""How a spelling differs from the mark it stands for: letter by letter, and what each difference is called."""

import unicodedata
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from countermark.signals.text.alphabets import ACCENTS, LEET
from countermark.signals.text.folding import is_hidden, is_styled, latin, plain, skeleton
from countermark.signals.text.words import is_common

REVERSED, BACKWARDS = "drawn right to left", "written backwards"
LOOKALIKE, HIDDEN, STYLED = "look-alike letters", "hidden characters", "styled letters"
SIGNS, SEPARATED, CAPITALS = "figures or signs for letters", "letters pulled apart", "I and l exchanged"
REPEATED, PAIRS, MASKED = "repeated letters", "letter pairs that look like one letter", "masked letters"
SOUNDS = "characters of the same sound"
SHAPES = "characters that look alike"
APART = "written apart or together"

#: How sure each trick is to be one: styled letters are also fashion, foreign letters inside a word are not.
STRENGTH = {
    LOOKALIKE: 0.95,
    HIDDEN: 0.9,
    REVERSED: 0.9,
    SIGNS: 0.9,
    CAPITALS: 0.85,
    PAIRS: 0.85,
    SEPARATED: 0.8,
    BACKWARDS: 0.8,
    REPEATED: 0.75,
    STYLED: 0.7,
    SOUNDS: 0.7,
    SHAPES: 0.7,
}
#: A whole name written apart, together with an everyday word, or with other separators than its own: no trick.
APART_VALUE = 0.8
#: Each further trick in one spelling.
FURTHER = 0.05

#: Separators that also stand between the words of an honest name.
ORDINARY = frozenset(" \u00a0\u3000-‐‑–'’‘´`")
#: Separators that end or join phrases; letters on both sides of one are pulled apart only when each stands alone.
PHRASING = frozenset(',;:()[]{}/\\&+="“”«»<>，；：（）【】、。')
#: From this length on, a name may be recognised in two or more longer pieces.
SPLIT_LETTERS, APART_LETTERS = 5, 6
#: A spelling may be this many times as long as its letters, and a little, before it is text between letters.
LONGEST, SLACK = 3, 6


@dataclass(frozen=True)
class Spelling:
    """A spelling explained.

    Attributes:
        tricks: names of what was done, sorted; empty when it is the plain name.
        letters: letters of the name that stand there as themselves.
        gaps: separators between letters, each with the number of letters before it.
    """

    tricks: tuple[str, ...]
    letters: int
    gaps: tuple[tuple[str, int], ...] = ()


@dataclass
class _Walk:
    name: str
    at: int = 0
    letters: int = 0
    tricks: set[str] = field(default_factory=set)
    gaps: list[tuple[str, int]] = field(default_factory=list)


def explain(found: str, letters: str) -> Spelling | None:
    """Align a spelling with the folded letters of a name; None when something in it is no trick we know.

    `found` is as written, `letters` as in `Name.letters`.
    """
    if len(found) > LONGEST * len(letters) + SLACK:
        return None
    walk = _Walk(letters)
    shouted = all(c.isupper() for c in found if c.isalpha() and c not in "Il")
    for character in found:
        if not _step(walk, character, shouted=shouted):
            return None
    if walk.at != len(letters):
        return None
    return Spelling(tuple(sorted(walk.tricks)), walk.letters, tuple(walk.gaps))


def _step(walk: _Walk, character: str, *, shouted: bool) -> bool:
    """Take one character into the walk; False when it fits nowhere."""
    if not character.isascii():
        if ord(character) in ACCENTS:
            return True
        if is_hidden(character) and character != "\N{SOFT HYPHEN}":
            walk.tricks.add(HIDDEN)
            return True
    if _takes(walk, plain().character(character)):
        walk.letters += 1
        return True
    if _takes(walk, latin().character(character)):
        trick = _foreign(character)
        walk.letters += trick == STYLED
        walk.tricks.add(trick)
        return True
    trick = _stand_in(character, walk.name[walk.at : walk.at + 1], shouted=shouted)
    if trick:
        walk.at += 1
        walk.tricks.add(trick)
        return True
    return _gap(walk, character)


def _takes(walk: _Walk, folded: str) -> bool:
    """Whether the name goes on with these letters; if so the walk goes past them."""
    goes_on = bool(folded.strip()) and walk.name.startswith(folded, walk.at)
    walk.at += len(folded) if goes_on else 0
    return goes_on


def _foreign(character: str) -> str:
    return STYLED if is_styled(character) else LOOKALIKE


def _stand_in(character: str, letter: str, *, shouted: bool) -> str:
    """The trick by which a character stands for a letter of the name without looking like it in every face."""
    if not letter or skeleton().character(character) != skeleton().character(letter):
        return ""
    folded = latin().character(character)
    if folded in LEET:
        return SIGNS
    if folded in ("i", "l") and character.isascii():
        # A capital I among small letters is read as l, a small l among capitals as I; the other two ways show.
        return CAPITALS if (character == "I" and not shouted) or (character == "l" and shouted) else ""
    return LOOKALIKE if folded in ("i", "l") else ""


def _gap(walk: _Walk, character: str) -> bool:
    if character.isalnum():
        return False
    walk.gaps.append((character, walk.at))
    return True


def judge_gaps(spelling: Spelling, words: tuple[str, ...]) -> str | None:
    """What the separators in a spelling amount to.

    Returns:
        `""` when they stand only between the words of the name; `APART` when the name is written in two words;
        `SEPARATED` when its letters are pulled apart; None when they look like the end of one thing and the start of
        another.
    """
    letters = "".join(words)
    cuts = sorted({at for _, at in spelling.gaps if 0 < at < len(letters)})
    if set(cuts) <= set(accumulate(map(len, words))):
        return ""
    pieces = [letters[start:end] for start, end in pairwise([0, *cuts, len(letters)])]
    signs = {sign for sign, _ in spelling.gaps}
    if not letters.isascii() or all(len(piece) == 1 for piece in pieces):
        return SEPARATED
    if signs & PHRASING or all(is_common(piece) for piece in pieces):
        return None
    if not signs & ORDINARY:
        return SEPARATED if len(letters) >= SPLIT_LETTERS else None
    in_two = len(pieces) == 2 and len(spelling.gaps) == 1 and min(map(len, pieces)) > 1
    return APART if in_two and len(letters) >= APART_LETTERS else None


def strength_of(tricks: tuple[str, ...]) -> float:
    """How surely these tricks together mean that the spelling was meant to hide, in [0, 1]."""
    return min(1.0, max(STRENGTH[trick] for trick in tricks) + FURTHER * (len(tricks) - 1)) if tricks else 0.0


def script_of(character: str) -> str:
    """The script of a letter as its Unicode name says it (`CYRILLIC`); empty for what has no name."""
    return unicodedata.name(character, "").partition(" ")[0]
