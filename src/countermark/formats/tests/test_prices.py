"""A price has one reading or none, and its currency is never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.prices import SIGNS, read_plain_amount, read_price, settle_currency
from countermark.formats.problems import KINDS, Unfit
from countermark.model import Price


@pytest.mark.parametrize(
    ("text", "currency", "amount", "code"),
    [
        ("129", "EUR", "129", "EUR"),
        ("129.90", "EUR", "129.90", "EUR"),
        ("129,90", "EUR", "129.90", "EUR"),
        ("1,299.00", "USD", "1299.00", "USD"),
        ("1.299,00", "EUR", "1299.00", "EUR"),
        ("1 299,90 €", None, "1299.90", "EUR"),
        ("1\u202f299,90\u00a0€", None, "1299.90", "EUR"),
        ("1'299.00 CHF", None, "1299.00", "CHF"),
        ("1,299,000", "JPY", "1299000", "JPY"),
        ("1,29,900.00", "INR", "129900.00", "INR"),
        ("129 EUR", None, "129", "EUR"),
        ("EUR 129.00", None, "129.00", "EUR"),
        ("129.00eur", None, "129.00", "EUR"),
        ("€129", None, "129", "EUR"),
        ("¥199", "CNY", "199", "CNY"),
        ("￥１９９", "JPY", "199", "JPY"),
        ("199元", "CNY", "199", "CNY"),
        ("HK$ 88", None, "88", "HKD"),
        ("CN¥88.5", None, "88.5", "CNY"),
        ("129.-", "CHF", "129", "CHF"),
        ("$100", "USD", "100", "USD"),
        ("0.999", "EUR", "0.999", "EUR"),
        ("12.5678", "EUR", "12.5678", "EUR"),
        ("129", "€", "129", "EUR"),
        ("100 pkr", None, "100", "PKR"),
    ],
)
def test_an_unambiguous_price_is_read_exactly(text: str, currency: str | None, amount: str, code: str) -> None:
    read = read_price(text, currency)
    assert read == (Decimal(amount), code)
    assert str(read[0]) == amount


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("1,299", "USD", "price-ambiguous"),
        ("1.299", "EUR", "price-ambiguous"),
        ("¥199", None, "currency-ambiguous"),
        ("$100", None, "currency-ambiguous"),
        ("129", None, "currency-missing"),
        ("129", "EUX", "currency-unknown"),
        ("129", "XXX", "currency-unknown"),
        ("129", "XAU", "currency-unknown"),
        ("129 ABC", None, "currency-unknown"),
        ("129 EUR", "USD", "currency-contradiction"),
        ("€12 USD", None, "currency-contradiction"),
        ("-5", "EUR", "price-negative"),
        ("EUR -5", None, "price-negative"),
        ("NaN", "EUR", "price-not-a-number"),
        ("Infinity", "EUR", "price-not-a-number"),
        ("from 12 EUR", None, "price-not-a-number"),
        ("12-15 EUR", None, "price-not-a-number"),
        ("1.299.00", "EUR", "price-not-a-number"),
        ("12,99,9", "EUR", "price-not-a-number"),
        ("free", "EUR", "price-not-a-number"),
        ("9" * 17, "EUR", "price-not-a-number"),
        ("9" * 16, "EUR", "price-absurd"),
        ("1" * 5000, "EUR", "price-not-a-number"),
    ],
)
def test_a_price_without_one_reading_is_told_with_its_mend(text: str, currency: str | None, code: str) -> None:
    with pytest.raises(Unfit) as told:
        read_price(text, currency)
    assert told.value.code == code
    assert KINDS[code].mend.format(**told.value.words)
    assert KINDS[code].message.format(**told.value.words)


def test_yen_and_yuan_are_both_offered_when_the_sign_leaves_it_open() -> None:
    with pytest.raises(Unfit) as told:
        read_price("¥199", None)
    assert told.value.words["codes"] == "JPY or CNY"


def test_both_readings_of_an_ambiguous_price_are_named() -> None:
    with pytest.raises(Unfit) as told:
        read_price("1,299", "USD")
    assert KINDS["price-ambiguous"].message.format(**told.value.words) == "the price can be read as 1299 or as 1.299."


@pytest.mark.parametrize(
    ("text", "amount"), [("1.299", "1.299"), ("1e3", "1E+3"), ("-0", "0"), ("0.00", "0.00"), (".5", "0.5")]
)
def test_an_amount_written_for_machines_has_a_point_and_no_separators(text: str, amount: str) -> None:
    assert str(read_plain_amount(text)) == amount


@pytest.mark.parametrize("text", ["nan", "inf", "1,299", "0x10", "", "1e400", "1e-300", "-1", "9" * 41, "1_000"])
def test_an_amount_no_machine_writes_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        read_plain_amount(text)


@given(st.text(max_size=80), st.none() | st.text(max_size=5) | st.sampled_from(["EUR", "$"]))
def test_any_text_gives_a_price_that_the_model_takes_or_a_problem(text: str, currency: str | None) -> None:
    try:
        price = Price(*read_price(text, currency))
    except Unfit as unfit:
        assert KINDS[unfit.code].message.format(**unfit.words)
    else:
        assert price.amount >= 0


@given(st.decimals(0, 10**9, places=2), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_grouped_prices_of_every_custom_are_read_back(amount: Decimal, marks: tuple[str, str]) -> None:
    group, point = marks
    written = f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", group)
    assert read_price(written, "EUR") == (amount, "EUR")


def test_every_sign_stands_for_money_that_exists() -> None:
    for sign, codes in SIGNS.items():
        for code in codes:
            assert Price(Decimal(1), code).currency == code, sign


def test_a_missing_currency_is_never_filled_in() -> None:
    with pytest.raises(Unfit, match="currency-missing"):
        settle_currency(None)
