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
#: Grey levels by which the ring round a corner differs from it at least (FAST): most pictures have corners enough at
#: the first; the second takes twice the time.
CONTRASTS = (15, 7)
_EDGE = 16
_NO_PIXEL_LOST = 0.5

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


@dataclass(frozen=True, slots=True)
class Sides:
    """Corners of a picture and of its mirror image.

    Attributes:
        places, bits: as of `Features`; places in pixels of the side that they lie on.
        side: of each corner, 0 for the picture and 1 for its mirror image, shape (n,).
    """

    places: Places
    bits: Words
    side: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.places)

    def of(self, side: int) -> Features:
        """The corners of one side."""
        mine = self.side == side
        return Features(self.places[mine], self.bits[mine])

    def with_more(self, more: "Sides") -> "Sides":
        """These corners, and then `more`."""
        return Sides(*(np.concatenate([getattr(one, name) for one in (self, more)]) for name in self.__slots__))


def framed(grey: GreyPixels, side: int, *, quickly: bool = False) -> GreyPixels:
    """The picture enlarged or reduced so that its longer side has `side` pixels; its shape is kept.

    With `quickly` it is reduced as it would be enlarged as long as no pixel is passed over, which takes a sixth of the
    time.
    """
    share = side / max(grey.shape)
    size = max(round(grey.shape[1] * share), 1), max(round(grey.shape[0] * share), 1)
    how = cv2.INTER_LINEAR if share >= (_NO_PIXEL_LOST if quickly else 1) else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8)


def query_corners(frame: GreyPixels) -> list[cv2.KeyPoint]:
    """Corners of a picture framed at QUERY_SIDE, at most QUERY_CORNERS, finest scale first, not yet described."""
    return _corners(frame, QUERY_CORNERS, QUERY_LEVELS, CONTRASTS)


def described_sides(frame: GreyPixels, corners: list[cv2.KeyPoint]) -> Sides:
    """What is round corners of a picture, and round the same in its mirror image, in pixels of the mirror image.

    Both have the same corners, so nobody looks for them twice.
    """
    orb = _orb(QUERY_CORNERS, QUERY_LEVELS)
    places = _places(corners)
    mirrored = places * np.array([-1, 1, -1, 1], np.float32) + np.array([frame.shape[1] - 1, 0, 180, 0], np.float32)
    mirrored[:, 2] %= 360
    turned = [
        cv2.KeyPoint(x, y, corner.size, turn, 0, corner.octave)
        for (x, y, turn, _), corner in zip(mirrored.tolist(), corners, strict=True)
    ]
    mirror = np.ascontiguousarray(frame[:, ::-1])
    return Sides(
        np.concatenate([places, mirrored]),
        np.concatenate([_described(orb, frame, corners), _described(orb, mirror, turned)]),
        np.repeat(np.arange(2, dtype=np.int32), len(corners)),
    )


def reference_features(frame: GreyPixels) -> Features:
    """Corners of a picture framed at REFERENCE_SIDE, equally many at each scale as far as there are any."""
    corners = _corners(frame, REFERENCE_CORNERS, REFERENCE_LEVELS)
    return Features(_places(corners), _described(_orb(REFERENCE_CORNERS, REFERENCE_LEVELS), frame, corners))


def _orb(corners: int, levels: int, contrast: int = CONTRASTS[-1]) -> cv2.ORB:
    return cv2.ORB.create(corners, STEP, levels, edgeThreshold=_EDGE, patchSize=31, fastThreshold=contrast)


def _corners(
    frame: GreyPixels, wanted: int, levels: int, contrasts: tuple[int, ...] = CONTRASTS[-1:]
) -> list[cv2.KeyPoint]:
    """The strongest corner of each cell at each scale, then the second of each, until there are enough."""
    found: list[cv2.KeyPoint] = []
    for contrast in contrasts:
        found = list(_orb(int(wanted * _CHOICE), levels, contrast).detect(frame, None))
        if len(found) >= wanted:
            break
    if len(found) <= wanted:
        return found
    across, down = np.asarray(cv2.KeyPoint.convert(found)).T
    cell = down * CELLS // frame.shape[0] * CELLS + across * CELLS // frame.shape[1]
    group = np.array([corner.octave for corner in found]) * CELLS * CELLS + cell
    strongest = np.argsort(-np.array([corner.response for corner in found]), kind="stable")
    turn = np.argsort(_ranks(group[strongest].astype(np.int16)), kind="stable")[:wanted]
    return [found[number] for number in np.sort(strongest[turn]).tolist()]


def _ranks(groups: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """How many of the same group come before each."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    first = np.zeros(len(order), np.int16)
    first[1:] = np.where(ordered[1:] != ordered[:-1], np.arange(1, len(order), dtype=np.int16), 0)
    ranks = np.empty(len(order), np.int16)
    ranks[order] = np.arange(len(order), dtype=np.int16) - np.maximum.accumulate(first)
    return ranks


def _places(corners: list[cv2.KeyPoint]) -> Places:
    """As in `Features.places`."""
    places = np.empty((len(corners), 4), np.float32)
    if corners:
        places[:, :2] = cv2.KeyPoint.convert(corners)
        places[:, 2] = [corner.angle for corner in corners]
        places[:, 3] = STEP ** np.array([corner.octave for corner in corners])
    return places


def _described(orb: cv2.ORB, frame: GreyPixels, corners: list[cv2.KeyPoint]) -> Words:
    """Bits of each corner. They keep the distance from the edge that describing asks for, so none is lost."""
    if not corners:
        return np.zeros((0, 4), np.uint64)
    return np.ascontiguousarray(orb.compute(frame, corners)[1], np.uint8).view(np.uint64)
