"""Whether two pictures agree pixel by pixel where one is said to lie in the other."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.copies.placing import Matrix, moved
from countermark.signals.image.dct256 import GreyPixels

#: Pixels of the longer side at which the part that both show is compared, and of a block.
SIDE, BLOCK = 128, 8
#: Correlation from which a block agrees, and agrees closely.
AGREES, CLOSELY = 0.6, 0.8
#: Variance in grey levels squared below which a block is plain in both and says nothing.
PLAIN = 30.0
#: Grey levels by which two plain blocks may differ, after the light is evened out, and still be one ground.
SAME_LEVEL = 3.0
#: Shares of each side of a reference that are its middle, and the heart of that.
MIDDLE, HEART = 0.5, 0.34
#: The least part of a reference that is compared, in pixels of the framed reference.
LEAST_PART = 16.0
#: Of several copies of a picture, each half the size: enough for any reduction that is still a picture.
_HALVINGS = 4

Means: TypeAlias = npt.NDArray[np.float32]
Blocks: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the part that both show agrees.

    Attributes:
        compared: blocks that are not plain.
        agreeing, close: how many of them agree, and agree closely.
        middle_compared, middle_close: the same of the blocks in the middle of the reference, where its goods are.
        heart_compared, heart_close: the same of the blocks in the heart of it, where small goods are.
        ground_shown: blocks outside the middle, plain ones too, which the picture shows.
        ground_alike: how many of them agree, or are plain in both and of one level.
        ground_plain, ground_level: those that are plain in both, and how many of these have one level.
        corners: the part in pixels of the framed reference, shape (4, 2).
        covers: share of the reference that the part is.
    """

    compared: int
    agreeing: int
    close: int
    middle_compared: int
    middle_close: int
    heart_compared: int
    heart_close: int
    ground_shown: int
    ground_alike: int
    ground_plain: int
    ground_level: int
    corners: Matrix
    covers: float

    @property
    def share(self) -> float:
        """Share of the compared blocks that agree."""
        return self.agreeing / max(self.compared, 1)


