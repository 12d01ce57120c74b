"""How much of a found mark the photo really shows: a covered or smeared part has lost its outline and its ink."""

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.edges import Field, edge_field
from countermark.signals.image.logos.templates import Pixels

_CELL = 7  # the window of 56 pixels in 8 x 8 cells
_SHOWN = 0.45  # mean agreement of a cell below which its outline counts as missing
_INKED = 0.6  # mean ink, where the drawing has ink, below which a cell's ink counts as missing
_LEAST_INK = 8  # pixels of ink that a cell needs to be asked for it
_ROUNDS = 3

Cells = npt.NDArray[np.float32]


def hidden_share(window: Pixels, reference: Field, ink: npt.NDArray[np.float32]) -> float:
    """Share (0 to 1) of a mark, by cells, in the largest connected part that an upright window does not show.

    Args:
        window: (56, 56, 3).
        reference: the drawing's edge field (3, 56, 56).
        ink: the drawing's alpha (56, 56), 0 to 1.
    """
    seen = edge_field(window)
    outline, agree = _outline(seen, reference)
    counted = outline > 0.15 * outline.max()
    missing = (counted & (agree < _SHOWN)) | _without_ink(window, ink)
    weight = np.where(counted, outline, 0)
    if weight.sum() <= 0:
        return 0.0
    count, labels = cv2.connectedComponents(missing.astype(np.uint8), connectivity=8)
    parts = [float(weight[labels == part].sum()) for part in range(1, count)]
    return round(max(parts, default=0.0) / float(weight.sum()), 3)


def _outline(seen: Field, reference: Field) -> tuple[Cells, Cells]:
    """Outline of each cell, and how well the photo's edges agree with it in place (within 2 pixels) and direction."""
    strength = reference[2]
    best = np.zeros_like(strength)
    for down in (-2, -1, 0, 1, 2):
        for right in (-2, -1, 0, 1, 2):
            there = np.roll(seen, (down, right), axis=(1, 2))
            same = reference[0] * there[0] + reference[1] * there[1]
            best = np.maximum(best, same / (strength * np.maximum(there[2], 0.2) + 1e-3) * np.minimum(there[2] * 4, 1))
    weight = _cells(strength)
    return weight, _cells(best * strength) / (weight + 1e-6)


def _without_ink(window: Pixels, ink: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Cells that should hold ink and hold another colour, by a regression that leaves such cells out."""
    colours = np.dstack([window.astype(np.float32) / 255, np.ones(ink.shape, np.float32)]).reshape(-1, 4)
    solid = ink > 0.8
    pixels = _cells(solid.astype(np.float32))
    asked = pixels >= _LEAST_INK
    missing = np.zeros(asked.shape, bool)
    for _ in range(_ROUNDS):
        trusted = ~np.kron(missing, np.ones((_CELL, _CELL), bool)).ravel()
        if trusted.sum() < len(trusted) / 4:
            break
        known = colours[trusted]
        square = known.T @ known + 1e-3 * len(known) * np.diag([1.0, 1.0, 1.0, 0.0]).astype(np.float32)
        mix = np.linalg.solve(square, known.T @ ink.ravel()[trusted])
        shown = (colours @ mix).reshape(ink.shape)
        # What the mix makes of all ink is the scale: on loud cloth even whole ink comes out far below 1.
        usual = float(np.median(shown[solid])) if solid.any() else 1.0
        bare = float(np.median(shown[ink < 0.1])) if (ink < 0.1).any() else 0.0
        share = (_cells(np.where(solid, shown, 0)) / np.maximum(pixels, 1) - bare) / max(usual - bare, 0.1)
        missing = asked & (share < _INKED)
    return missing


def _cells(field: npt.NDArray[np.float32]) -> Cells:
    count = field.shape[0] // _CELL
    return np.asarray(field.reshape(count, _CELL, count, _CELL).sum(axis=(1, 3)), np.float32)
