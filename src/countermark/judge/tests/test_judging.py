"""Care is the product: the clear is High, what honest resellers also do is not, and all of it can be recomputed."""

import hashlib
import math
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.judge import ENGINE_VERSION, Judge, load_policy
from countermark.judge.tests.material import (
    COPIED_PHOTO,
    FOR,
    REFERENCE_HASH,
    REPLICA,
    RIGHT,
    SPECS,
    found,
    judge_with,
    judged,
    low_price,
    mark,
    offer,
    signal,
    usual_price,
)
from countermark.model import (
    Direction,
    Finding,
    InvalidRecord,
    Level,
    Reason,
    Signal,
    SignalSpec,
    derive_id,
    from_json,
    to_json,
)


@pytest.mark.parametrize(
    "clear",
    [
        [mark(), REPLICA],
        [mark(), REPLICA, usual_price()],
        [COPIED_PHOTO, low_price()],
        [mark(), COPIED_PHOTO, low_price()],
        [mark(), signal("listing.never_made")],
        [signal("text.disguised_mark"), low_price()],
        [signal("text.disguised_mark"), COPIED_PHOTO],
    ],
)
def test_a_clear_fake_is_high(clear: list[Signal]) -> None:
    assert found(clear).level is Level.HIGH


@pytest.mark.parametrize(
    "honest",
    [
        [mark()],
        [mark(), usual_price()],
        [mark(), usual_price(0.5)],
        [mark(), signal("seller.new_shop")],
        [mark(), signal("seller.ships_from_elsewhere")],
        [mark(), signal("text.genuine_context"), low_price()],
        [mark(), signal("image.logo_file"), usual_price()],
        [mark(), COPIED_PHOTO, low_price(), signal("seller.authorised")],
        [signal("text.lookalike")],
        [mark(), low_price(0.3)],
    ],
)
def test_what_honest_resellers_also_do_is_low_or_not_reported(honest: list[Signal]) -> None:
    finding = judged(honest)
    assert finding is None or finding.level is Level.LOW


@pytest.mark.parametrize(
    "unclear",
    [
        [mark(), low_price()],
        [mark(), COPIED_PHOTO],
        [signal("text.disguised_mark")],
        [signal("text.lookalike"), low_price()],
        [mark(), REPLICA, signal("seller.authorised", 0.7)],
    ],
)
def test_what_could_be_either_waits_in_the_middle(unclear: list[Signal]) -> None:
    assert found(unclear).level is Level.MEDIUM


def test_a_mark_alone_is_reported_as_low() -> None:
    assert found([mark()]).level is Level.LOW
    assert found([mark()]).risk == pytest.approx(0.0998, abs=1e-4)


def test_a_mark_at_a_usual_price_is_not_reported() -> None:
    assert judged([mark(), usual_price()]) is None


def test_without_a_reason_for_there_is_no_finding_whatever_the_threshold() -> None:
    open_policy = parse_with(report="0")
    judge = judge_with(open_policy)
    assert judge.judge(offer(), "Corvane", []) is None
    assert judge.judge(offer(), "Corvane", [signal("seller.established")]) is None
    assert judge.judge(offer(), "Corvane", [mark(0.0)]) is None


def parse_with(**numbers: str):
    """The shipped policy with some top-level numbers changed."""
    from countermark.judge import parse_policy

    text = load_policy().source.decode()
    for key, number in numbers.items():
        text, changed = re.subn(rf"^{key}: .*$", f"{key}: {number}", text, flags=re.M)
        assert changed == 1
    return parse_policy(text.encode())


OPEN = judge_with(parse_with(report="0"))


def risk(signals: list[Signal]) -> float:
    """The risk with nothing held back; what has no reason for it counts as none."""
    finding = OPEN.judge(offer(), "Corvane", signals)
    return finding.risk if finding else 0.0


names = st.sampled_from([spec.name for spec in SPECS])
values = st.floats(0, 1)
measured = st.lists(st.builds(signal, names, values), max_size=12)


