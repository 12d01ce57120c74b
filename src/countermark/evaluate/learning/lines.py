"""An additive model of straight lines, each held to its side and never turning back, pulled towards a known policy.

Log-odds = base + Σ over signals of a curve of the value. A curve is a sum of ramps between its knots; each ramp's
height has the sign of its signal, so more of a signal never counts less, whatever was decided. The fit minimises the
sum of log-losses plus `pull` / 2 × the squared distance of each height from the policy it starts from: a signal about
which few decisions speak keeps nearly the weight it had.

Source of the form: T. Hastie, R. Tibshirani, Generalized additive models, Statistical Science 1 (1986) 297-310; the
solver is the projected Newton method of D. Bertsekas, SIAM Journal on Control and Optimization 20 (1982) 221-246.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from countermark.judge.policy import Curve

Floats = npt.NDArray[np.float64]

#: The least that a signal with a weight keeps, so that it stays a reason that is shown and that names a kind.
LEAST = 0.01
#: Knots of one curve at most, and how far apart they stand at least.
KNOTS, APART = 3, 0.08
#: The base is pulled this much less than a weight: how common infringement is, the decisions know best.
BASE_PULL = 0.01
STEPS, HALVINGS, STILL = 200, 40, 1e-9
#: Share of the fall that the slope promises with which a step is taken (Armijo's rule).
ENOUGH = 1e-4


@dataclass(frozen=True)
class Additive:
    """A fitted model: log-odds = base + the sum of its curves."""

    base: float
    curves: dict[str, Curve]

    def log_odds(self, names: Sequence[str], values: Floats) -> Floats:
        """Log-odds of rows; `values` has a column for each name, in [0, 1], 0 where a signal is absent."""
        total = np.full(len(values), self.base)
        for column, name in enumerate(names):
            points = ((0.0, 0.0), *self.curves[name].points)
            total += np.interp(values[:, column], [p[0] for p in points], [p[1] for p in points])
        return total


@dataclass(frozen=True)
class _Ramp:
    name: str
    column: int
    start: float
    end: float
    height: float
    side: float
    least: float

    def bounds(self, leash: float) -> tuple[float, float]:
        """Least and greatest height: on its side, and at most `leash` times what the starting policy gave."""
        held = abs(self.height)
        # What speaks for a seller keeps a share of its weight, whatever was decided; what accuses may fade away.
        floor = self.least if self.side > 0 else max(self.least, held / leash)
        ceiling = max(held * leash, self.least)
        return (floor, ceiling) if self.side > 0 else (-ceiling, -floor)


def fit_lines(
    names: Sequence[str],
    values: Floats,
    truth: Floats,
    start: Additive,
    pull: float,
    leash: Mapping[str, float] | None = None,
) -> Additive:
    """Fit to decisions.

    Args:
        names: signals, one a column.
        values: rows x signals, in [0, 1].
        truth: 1 where the decision was infringing, else 0.
        start: where to begin and what to be pulled to. A signal of weight 0 there stays ignored.
        pull: how strongly, above 0.
        leash: by signal, how many times its starting weight it may reach; free where it is not named.
    """
    ramps = [ramp for column, name in enumerate(names) for ramp in _ramps(name, column, values[:, column], start)]
    rows = np.column_stack(
        [np.ones(len(values)), *(np.clip((values[:, r.column] - r.start) / (r.end - r.start), 0, 1) for r in ramps)]
    )
    wanted = np.array([start.base, *(ramp.height for ramp in ramps)])
    pulls = np.array([pull * BASE_PULL, *[pull] * len(ramps)])
    bounds = [ramp.bounds((leash or {}).get(ramp.name, math.inf)) for ramp in ramps]
    low = np.array([-np.inf, *(least for least, _ in bounds)])
    high = np.array([np.inf, *(most for _, most in bounds)])
    heights = _descend(rows, truth, wanted, pulls, low, high)
    return Additive(float(heights[0]), _curves(start, ramps, heights[1:]))


def _ramps(name: str, column: int, values: Floats, start: Additive) -> list[_Ramp]:
    curve = start.curves[name]
    seen = values[values > 0]
    if not curve.largest or not len(seen):
        return []
    knots = _knots(seen)
    begins = [0.0, *knots[:-1]]
    side = 1.0 if curve.largest > 0 else -1.0
    return [
        _Ramp(name, column, a, b, curve.at(b) - curve.at(a), side, LEAST if a == 0 else 0.0)
        for a, b in zip(begins, knots, strict=True)
    ]


def _knots(seen: Floats) -> list[float]:
    """The least value, quantiles between, and the largest: where decisions can tell one height from another."""
    wanted = np.round(np.quantile(seen, np.linspace(0, 1, KNOTS), method="inverted_cdf"), 2).clip(0.01, 1.0)
    knots: list[float] = []
    for knot in wanted[::-1]:
        if not knots or knots[-1] - knot >= APART:
            knots.append(float(knot))
    return knots[::-1]


def _descend(rows: Floats, truth: Floats, wanted: Floats, pulls: Floats, low: Floats, high: Floats) -> Floats:
    """The heights of least log-loss plus pull inside the bounds, by Newton's steps brought back into them."""

    def loss(heights: Floats) -> float:
        odds = rows @ heights
        return float(np.logaddexp(0, np.where(truth > 0, -odds, odds)).sum() + pulls @ (heights - wanted) ** 2 / 2)

    heights = np.clip(wanted, low, high)
    for _ in range(STEPS):
        risk = probability(rows @ heights)
        slope = rows.T @ (risk - truth) + pulls * (heights - wanted)
        # Whoever stands at a bound and is pushed against it stays there; the others move together.
        free = ~((heights <= low) & (slope > 0) | (heights >= high) & (slope < 0))
        own = rows[:, free]
        step = np.zeros_like(heights)
        step[free] = np.linalg.solve(own.T @ (own * (risk * (1 - risk))[:, None]) + np.diag(pulls[free]), -slope[free])
        there = _shortened(loss, heights, step, slope, low, high)
        moved, heights = np.abs(there - heights).max(), there
        if moved < STILL:
            break
    return heights


