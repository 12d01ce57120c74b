"""What would change the word, worked by hand; and a stored finding computed again."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.judge import ENGINE_VERSION, load_policy, parse_policy
from countermark.judge.counterfactuals import counterfactuals
from countermark.judge.recomputing import WEIGHED_ALIKE, recompute
from countermark.judge.tests.material import (
    AGAINST,
    COPIED_PHOTO,
    FOR,
    REPLICA,
    found,
    judge_with,
    judged,
    low_price,
    mark,
    offer,
    signal,
)
from countermark.model import Direction, Finding, InvalidRecord, Level, derive_id

POLICY = load_policy()
CLEAR = found([mark(), REPLICA, low_price()])

values = st.dictionaries(st.sampled_from([*FOR, *AGAINST]), st.floats(0.01, 1), min_size=1)


def test_without_the_strongest_reason_and_with_an_authorised_seller_it_is_less() -> None:
    found_changes = {(c.change, c.signal): c for c in counterfactuals(CLEAR, POLICY)}
    assert found_changes["without", "text.replica_word"].level is Level.MEDIUM  # -2.6 + 0.4 + 2.2 = 0: 50 %
    assert found_changes["without", "text.replica_word"].risk == 0.5
    assert found_changes["with", "seller.authorised"].level is Level.LOW  # 5.0 - 6.0 = -1.0: 27 %
    assert ("without", "text.mark") not in found_changes


def test_no_reason_for_left_means_that_nothing_would_be_reported() -> None:
    alone = found([COPIED_PHOTO])
    change = next(c for c in counterfactuals(alone, POLICY) if c.change == "without")
    assert change.level is None


@given(values)
def test_each_change_lowers_the_risk_and_the_order_is_fixed(given_values: dict[str, float]) -> None:
    finding = judged([signal(name, value) for name, value in given_values.items()])
    if finding is None:
        return
    changes = counterfactuals(finding, POLICY)
    assert all(change.risk < finding.risk for change in changes)
    assert list(changes) == sorted(changes, key=lambda c: (c.risk, c.change, c.signal))
    shuffled = msgspec.structs.replace(finding, reasons=finding.reasons[::-1])
    assert counterfactuals(shuffled, POLICY) == changes


@given(values, st.sampled_from([*FOR, *AGAINST]), st.floats(0.01, 1))
def test_no_reason_for_lowers_the_risk_and_no_reason_against_raises_it(
    given_values: dict[str, float], name: str, value: float
) -> None:
    before = _risk(given_values)
    after = _risk({**given_values, name: max(value, given_values.get(name, 0.0))})
    assert after >= before if name in FOR else after <= before


def _risk(given_values: dict[str, float]) -> float:
    weights = [POLICY.weights[name].at(value) for name, value in given_values.items()]
    return POLICY.base_rate + sum(sorted(weights))


@given(values)
def test_a_stored_finding_is_computed_again_bit_for_bit(given_values: dict[str, float]) -> None:
    finding = judged([signal(name, value) for name, value in given_values.items()])
    if finding is not None:
        stored = msgspec.json.decode(msgspec.json.encode(finding), type=Finding)
        assert recompute(stored, KEPT) == (finding.risk, finding.level)


KEPT = parse_policy(POLICY.source)
OTHER_POLICY = parse_policy(POLICY.source.replace(b"base_rate: -2.6", b"base_rate: -2.5"))


def test_another_policy_or_engine_is_refused_in_words() -> None:
    with pytest.raises(InvalidRecord, match="made with policy"):
        counterfactuals(CLEAR, OTHER_POLICY)
    with pytest.raises(InvalidRecord, match="was made with") as refused:
        recompute(CLEAR, OTHER_POLICY)
    assert "kept with the scan" in refused.value.mend
    with pytest.raises(InvalidRecord, match=r"made by '0\.0\.1'"):
        recompute(msgspec.structs.replace(CLEAR, engine_version="0.0.1"), POLICY)


@pytest.mark.parametrize("engine", sorted(WEIGHED_ALIKE))
def test_a_finding_of_an_older_engine_that_weighed_alike_is_computed_again(engine: str) -> None:
    made_from = (CLEAR.listing_hash, CLEAR.brand, engine, CLEAR.policy_hash, CLEAR.reference_hash)
    old = msgspec.structs.replace(CLEAR, engine_version=engine, id=derive_id("fnd", *made_from))
    assert recompute(old, POLICY) == (CLEAR.risk, CLEAR.level)


def test_the_engine_of_today_is_among_those_that_weigh_as_it_does() -> None:
    assert ENGINE_VERSION in WEIGHED_ALIKE


def test_a_finding_made_without_pictures_is_computed_again() -> None:
    finding = judge_with().judge(offer(), "Corvane", [mark(), REPLICA], pictures_seen=False)
    assert finding is not None
    assert recompute(finding, POLICY) == (finding.risk, finding.level)


@pytest.mark.parametrize(
    "change",
    [
        {"risk": 0.5},
        {"base": -1.0},
        {"level": Level.LOW},
        {"reasons": (msgspec.structs.replace(CLEAR.reasons[0], weight=4.0), *CLEAR.reasons[1:])},
        {"reasons": CLEAR.reasons[:1]},
        {"id": found([mark(), REPLICA]).id[:-1] + "0"},
        {"listing_hash": "cd" * 32},
        {"reference_hash": "cd" * 32},
        {"brand": "Halcyr"},
        {"reasons": (msgspec.structs.replace(CLEAR.reasons[0], direction=Direction.AGAINST), *CLEAR.reasons[1:])},
        {"reasons": (*CLEAR.reasons, CLEAR.reasons[0])},
    ],
)
def test_a_changed_record_is_noticed(change: dict[str, object]) -> None:
    with pytest.raises(InvalidRecord, match="does not follow"):
        recompute(msgspec.structs.replace(CLEAR, **change), POLICY)
