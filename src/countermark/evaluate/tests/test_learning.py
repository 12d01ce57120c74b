"""A learned policy is a policy: monotone, signed, recomputable, and honest about how little it knows."""

import io
import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.evaluate.learning import Decided, boosting, learn, read_decisions, write_decisions
from countermark.judge import Judge, Policy, load_policy, parse_policy
from countermark.model import InvalidRecord, Listing, Seller, Signal, Text, to_json
from countermark.signals import image, price, seller, text

START = load_policy()
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SPECS = (*text.SPECS, *image.SPECS, *price.SPECS, *seller.SPECS)


def draw(count: int, seed: int = 3, base: float = -2.0) -> list[Decided]:
    """Decisions of a world where the plain mark means more, and a disguise less, than the shipped policy thinks."""
    dice = np.random.default_rng(seed)
    rows = []
    for n in range(count):
        signals = {}
        log_odds = base
        for name, share, weight in (
            ("text.mark", 0.7, 2.0),
            ("text.disguised_mark", 0.4, 1.0),
            ("seller.established", 0.5, -2),
        ):
            if dice.random() < share:
                signals[name] = round(float(dice.uniform(0.3, 1)), 3)
                log_odds += weight * signals[name]
        guilty = bool(dice.random() < 1 / (1 + math.exp(-log_odds)))
        rows.append(
            Decided(finding_id=f"f{n}", infringing=guilty, decided_at=FIRST + timedelta(hours=n), signals=signals)
        )
    return rows


@pytest.fixture(scope="module")
def lesson():
    return learn(draw(1500), START, method="lines")


def test_it_does_better_on_decisions_it_never_saw(lesson) -> None:
    learned = lesson.learned
    assert learned.after.log_loss < learned.before.log_loss
    assert learned.after.calibration_error < learned.before.calibration_error
    assert (learned.decisions, learned.trained_on, learned.calibrated_on, learned.after.decisions) == (
        1500,
        900,
        300,
        300,
    )
    assert learned.started_from == START.digest


def test_every_curve_is_monotone_and_keeps_its_side_and_what_nobody_decided_about_keeps_its_weight(lesson) -> None:
    for name, curve in lesson.policy.weights.items():
        assert curve.is_monotone()
        assert (curve.largest > 0) is (START.weights[name].largest > 0)
    assert lesson.policy.kinds == START.kinds
    scale = lesson.policy.weights["image.copied_photo"].largest / START.weights["image.copied_photo"].largest
    assert 0.2 <= scale <= 3.0


def _policies(lesson) -> list[Policy]:
    """Shipped, free, on a leash, and boosted where that is installed."""
    trained = [START, lesson.policy, learn(draw(400), START, leash=2.0).policy]
    return [*trained, learn(draw(400), START, method="boosted").policy] if boosting.is_installed() else trained


@pytest.fixture(scope="module")
def judges(lesson) -> list[Judge]:
    # Nothing is held back, so that every risk can be compared.
    opened = (policy.source.replace(b"report: 0.06", b"report: 0") for policy in _policies(lesson))
    return [Judge(parse_policy(source), SPECS, "ab" * 32) for source in opened]


LISTING = Listing(
    marketplace="Bazaar",
    external_id="B-1",
    title=Text("Corvane tote"),
    seller=Seller(marketplace="Bazaar", external_id="S-1"),
    captured_at=FIRST,
)
SIDES = {spec.name: spec.speaks for spec in SPECS}
measured = st.dictionaries(st.sampled_from(sorted(SIDES)), st.floats(0, 1), max_size=8)


@settings(deadline=None)
@given(measured, st.sampled_from(sorted(SIDES)), st.floats(0, 1), st.floats(0, 1))
def test_shipped_or_trained_no_reason_moves_the_risk_to_the_other_side(
    judges, others: dict[str, float], name: str, one: float, other: float
) -> None:
    def risk(judge: Judge, values: dict[str, float]) -> float:
        finding = judge.judge(LISTING, "Corvane", [Signal(name=n, value=v) for n, v in values.items()])
        return finding.risk if finding else 0.0

    less, more = sorted((one, other))
    without = {key: value for key, value in others.items() if key != name}
    for judge in judges:
        assert judge.policy.report == 0
        steps = [risk(judge, without), *(risk(judge, {**without, name: value}) for value in (less, more))]
        assert steps == sorted(steps, reverse=SIDES[name] == "against")


