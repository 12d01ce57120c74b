"""Uniform borders: bars and frames that were laid round a picture, found and cut before it is compared."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from countermark.signals.image.dct256 import LEAST_SIDE, GreyPixels

#: Grey levels by which a border may vary, along a line and from line to line: what JPEG makes of one colour.
TOLERANCE = 12
#: Borders within borders that are cut, at most.
LAYERS = 3


@dataclass(frozen=True, slots=True)
class Box:
    """Part of a picture in pixels; top and left included, bottom and right not."""

    top: int
    bottom: int
    left: int
    right: int

    def cut(self, grey: GreyPixels) -> GreyPixels:
        """That part, as an array of its own."""
        return np.ascontiguousarray(grey[self.top : self.bottom, self.left : self.right])

    def shares(self, height: int, width: int) -> npt.NDArray[np.float64]:
        """Its corners as shares of the sides of a picture of that size, shape (4, 2), from the top left clockwise."""
        left, right, top, bottom = self.left / width, self.right / width, self.top / height, self.bottom / height
        return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def inside_borders(grey: GreyPixels) -> list[Box]:
    """What is left inside uniform borders, the outermost border cut first; empty when there are none.

    A border is a run of rows or columns from an edge, each of one grey and all of the same. White round a product is
    one too, so whoever compares should compare with and without, and step by step: a frame laid round such a picture
    ends where the picture's own white begins. Parts too small to be compared are left out.
    """
    boxes: list[Box] = []
    if not _edge_is_uniform(grey):
        return boxes
    box = Box(0, grey.shape[0], 0, grey.shape[1])
    for _ in range(LAYERS):
        smaller = _peel(grey, box)
        if smaller == box or min(smaller.bottom - smaller.top, smaller.right - smaller.left) < LEAST_SIDE:
            break
        boxes.append(box := smaller)
    return boxes


def _edge_is_uniform(grey: GreyPixels) -> bool:
    """Whether any of the four outermost lines is of one grey; most photographs end here."""
    lines = (grey[0], grey[-1], grey[:, 0], grey[:, -1])
    return any(int(line.max()) - int(line.min()) <= TOLERANCE for line in lines)


def _peel(grey: GreyPixels, box: Box) -> Box:
    part = grey[box.top : box.bottom, box.left : box.right]
    first, last = _runs(part, along=1)
    if first + last >= len(part):
        return Box(box.top, box.top, box.left, box.left)
    left, right = _runs(part[first : len(part) - last], along=0)
    return Box(box.top + first, box.bottom - last, box.left + left, max(box.left + left, box.right - right))


def _runs(part: GreyPixels, along: int) -> tuple[int, int]:
    """How many lines at the beginning and at the end are border."""
    least, most = part.min(axis=along).astype(np.int16), part.max(axis=along).astype(np.int16)
    middle = np.where(most - least <= TOLERANCE, (least + most) // 2, -1)
    return _run(middle), _run(middle[::-1])


def _run(middle: npt.NDArray[np.int16]) -> int:
    if middle[0] < 0:
        return 0
    same = (middle >= 0) & (np.abs(middle - middle[0]) <= TOLERANCE)
    return len(same) if same.all() else int(same.argmin())
