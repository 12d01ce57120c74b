"""A low price speaks for infringement, a usual one against, and an unknown one not at all."""

import pickle
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.model import (
    Brand,
    Condition,
    Listing,
    Portfolio,
    Price,
    PriceBand,
    Seller,
    Signal,
    SignalExample,
    SignalSpec,
    Text,
)
from countermark.signals.price import SPECS, MarketPrices, PriceSignals, Rates, observations, parse_rates

DOCS = Path(__file__).parents[5] / "docs" / "reference" / "signals" / "price-and-seller.md"
EXAMPLE = re.compile(r"(\S+) ([A-Z]{3}) (\w+), band ([\d.]+)-([\d.]+) ([A-Z]{3})(?:, 1 EUR is (\S+) USD)?")
MARKET = re.compile(r"(\S+) ([A-Z]{3}) (\w+) (\w+), market (\d+) EUR by (\d+) shops")


def offer(amount: str, currency: str = "EUR", condition: Condition = Condition.NEW, **more: object) -> Listing:
    facts: dict[str, object] = {
        "marketplace": "Bazaar",
        "external_id": "B-1",
        "title": Text("Corvane tote", "en"),
        "seller": Seller(marketplace="Bazaar", external_id="S-1"),
        "captured_at": datetime(2026, 11, 1, tzinfo=UTC),
        "price": Price(Decimal(amount), currency),
        "condition": condition,
    }
    return Listing(**{**facts, **more})  # type: ignore[arg-type]


def band(low: str, high: str, currency: str = "EUR", category: str = "") -> PriceBand:
    return PriceBand(currency=currency, low=Decimal(low), high=Decimal(high), category=category)


def signals_of(*bands: PriceBand) -> PriceSignals:
    return PriceSignals(Portfolio(brands=(Brand(name="Corvane", price_bands=bands),)))


USUAL = signals_of(band("300", "900"))


def value_of(signals: list[Signal], name: str) -> float:
    return next((signal.value for signal in signals if signal.name == name), 0.0)


def measured_against_a_band(given: str) -> list[Signal]:
    match = EXAMPLE.fullmatch(given)
    assert match, given
    amount, currency, condition, low, high, band_currency, rate = match.groups()
    signals = PriceSignals(
        Portfolio(brands=(Brand(name="Corvane", price_bands=(band(low, high, band_currency),)),)),
        rates=rates(rate) if rate else None,
    )
    return signals.measure(offer(amount, currency, Condition(condition)), "Corvane")


