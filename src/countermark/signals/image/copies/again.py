"""Once a placing is guessed: more pairs of corners, looked for where it puts them, to place the reference better."""

import numpy as np

from countermark.signals.image.copies.features import STEP, Features
from countermark.signals.image.copies.placing import Placing, moved, place
from countermark.signals.image.copies.references import References
from countermark.signals.image.copies.words import Pairs

#: Pixels of the picture within which a corner may lie from where the guess puts it.
REACH = 16.0
#: Bits that may differ: the place is known, so less alike will do.
NEAR_BY = 72
#: Degrees, and steps of scale, by which a corner may differ from what the guess says.
TURN, STEPS = 30.0, 1.6


def placed_again(references: References, side: Features, number: int, guess: Placing) -> Placing | None:
    """A placing fitted to every pair that the guess makes likely; None when these agree on nothing.

    The index finds a part of the pairs only, and few pairs place a reference badly; none is trusted as evidence here:
    how many corners speak for a copy is counted among those of the index.
    """
    pairs = _pairs(references, side, number, guess)
    if len(pairs) <= int(guess.agree.sum()):
        return None
    return place(side.places[pairs.query], references.places(pairs.reference), np.ones(len(pairs)))


def _pairs(references: References, side: Features, number: int, guess: Placing) -> Pairs:
    """For each corner of the picture the most alike of the reference among those that the guess puts beside it."""
    own = references.corners_of(number)
    places = references.places(own)
    expected = moved(guess.matrix, places[:, :2])
    across, down = (side.places[:, axis, None] - expected[None, :, axis].astype(np.float32) for axis in (0, 1))
    query, other = np.nonzero(across * across + down * down < REACH * REACH)
    size = np.sqrt(abs(np.linalg.det(guess.matrix[:2, :2])))
    turn = np.rad2deg(np.arctan2(guess.matrix[1, 0], guess.matrix[0, 0]))
    steps = np.log(side.places[query, 3] / places[other, 3] / max(float(size), 1e-6)) / np.log(STEP)
    turned = (side.places[query, 2] - places[other, 2] - turn + 180) % 360 - 180
    likely = (np.abs(steps) < STEPS) & (np.abs(turned) < TURN)
    query, other = query[likely], other[likely]
    bits = np.bitwise_count(side.bits[query] ^ references.words.bits(own[other])).sum(axis=1, dtype=np.int32)
    order = np.lexsort((bits, query))
    first = order[np.r_[True, np.diff(query[order]) > 0][: len(order)]] if len(order) else order
    kept = first[bits[first] <= NEAR_BY]
    return Pairs(query[kept].astype(np.int32), own[other[kept]].astype(np.int32))
