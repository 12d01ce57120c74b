"""Which references a picture may show: pairs of near words vote for a reference, a turn and a scale."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from countermark.signals.image.copies.features import STEP, Places, Sides
from countermark.signals.image.copies.references import References
from countermark.signals.image.copies.words import Pairs

#: References whose pairs are looked at by turn and scale, and those that are handed on.
COUNTED, HANDED_ON = 48, 5
#: Votes below which a reference is not handed on, and is not worth describing more corners for, when only one in two
#: has been: of 1,998 hard copies none had fewer with all corners, five with one in two.
LEAST_VOTES, FIRST_VOTES = 2.5, 1.8
#: Bins of 20 degrees, and of one step of scale from -8 to 8; a vote falls into two neighbours of each.
_TURNS, _SCALES, _MIDDLE = 18, 18, 8
_SIDES = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference that may be shown.

    Attributes:
        number: of the reference.
        side: of the picture, on which it may be shown.
        votes: weight of the pairs that agree on a turn and a scale.
        pairs: those pairs.
        weights: of each pair: a word that many references have says little about one of them.
    """

    number: int
    side: int
    votes: float
    pairs: Pairs
    weights: npt.NDArray[np.float64]


def candidates(references: References, pairs: Pairs, sides: Sides, least: float = LEAST_VOTES) -> list[Candidate]:
    """The references with most votes, strongest first, at most HANDED_ON; none with fewer than `least`.

    Args:
        references: whose corners the pairs name.
        pairs: near words of the picture and of references.
        sides: corners of the picture. A reference is looked for on each side by itself.
        least: votes asked for.
    """
    if not len(pairs):
        return []
    owners = references.owner[pairs.reference] * np.int32(_SIDES) + sides.side[pairs.query]
    weights = 1.0 / np.sqrt(np.bincount(pairs.query, minlength=len(sides))[pairs.query])
    # All the pairs of a reference are at least the pairs of one of its bins, so most references end here.
    totals = np.bincount(owners, weights)
    counted = np.flatnonzero(totals >= least)
    if not len(counted):
        return []
    counted = np.sort(counted[np.argsort(-totals[counted], kind="stable")[:COUNTED]])
    slots = np.full(len(totals), -1)
    slots[counted] = np.arange(len(counted))
    slot = slots[owners]
    kept = np.flatnonzero(slot >= 0)
    query, other, weights, slot = pairs.query[kept], pairs.reference[kept], weights[kept], slot[kept]
    turn, scale = _bins(sides.places[query], references.places(other))
    votes = _counted(slot, turn, scale, weights, len(counted))
    best = votes.max(1)
    found = []
    for place in np.argsort(-best, kind="stable")[:HANDED_ON].tolist():
        if best[place] < least:
            break
        top_turn, top_scale = divmod(int(votes[place].argmax()), _SCALES)
        near = (slot == place) & ((top_turn - turn) % _TURNS <= 1) & (top_scale - scale >= 0) & (top_scale - scale <= 1)
        mine = np.flatnonzero(near)
        number, side = divmod(int(counted[place]), _SIDES)
        found.append(Candidate(number, side, float(best[place]), Pairs(query[mine], other[mine]), weights[mine]))
    return found


def _bins(picture: Places, reference: Places) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    turn = ((picture[:, 2] - reference[:, 2]) % 360 / (360 / _TURNS)).astype(np.intp) % _TURNS
    steps = np.rint(np.log(picture[:, 3] / reference[:, 3]) / np.log(STEP)).astype(np.intp)
    return turn, np.clip(steps + _MIDDLE, 0, _SCALES - 2)


def _counted(
    slot: npt.NDArray[np.intp],
    turn: npt.NDArray[np.intp],
    scale: npt.NDArray[np.intp],
    weights: npt.NDArray[np.float64],
    slots: int,
) -> npt.NDArray[np.float64]:
    """Votes of shape (slots, turns times scales)."""
    votes = np.zeros(slots * _TURNS * _SCALES)
    for further in (0, 1):
        for larger in (0, 1):
            bins = (slot * _TURNS + (turn + further) % _TURNS) * _SCALES + scale + larger
            votes += np.bincount(bins, weights, len(votes))
    return votes.reshape(slots, -1)