@given(measured, st.sampled_from(FOR), values, values)
def test_more_of_a_reason_for_never_lowers_the_risk(others: list[Signal], name: str, one: float, other: float) -> None:
    rest = [s for s in others if s.name != name]
    assert risk([*rest, signal(name, min(one, other))]) <= risk([*rest, signal(name, max(one, other))])
    assert risk(rest) <= risk([*rest, signal(name, one)])


@given(measured, st.sampled_from([s.name for s in SPECS if s.speaks == "against"]), values, values)
def test_more_of_a_reason_against_never_raises_the_risk(
    others: list[Signal], name: str, one: float, other: float
) -> None:
    rest = [s for s in others if s.name != name]
    assert risk([*rest, signal(name, min(one, other))]) >= risk([*rest, signal(name, max(one, other))])
    assert risk(rest) >= risk([*rest, signal(name, one)])


signals_in_full = st.lists(
    st.builds(
        Signal,
        name=names,
        value=st.sampled_from([0.0, 0.25, 0.7, 1.0]),
        brand=st.sampled_from(["", "Corvane", "Halcyr"]),
        right_id=st.sampled_from(["", RIGHT, derive_id("rgt", "other")]),
        reference=st.sampled_from(["", "a.jpg", "b.jpg"]),
        facts=st.dictionaries(st.sampled_from(["found", "low"]), st.sampled_from(["x", "y"]), max_size=2),
    ),
    max_size=10,
)


