"""What people do to a logo to get it past a filter: a bar, a smear, coarse pixels over one side of it."""

import cv2
import numpy as np

from countermark.signals.image.logos.pairs import carry
from countermark.signals.image.logos.templates import Matrix, Pixels

WAYS = ("bar", "smear", "pixels")


def hide(photo: Pixels, pose: Matrix, aspect: tuple[float, float], share: float, rng: np.random.Generator) -> Pixels:
    """The photo with `share` of the mark that `pose` printed hidden, from one of its ends along its longer side."""
    x, y = aspect
    end = -1 if rng.random() < 0.5 else 1
    near, far = end * 1.06, end * (1 - 2 * share)
    box = [[near * x, -1.1 * y], [far * x, -1.1 * y], [far * x, 1.1 * y], [near * x, 1.1 * y]]
    if y > x:
        box = [[-1.1 * x, near * y], [-1.1 * x, far * y], [1.1 * x, far * y], [1.1 * x, near * y]]
    corners = carry(pose, np.array(box))
    mask = np.zeros(photo.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    long = float(np.ptp(corners, axis=0).max())
    way = WAYS[int(rng.integers(len(WAYS)))]
    if way == "bar":
        other: Pixels = np.broadcast_to(rng.integers(0, 256, 3).astype(np.uint8), photo.shape)
    elif way == "smear":
        other = np.asarray(cv2.GaussianBlur(photo, (0, 0), max(3.0, long / 6)), np.uint8)
    else:
        step = max(4, round(long / 4))
        size = (max(1, photo.shape[1] // step), max(1, photo.shape[0] // step))
        coarse = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
        other = np.asarray(cv2.resize(coarse, photo.shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
    return np.where(mask[..., None] > 0, other, photo)
