"""What would change the word: one reason taken away, or one circumstance added. Pure; nothing is measured anew."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from countermark.judge.policy import Policy
from countermark.judge.recomputing import check_made_by
from countermark.judge.weighing import log_odds_of, risk_of
from countermark.model import Direction, Finding, Level

#: `without` a reason that counted for, or `with` a circumstance that would speak against.
Change: TypeAlias = Literal["without", "with"]

#: Circumstances that a seller can show and a reviewer can check, at the value they then have. A usual price is none: it
#: can be written down in a second.
SHOWABLE = {"seller.authorised": 1.0, "text.genuine_context": 1.0, "seller.established": 1.0}
_RANK = {Level.LOW: 1, Level.MEDIUM: 2, Level.HIGH: 3}


class Counterfactual(msgspec.Struct, frozen=True, kw_only=True):
    """One single change and what it would do.

    Attributes:
        change: `without` the reason, or `with` the circumstance.
        signal: which.
        risk: that the finding would have had, in [0, 1].
        level: the word for it; None when nothing would have been reported.
    """

    change: Change
    signal: str
    risk: float
    level: Level | None


def counterfactuals(finding: Finding, policy: Policy) -> tuple[Counterfactual, ...]:
    """The single changes that would change the finding's word, strongest effect first, then by name.

    Args:
        finding: as judged.
        policy: the one it was judged by.

    Raises:
        InvalidRecord: when it was judged by another policy, whose numbers would give another answer.
    """
    check_made_by(finding, policy)
    rank = _RANK[finding.level]
    changes = [c for c in _changes(finding, policy) if (0 if c.level is None else _RANK[c.level]) < rank]
    return tuple(sorted(changes, key=lambda c: (c.risk, c.change, c.signal)))


def _changes(finding: Finding, policy: Policy) -> Iterator[Counterfactual]:
    weights = {reason.signal: reason.weight for reason in finding.reasons}
    for reason in finding.reasons:
        if reason.direction is Direction.FOR:
            rest = {name: weight for name, weight in weights.items() if name != reason.signal}
            yield _judged("without", reason.signal, finding.base, rest, policy)
    for name, value in SHOWABLE.items():
        shown = policy.weights[name].at(value) if name in policy.weights else 0.0
        # More of what already counted against is a change too; it replaces what counted.
        if shown < weights.get(name, 0.0):
            yield _judged("with", name, finding.base, {**weights, name: shown}, policy)


def _judged(change: Change, name: str, base: float, weights: dict[str, float], policy: Policy) -> Counterfactual:
    risk = risk_of(log_odds_of(base, weights.values()))
    reported = risk >= policy.report and any(weight > 0 for weight in weights.values())
    return Counterfactual(change=change, signal=name, risk=risk, level=policy.levels.word(risk) if reported else None)
