"""Text that keeps its language, and the ordinary way to compare words."""

import re
import unicodedata
from collections.abc import Iterable

import msgspec


class Text(msgspec.Struct, frozen=True):
    """Words as they were written, and the language they were written in.

    Attributes:
        value: the original characters; never folded, trimmed or translated.
        language: a BCP 47 tag (`fr`, `zh-Hans`), or None when nobody said.
    """

    value: str
    language: str | None = None

    def __str__(self) -> str:
        return self.value


_NOT_WORD = re.compile(r"[^a-z0-9]+")
#: Thai to Lao, Burmese, Khmer, kana, Han: written without spaces, so a word has no edges to look for.
_SCRIPTS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{_SCRIPTS}]")
#: Where such a script meets another: `托特包45cm` holds the word `45cm`, and `15厘米` does not hold `5厘米`.
_MEETING = re.compile(f"(?<=[{_SCRIPTS}])(?=[^ {_SCRIPTS}])|(?<=[^ {_SCRIPTS}])(?=[{_SCRIPTS}])")
#: A point or comma inside a number. Folded to a space it would leave the number 5 in `17.5 cm`.
_POINT = re.compile("(?<=[0-9０-９])[.,．，٫](?=[0-9０-９])")


def fold_plain(text: str) -> str:
    """Fold text so that spellings nobody hides behind compare equal: `Sac à-main!` and `SAC A MAIN`.

    Compatibility forms (NFKC), case and accents go, characters that are not drawn are dropped, and everything between
    words becomes one space. Look-alike letters stay apart: undoing disguise is the work of `signals.text`.
    Folding twice changes nothing.
    """
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in map(_letter, decomposed) if c)
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def _letter(character: str) -> str:
    if character.isalnum():
        return character
    kind = unicodedata.category(character)
    if kind.startswith("M"):
        # Accents of Latin, Greek and Cyrillic go; vowel signs of Indic scripts and Japanese voicing marks are letters.
        return "" if "\u0300" <= character <= "\u036f" else character
    return "" if kind == "Cf" else " "


def needle(word: str) -> str:
    """What to look for in `haystack(text)` so that `word` is found whole; empty when nothing of the word is left.

    Words of a script written without spaces are found anywhere, all others only between edges of words. A number is
    found whole: `5 cm` is not in `17.5 cm`, nor `5厘米` in `15厘米`.
    """
    worded = apart(fold_plain(whole_numbers(word)))
    if not worded:
        return ""
    first, last = (" " if not is_unspaced(end) else "" for end in (worded[0], worded[-1]))
    return first + worded + last


def haystack(*texts: str) -> str:
    """Folded texts with an edge at both ends, for `needle` to be looked for in."""
    return " " + "  ".join(apart(fold_plain(whole_numbers(text))) for text in texts) + " "


def whole_numbers(text: str) -> str:
    """Text in which a point or comma inside a number is a letter, so that folding leaves one word; same length."""
    return _POINT.sub("d", text)


def apart(folded: str) -> str:
    """Folded text with a space where a script written without spaces meets another."""
    return folded if folded.isascii() else _MEETING.sub(" ", folded)


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script written without spaces."""
    return _UNSPACED.match(character) is not None


def holds_all(hay: str, needles: Iterable[str]) -> bool:
    """Whether every needle is in the haystack."""
    return all(one in hay for one in needles)
