"""What sort of finding it is, read from a table; and how much is at stake, without an exchange rate."""

from decimal import Decimal

import pytest

from countermark.judge.harm import expected_harm
from countermark.judge.policy import Harm
from countermark.judge.policy_file import load_policy
from countermark.judge.tests.material import (
    COPIED_PHOTO,
    REPLICA,
    found,
    judge_with,
    low_price,
    mark,
    offer,
    signal,
    usual_price,
)
from countermark.judge.tests.test_judging import parse_with
from countermark.model import Condition, Kind, Price, Signal

DISGUISED = signal("text.disguised_mark")
LOOKALIKE = signal("text.lookalike")
SECOND_HAND = signal("text.genuine_context")
ELSEWHERE = signal("seller.ships_from_elsewhere")
ESTABLISHED = signal("seller.established")


@pytest.mark.parametrize(
    ("signals", "kind"),
    [
        ([mark()], Kind.UNAUTHORISED_USE),
        ([mark(), low_price()], Kind.UNAUTHORISED_USE),
        ([signal("image.logo_file")], Kind.UNAUTHORISED_USE),
        ([mark(), REPLICA], Kind.OBVIOUS_FAKE),
        ([LOOKALIKE, REPLICA], Kind.OBVIOUS_FAKE),
        ([mark(), signal("text.replica_word", 0.3)], Kind.UNAUTHORISED_USE),
        ([mark(), signal("listing.never_made")], Kind.OBVIOUS_FAKE),
        ([mark(), COPIED_PHOTO, low_price()], Kind.OBVIOUS_FAKE),
        ([COPIED_PHOTO, low_price()], Kind.COPIED_PHOTO),
        ([mark(), COPIED_PHOTO, usual_price()], Kind.COPIED_PHOTO),
        ([DISGUISED, mark(), REPLICA], Kind.MASKED_MARK),
        ([LOOKALIKE], Kind.CONFUSING_LOOKALIKE),
        ([LOOKALIKE, mark()], Kind.UNAUTHORISED_USE),
        ([mark(), SECOND_HAND], Kind.GENUINE_RESALE),
        ([mark(), SECOND_HAND, low_price()], Kind.UNAUTHORISED_USE),
        ([mark(), SECOND_HAND, REPLICA], Kind.OBVIOUS_FAKE),
        ([mark(), COPIED_PHOTO, signal("seller.authorised")], Kind.GENUINE_RESALE),
        ([mark(), ELSEWHERE, usual_price()], Kind.GREY_MARKET),
        ([mark(), ELSEWHERE, signal("seller.established", 0.4)], Kind.GREY_MARKET),
        ([mark(), ELSEWHERE], Kind.UNAUTHORISED_USE),
        ([mark(), ELSEWHERE, usual_price(), signal("text.contact_outside")], Kind.UNAUTHORISED_USE),
    ],
)
def test_the_first_rule_that_holds_names_the_kind(signals: list[Signal], kind: Kind) -> None:
    judge = judge_with(parse_with(report="0"))
    finding = judge.judge(offer(), "Corvane", signals)
    assert finding
    assert finding.kind is kind
    hinted = judge.judge(offer(), "Corvane", [*signals, signal("text.name_part", 0.5)])
    assert hinted
    assert hinted.kind is kind, "a piece of a name decides no kind"


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        (Condition.USED, Kind.GENUINE_RESALE),
        (Condition.REFURBISHED, Kind.GENUINE_RESALE),
        (Condition.NEW, Kind.UNAUTHORISED_USE),
        (Condition.UNKNOWN, Kind.UNAUTHORISED_USE),
    ],
)
def test_goods_said_to_be_used_are_resale_until_something_says_otherwise(condition: Condition, kind: Kind) -> None:
    assert found([mark()], offer(condition=condition)).kind is kind
    assert found([mark(), REPLICA], offer(condition=condition)).kind is Kind.OBVIOUS_FAKE


HARM = load_policy().harm


def harm_of(risk: float = 1.0, kind: Kind = Kind.OBVIOUS_FAKE, band: Signal | None = None, **listing: object) -> float:
    return expected_harm(risk, kind, offer(**listing), band, HARM)


def test_one_genuine_item_at_stake_is_twice_a_hundred_points() -> None:
    middle = Price(Decimal("519.615242270663188058233902452"), "EUR")
    assert harm_of(band=usual_price(), price=middle) == 200.0


def test_money_at_stake_counts_the_same_in_any_currency() -> None:
    yen = signal("price.below_band", facts={"low": "48000", "high": "144000"})
    assert harm_of(band=low_price()) == harm_of(band=yen, price=Price(Decimal(3840), "JPY"))


def test_more_stock_is_more_urgent_up_to_a_cap() -> None:
    one, many, filler, worse = (harm_of(band=low_price(), stock=n) for n in (1, 500, 1000, 99_999))
    assert one < many < filler == worse
    assert many < 6 * one


def test_a_stock_that_is_not_said_or_cannot_be_counts_as_one() -> None:
    assert harm_of(stock=None) == harm_of(stock=0) == harm_of(stock=-5) == harm_of(stock=1)


@pytest.mark.parametrize(
    "facts",
    [{}, {"low": "x", "high": "9"}, {"low": "0", "high": "9"}, {"low": "nan", "high": "9"}, {"low": "-1", "high": "9"}],
)
def test_a_band_that_cannot_be_read_counts_as_unknown(facts: dict[str, str]) -> None:
    assert harm_of(band=signal("price.below_band", facts=facts)) == harm_of(band=None)


def test_a_listing_without_price_counts_as_unknown() -> None:
    assert harm_of(band=low_price(), price=None) == harm_of(band=None)


def test_harm_grows_with_risk_and_with_the_weight_of_the_kind() -> None:
    assert harm_of(risk=0.5) == pytest.approx(harm_of(risk=1.0) / 2)
    assert harm_of(kind=Kind.GENUINE_RESALE) == pytest.approx(harm_of() * 0.1)
    assert harm_of(risk=0.0) == 0.0


def test_the_shipped_numbers_weigh_every_kind() -> None:
    assert isinstance(HARM, Harm)
    assert set(HARM.kinds) == set(Kind)
