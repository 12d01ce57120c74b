"""Many texts at once: a block of fields joined into one array, and the two views of it that the finders search.

Everything here is one pass of numpy over all characters of a block; Python looks only at what was found.

* The *spaced* view is for words: folded, each run of anything but letters and figures is one space, and a space
  stands between letters, figures and ideographs. A Latin pattern is searched with its spaces (` corvane `), so that
  word boundaries cost nothing; scripts without spaces are searched bare.
* The *bare* view is for spellings pulled apart: skeletons of letters and nothing else.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from countermark.model import Span
from countermark.signals.text.alphabets import ACCENTS, OVERLAYS
from countermark.signals.text.code_page import in_page
from countermark.signals.text.codes import (
    CODE_POINTS,
    CharacterFold,
    Codes,
    CodeTable,
    Places,
    codes_of,
    origins,
    text_of,
)
from countermark.signals.text.folding import skeleton

GAP, LETTER, FIGURE, IDEOGRAPH, END = 0, 1, 2, 3, 4
SPACE, COLON = 0x20, 0x3A
NOWHERE: Places = np.zeros(0, dtype=np.int64)
#: Stands between two fields of a block; one inside a field only keeps patterns from matching across it.
FIELD_END = "\0"
#: Scripts written without spaces between words, and Hangul, whose particles cling to the word.
UNSPACED = (
    range(0x0E00, 0x0F00),
    range(0x1000, 0x10A0),
    range(0x1100, 0x1200),
    range(0x1780, 0x1800),
    range(0x2E80, 0x3000),
    range(0x3005, 0x3008),
    range(0x3021, 0x3030),
    range(0x3031, 0x3100),
    range(0x3100, 0x31C0),
    range(0x31F0, 0x3200),
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xA960, 0xA980),
    range(0xAC00, 0xD800),
    range(0xF900, 0xFB00),
    range(0x1B000, 0x1B170),
    range(0x20000, 0x30000),
)
#: Drawn on the letter before; a span that ends before one takes it in.
CLINGING = ACCENTS | OVERLAYS | frozenset(range(0xFE00, 0xFE10))


@cache
def classes() -> CodeTable:
    """The class of every code point: gap, letter, figure, ideograph (any script without spaces), end of field."""
    table = np.zeros(CODE_POINTS, dtype=np.uint8)
    for code in range(0x20000):
        category = unicodedata.category(chr(code))
        table[code] = FIGURE if category == "Nd" else LETTER if category[0] in "LMN" else GAP
    for accents in (range(0x0300, 0x0370), range(0x20D0, 0x2100), range(0xFE00, 0xFE10)):
        table[accents.start : accents.stop] = GAP
    for unspaced in UNSPACED:
        table[unspaced.start : unspaced.stop] = IDEOGRAPH
    table[ord(FIELD_END)] = END
    return CodeTable(table)


class Octets(NamedTuple):
    """A text in UTF-8, and the octets at which a character begins; None when each is a character."""

    octets: Codes
    beginnings: Places | None

    def characters(self, places: Places) -> Places:
        """Places between octets, at which a character begins or the text ends, as places between characters."""
        return places.copy() if self.beginnings is None else np.searchsorted(self.beginnings, places)


@dataclass(frozen=True)
class View:
    """A folded block: its text, its codes, and for positions in it the way back to the block.

    Attributes:
        text: what is searched.
        codes: the same as code points.
        left_out: the places of the folded characters that the view left out, rising.
        put_in: the places in the view of the spaces that were put in, rising.
        folded: for each folded character, the place of the one of the block; None when all kept their places.
        found: what was found in it by each search, kept for the finders that share one.
    """

    text: str
    codes: Codes
    left_out: Places
    put_in: Places
    folded: Places | None
    found: dict[object, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def in_utf8(self) -> "Octets":
        """The text as it is searched."""
        if self.codes.dtype == np.uint8:
            return Octets(self.codes, None)
        octets = np.frombuffer(self.text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        # All octets of a character but the first are 10xxxxxx.
        return Octets(octets, np.flatnonzero((octets & 0xC0) != 0x80))

    def original(self, positions: Places) -> Places:
        """Positions in the view as positions in the block; a space that was put in counts as the character after."""
        if len(self.put_in):
            positions = positions - np.searchsorted(self.put_in, positions)
        return origins(self.folded, self._shifted(positions))

    def _shifted(self, positions: Places) -> Places:
        """Positions among what was kept as positions among all folded characters."""
        if not len(self.left_out):
            return positions
        # How many were left out before a position: those whose own place, without those before it, is not beyond it.
        return positions + np.searchsorted(self._left_out_among_kept, positions, side="right")

    @cached_property
    def _left_out_among_kept(self) -> Places:
        return self.left_out - np.arange(len(self.left_out))


def spaced(codes: Codes, fold: CharacterFold) -> View:
    """The spaced view of code points under a fold. Give it a space at both ends."""
    folded, came_from = fold.codes(codes)
    kinds = classes().of(folded)
    _keep_ratios(folded, kinds)
    gap = kinds == GAP
    # The same as `folded[gap] = SPACE`, four times as fast.
    folded *= ~gap
    folded |= gap.view(np.uint8) * np.uint8(SPACE)
    repeated = np.zeros(len(folded), dtype=bool)
    np.logical_and(gap[1:], gap[:-1], out=repeated[1:])
    left_out = np.flatnonzero(repeated)
    word = (kinds - np.uint8(1)) < IDEOGRAPH
    glued = np.flatnonzero((kinds[1:] != kinds[:-1]) & word[1:] & word[:-1]) + 1
    put_in = glued - np.searchsorted(left_out, glued) + np.arange(len(glued))
    out = _with_spaces(folded[~repeated], put_in)
    return View(text_of(out), out, left_out, put_in, came_from)


def _with_spaces(codes: Codes, places: Places) -> Codes:
    """Code points with a space put in, so that one stands at each of the places afterwards; they must rise."""
    out = np.empty(len(codes) + len(places), dtype=codes.dtype)
    kept = np.ones(len(out), dtype=bool)
    kept[places] = False
    out[kept] = codes
    out[places] = SPACE
    return out


def _keep_ratios(folded: Codes, kinds: NDArray[np.uint8]) -> None:
    """A colon between figures stays: `1:1` is a claim, `size: 1` is not."""
    colons = np.flatnonzero(folded == COLON)
    if len(colons):
        colons = colons[(colons > 0) & (colons < len(folded) - 1)]
        ratio = colons[(kinds[colons - 1] == FIGURE) & (kinds[colons + 1] == FIGURE)]
        kinds[ratio] = FIGURE


def bare(codes: Codes) -> View:
    """The bare view of code points: skeleton letters, ends of fields, nothing else."""
    folded, came_from = skeleton().codes(codes)
    return View(text_of(folded), folded, NOWHERE, NOWHERE, came_from)


def pattern(text: str, fold: CharacterFold) -> str:
    """A name or phrase as it is searched in a spaced view; empty when nothing of it can be searched."""
    return _bounded(spaced(codes_of(f" {text} "), fold).text.strip())


def patterns_of(texts: Iterable[str], fold: CharacterFold) -> dict[str, str]:
    """Each of the texts and its `pattern`, for thousands at once. No text may hold `FIELD_END`."""
    asked = list(dict.fromkeys(texts))
    if not asked:
        return {}
    seen = spaced(codes_of(" " + f" {FIELD_END} ".join(asked) + " "), fold).text
    return {text: _bounded(words.strip()) for text, words in zip(asked, seen.split(FIELD_END), strict=True)}


def _bounded(words: str) -> str:
    """Words with a space at each end where another letter would make them another word."""
    if not words:
        return ""
    first, last = classes()[ord(words[0])], classes()[ord(words[-1])]
    return f"{'' if first == IDEOGRAPH else ' '}{words}{'' if last == IDEOGRAPH else ' '}"


def block_codes(text: str) -> Codes:
    """Code points of a text in as few bits as hold them."""
    octets = None if text.isascii() else in_page(text)
    return codes_of(text) if octets is None else np.frombuffer(octets, dtype=np.uint8)


@dataclass(frozen=True)
class Block:
    """Fields of many rows as one array of code points.

    Attributes:
        texts: the fields, each already cut to a bounded length.
        rows: for each field, the row it belongs to.
        fields: for each field, its name (`title`).
    """

    texts: list[str]
    rows: list[int]
    fields: list[str]

    @cached_property
    def joined(self) -> str:
        """All fields with a space, an end and a space between them, and a space at both ends."""
        return " " + f" {FIELD_END} ".join(self.texts) + " "

    @cached_property
    def codes(self) -> Codes:
        """The code points of `joined`, in our code page when it has them all."""
        return block_codes(self.joined)

    @cached_property
    def starts(self) -> Places:
        """Where each field begins in `codes`."""
        lengths = np.fromiter(map(len, self.texts), dtype=np.int64, count=len(self.texts))
        return np.cumsum(lengths + 3) - lengths - 2

    @cached_property
    def offsets(self) -> list[int]:
        """The same as plain numbers, for looks at one field."""
        offsets: list[int] = self.starts.tolist()
        return offsets

    def field_at(self, positions: Places) -> Places:
        """The field that each position lies in."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def field_of(self, position: int) -> int:
        """The field that one position lies in."""
        return bisect_right(self.offsets, position) - 1

    def span(self, field: int, start: int, end: int) -> Span:
        """The stretch from `start` to `end` (excluded, in `codes`) as a span of the field, its accents included."""
        text, offset = self.texts[field], self.offsets[field]
        start, end = start - offset, end - offset
        while end < len(text) and ord(text[end]) in CLINGING:
            end += 1
        return Span(self.fields[field], start, end)

    def part(self, fields: list[int]) -> "Block":
        """A block of only these fields, in this order."""
        return Block([self.texts[f] for f in fields], [self.rows[f] for f in fields], [self.fields[f] for f in fields])