@given(signals_in_full, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_signals_changes_anything(signals: list[Signal], dice) -> None:
    shuffled = [*signals, *signals[:3]]
    dice.shuffle(shuffled)
    assert OPEN.judge(offer(), "Corvane", shuffled) == OPEN.judge(offer(), "Corvane", signals)


@given(signals_in_full)
def test_a_finding_adds_up_and_survives_json(signals: list[Signal]) -> None:
    finding = OPEN.judge(offer(), "Corvane", signals)
    if finding is None:
        return
    log_odds = finding.base + sum(reason.weight for reason in finding.reasons)
    assert finding.risk == pytest.approx(1 / (1 + math.exp(-log_odds)), abs=1e-6)
    assert all((reason.weight > 0) is (reason.direction is Direction.FOR) for reason in finding.reasons)
    assert [abs(r.weight) for r in finding.reasons] == sorted((abs(r.weight) for r in finding.reasons), reverse=True)
    assert len({reason.signal for reason in finding.reasons}) == len(finding.reasons)
    assert from_json(to_json(finding), Finding) == finding


def test_ten_copies_of_a_photo_are_no_tenfold_proof() -> None:
    copies = [signal("image.copied_photo", 0.5 + n / 20, facts={"distance": str(n)}) for n in range(10)]
    finding = found([mark(), *copies])
    assert [r.facts["distance"] for r in finding.reasons if r.signal == "image.copied_photo"] == ["9"]


def test_signals_about_another_house_are_left_out() -> None:
    other = signal("image.copied_photo", brand="Halcyr")
    assert found([mark(), other]) == found([mark()])


def test_a_signal_that_names_a_right_is_preferred_among_equals() -> None:
    nameless = signal("text.mark", brand="Corvane")
    assert found([nameless, mark()]).right_id == RIGHT


def test_the_right_that_carries_most_weight_is_named() -> None:
    photo_right, word_right = derive_id("rgt", "photo"), derive_id("rgt", "word")
    finding = found([signal("text.mark", right_id=word_right), signal("image.copied_photo", right_id=photo_right)])
    assert finding.right_id == photo_right
    assert found([REPLICA, signal("text.mark")]).right_id == ""


def test_a_finding_names_everything_it_can_be_recomputed_from() -> None:
    listing = offer()
    finding = found([mark(), REPLICA], listing)
    policy = load_policy()
    listing_hash = hashlib.sha256(to_json(listing)).hexdigest()
    assert (finding.engine_version, finding.policy_hash, finding.reference_hash, finding.listing_hash) == (
        ENGINE_VERSION,
        policy.digest,
        REFERENCE_HASH,
        listing_hash,
    )
    assert finding.id == derive_id("fnd", listing_hash, "Corvane", ENGINE_VERSION, policy.digest, REFERENCE_HASH)
    assert (finding.listing_id, finding.seller_id) == (listing.id, listing.seller.id)


def test_a_changed_listing_house_policy_or_reference_is_another_finding() -> None:
    one = found([mark(), REPLICA])
    others = [
        found([mark(), REPLICA], offer(stock=2)),
        judge_with(parse_with(base_rate="-2.5")).judge(offer(), "Corvane", [mark(), REPLICA]),
        Judge(load_policy(), SPECS, "cd" * 32).judge(offer(), "Corvane", [mark(), REPLICA]),
        judge_with().judge(offer(), "Halcyr", [signal("text.mark", brand="Halcyr"), REPLICA]),
    ]
    assert len({one.id, *(other.id for other in others if other)}) == 5


@pytest.mark.parametrize("value", [-0.01, 1.01, math.nan, math.inf])
@pytest.mark.parametrize("first", [True, False])
def test_a_value_that_is_no_strength_is_refused(value: float, *, first: bool) -> None:
    pair = [signal("text.mark", value), mark()]
    with pytest.raises(InvalidRecord, match=r"text\.mark .* between 0 and 1"):
        judged(pair if first else pair[::-1])


def test_a_signal_nobody_weighed_is_refused() -> None:
    with pytest.raises(InvalidRecord, match=r"text\.mood"):
        judged([mark(), signal("text.mood")])


def test_a_hostile_fact_cannot_break_out_of_its_sentence() -> None:
    hostile = "x” by the house itself. {brand} {0.__class__} \u202e\x1b[31m" + "y" * 5000
    (reason,) = found([mark(found=hostile)]).reasons
    assert reason.sentence.startswith(
        'The title names “x" by the house itself. {brand} {0.__class__} \\u202e\\u001b[31m'
    )
    assert reason.sentence.endswith("…”, a mark of Corvane.")
    assert reason.sentence.isprintable()
    assert len(reason.sentence) < 300


def test_a_missing_fact_reads_as_unknown() -> None:
    (reason,) = found([signal("text.mark")]).reasons
    assert reason.sentence == "The title names “unknown”, a mark of Corvane."


@pytest.mark.parametrize("sentence", ["{found.upper}", "{found!r}", "{found:>9}", "{}", "{0}", "{found", "}"])
def test_a_sentence_with_a_place_that_is_no_bare_name_is_refused(sentence: str) -> None:
    broken = SignalSpec(
        name="text.mark", version=1, speaks="for", unit="", meaning="", wrong_when="", sentence=sentence
    )
    with pytest.raises(InvalidRecord, match="sentence"):
        Judge(load_policy(), [broken if spec.name == "text.mark" else spec for spec in SPECS], REFERENCE_HASH)


def test_a_judge_travels_to_workers() -> None:
    again = pickle.loads(pickle.dumps(judge_with()))
    assert again.judge(offer(), "Corvane", [mark(), REPLICA]) == found([mark(), REPLICA])


def test_a_reason_keeps_everything_it_rests_on() -> None:
    reason = next(r for r in found([mark(), COPIED_PHOTO]).reasons if r.signal == "image.copied_photo")
    assert reason == Reason(
        signal="image.copied_photo",
        version=1,
        direction=Direction.FOR,
        value=1.0,
        weight=3.0,
        sentence="A photo agrees with an official photo in all but 9 of 256 bits.",
        wrong_when="Wrong when image.copied_photo misread the listing.",
        reference="photos/1.jpg",
        listing_image="b1.jpg",
        facts={"distance": "9"},
    )
