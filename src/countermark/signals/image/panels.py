"""Pictures within a picture: the photo on a screenshot, the panels of a collage, found by straight cuts."""

import cv2
import numpy as np

from countermark.signals.image.borders import TOLERANCE, Box
from countermark.signals.image.dct256 import LEAST_SIDE, GreyPixels

#: Panels that are handed on, the largest; a screenshot has one that matters, most collages four.
MOST_PANELS = 6
#: Share of a picture's area below which a panel is no photograph but a button or an avatar.
LEAST_AREA = 0.04
#: Cuts within cuts.
_DEPTH = 4
#: A seam is a step of so many grey levels in at least this share of its length, and on average so many times the
#: steps beside it: straight edges inside photographs hardly ever run from border to border.
_STEP, _LENGTH, _ABOVE = 8, 0.8, 2.5


def panels(grey: GreyPixels) -> list[Box]:
    """Parts between gutters of one grey, or on either side of a seam, the largest first; most photographs have none."""
    height, width = grey.shape
    found: list[Box] = []
    open_boxes = [(Box(0, height, 0, width), 0)]
    while open_boxes:
        box, depth = open_boxes.pop(0)
        parts = _parts(grey, box) if depth < _DEPTH else []
        for part in parts:
            if (part.bottom - part.top) * (part.right - part.left) >= LEAST_AREA * height * width:
                found.append(part)
                open_boxes.append((part, depth + 1))
    return sorted(found, key=lambda box: ((box.top - box.bottom) * (box.right - box.left), box.top, box.left))[
        :MOST_PANELS
    ]


def _parts(grey: GreyPixels, box: Box) -> list[Box]:
    """What a box falls into by its first cut: gutters before seams, rows before columns."""
    part = grey[box.top : box.bottom, box.left : box.right]
    for cut in (_between_gutters, _beside_seam):
        for along in (1, 0):
            size = part.shape[1 - along]
            runs = [run for run in cut(part if along else part.T) if run[1] - run[0] >= LEAST_SIDE]
            if runs and runs != [(0, size)]:
                return [_piece(box, run, rows=bool(along)) for run in runs]
    return []


def _piece(box: Box, run: tuple[int, int], *, rows: bool) -> Box:
    if rows:
        return Box(box.top + run[0], box.top + run[1], box.left, box.right)
    return Box(box.top, box.bottom, box.left + run[0], box.left + run[1])


def _between_gutters(part: GreyPixels) -> list[tuple[int, int]]:
    """Runs of rows that are not of one grey."""
    plain = np.ones(len(part) + 2, np.bool_)
    plain[1:-1] = part.max(axis=1) - part.min(axis=1) <= TOLERANCE
    edges = np.flatnonzero(plain[1:] != plain[:-1])
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _beside_seam(part: GreyPixels) -> list[tuple[int, int]]:
    """The rows above and below the clearest seam; all rows when there is none."""
    rows = len(part)
    if rows < 2 * LEAST_SIDE:
        return [(0, rows)]
    part = np.ascontiguousarray(part)
    steps = cv2.absdiff(part[2:], part[:-2])
    mean = cv2.reduce(steps, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] / steps.shape[1]
    beside = np.full(len(mean), np.inf)
    beside[4:-4] = np.maximum(mean[:-8], mean[8:])
    seam = mean > _ABOVE * beside
    seam[seam] = (steps[seam] > _STEP).mean(axis=1) >= _LENGTH
    if not seam.any():
        return [(0, rows)]
    at = int(np.argmax(np.where(seam, mean / np.maximum(beside, 1.0), 0)))
    return [(0, at + 1), (at + 2, rows)]