def _shortened(
    loss: Callable[[Floats], float], heights: Floats, step: Floats, slope: Floats, low: Floats, high: Floats
) -> Floats:
    """Where a step leads inside the bounds, halved until the loss falls as its slope promises; else the same place."""
    before, share = loss(heights), 1.0
    for _ in range(HALVINGS):
        there = np.clip(heights + share * step, low, high)
        if loss(there) <= before - ENOUGH * float(slope @ (heights - there)):
            return there
        share /= 2
    return heights


def _curves(start: Additive, ramps: Sequence[_Ramp], heights: Floats) -> dict[str, Curve]:
    points: dict[str, list[tuple[float, float]]] = {}
    for ramp, height in zip(ramps, heights, strict=True):
        so_far = points.setdefault(ramp.name, [])
        so_far.append((ramp.end, (so_far[-1][1] if so_far else 0.0) + float(height)))
    return {name: Curve(tuple(points[name])) if name in points else curve for name, curve in start.curves.items()}


def probability(log_odds: Floats) -> Floats:
    """1 / (1 + e^-x), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(log_odds / 2)))


def log_loss(log_odds: Floats, truth: Floats) -> float:
    """Mean of -log of the probability given to what came true."""
    return float(np.mean(np.logaddexp(0, np.where(truth > 0, -log_odds, log_odds))))


def scaled(model: Additive, scale: float, shift: float) -> Additive:
    """The same model with log-odds x scale + shift: still a sum of curves."""
    curves = {n: Curve(tuple((v, w * scale) for v, w in c.points)) for n, c in model.curves.items()}
    return Additive(model.base * scale + shift, curves)


def start_of(base: float, curves: Mapping[str, Curve]) -> Additive:
    """A policy's numbers as a model."""
    return Additive(base, dict(curves))
