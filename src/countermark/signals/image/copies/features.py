"""Corners of a picture and what is round them: 256 bits each (ORB), spread over the picture and over its scales."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.dct256 import GreyPixels

#: Longer side in pixels. A reference is kept larger and at more scales than a query is looked at, because a part of it,
#: or a small copy of it, may fill the query.
QUERY_SIDE, REFERENCE_SIDE = 320, 600
#: Each scale is so many times smaller than the one before.
STEP = 1.25
QUERY_LEVELS, REFERENCE_LEVELS = 6, 9
#: Corners kept. Corners crowd where there is text or a pattern: the strongest of each cell come first.
QUERY_CORNERS, REFERENCE_CORNERS = 300, 1000
CELLS = 4
#: Corners detected for each that is kept.
_CHOICE = 2.5
_FAST = 7
_EDGE = 16

Places = npt.NDArray[np.float32]
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Features:
    """Corners of one picture.

    Attributes:
        places: shape (n, 4): x and y in pixels of the framed picture, direction in degrees, size in multiples of the
            finest scale.
        bits: shape (n, 4): 256 bits in four words of 64.
    """

    places: Places
    bits: Words

    def __len__(self) -> int:
        return len(self.places)


def framed(grey: GreyPixels, side: int) -> GreyPixels:
    """The picture enlarged or reduced so that its longer side has `side` pixels; its shape is kept."""
    share = side / max(grey.shape)
    size = max(round(grey.shape[1] * share), 1), max(round(grey.shape[0] * share), 1)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR), np.uint8)


def query_features(frame: GreyPixels) -> tuple[Features, Features]:
    """Corners of a picture framed at QUERY_SIDE, and the same of its mirror image, in pixels of the mirror image.

    The corners are the same in both and are detected once; only what is round them is read again.
    """
    corners = _corners(frame, QUERY_CORNERS, QUERY_LEVELS)
    orb = _orb(QUERY_CORNERS, QUERY_LEVELS)
    mirror = np.ascontiguousarray(frame[:, ::-1])
    last = frame.shape[1] - 1
    mirrored = [
        cv2.KeyPoint(last - k.pt[0], k.pt[1], k.size, (180 - k.angle) % 360, k.response, k.octave) for k in corners
    ]
    return _described(orb, frame, corners), _described(orb, mirror, mirrored)


def reference_features(frame: GreyPixels) -> Features:
    """Corners of a picture framed at REFERENCE_SIDE, equally many at each scale as far as there are any."""
    corners = _corners(frame, REFERENCE_CORNERS, REFERENCE_LEVELS)
    return _described(_orb(REFERENCE_CORNERS, REFERENCE_LEVELS), frame, corners)


def _orb(corners: int, levels: int) -> cv2.ORB:
    return cv2.ORB.create(corners, STEP, levels, edgeThreshold=_EDGE, patchSize=31, fastThreshold=_FAST)


def _corners(frame: GreyPixels, wanted: int, levels: int) -> list[cv2.KeyPoint]:
    """The strongest corner of each cell at each scale, then the second of each, until there are enough."""
    found = list(_orb(int(wanted * _CHOICE), levels).detect(frame, None))
    if len(found) <= wanted:
        return found
    rows = np.array([(k.pt[0], k.pt[1], k.octave, k.response) for k in found])
    cell = rows[:, 1] * CELLS // frame.shape[0] * CELLS + rows[:, 0] * CELLS // frame.shape[1]
    group = rows[:, 2] * CELLS * CELLS + cell
    order = np.lexsort((-rows[:, 3], group))
    ordered = group[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)]))
    chosen = order[np.lexsort((-rows[order, 3], rank))[:wanted]]
    return [found[number] for number in sorted(chosen.tolist())]


def _described(orb: cv2.ORB, frame: GreyPixels, corners: list[cv2.KeyPoint]) -> Features:
    kept, described = orb.compute(frame, corners)
    if not len(kept):
        return Features(np.zeros((0, 4), np.float32), np.zeros((0, 4), np.uint64))
    places = np.array([(k.pt[0], k.pt[1], k.angle, STEP**k.octave) for k in kept], np.float32)
    return Features(places, np.ascontiguousarray(described, np.uint8).view(np.uint64))
