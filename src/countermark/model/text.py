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
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


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

    A word of a script written without spaces is found anywhere, any other only between edges of words.
    """
    folded = fold_plain(word)
    return folded if not folded or _UNSPACED.search(folded) else f" {folded} "


def haystack(*texts: str) -> str:
    """Folded texts with an edge at both ends, for `needle` to be looked for in."""
    return " " + "  ".join(map(fold_plain, texts)) + " "


def holds_all(hay: str, needles: Iterable[str]) -> bool:
    """Whether every needle is in the haystack."""
    return all(one in hay for one in needles)
