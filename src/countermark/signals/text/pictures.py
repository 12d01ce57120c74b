"""Words read in the pictures of a listing: what may be concluded from them, and what may not.

A machine that reads a picture takes 0 for O, l for I and cl for d. A spelling that is a disguise in a typed title may
be a slip of the reader here, so it counts as the plain name; only masks stay what they are: no reader invents a star.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

import msgspec

from countermark.model import Signal, Span
from countermark.signals.text.evidence import DISGUISED, LOOKALIKE, MARK, PICTURE, Sighting
from countermark.signals.text.tricks import MASKED

#: A name that came out one or two letters off weighs half: the letters may be the reader's.
LOOKALIKE_SHARE = 0.5
#: Between two pictures no name and no phrase goes on.
_PICTURE_END = " \0 "


@dataclass(frozen=True)
class PictureWords:
    """The lines of all pictures of one listing as one text.

    Attributes:
        text: line after line.
        starts: where each line begins.
        confidences: of the reader, for each line, in [0, 1].
    """

    text: str
    starts: tuple[int, ...]
    confidences: tuple[float, ...]

    @classmethod
    def of(cls, pictures: list[list[tuple[str, float]]]) -> Self:
        """Join the lines (text, confidence) of pictures; names may go on from line to line, not to the next picture."""
        lines = [line for picture in pictures for line in picture]
        last = set(accumulate(len(picture) for picture in pictures))
        ends = [_PICTURE_END if number in last else "\n" for number in range(1, len(lines) + 1)]
        parts = [text + end for (text, _), end in zip(lines, ends, strict=True)]
        starts = (0, *accumulate(map(len, parts)))[: len(parts)]
        return cls("".join(parts).removesuffix(_PICTURE_END), starts, tuple(sure for _, sure in lines))

    def lines_at(self, span: Span) -> range:
        """Numbers of the lines that a span touches."""
        first = max(bisect_right(self.starts, span.start) - 1, 0)
        return range(first, max(bisect_right(self.starts, max(span.end - 1, span.start)), first + 1))

    def confidence(self, span: Span) -> float:
        """The least confidence of the lines that a span touches."""
        return min(self.confidences[line] for line in self.lines_at(span))

    def surest(self, signal: Signal) -> int | None:
        """The line of a signal's spans in pictures that was read most surely, the first of equals; None without one."""
        lines = [line for span in signal.spans if span.field == PICTURE for line in self.lines_at(span)]
        return min(lines, key=lambda line: (-self.confidences[line], line), default=None)


def as_read(one: Sighting, words: PictureWords) -> Sighting:
    """A sighting in a picture as far as a reading bears it: less where the reader was unsure, no slip as a disguise."""
    share = words.confidence(one.span) * (LOOKALIKE_SHARE if one.signal == LOOKALIKE else 1.0)
    signal = one.signal
    if signal == DISGUISED and MASKED not in one.facts.get("tricks", "").split(", "):
        signal = MARK
    return msgspec.structs.replace(one, signal=signal, alone=one.alone * share, backed=one.backed * share)
