"""Which marks are too plain to look for: a disc, a bar, a stripe or a letter is in every other photograph."""

import string
from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.templates import Pixels

ALIKE = 0.78  # share of a drawing's variance that one plain shape explains; leaves out 16 of the 508 marks of dev
_SIDE = 40
_BIG = 160

Rows = npt.NDArray[np.float32]
Canvas = npt.NDArray[np.integer | np.floating]


def plain_shape(alpha: Pixels) -> str | None:
    """Name of the plain shape that a mark (alpha, cut to its ink) is nearly, or None for a mark of its own.

    Both are stretched to one square, so that an oval counts as a disc and a long bar as a block; R squared of the
    best shape decides. A mark that fills its box is a block, whatever its size.
    """
    drawn = np.asarray(cv2.resize(alpha, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) / 255, np.float32)
    if float(drawn.mean()) > 0.93:
        return "block"
    row = _normal(drawn)
    names, shapes = _shapes()
    alike = np.square(shapes @ row)
    best = int(alike.argmax())
    return names[best] if alike[best] >= ALIKE else None


@cache
def _shapes() -> tuple[tuple[str, ...], Rows]:
    named = [(name, _normal(_fitted(canvas))) for name, canvas in _drawn()]
    return tuple(name for name, _ in named), np.stack([row for _, row in named])


def _drawn() -> Iterator[tuple[str, Canvas]]:
    middle, full = (_BIG // 2, _BIG // 2), _BIG - 1
    yield "disc", cv2.circle(_blank(), middle, _BIG // 2 - 1, 255, -1)
    for wide in (0.1, 0.2, 0.35):
        edge = round(wide * _BIG)
        yield "ring", cv2.circle(_blank(), middle, (_BIG - edge) // 2 - 1, 255, edge)
        yield "frame", cv2.rectangle(_blank(), (edge // 2, edge // 2), (full - edge // 2, full - edge // 2), 255, edge)
        yield "cross", _bars(wide, 1) | _bars(wide, 1).T
        yield "slanted cross", _line(edge) | _line(edge)[:, ::-1]
        yield "slanted bar", _line(edge)
        yield "slanted bar", np.ascontiguousarray(_line(edge)[:, ::-1])
    for turn in range(4):
        corners = np.array([[0, full], [full, full], [_BIG // 2, 0]])
        yield "triangle", np.rot90(cv2.fillPoly(_blank(), [corners], 255), turn)
        yield "half a block", np.rot90(cv2.fillPoly(_blank(), [np.array([[0, 0], [full, full], [0, full]])], 255), turn)
    rhomb = np.array([[0, _BIG // 2], [_BIG // 2, 0], [full, _BIG // 2], [_BIG // 2, full]])
    yield "rhomb", cv2.fillPoly(_blank(), [rhomb], 255)
    for count in (2, 3, 4, 5):
        for wide in (0.35, 0.5, 0.7, 0.85):
            stripes = _bars(wide / count, count)
            yield "stripes", stripes
            yield "stripes", stripes.T
            for lean in (0.25, 0.5):
                yield from (("slanted stripes", _leaning(stripes.T, way * lean)) for way in (1, -1))
    for letter in string.ascii_uppercase + string.digits:
        for thick in (10, 18, 26):
            put = cv2.putText(_blank(2), letter, (60, 240), cv2.FONT_HERSHEY_SIMPLEX, 7.0, 255, thick, cv2.LINE_AA)
            yield f"letter {letter}", put


def _blank(times: int = 1) -> Pixels:
    return np.zeros((times * _BIG, times * _BIG), np.uint8)


def _line(wide: int) -> Pixels:
    return np.asarray(cv2.line(_blank(), (0, _BIG - 1), (_BIG - 1, 0), 255, wide), np.uint8)


def _bars(wide: float, count: int) -> Pixels:
    """`count` level bars of `wide` (share of the side), the outer ones at the edges; one alone in the middle."""
    out, thick = _blank(), round(wide * _BIG)
    for top in np.linspace(0, _BIG - thick, count) if count > 1 else [(_BIG - thick) / 2]:
        out[round(float(top)) : round(float(top)) + thick] = 255
    return out


def _leaning(upright: Pixels, lean: float) -> Pixels:
    matrix = np.array([[1.0, lean, _BIG * (0.6 - lean / 2)], [0.0, 1.0, 0.0]])
    return np.asarray(cv2.warpAffine(np.ascontiguousarray(upright), matrix, (round(2.2 * _BIG), _BIG)), np.uint8)


def _fitted(canvas: Canvas) -> Rows:
    """Cut to its ink and stretched to the square."""
    rows, columns = np.flatnonzero(canvas.max(axis=1) > 64), np.flatnonzero(canvas.max(axis=0) > 64)
    ink = np.ascontiguousarray(canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    return np.asarray(cv2.resize(ink, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) / 255, np.float32)


def _normal(drawn: Rows) -> Rows:
    """Mean 0, length 1, after a blur that forgives a pixel of difference."""
    soft = cv2.GaussianBlur(drawn, (0, 0), 1.0).ravel()
    soft = soft - soft.mean()
    return np.asarray(soft / (np.linalg.norm(soft) + 1e-6), np.float32)
