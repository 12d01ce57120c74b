"""Write a policy with learned weights: the same file format, everything else kept, and a head that says whence."""

from collections.abc import Mapping

import msgspec
import yaml

from countermark.judge.learned import Learned
from countermark.judge.policy import Curve, Policy
from countermark.judge.policy_file import LARGEST_LOG_ODDS, parse_policy
from countermark.model import InvalidRecord

#: Places of a written log-odds: finer than any decision can tell.
PLACES = 4
_HEAD = """\
# A policy whose base and weights were learned from {decisions:,} decisions ({first} to {last}).
# Every curve adds to the log-odds: pairs of [value, log-odds], straight lines from (0, 0), level after the last.
# The section `learned` says how well it did on the newest decisions, which it never saw; see docs/reference/policy.md.
"""


def with_learned(start: Policy, base: float, curves: Mapping[str, Curve], learned: Learned) -> Policy:
    """A policy with another base and other weights, as it reads from its own bytes.

    Args:
        start: gives limits, kinds and harm.
        base: log-odds.
        curves: for every signal of `start`; each keeps its side.
        learned: goes into the section of that name.
    """
    raw = yaml.safe_load(start.source)
    if not isinstance(raw, dict):
        raise InvalidRecord("policy", "its file is not kept with it.", "Load it with load_policy.")
    raw["base_rate"] = _bounded(base)
    raw["weights"] = {name: _written(curves[name]) for name in start.weights}
    raw["learned"] = msgspec.to_builtins(learned)
    head = _HEAD.format(decisions=learned.decisions, first=learned.first[:10], last=learned.last[:10])
    return parse_policy(
        (head + yaml.safe_dump(raw, sort_keys=False, default_flow_style=None, allow_unicode=True, width=120)).encode()
    )


def _written(curve: Curve) -> object:
    points = [[value, _bounded(log_odds)] for value, log_odds in curve.points]
    return points[0][1] if len(points) == 1 and points[0][0] == 1.0 else points


def _bounded(log_odds: float) -> float:
    return round(min(max(log_odds, -LARGEST_LOG_ODDS), LARGEST_LOG_ODDS), PLACES)
