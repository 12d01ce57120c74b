"""The bound holds as often as it says, whatever the risks look like; and nothing is promised from too little."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from countermark.evaluate import bound_from_decisions, bound_of
from countermark.evaluate.conformal import fewest
from countermark.evaluate.learning import Decided
from countermark.judge import load_policy, parse_policy
from countermark.model import InvalidRecord


def test_the_fewest_listings_are_those_that_the_binomial_asks_for() -> None:
    assert fewest(0.005) == 598  # 0.995^598 = 0.0499 < 0.05 <= 0.995^597
    assert 0.995**598 <= 0.05 < 0.995**597
    assert fewest(0.5, 0.5) == 1


def test_one_too_few_is_refused_and_says_how_many_are_missing() -> None:
    with pytest.raises(InvalidRecord, match="597 honest ones are too few") as refused:
        bound_of([0.1] * 597, 0.005)
    assert refused.value.mend.startswith("1 more")
    assert bound_of([0.1] * 598, 0.005).threshold == 0.1


@pytest.mark.parametrize("bound", [0.0, 1.0, -0.1, math.nan])
def test_a_bound_that_is_no_share_is_refused(bound: float) -> None:
    with pytest.raises(InvalidRecord, match="not between 0 and 1"):
        bound_of([0.1] * 1000, bound)


@pytest.mark.parametrize("ties", [False, True])
def test_the_bound_holds_in_at_least_its_share_of_draws(ties: bool) -> None:
    dice = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        risks = dice.beta(0.3, 3, 1500)
        threshold = bound_of(np.round(risks, 2) if ties else risks, 0.02).threshold
        others = dice.beta(0.3, 3, 20_000)
        held += float(np.mean((np.round(others, 2) if ties else others) > threshold)) <= 0.02
    assert held >= 184  # of 200 at 95 %: fewer would happen once in 20 draws of this test; the seed is fixed


def test_the_marginal_threshold_is_the_split_conformal_quantile() -> None:
    risks = [n / 1000 for n in range(999)]
    assert bound_of(risks, 0.1).marginal == risks[math.ceil(1000 * 0.9) - 1]
    assert bound_of(risks, 0.1).threshold >= bound_of(risks, 0.1).marginal


def test_an_act_needs_a_risk_strictly_above() -> None:
    bound = bound_of([0.3] * 1000, 0.005)
    assert not bound.allows(0.3)
    assert bound.allows(0.300001)


def at(day: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)


def rows(name: str, count: int, day: int, risk: float, *, infringing: bool = False, **signals: float) -> list[Decided]:
    named = {key.replace("__", "."): value for key, value in signals.items()}
    return [
        Decided(finding_id=f"{name}{n}", infringing=infringing, decided_at=at(day), signals=named, risk=risk)
        for n in range(count)
    ]


SHIPPED = load_policy()
STRICTER = parse_policy(SHIPPED.source.replace(b"text.mark: 0.4", b"text.mark: 1.4"))


def test_decisions_count_once_and_only_the_recent_honest_ones() -> None:
    old = rows("o", 100, 0, 0.9, text__disguised_mark=1.0)
    new = rows("n", 100, 1, 0.2, text__mark=1.0)
    guilty = rows("g", 50, 2, 0.99, infringing=True, text__replica_word=1.0)
    changed = rows("n", 1, 3, 0.2, infringing=True, text__mark=1.0)
    bound = bound_from_decisions([*old, *new, *guilty, *changed], SHIPPED, 0.05, recent=150)
    assert (bound.honest, bound.threshold) == (99, 0.09975)


@pytest.mark.parametrize(("policy", "risk"), [(SHIPPED, 0.09975), (STRICTER, 0.231475)])
def test_the_threshold_is_one_of_the_policy_that_will_be_held_against_it(policy, risk: float) -> None:
    # What was stated then, 0.01, came from a policy of that time.
    assert bound_from_decisions(rows("n", 100, 1, 0.01, text__mark=1.0), policy, 0.05).threshold == risk


def test_a_signal_without_a_weight_is_named() -> None:
    with pytest.raises(InvalidRecord, match=r"text\.odd"):
        bound_from_decisions(rows("n", 100, 1, 0.01, text__odd=1.0), SHIPPED, 0.05)
