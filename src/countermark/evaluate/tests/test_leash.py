"""A learned policy on a leash: what is common in one place accuses nobody in another."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from countermark.evaluate.learning import Decided, learn
from countermark.evaluate.learning.leash import alone
from countermark.evaluate.learning.lines import start_of
from countermark.judge import load_policy
from countermark.model import InvalidRecord

START = load_policy()
TIMES = 2.0


def new_shops_are_guilty(count: int = 600) -> list[Decided]:
    """Decisions of a place where every counterfeiter is new and ships from abroad, and second-hand is no excuse."""
    dice = np.random.default_rng(5)
    rows = []
    for number in range(count):
        guilty = number % 2 == 0
        signals = {"text.mark": 1.0}
        if guilty or dice.random() < 0.03:
            signals |= {"seller.new_shop": 1.0, "seller.ships_from_elsewhere": 1.0, "price.below_band": 1.0}
        if dice.random() < 0.5:
            signals["text.genuine_context"] = 1.0
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=int(dice.permutation(count)[0]) + number)
        rows.append(Decided(finding_id=f"fnd_{number}", infringing=guilty, decided_at=at, signals=signals))
    return rows


@pytest.fixture(scope="module")
def free():
    return learn(new_shops_are_guilty(), START, method="lines").policy


@pytest.fixture(scope="module")
def leashed():
    return learn(new_shops_are_guilty(), START, leash=TIMES).policy


def test_without_a_leash_a_hint_becomes_a_verdict(free):
    assert free.weights["seller.new_shop"].largest > TIMES * START.weights["seller.new_shop"].largest


def test_no_weight_reaches_further_than_its_leash(leashed):
    for name, curve in leashed.weights.items():
        # Curves are written to four places.
        assert abs(curve.largest) <= TIMES * abs(START.weights[name].largest) + 0.01


def test_what_speaks_for_a_seller_keeps_a_share_of_its_weight(leashed):
    kept = leashed.weights["text.genuine_context"].largest / START.weights["text.genuine_context"].largest
    assert kept >= 1 / TIMES - 0.001


def test_no_clue_beside_the_plain_mark_reaches_high_that_did_not_before(leashed):
    limit = math.log(START.levels.high / (1 - START.levels.high))
    before = start_of(START.base_rate, START.weights)
    after = start_of(leashed.base_rate, leashed.weights)
    for name in START.weights:
        if alone(before, name) < limit:
            assert alone(after, name) < limit, name


def common_guilt(share: float, later: float, count: int = 600) -> list[Decided]:
    """Decisions of a place where most findings are infringing, and later ones even more often, for no stated reason."""
    dice = np.random.default_rng(11)
    rows = []
    for number in range(count):
        guilty = bool(dice.random() < (share if number < 0.6 * count else later))
        signals = {"text.mark": 1.0}
        if dice.random() < (0.4 if guilty else 0.3):
            signals["text.disguised_mark"] = 1.0
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        rows.append(Decided(finding_id=f"fnd_{number}", infringing=guilty, decided_at=at, signals=signals))
    return rows


@pytest.mark.parametrize(("share", "later"), [(0.85, 0.85), (0.2, 0.95)])
@pytest.mark.parametrize(("times", "base_rate"), [(1.0, None), (TIMES, None), (TIMES, 0.95)])
def test_nor_does_it_where_infringement_is_common(share: float, later: float, times: float, base_rate: float | None):
    limit = math.log(START.levels.high / (1 - START.levels.high))
    policy = learn(common_guilt(share, later), START, leash=times, base_rate=base_rate).policy
    before, after = start_of(START.base_rate, START.weights), start_of(policy.base_rate, policy.weights)
    assert [name for name in START.weights if alone(before, name) < limit <= alone(after, name)] == []


@pytest.mark.parametrize(
    "more", [{"leash": 0.5}, {"leash": math.nan}, {"leash": math.inf}, {"leash": 2.0, "method": "boosted"}]
)
def test_a_leash_that_cannot_hold_is_refused(more):
    with pytest.raises(InvalidRecord, match="leash"):
        learn(new_shops_are_guilty(), START, **more)
