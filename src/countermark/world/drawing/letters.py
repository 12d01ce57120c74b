"""Capitals of our own, drawn as lines: no font is needed, and no machine draws them differently."""

import numpy as np

from countermark.world.drawing.shapes import Path, arc, curve, path

#: For each letter its width and its lines, in a box one unit high, y downwards.
Glyph = tuple[float, tuple[Path, ...]]


def _half_ellipse(top: float, bottom: float, width: float, start: float) -> Path:
    return arc((start, (top + bottom) / 2), (width, (bottom - top) / 2), -90, 90)


_STEM = path((0, 0), (0, 1))

LETTERS: dict[str, Glyph] = {
    "A": (0.86, (path((0, 1), (0.43, 0), (0.86, 1)), path((0.16, 0.66), (0.7, 0.66)))),
    "B": (0.58, (_STEM, path((0, 0), (0.3, 0)), _half_ellipse(0, 0.48, 0.24, 0.3), path((0.3, 0.48), (0, 0.48)),
                 path((0.3, 0.48), (0.32, 0.48)), _half_ellipse(0.48, 1, 0.27, 0.32), path((0.32, 1), (0, 1)))),
    "C": (0.84, (arc((0.5, 0.5), (0.5, 0.5), 312, 48, 60),)),
    "D": (0.8, (_STEM, path((0, 0), (0.3, 0)), _half_ellipse(0, 1, 0.5, 0.3), path((0.3, 1), (0, 1)))),
    "E": (0.52, (_STEM, path((0, 0), (0.52, 0)), path((0, 0.49), (0.44, 0.49)), path((0, 1), (0.52, 1)))),
    "F": (0.5, (_STEM, path((0, 0), (0.5, 0)), path((0, 0.49), (0.42, 0.49)))),
    "G": (0.92, (arc((0.5, 0.5), (0.5, 0.5), 312, 0, 60), path((1.0, 0.5), (0.62, 0.5)))),
    "H": (0.72, (_STEM, path((0.72, 0), (0.72, 1)), path((0, 0.49), (0.72, 0.49)))),
    "I": (0.0, (_STEM,)),
    "K": (0.62, (_STEM, path((0.6, 0), (0, 0.56)), path((0.2, 0.4), (0.62, 1)))),
    "L": (0.5, (_STEM, path((0, 1), (0.5, 1)))),
    "M": (0.9, (path((0, 1), (0.05, 0), (0.45, 0.74), (0.85, 0), (0.9, 1)),)),
    "N": (0.74, (path((0, 1), (0, 0), (0.74, 1), (0.74, 0)),)),
    "O": (1.0, (arc((0.5, 0.5), (0.5, 0.5), 0, 360, 80),)),
    "P": (0.55, (_STEM, path((0, 0), (0.3, 0)), _half_ellipse(0, 0.52, 0.25, 0.3), path((0.3, 0.52), (0, 0.52)))),
    "R": (0.6, (_STEM, path((0, 0), (0.3, 0)), _half_ellipse(0, 0.5, 0.25, 0.3), path((0.3, 0.5), (0, 0.5)),
                path((0.26, 0.5), (0.6, 1)))),
    "S": (0.56, (curve((0.52, 0.14), ((0.4, -0.04), (0.04, -0.06), (0.04, 0.24)),
                       ((0.04, 0.54), (0.56, 0.44), (0.56, 0.74)), ((0.56, 1.06), (0.14, 1.06), (0, 0.84))),)),
    "T": (0.66, (path((0, 0), (0.66, 0)), path((0.33, 0), (0.33, 1)))),
    "U": (0.7, (curve((0, 0), ((0, 0.4), (0, 0.62), (0, 0.62)), ((0, 1.12), (0.7, 1.12), (0.7, 0.62)),
                      ((0.7, 0.62), (0.7, 0.4), (0.7, 0))),)),
    "V": (0.84, (path((0, 0), (0.42, 1), (0.84, 0)),)),
    "W": (1.16, (path((0, 0), (0.29, 1), (0.58, 0.1), (0.87, 1), (1.16, 0)),)),
    "Y": (0.78, (path((0, 0), (0.39, 0.52), (0.78, 0)), path((0.39, 0.52), (0.39, 1)))),
    "X": (0.74, (path((0, 0), (0.74, 1)), path((0.74, 0), (0, 1)))),
}  # fmt: skip
_SPACE = 0.4


def word(text: str, x: float, y: float, height: float, *, tracking: float = 0.42) -> list[Path]:
    """The lines of a word, centred at (x, y); `height` of a capital and `tracking` (space between) in its units.

    Letters that are not drawn here are left out.
    """
    widths = [LETTERS[letter][0] if letter in LETTERS else _SPACE for letter in text]
    total = sum(widths) + tracking * (len(text) - 1)
    lines: list[Path] = []
    at = -total / 2
    for letter, width in zip(text, widths, strict=True):
        corner = np.array([at, -0.5])
        drawn = LETTERS[letter][1] if letter in LETTERS else ()
        lines.extend((line + corner) * height + np.array([x, y]) for line in drawn)
        at += width + tracking
    return lines


def width_of(text: str, height: float, *, tracking: float = 0.42) -> float:
    """How wide a word will be, in units."""
    widths = [LETTERS[letter][0] if letter in LETTERS else _SPACE for letter in text]
    return height * (sum(widths) + tracking * (len(text) - 1))
