"""A threshold for automatic acts, with a stated bound on false accusation, from the risks of honest listings.

What is bounded: of honest listings drawn like the given ones, the share whose risk lies above the threshold. Nothing is
said about listings of another sort or another time, so compute it again from recent decisions; nor about one house or
one seller alone.

Two statements of different strength, both without any assumption about how risks are distributed:

- `threshold` (used for acts): with probability `confidence` over the given listings, the share is at most `bound`. The
  largest k with P(Binomial(n, bound) <= k) <= 1 - confidence may lie above: the one-sided Clopper-Pearson bound, read
  backwards. Sources: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413; S. S. Wilks, Ann. Math. Statist. 12
  (1941) 91-96; V. Vovk, Conditional validity of inductive conformal predictors, ACML 2012.
- `marginal`: on average over draws of the given listings the share is at most `bound`: the split-conformal quantile,
  the ceil((n + 1)(1 - bound))-th smallest risk. Source: V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a
  Random World, 2005.
"""

import math
from collections.abc import Iterable
from itertools import islice

import msgspec

from countermark.evaluate.learning.decisions import Decided, last_of_each
from countermark.judge import Policy
from countermark.judge.weighing import log_odds_of, risk_of
from countermark.model import InvalidRecord

#: Decisions looked at, the newest, unless told otherwise.
RECENT = 20_000
#: How surely the bound holds unless told otherwise.
CONFIDENCE = 0.95


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold and what it promises.

    Attributes:
        bound: largest share of honest listings that may lie above, in (0, 1).
        confidence: probability that `threshold` keeps it.
        honest: honest listings it was computed from.
        threshold: an automatic act needs a risk strictly above; below, people decide. 1 when no act is allowed.
        marginal: the same, with the weaker promise on average.
        above: of the given honest listings, how many lie above `threshold`.
    """

    bound: float
    confidence: float
    honest: int
    threshold: float
    marginal: float
    above: int

    def allows(self, risk: float) -> bool:
        """Whether an automatic act may rest on this risk; otherwise the finding is for people."""
        return risk > self.threshold


def bound_of(risks: Iterable[float], bound: float, confidence: float = CONFIDENCE) -> Bound:
    """The threshold from risks of honest listings; one without a finding has risk 0.

    Args:
        risks: one for each honest listing, the highest of its findings, in [0, 1]; drawn like those to come.
        bound: largest share that may be accused, in (0, 1); 0.005 is 1 in 200.
        confidence: in (0, 1).

    Raises:
        InvalidRecord: when there are too few to promise anything, saying how many are missing.
    """
    for name, share in (("bound", bound), ("confidence", confidence)):
        if not 0 < share < 1:
            raise InvalidRecord(name, f"{share} is not between 0 and 1.", "Write for example 0.005.")
    highest = sorted(risks, reverse=True)
    missing = fewest(bound, confidence) - len(highest)
    if missing > 0:
        raise InvalidRecord(
            "bound",
            f"{len(highest):,} honest ones are too few to promise at most {bound:g} with {confidence:.0%} confidence.",
            f"{missing:,} more decided as honest are needed; until then no automatic act, people decide.",
        )
    threshold = highest[_may_exceed(len(highest), bound, confidence)]
    return Bound(
        bound=bound,
        confidence=confidence,
        honest=len(highest),
        threshold=threshold,
        marginal=highest[len(highest) - math.ceil((len(highest) + 1) * (1 - bound))],
        above=sum(risk > threshold for risk in highest),
    )


def bound_from_decisions(
    decisions: Iterable[Decided],
    policy: Policy,
    bound: float,
    confidence: float = CONFIDENCE,
    *,
    recent: int = RECENT,
) -> Bound:
    """The threshold from the most recent decisions; of several about one finding the last counts.

    What is bounded is then the share among findings that people would call honest, a stricter thing than among all
    honest listings.

    Args:
        decisions: in any order.
        policy: the one whose risks the threshold will be held against. The risk of each decision is computed by it,
            from what was measured: the risk that was stated then may be another policy's, and says nothing of this one.
        bound, confidence: as `bound_of`.
        recent: how many decisions, the newest, honest or not.

    Raises:
        InvalidRecord: as `bound_of`, or when a decision names a signal without a weight.
    """
    kept = islice(reversed(last_of_each(decisions)), recent)
    return bound_of((_risk(row, policy) for row in kept if not row.infringing), bound, confidence)


def _risk(row: Decided, policy: Policy) -> float:
    for name in row.signals:
        if name not in policy.weights:
            raise InvalidRecord("decisions", f"{name[:60]!r} has no weight in the policy.", "Add it there first.")
    weights = (policy.weights[name].at(value) for name, value in row.signals.items())
    return risk_of(log_odds_of(policy.base_rate, weights))


def fewest(bound: float, confidence: float = CONFIDENCE) -> int:
    """Honest listings without which nothing can be promised: ln(1 - confidence) / ln(1 - bound), and 1 / bound - 1."""
    return max(math.ceil(math.log(1 - confidence) / math.log1p(-bound)), math.ceil(1 / bound - 1))


def _may_exceed(n: int, bound: float, confidence: float) -> int:
    """The largest k with P(Binomial(n, bound) <= k) <= 1 - confidence; n is large enough for k = 0."""
    below, k = 0.0, 0
    while True:
        below += math.exp(
            math.lgamma(n + 1)
            - math.lgamma(k + 1)
            - math.lgamma(n - k + 1)
            + k * math.log(bound)
            + (n - k) * math.log1p(-bound)
        )
        # A hair of rounding may not turn the promise: at k = 0 `fewest` has checked it.
        if below > 1 - confidence:
            return max(k - 1, 0)
        k += 1
