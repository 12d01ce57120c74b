"""Outlines of what was recognised in a picture, from the facts of a reason to a drawing over the picture."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

#: Corners of one outline that are drawn; an outline of the engine has far fewer.
MOST_CORNERS = 64
#: The longer side of a picture is so many times as long as a number on it is tall.
NUMBER_SHARE = 18


@dataclass(frozen=True, slots=True)
class Outline:
    """One outline over a picture.

    Attributes:
        number: of the reason that rests on it.
        points: corners as SVG wants them, in pixels of the picture.
        x, y, size: where its number stands and how tall it is, in the same pixels.
    """

    number: int
    points: str
    x: float
    y: float
    size: float

    @classmethod
    def read(cls, number: int, written: str, width: int, height: int) -> Self | None:
        """Draw the fact `region` or `reference_region` of a reason over a picture of so many pixels.

        Args:
            number: of the reason.
            written: corners as shares of width and height, `0.1,0.2 0.9,0.2 0.9,0.8`.
            width, height: of the picture in pixels, 0 when unknown.

        Returns:
            The outline, kept inside the picture; None when the fact is no outline or the size is unknown.
        """
        corners = _corners(written)
        if len(corners) < 3 or width <= 0 or height <= 0:
            return None
        placed = [(round(x * width, 1), round(y * height, 1)) for x, y in corners]
        x, y = min(placed, key=sum)
        size = max(width, height) / NUMBER_SHARE
        # The number stands inside the picture, also for an outline that touches its edge.
        x, y = min(max(x, 0), width - size), max(y, size)
        return cls(number, " ".join(f"{x},{y}" for x, y in placed), round(x, 1), round(y, 1), round(size, 1))


def _corners(written: str) -> list[tuple[float, float]]:
    parts = written.split()
    if len(parts) > MOST_CORNERS:
        return []
    try:
        corners = [(float(x), float(y)) for x, y in (part.split(",") for part in parts)]
    except ValueError:
        return []
    if not all(math.isfinite(value) for corner in corners for value in corner):
        return []
    return [(_inside(x), _inside(y)) for x, y in corners]


def _inside(share: float) -> float:
    return min(1.0, max(0.0, share))


def outlines(
    regions: Iterable[tuple[int, str]],
    width: int,
    height: int,
) -> tuple[Outline, ...]:
    """The outlines that can be drawn over one picture, of pairs of a reason's number and its written region."""
    drawn = (Outline.read(number, written, width, height) for number, written in regions)
    return tuple(outline for outline in drawn if outline is not None)
