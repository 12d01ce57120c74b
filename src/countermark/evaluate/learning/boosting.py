"""The other candidate: an explainable boosting machine, held monotone, turned into the same curves.

The only module that imports the package (extra `learn`); a policy that came from it is scored by our own tables.
Source: Y. Lou, R. Caruana, J. Gehrke, Intelligible models for classification and regression, KDD 2012.
"""

import warnings
from collections.abc import Sequence

import numpy as np

from countermark.evaluate.learning.lines import LEAST, Additive, Floats
from countermark.judge.policy import Curve


def is_installed() -> bool:
    """Whether the package is there."""
    try:
        import interpret.glassbox  # type: ignore[import-untyped]  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def fit_boosted(names: Sequence[str], values: Floats, truth: Floats, start: Additive) -> Additive:
    """Fit to decisions; arguments as `lines.fit_lines`. A signal that never occurs keeps its curve of `start`.

    Raises:
        ImportError: without the extra `learn`.
    """
    from interpret.glassbox import ExplainableBoostingClassifier  # noqa: PLC0415

    used = [i for i, n in enumerate(names) if start.curves[n].largest and np.ptp(values[:, i]) > 0]
    machine = ExplainableBoostingClassifier(
        interactions=0,
        monotone_constraints=[1 if start.curves[names[i]].largest > 0 else -1 for i in used],
        outer_bags=4,
        smoothing_rounds=0,
        max_bins=32,
        min_samples_leaf=2,
        max_rounds=2000,
        n_jobs=1,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about its own dependencies
        machine.fit(values[:, used], truth.astype(int))
    base, curves = float(np.ravel(machine.intercept_)[0]), dict(start.curves)
    for term, i in enumerate(used):
        zero, curve = _curve(machine.bins_[term][0], machine.term_scores_[term], values[:, i], start, names[i])
        base += zero
        curves[names[i]] = curve
    return Additive(base, curves)


def _curve(cuts: Floats, scores: Floats, values: Floats, start: Additive, name: str) -> tuple[float, Curve]:
    """The steps of one term as lines from (0, 0), and what the term says where the signal is absent."""
    side = 1.0 if start.curves[name].largest > 0 else -1.0
    bins = np.digitize(values, np.asarray(cuts))
    steps = np.asarray(scores)[1:-1]  # the first is for missing values, the last for unknown ones
    zero = float(steps[np.digitize(0.0, np.asarray(cuts))])
    points: list[tuple[float, float]] = []
    height = LEAST
    for place in sorted(set(bins[values > 0].tolist())):
        height = max(height, side * (float(steps[place]) - zero))
        value = round(float(values[(bins == place) & (values > 0)].mean()), 3)
        if points and value - points[-1][0] < 0.001:
            points.pop()
        points.append((max(value, 0.001), side * height))
    return zero, Curve(tuple(points))