def measured_on_a_market(given: str) -> list[Signal]:
    match = MARKET.fullmatch(given)
    assert match, given
    amount, currency, condition, goods, usual, shops = match.groups()
    # Prices a few percent around the usual one, five by every shop.
    offers = [
        offer(f"{int(usual) * (0.96 + 0.02 * n):.2f}", category="Bags > Tote", external_id=f"{shop}-{n}")
        for shop in range(int(shops))
        for n in range(5)
    ]
    seen = [one for number, each in enumerate(offers) for one in observations(each, "Corvane", number // 5)]
    signals = PriceSignals(Portfolio(), MarketPrices.learnt(seen))
    return signals.measure(offer(amount, currency, Condition(condition), category=f"Bags > {goods}"), "Corvane")


def rates(usd: str) -> Rates:
    text = f"version: 1\ndate: 2026-10-30\nbase: EUR\nsource: Invented Bank\nrates: {{USD: '{usd}'}}\n"
    return parse_rates(text.encode())


@pytest.mark.parametrize(
    ("spec", "example"),
    [(spec, example) for spec in SPECS for example in spec.examples],
    ids=lambda part: part.name if isinstance(part, SignalSpec) else part.given,
)
def test_each_worked_example_measures_as_it_says(spec: SignalSpec, example: SignalExample) -> None:
    measure = measured_on_a_market if "market" in example.given else measured_against_a_band
    measured = measure(example.given)
    assert example.low <= value_of(measured, spec.name) <= example.high


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_each_signal_and_example_stands_in_the_reference(spec: SignalSpec) -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert f"## `{spec.name}`" in page
    assert [e.given for e in spec.examples if f"| {e.given} |" not in page] == []
    assert spec.wrong_when in page


def test_a_price_tells_its_facts_as_plain_decimals() -> None:
    (signal,) = USUAL.measure(offer("24.50"), "Corvane")
    assert signal.brand == "Corvane"
    assert signal.facts == {
        "price": "24.50",
        "currency": "EUR",
        "low": "300",
        "high": "900",
        "share": "8.1",
        "band_currency": "EUR",
    }


def test_a_softened_price_says_so() -> None:
    (signal,) = USUAL.measure(offer("24", condition=Condition.USED), "Corvane")
    assert signal.value == 0.5
    assert (signal.facts["condition"], signal.facts["softened"]) == ("used", "0.5")


def test_no_price_no_signal() -> None:
    assert USUAL.measure(offer("5", price=None), "Corvane") == []


def test_a_house_without_bands_says_nothing() -> None:
    assert USUAL.measure(offer("24"), "Halcyr") == []


def test_a_little_below_never_reads_as_all_of_it() -> None:
    (signal,) = USUAL.measure(offer("299.99"), "Corvane")
    assert signal.facts["share"] == "99"


BY_GOODS = signals_of(band("300", "900"), band("40", "90", category="scarf"), band("80", "200", category="silk scarf"))


@pytest.mark.parametrize(
    ("category", "title", "low"),
    [
        ("", "Ondrelle tote", "300"),
        ("Women > Scarf", "Ondrelle", "40"),
        ("", "Ondrelle scarf, wool", "40"),
        ("Women > Scarf", "Ondrelle SILK twill", "80"),
        ("", "Ondrelle scarfholder", "300"),
    ],
)
def test_the_most_specific_band_that_fits_applies(category: str, title: str, low: str) -> None:
    (signal,) = BY_GOODS.measure(offer("20", category=category, title=Text(title)), "Corvane")
    assert signal.facts["low"] == low


def test_a_band_for_other_goods_alone_says_nothing() -> None:
    assert signals_of(band("300", "900", category="watch")).measure(offer("20"), "Corvane") == []


def test_a_chinese_category_word_is_found_inside_a_title() -> None:
    watches = signals_of(band("3000", "9000", "CNY", category="手表"))
    assert watches.measure(offer("200", "CNY", title=Text("赫希尔自动机械手表男")), "Corvane")


def test_among_equally_specific_bands_the_cheaper_counts() -> None:
    bands = signals_of(band("300", "900", category="bag"), band("100", "200", category="tote"))
    (signal,) = bands.measure(offer("90", title=Text("tote bag")), "Corvane")
    assert signal.facts["low"] == "100"


def test_a_category_of_signs_only_is_never_taken_for_every_category() -> None:
    assert signals_of(band("300", "900", category="!!!")).measure(offer("20"), "Corvane") == []


def test_a_band_of_one_price_has_no_depth() -> None:
    (signal,) = signals_of(band("300", "300")).measure(offer("300"), "Corvane")
    assert (signal.name, signal.value) == ("price.within_band", 1.0)


amounts = st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False)
positive = st.decimals(min_value="1E-40", max_value="1E+40", allow_nan=False, allow_infinity=False)


@given(amounts, positive, positive, st.sampled_from(Condition))
def test_any_price_and_any_band_measure_between_nothing_and_one(
    amount: Decimal, one: Decimal, other: Decimal, condition: Condition
) -> None:
    prices = signals_of(PriceBand(currency="EUR", low=min(one, other), high=max(one, other)))
    measured = prices.measure(offer("5", price=Price(amount, "EUR"), condition=condition), "Corvane")
    assert len(measured) <= 1
    for signal in measured:
        assert 0 < signal.value <= 1
        assert all(len(fact) <= 40 for fact in signal.facts.values())


@given(st.decimals("1.01", 2000, places=2), st.decimals("1.01", 2000, places=2), st.sampled_from(Condition))
def test_a_lower_price_never_looks_more_innocent(one: Decimal, other: Decimal, condition: Condition) -> None:
    lower, higher = sorted((one, other))

    def suspicion(amount: Decimal) -> float:
        measured = USUAL.measure(offer("5", price=Price(amount, "EUR"), condition=condition), "Corvane")
        return value_of(measured, "price.below_band") - value_of(measured, "price.within_band")

    if higher <= 900:
        assert suspicion(lower) >= suspicion(higher)


def test_absurd_digits_are_not_written_out() -> None:
    prices = signals_of(PriceBand(currency="EUR", low=Decimal("1E-999999"), high=Decimal("1E+999999")))
    (signal,) = prices.measure(offer("20." + "0" * 5000), "Corvane")
    assert all(len(fact) <= 40 for fact in signal.facts.values())


def test_the_reference_side_travels_to_workers() -> None:
    again = pickle.loads(pickle.dumps(BY_GOODS))
    assert again.measure(offer("20"), "Corvane") == BY_GOODS.measure(offer("20"), "Corvane")
