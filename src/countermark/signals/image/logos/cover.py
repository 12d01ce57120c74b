"""How much of a found mark the photo really shows: a covered or smeared part has no outline."""

import numpy as np

from countermark.signals.image.logos.edges import Field, edge_field
from countermark.signals.image.logos.templates import Pixels

_CELL = 7  # the window of 56 pixels in 8 x 8 cells
_SHOWN = 0.3  # mean agreement of a cell below which its outline counts as missing


def hidden_share(window: Pixels, reference: Field) -> float:
    """Share (0 to 1) of the reference's outline, by cells, that the photo does not show in an upright `window`."""
    seen = edge_field(window)
    strength = reference[2]
    best = np.zeros_like(strength)
    for down in (-2, -1, 0, 1, 2):
        for right in (-2, -1, 0, 1, 2):
            there = np.roll(seen, (down, right), axis=(1, 2))
            same = reference[0] * there[0] + reference[1] * there[1]
            best = np.maximum(best, same / (strength * np.maximum(there[2], 0.2) + 1e-3) * np.minimum(there[2] * 4, 1))
    cells = strength.shape[0] // _CELL
    weight = strength.reshape(cells, _CELL, cells, _CELL).sum(axis=(1, 3))
    agree = (best * strength).reshape(cells, _CELL, cells, _CELL).sum(axis=(1, 3)) / (weight + 1e-6)
    counted = weight > 0.15 * weight.max()
    if not counted.any():
        return 0.0
    missing = counted & (agree < _SHOWN)
    return round(float(weight[missing].sum() / weight[counted].sum()), 3)