def agreement(
    matrix: Matrix, picture: GreyPixels, reference: GreyPixels, frame: tuple[int, int], *, align: bool = False
) -> Agreement | None:
    """Compare the part that both show.

    Args:
        matrix: from pixels of the framed reference to pixels of `picture`, shape (3, 3).
        picture: grey, framed.
        reference: grey, of any size, the shape of the framed reference.
        frame: height and width of the framed reference.
        align: first move the part by a few pixels to where it fits best (Evangelidis, Psarakis 2008).

    Returns:
        None when they have hardly a part in common.
    """
    part = _common(matrix, picture.shape, frame)
    if part is None:
        return None
    left, top, right, bottom = part
    scale = SIDE / max(right - left, bottom - top)
    width, height = (int(scale * side) // BLOCK * BLOCK for side in (right - left, bottom - top))
    if min(width, height) < 2 * BLOCK:
        return None
    to_reference = np.array([[1 / scale, 0, left], [0, 1 / scale, top], [0, 0, 1]])
    share = np.diag([reference.shape[1] / frame[1], reference.shape[0] / frame[0], 1.0])
    to_picture = matrix @ to_reference
    ours = _laid(reference, share @ to_reference, width, height)
    theirs = _laid(picture, to_picture, width, height)
    inside = _laid(np.full(picture.shape, 255, np.uint8), to_picture, width, height)
    if align:
        theirs, inside = _aligned(ours, theirs, inside)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    return _blocks(ours, theirs, inside, corners, frame)


def _common(
    matrix: Matrix, picture: tuple[int, ...], frame: tuple[int, int]
) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of what the picture shows of the framed reference."""
    if abs(float(np.linalg.det(matrix))) < 1e-3:
        return None
    height, width = picture[:2]
    corners = np.array([[0.0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ np.linalg.inv(matrix).T
    if np.sign(corners[:, 2]).min() <= 0:  # the picture would lie partly behind the eye
        return None
    seen = corners[:, :2] / corners[:, 2:]
    left, top = np.maximum(seen.min(0), 0).tolist()
    right, bottom = np.minimum(seen.max(0), [frame[1], frame[0]]).tolist()
    if right - left < LEAST_PART or bottom - top < LEAST_PART:
        return None
    return left, top, right, bottom


def _laid(grey: GreyPixels, matrix: Matrix, width: int, height: int) -> GreyPixels:
    """Read a picture through a matrix, from a halved copy where it is reduced, so that no pixel is passed over."""
    middle = moved(matrix, np.array([[0.0, 0], [1, 0], [0, 1]]) + np.array([width / 2, height / 2]))
    step = float(np.sqrt(abs(np.linalg.det(middle[1:] - middle[0]))))
    for _ in range(_HALVINGS):
        if step <= 1.5 or min(grey.shape) <= BLOCK:
            break
        size = grey.shape[1] // 2, grey.shape[0] // 2
        half = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        matrix = np.diag([half.shape[1] / grey.shape[1], half.shape[0] / grey.shape[0], 1.0]) @ matrix
        grey, step = half, step / 2
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(np.asarray(grey), matrix, (width, height), flags=how), np.uint8)


def _aligned(ours: GreyPixels, theirs: GreyPixels, inside: GreyPixels) -> tuple[GreyPixels, GreyPixels]:
    steps = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 1e-3)
    start = np.eye(2, 3, dtype=np.float32)
    try:
        _, warp = cv2.findTransformECC(ours, theirs, start, cv2.MOTION_AFFINE, steps, inside, 3)
    except cv2.error:  # it does not converge where nothing agrees
        return theirs, inside
    height, width = ours.shape
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved_both = (cv2.warpAffine(one, warp, (width, height), flags=how) for one in (theirs, inside))
    first, second = (np.asarray(one, np.uint8) for one in moved_both)
    return first, second


def _blocks(
    ours: GreyPixels, theirs: GreyPixels, inside: GreyPixels, corners: Matrix, frame: tuple[int, int]
) -> Agreement:
    a, b = ours.astype(np.float32), theirs.astype(np.float32)
    mean_a, mean_b = _means(a), _means(b)
    spread_a, spread_b = _means(a * a) - mean_a**2, _means(b * b) - mean_b**2
    both = _means(a * b) - mean_a * mean_b
    shown = _means(inside.astype(np.float32)) > 250
    compared = shown & (np.maximum(spread_a, spread_b) > PLAIN)
    correlation = both / np.sqrt(np.maximum(spread_a, 4.0) * np.maximum(spread_b, 4.0))
    close = compared & (correlation >= CLOSELY)
    agrees = compared & (correlation >= AGREES)
    plain = shown & (np.maximum(spread_a, spread_b) <= PLAIN)
    level = plain & _same_level(mean_a, mean_b, close)
    middle, heart = (_inner(share, compared.shape, corners, frame) for share in (MIDDLE, HEART))
    return Agreement(
        compared=int(compared.sum()),
        agreeing=int(agrees.sum()),
        close=int(close.sum()),
        middle_compared=int((compared & middle).sum()),
        middle_close=int((close & middle).sum()),
        heart_compared=int((compared & heart).sum()),
        heart_close=int((close & heart).sum()),
        ground_shown=int((shown & ~middle).sum()),
        ground_alike=int(((agrees | level) & ~middle).sum()),
        ground_plain=int((plain & ~middle).sum()),
        ground_level=int((level & ~middle).sum()),
        corners=corners,
        covers=float(np.prod(corners[2] - corners[0]) / (frame[0] * frame[1])),
    )


def _same_level(ours: Means, theirs: Means, close: Blocks) -> Blocks:
    """Which blocks have the level that the light on the closely agreeing ones lets expect."""
    if int(close.sum()) < 4 or float(np.ptp(ours[close])) < 1.0:
        return np.zeros(close.shape, np.bool_)
    gain, offset = np.polyfit(ours[close], theirs[close], 1)
    expected = np.clip(gain * ours + offset, 0, 255)
    return np.asarray(np.abs(theirs - expected) <= SAME_LEVEL)


def _inner(share: float, blocks: tuple[int, ...], corners: Matrix, frame: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Which blocks lie in the middle of the reference, in both directions."""
    inside = []
    for count, first, last, side in zip(blocks, corners[0, ::-1], corners[2, ::-1], frame, strict=True):
        place = (first + (np.arange(count) + 0.5) / count * (last - first)) / side
        inside.append(np.abs(place - 0.5) <= share / 2)
    return np.asarray(inside[0][:, None] & inside[1][None, :])


def _means(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    height, width = pixels.shape
    size = (width // BLOCK, height // BLOCK)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.float32)
