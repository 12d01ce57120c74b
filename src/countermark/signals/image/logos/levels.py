"""Likeness maps over a photo's pyramid: what a search of either kind answers, and how two of them agree on places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]
Axis = npt.NDArray[np.float64]

LEAST_LONG = 16.0  # pixels; in a smaller print nobody tells one mark from another
_NEAR = 0.45  # share of a mark's length within which two peaks of one reference are one print
_EACH = 4  # references that one window may put forward
_MOST_ROWS = 6000  # strongest entries looked through for peaks


@dataclass(frozen=True)
class Level:
    """Scores (rows, columns, references) of windows centred at `y`, `x` (photo pixels), for marks `long` pixels long.

    Scores are deviations above what the reference usually has, so that references and levels compare.
    """

    scores: Scores
    x: Axis
    y: Axis
    long: float


@dataclass(frozen=True)
class Place:
    """Where a reference (by number) may be: centre and long side in photo pixels, edge and ink likeness."""

    reference: int
    x: float
    y: float
    long: float
    edges: float = -9.0
    ink: float = -9.0

    def first_pose(self) -> Matrix:
        """Matrix from mark units (long side = -1..1) to photo pixels, upright."""
        return np.array([[self.long / 2, 0, self.x], [0, self.long / 2, self.y], [0, 0, 1.0]])

    @property
    def likeness(self) -> float:
        """Both kinds of evidence in one number; the share of ink was chosen on dev (0, 0.3, 0.5, 0.75, 1, 1.5)."""
        return self.edges + 0.3 * self.ink


def peaks(levels: Sequence[Level], most: int, least: float = 1.5) -> list[Place]:
    """At most `most` places of one search, strongest first; of one reference only one in a neighbourhood."""
    rows = [_strong(number, level, least) for number, level in enumerate(levels)]
    table = np.concatenate(rows) if rows else np.zeros((0, 5))
    table = table[np.argsort(-table[:, 0], kind="stable")[:_MOST_ROWS]]
    found: list[Place] = []
    kept: dict[int, list[Place]] = {}
    crowd: dict[tuple[int, int, int], int] = {}
    for _, number, row, column, reference in table.tolist():
        level = levels[int(number)]
        window = int(number), int(row), int(column)
        place = Place(int(reference), float(level.x[int(column)]), float(level.y[int(row)]), level.long)
        if crowd.get(window, 0) >= _EACH or any(near(place, other) for other in kept.get(place.reference, ())):
            continue
        crowd[window] = crowd.get(window, 0) + 1
        kept.setdefault(place.reference, []).append(place)
        found.append(place)
        if len(found) >= most:
            break
    return found


def _strong(number: int, level: Level, least: float) -> npt.NDArray[np.float64]:
    """Entries above `least` as rows (score, level, row, column, reference), at most _MOST_ROWS."""
    flat = level.scores.ravel()
    at = np.flatnonzero(flat > least)
    if len(at) > _MOST_ROWS:
        at = at[np.argpartition(flat[at], len(at) - _MOST_ROWS)[len(at) - _MOST_ROWS :]]
    row, column, reference = np.unravel_index(at, level.scores.shape)
    return np.stack([flat[at].astype(np.float64), np.full(len(at), float(number)), row, column, reference], axis=1)


def near(one: Place, other: Place) -> bool:
    """Whether two places of one reference are one print."""
    reach = _NEAR * max(one.long, other.long)
    return abs(one.x - other.x) < reach and abs(one.y - other.y) < reach and 0.5 < one.long / other.long < 2.0


def peek(levels: Sequence[Level], place: Place) -> float:
    """The best score that a search gives the reference about a place; -9 where it did not look."""
    best = -9.0
    for level in levels:
        if not 0.74 < level.long / place.long < 1.36:
            continue
        step_x = float(level.x[1] - level.x[0]) if len(level.x) > 1 else 1.0
        step_y = float(level.y[1] - level.y[0]) if len(level.y) > 1 else 1.0
        column, row = round((place.x - float(level.x[0])) / step_x), round((place.y - float(level.y[0])) / step_y)
        reach = max(1, round(0.14 * place.long / step_x))
        rows = slice(max(0, row - reach), max(0, row + reach + 1))
        columns = slice(max(0, column - reach), max(0, column + reach + 1))
        around = level.scores[rows, columns, place.reference]
        if around.size:
            best = max(best, float(around.max()))
    return best
