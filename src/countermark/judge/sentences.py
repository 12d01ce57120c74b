"""Reasons as sentences. Facts come from hostile listings: they fill a sentence, and can never break or reshape it."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Self

from countermark.model import InvalidRecord, Signal, SignalSpec

#: Longest fact inside a sentence, in characters.
LONGEST_FACT = 200
#: What stands for a fact that was not measured.
NOT_KNOWN = "unknown"

# Typographic quotes belong to our sentences: a fact that closes them could speak in our voice.
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


def visible(text: str, limit: int = LONGEST_FACT) -> str:
    """Text that shows all it holds: on one line, at most `limit` characters and an ellipsis, nothing hidden.

    Control, direction and zero-width characters and lone surrogates become `\\u202e`; odd spaces become spaces.
    Doing it twice changes nothing more.
    """
    start = text[: limit + 1]
    shown = start if start.isprintable() else "".join(map(_shown, start))
    if len(shown) <= limit or (len(shown) == len(text) == limit + 1 and shown.endswith("…")):
        return shown
    return shown[:limit] + "…"


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with places for facts, cut into pieces once.

    Attributes:
        pieces: (words, name of the fact that follows them, or empty after the last words).
    """

    pieces: tuple[tuple[str, str], ...]

    @classmethod
    def cut(cls, sentence: str) -> Self:
        """Read `The title names “{found}”.`

        Raises:
            InvalidRecord: when a place is more than a bare name: `{found.upper}`, `{found!r}` and `{found:>9}` are not
                words that a reader of the policy could follow.
        """
        pieces = []
        try:
            for words, name, layout, conversion in Formatter().parse(sentence):
                if layout or conversion or (name is not None and not name.isidentifier()):
                    raise InvalidRecord(
                        "sentence", f"{sentence!r} has a place that is not a bare name.", "Write {name}."
                    )
                pieces.append((words, name or ""))
        except ValueError as error:
            if isinstance(error, InvalidRecord):
                raise
            raise InvalidRecord(
                "sentence", f"{sentence!r} has an unclosed brace.", "Write {name}, or {{ for {."
            ) from error
        return cls(tuple(pieces))

    @property
    def places(self) -> frozenset[str]:
        """Names of the facts it asks for."""
        return frozenset(name for _, name in self.pieces if name)

    def fill(self, facts: dict[str, str], brand: str, not_known: str = NOT_KNOWN) -> str:
        """The sentence with its facts made visible; `{brand}` is the house, a missing fact reads `not_known`."""
        parts = []
        for words, name in self.pieces:
            parts.append(words)
            if name:
                fact = brand if name == "brand" else facts.get(name, not_known)
                parts.append(visible(fact.translate(_QUOTES)))
        return "".join(parts)


@cache
def template_of(sentence: str) -> Template:
    """The cut sentence of a spec; sentences are few and known, so all are kept."""
    return Template.cut(sentence)


def sentence_for(signal: Signal, spec: SignalSpec, brand: str = "") -> str:
    """One measurement in words, complete by itself.

    Args:
        signal: the measurement; its facts fill the sentence.
        spec: gives the sentence.
        brand: the house, where the signal itself speaks about no house.
    """
    return template_of(spec.sentence).fill(signal.facts, brand or signal.brand)
