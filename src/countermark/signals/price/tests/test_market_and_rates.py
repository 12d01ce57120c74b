"""The market is learnt the same in any order, and rates are used only when somebody answers for them."""

import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from countermark.model import Brand, InvalidRecord, Portfolio
from countermark.signals.price import MarketPrices, Observation, PriceSignals, observations, parse_rates
from countermark.signals.price.tests.test_measuring import band, offer, rates, signals_of


def seen(shop: int, step: int) -> Observation:
    return Observation("Corvane", "tote", "EUR", "new", step, shop)


HONEST = [seen(shop, 599 + shop % 5) for shop in range(25)]


def test_order_and_repetition_change_nothing() -> None:
    shuffled = HONEST * 3
    random.Random(1).shuffle(shuffled)
    assert MarketPrices.learnt(shuffled) == MarketPrices.learnt(HONEST)


def test_one_shop_cannot_move_the_market_by_repeating_an_offer() -> None:
    flooded = [*HONEST, *[seen(99, 300)] * 10_000]
    (before,), (after,) = (MarketPrices.learnt(each).usual.values() for each in (HONEST, flooded))
    assert abs(before.median - after.median) <= 1
    assert after.offers == before.offers + 1


@pytest.mark.parametrize("steps", [range(300, 380), range(680, 760)], ids=["far below", "far above"])
def test_one_shop_cannot_move_the_market_by_asking_many_prices(steps: range) -> None:
    flooded = [*HONEST, *(seen(99, step) for step in steps)]
    (before,), (after,) = (MarketPrices.learnt(each).usual.values() for each in (HONEST, flooded))
    assert abs(before.median - after.median) <= 1
    assert abs(before.mad - after.mad) <= 1


def market_of(amounts: list[str], category: str, code: str) -> PriceSignals:
    offers = [
        (shop, offer(amount, external_id=str(shop), category=category, product_code=code))
        for shop in range(6)
        for amount in amounts
    ]
    rows = [one for shop, each in offers for one in observations(each, "Corvane", shop)]
    return PriceSignals(Portfolio(), MarketPrices.learnt(rows))


UPC, EAN, MADE_UP = "036000291452", "0036000291452", "0036000291453"


@pytest.mark.parametrize(
    ("code", "category", "deviates"),
    [
        (UPC, "", True),
        (EAN, "", True),
        (MADE_UP, "", False),
        (MADE_UP, "Bags > Tote", True),
        ("4006381333931", "Bags > Tote", True),
        ("4006381333931", "Bags > Belt", False),
    ],
    ids=["same", "the same in 13 digits", "no product", "no product hides nothing", "unknown product", "other goods"],
)
def test_the_same_product_is_known_in_every_form_and_a_strange_code_hides_no_price(
    code: str, category: str, deviates: bool
) -> None:
    market = market_of(["390", "400", "410", "420"], "Bags > Tote", UPC)
    signals = market.measure(offer("24", product_code=code, category=category), "Corvane")
    assert [signal.name for signal in signals] == (["price.below_market"] if deviates else [])


def test_a_market_of_few_shops_is_none() -> None:
    assert MarketPrices.learnt([seen(shop, 600 + n) for shop in range(4) for n in range(50)]).usual == {}


def test_a_converted_band_says_where_it_comes_from() -> None:
    portfolio = Portfolio(brands=(Brand(name="Corvane", price_bands=(band("300", "900"),)),))
    (signal,) = PriceSignals(portfolio, rates=rates("1.16")).measure(offer("24", "USD"), "Corvane")
    assert signal.facts["low"] == "348"
    assert signal.facts["band_currency"] == "USD (from 300 to 900 EUR, Invented Bank, 2026-10-30)"


@pytest.mark.parametrize(("seen", "converted"), [("2027-10-31", True), ("2027-11-01", False), ("2025-10-28", False)])
def test_rates_of_another_time_convert_nothing(seen: str, converted: bool) -> None:
    listing = offer("24", "USD", captured_at=datetime.fromisoformat(seen).replace(tzinfo=UTC))
    portfolio = Portfolio(brands=(Brand(name="Corvane", price_bands=(band("300", "900"),)),))
    assert bool(PriceSignals(portfolio, rates=rates("1.16")).measure(listing, "Corvane")) is converted


def test_a_band_in_the_currency_itself_is_never_replaced_by_a_conversion() -> None:
    both = signals_of(band("300", "900"), band("500", "1500", "USD"))
    (signal,) = both.measure(offer("400", "USD"), "Corvane")
    assert signal.facts["band_currency"] == "USD"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("version: 1", "version: 2"), "not a file of rates"),
        (("2026-10-30", "yesterday"), "no day"),
        (("EUR", "EUX"), "not a currency"),
        (("USD", "XBT"), "not a currency"),
        (("'1.16'", "'0'"), "not a rate"),
        (("'1.16'", "'NaN'"), "not a rate"),
        (("'1.16'", "1e999999999"), "not a rate"),
        (("{USD: '1.16'}", "{}"), "not one rate"),
        (("USD: '1.16'", "EUR: '2'"), "not one EUR"),
        (("source: B", "source: ''"), "answers"),
        (("base", "bass"), "unknown key"),
        (("version: 1", "version: [1"), "cannot be read"),
    ],
)
def test_doubtful_rates_are_refused_with_a_sentence(change: tuple[str, str], said: str) -> None:
    text = "version: 1\ndate: 2026-10-30\nbase: EUR\nsource: B\nrates: {USD: '1.16'}\n"
    assert parse_rates(text.encode()).convert(Decimal(58), "USD", "EUR") == Decimal(50)
    with pytest.raises(InvalidRecord, match=said):
        parse_rates(text.replace(*change, 1).encode())
