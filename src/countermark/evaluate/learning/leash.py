"""Hold a learned policy near the one it began with: decisions of one place must not turn a hint into a verdict.

What is learned from few or invented decisions finds what is common there: that every counterfeiter opened last month,
say. Elsewhere the same weight would accuse every honest shop that is new. So a weight may reach a stated multiple of
its starting weight at most, a weight for the seller keeps at least the reciprocal of it, and one clue beside the plain
mark reaches no word that it did not reach before.
"""

import math
from collections.abc import Callable, Mapping

from countermark.evaluate.learning.lines import Additive

#: The name alone: what every other clue stands beside.
PLAIN_MARK = "text.mark"
#: Each round shortens the leash of what reaches too far; it never takes more than a handful.
ROUNDS, SHORTER = 40, 0.95
#: A policy writes four places of a base and two weights; so far below the limit they stay below it.
ROUNDING = 0.001


def alone(model: Additive, name: str) -> float:
    """Log-odds of one clue at its strongest beside the plain mark."""
    mark = model.curves[PLAIN_MARK].largest if PLAIN_MARK in model.curves and name != PLAIN_MARK else 0.0
    return model.base + mark + model.curves[name].largest


def held(fit: Callable[[Mapping[str, float]], Additive], start: Additive, times: float, high: float) -> Additive:
    """Fit on a leash.

    Args:
        fit: gives the model for a leash by signal.
        start: the model it began with.
        times: the multiple of a starting weight that a weight may reach, at least 1.
        high: the risk from which a finding is called high, in (0, 1).

    Returns:
        The model; where its base lifts a clue to `high` all the same, `lowered` holds that.
    """
    limit = math.log(high / (1 - high))
    leash = dict.fromkeys(start.curves, times)
    model = fit(leash)
    for _ in range(ROUNDS):
        far = [name for name in start.curves if alone(start, name) < limit <= alone(model, name) and name != PLAIN_MARK]
        if not far:
            break
        for name in far:
            leash[name] = max(leash[name] * SHORTER, 1.0)
        model = fit(leash)
    return model


def lowered(model: Additive, start: Additive, high: float) -> Additive:
    """The model with its base so low that no clue reaches `high` beside the plain mark that did not in `start`.

    Where most decisions say infringing the fitted base alone would make a plain mark high. Weights cannot hold that;
    and a risk that is stated too low is the side to err on.
    """
    limit = math.log(high / (1 - high))
    steps = [alone(model, name) - model.base for name in start.curves if alone(start, name) < limit]
    most = limit - max(steps, default=0.0) - ROUNDING
    return model if model.base <= most else Additive(most, model.curves)
