"""Which references a picture may show: pairs of near words vote for a reference, a turn and a scale."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from countermark.signals.image.copies.features import STEP, Places
from countermark.signals.image.copies.words import Pairs

#: References whose pairs are looked at by turn and scale, and those that are handed on.
COUNTED, HANDED_ON = 24, 5
#: Bins of 20 degrees, and of one step of scale from -8 to 8; a vote falls into two neighbours of each.
_TURNS, _SCALES, _MIDDLE = 18, 18, 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference that may be shown.

    Attributes:
        number: of the reference.
        votes: weight of the pairs that agree on a turn and a scale.
        pairs: those pairs.
        weights: of each pair: a word that many references have says little about one of them.
    """

    number: int
    votes: float
    pairs: Pairs
    weights: npt.NDArray[np.float64]


def candidates(
    pairs: Pairs, picture: Places, reference: Places, owner: npt.NDArray[np.int32], references: int
) -> list[Candidate]:
    """The references with most votes, strongest first, at most HANDED_ON.

    Args:
        pairs: near words.
        picture: corners of the picture.
        reference: reference corners of the pairs.
        owner: reference of each of all reference corners.
        references: how many there are.
    """
    if not len(pairs):
        return []
    weights = 1.0 / np.sqrt(np.bincount(pairs.query, minlength=len(picture))[pairs.query])
    owners = owner[pairs.reference]
    totals = np.bincount(owners, weights, references)
    counted = np.sort(np.argsort(-totals, kind="stable")[:COUNTED]) if references > COUNTED else np.arange(references)
    slots = np.full(references, -1)
    slots[counted] = np.arange(len(counted))
    slot = slots[owners]
    kept = np.flatnonzero(slot >= 0)
    query, other, weights, slot = pairs.query[kept], pairs.reference[kept], weights[kept], slot[kept]
    turn, scale = _bins(picture[query], reference[kept])
    votes = _counted(slot, turn, scale, weights, len(counted))
    best = votes.reshape(len(counted), -1).max(1)
    found = []
    for place in np.argsort(-best, kind="stable")[:HANDED_ON].tolist():
        top_turn, top_scale = divmod(int(votes[place].argmax()), _SCALES)
        near = (slot == place) & ((top_turn - turn) % _TURNS <= 1) & (top_scale - scale >= 0) & (top_scale - scale <= 1)
        mine = np.flatnonzero(near)
        found.append(Candidate(int(counted[place]), float(best[place]), Pairs(query[mine], other[mine]), weights[mine]))
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
