"""Each bad field of a row is told by its name; only what says which listing it is costs the row."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.columns import SYNONYMS
from countermark.formats.limits import Limits
from countermark.formats.listing_row import Place, RowRules
from countermark.formats.problems import KINDS, Effect

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PLACE = Place("shop.csv", datetime(2026, 5, 1, tzinfo=UTC), "Bazaar", "en")
RULES = RowRules(Limits(), NOW)


def read(**raw: object):
    return RULES.read({"external_id": "1", "title": "Corvane tote", **raw}, 7, PLACE)


def test_a_plain_row_is_kept_and_its_gaps_are_filled() -> None:
    columns, problems = read()
    assert problems == []
    assert columns is not None
    assert columns["marketplace"] == "Bazaar"
    assert columns["captured_at"] == PLACE.captured_at
    assert columns["title_language"] == "en"
    assert columns["condition"] == "unknown"
    assert columns["price_amount"] is None


@pytest.mark.parametrize(
    ("raw", "field", "code"),
    [
        ({"external_id": None}, "external_id", "missing-id"),
        ({"external_id": "  "}, "external_id", "missing-id"),
        ({"external_id": "a\x07b"}, "external_id", "bad-id"),
        ({"external_id": "x" * 501}, "external_id", "bad-id"),
        ({"external_id": True}, "external_id", "bad-id"),
        ({"marketplace": "a\nb"}, "marketplace", "bad-id"),
        ({"title": ""}, "title", "missing-title"),
        ({"title": "\u3000 "}, "title", "missing-title"),
        ({"title": ["a"]}, "title", "missing-title"),
        ({"title": "x" * 2001}, "title", "title-too-long"),
        ({"title": "a\0b"}, "title", "broken-text"),
        ({"title": "a\ud800"}, "title", "broken-text"),
        ({"seller_name": "a\x1bb"}, "seller", "bad-seller"),
        ({"seller_external_id": "x" * 501}, "seller", "bad-seller"),
        ({"captured_at": "2026-03-01 12:00"}, "captured_at", "time-without-zone"),
        ({"captured_at": "last week"}, "captured_at", "time-not-understood"),
        ({"captured_at": "1890-01-01T00:00:00Z"}, "captured_at", "time-absurd"),
        ({"captured_at": "2099-01-01T00:00:00Z"}, "captured_at", "time-absurd"),
    ],
)
def test_a_row_that_cannot_be_placed_is_set_aside(raw: dict[str, object], field: str, code: str) -> None:
    columns, (problem,) = read(**raw)
    assert columns is None
    assert (problem.source, problem.row, problem.field, problem.code) == ("shop.csv", 7, field, code)
    assert problem.mend
    assert KINDS[code].effect is Effect.ROW


@pytest.mark.parametrize(
    ("raw", "field", "code"),
    [
        ({"price_text": "NaN", "price_currency": "EUR"}, "price", "price-not-a-number"),
        ({"price_text": "-1", "price_currency": "EUR"}, "price", "price-negative"),
        ({"price_text": "12", "price_currency": "EUX"}, "price", "currency-unknown"),
        ({"price_text": "¥199"}, "price", "currency-ambiguous"),
        ({"price_text": "1,299", "price_currency": "EUR"}, "price", "price-ambiguous"),
        ({"price_amount": "1e16", "price_currency": "EUR"}, "price", "price-absurd"),
        ({"description": "x" * 50_001}, "description", "text-too-long"),
        ({"description": "\0"}, "description", "bad-text"),
        ({"brand_text": {"a": 1}}, "brand_text", "wrong-type"),
        ({"language": "!!"}, "title_language", "bad-language"),
        ({"condition": "gently loved"}, "condition", "condition-unknown"),
        ({"seller_country": "UK"}, "seller_country", "country-unknown"),
        ({"ships_from": "China"}, "ships_from", "country-unknown"),
        ({"seller_since": "1890-01-01"}, "seller_since", "date-absurd"),
        ({"stock": "-1"}, "stock", "count-not-understood"),
        ({"stock": "1.5"}, "stock", "count-not-understood"),
        ({"stock": float("nan")}, "stock", "count-not-understood"),
        ({"seller_sales": 10**13}, "seller_sales", "count-not-understood"),
        ({"images": "a.jpg|b\x00.jpg"}, "images", "bad-image-name"),
        ({"images": {"a": 1}}, "images", "wrong-type"),
        ({"images": "[{}]"}, "images", "wrong-type"),
        ({"product_code": "12AB"}, "product_code", "bad-product-code"),
        ({"url": "javascript:alert(1)"}, "url", "bad-url"),
        ({"url": "https://a b"}, "url", "bad-url"),
    ],
)
def test_a_bad_field_is_left_out_and_told_and_the_row_kept(raw: dict[str, object], field: str, code: str) -> None:
    columns, (problem,) = read(**raw)
    assert columns is not None
    assert (problem.field, problem.code) == (field, code)
    assert "the row is kept" in problem.message
    assert KINDS[code].effect is Effect.FIELD


def test_the_first_fifty_pictures_are_kept_and_the_rest_told() -> None:
    columns, (problem,) = read(images=[f"{n}.jpg" for n in range(60)])
    assert columns is not None
    assert len(columns["images"]) == 50
    assert problem.code == "too-many-images"


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("a.jpg", ["a.jpg"]),
        ("a.jpg|b.jpg", ["a.jpg", "b.jpg"]),
        ("a.jpg; b.jpg;", ["a.jpg", "b.jpg"]),
        ('["a,b.jpg", "c.jpg"]', ["a,b.jpg", "c.jpg"]),
        ("a,b.jpg", ["a,b.jpg"]),
        ("https://x/a.jpg,https://x/b.jpg", ["https://x/a.jpg", "https://x/b.jpg"]),
        (["a.jpg", {"uri": "b.jpg"}], ["a.jpg", "b.jpg"]),
        (None, []),
    ],
)
def test_pictures_are_named_in_the_usual_ways(value: object, names: list[str]) -> None:
    columns, problems = read(images=value)
    assert problems == []
    assert columns is not None
    assert columns["images"] == names


def test_a_shop_known_only_by_name_is_identified_by_it() -> None:
    columns, _ = read(seller_name=" Atelier 9 ")
    assert columns is not None
    assert (columns["seller_external_id"], columns["seller_name"]) == ("Atelier 9", "Atelier 9")


def test_text_is_kept_as_it_was_written() -> None:
    title = "  ＣＯＲＶＡＮＥ\u200b tote \u202e "
    columns, problems = read(title=title, description="<script>alert(1)</script>")
    assert problems == []
    assert columns is not None
    assert columns["title"] == title
    assert columns["description"] == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("dates", "amount"),
    [
        (None, "99"),
        ("2026-04-01T00:00Z/2026-06-01T00:00Z", "99"),
        ("2026-01-01T00:00Z/2026-02-01T00:00Z", "129"),
    ],
)
def test_the_sale_price_counts_while_its_dates_hold(dates: str | None, amount: str) -> None:
    columns, problems = read(price_text="129 EUR", sale_price="99 EUR", sale_price_dates=dates)
    assert problems == []
    assert columns is not None
    assert columns["price_amount"] == amount


def test_sold_out_means_none_left_and_in_stock_says_no_number() -> None:
    assert read(availability="out_of_stock")[0]["stock"] == 0
    assert read(availability="in stock")[0]["stock"] is None
    assert read(availability="https://schema.org/OutOfStock", stock="3")[0]["stock"] == 3


def test_values_of_typed_files_are_read_too() -> None:
    columns, problems = read(
        external_id=12, price_amount=Decimal("1.50"), price_currency="eur", stock=3.0, seller_since=date(2020, 1, 2),
        captured_at=datetime(2026, 5, 4, tzinfo=UTC),
    )  # fmt: skip
    assert problems == []
    assert columns is not None
    assert (columns["external_id"], columns["price_amount"], columns["price_currency"]) == ("12", "1.50", "EUR")
    assert (columns["stock"], columns["seller_since"]) == (3, date(2020, 1, 2))


def test_several_problems_of_one_row_are_all_told() -> None:
    _, problems = read(title="", stock="x", url="ftp://x")
    assert [problem.code for problem in problems] == ["missing-title", "count-not-understood", "bad-url"]


def test_a_hostile_value_is_shown_short_and_harmless() -> None:
    _, (problem,) = read(condition="\x1b[31m" + "A" * 300)
    assert len(problem.excerpt) <= 80
    assert "\x1b" not in problem.excerpt


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(sorted(SYNONYMS)), anything, max_size=8))
def test_no_row_whatever_brings_the_reader_down(raw: dict[str, object]) -> None:
    columns, problems = RULES.read(raw, 1, PLACE)
    assert columns is not None or problems
    assert all(problem.mend and problem.row == 1 for problem in problems)