def test_shipped_or_trained_no_curve_turns_back_at_any_value(judges) -> None:
    for judge in judges:
        for name, curve in judge.policy.weights.items():
            levels = [curve.at(step / 1000) for step in range(1001)]
            assert levels == sorted(levels, reverse=SIDES[name] == "against")
            assert levels[0] == 0


def test_it_reads_back_from_its_own_bytes(lesson) -> None:
    again = parse_policy(lesson.policy.source)
    assert again == lesson.policy
    assert again.learned == lesson.learned


def test_the_order_of_the_rows_changes_nothing_and_the_last_decision_about_a_finding_counts() -> None:
    rows = draw(400)
    earlier = [
        Decided(
            finding_id=r.finding_id, infringing=not r.infringing, decided_at=FIRST - timedelta(1), signals=r.signals
        )
        for r in rows
    ]
    assert (
        learn([*earlier, *rows[::-1]], START, method="lines").policy.digest
        == learn(rows, START, method="lines").policy.digest
    )


def test_a_sign_is_kept_even_when_decisions_say_the_opposite() -> None:
    rows = [
        Decided(
            finding_id=f"f{n}",
            infringing=n % 3 == 0,
            decided_at=FIRST + timedelta(hours=n),
            signals={"text.mark": 1.0} if n % 3 else {},
        )
        for n in range(300)
    ]
    assert learn(rows, START, method="lines").policy.weights["text.mark"].largest > 0


def test_a_stated_base_rate_moves_the_base_and_no_weight(lesson) -> None:
    moved = learn(draw(1500), START, method="lines", base_rate=0.05)
    assert moved.policy.weights == lesson.policy.weights
    assert moved.policy.base_rate < lesson.policy.base_rate
    with pytest.raises(InvalidRecord, match="base rate"):
        learn(draw(400), START, method="lines", base_rate=1.0)


def test_boosting_gives_the_same_shape() -> None:
    pytest.importorskip("interpret.glassbox", reason="needs the extra learn")
    policy = learn(draw(300), START, method="boosted").policy
    assert policy.learned is not None
    assert policy.learned.method == "boosted"
    assert all(curve.is_monotone() for curve in policy.weights.values())


def test_too_few_decisions_are_refused_with_how_many_are_missing() -> None:
    with pytest.raises(InvalidRecord, match="there are 100; 150") as refused:
        learn(draw(100), START)
    assert "50 more" in refused.value.mend
    honest = [
        Decided(finding_id=r.finding_id, infringing=False, decided_at=r.decided_at, signals=r.signals)
        for r in draw(200)
    ]
    with pytest.raises(InvalidRecord, match="0 say infringing"):
        learn(honest, START)


def test_a_signal_that_the_policy_does_not_know_is_refused() -> None:
    rows = draw(200)
    rows[7] = Decided(finding_id="x", infringing=True, decided_at=FIRST, signals={"text.odd": 1.0})
    with pytest.raises(InvalidRecord, match=r"text\.odd"):
        learn(rows, START)


def test_decisions_are_read_as_written(tmp_path) -> None:
    assert write_decisions(tmp_path / "d.jsonl", draw(20)) == 20
    assert list(read_decisions(tmp_path / "d.jsonl")) == draw(20)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (b'"infringing":true', b'"infringing":"yes"'),
        (b"+00:00", b""),
        (b'"text.mark":0.5', b'"text.mark":1.5'),
        (b'{"finding_id"', b'["finding_id"'),
        (b"2026-01-01T00:00:00+00:00", b"9999-12-31T23:59:59-12:00"),
        (b"2026-01-01T00:00:00+00:00", b"0001-01-01T00:00:00+12:00"),
        (b'"text.mark":0.5', b'"text.mark":1e999'),
    ],
)
def test_one_bad_row_refuses_the_file_by_its_row(change: bytes, why: bytes) -> None:
    row = Decided(finding_id="f", infringing=True, decided_at=FIRST, signals={"text.mark": 0.5})
    good = to_json(row).replace(b'Z"', b'+00:00"')
    assert change in good
    with pytest.raises(InvalidRecord, match="row 2"):
        list(read_decisions(io.BytesIO(good + b"\n" + good.replace(change, why) + b"\n")))
