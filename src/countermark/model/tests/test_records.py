"""The records refuse what the trade could not mean, and survive JSON unchanged."""

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.model import (
    Brand,
    Finding,
    ImageRef,
    InvalidRecord,
    Listing,
    Portfolio,
    Price,
    PriceBand,
    Right,
    RightKind,
    RowProblem,
    Seller,
    Text,
    UnknownCurrency,
    derive_id,
    from_json,
    json_schema,
    kind_of_id,
    to_json,
)
from countermark.model.problem import excerpt_of

amounts = st.decimals(min_value=0, max_value=10**12, places=2)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
listings = st.builds(
    Listing,
    marketplace=words,
    external_id=words,
    title=st.builds(Text, words, st.sampled_from([None, "fr", "zh-Hans"])),
    seller=st.builds(
        Seller, marketplace=words, external_id=words, since=st.none() | st.dates(), sales=st.integers(0, 99)
    ),
    captured_at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),
    price=st.none() | st.builds(Price, amounts, st.sampled_from(["EUR", "USD", "CNY", "JPY"])),
    images=st.lists(st.builds(ImageRef, uri=words), max_size=3).map(tuple),
)


def bag(**changes: object) -> Listing:
    facts: dict[str, object] = {
        "marketplace": "Bazaar",
        "external_id": "B-1",
        "title": Text("Corvane tote", "en"),
        "seller": Seller(marketplace="Bazaar", external_id="S-1"),
        "captured_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Listing(**{**facts, **changes})  # type: ignore[arg-type]


@given(listings)
def test_a_listing_survives_json_unchanged(listing: Listing) -> None:
    assert from_json(to_json(listing), Listing) == listing


@given(listings)
def test_equal_listings_give_equal_bytes(listing: Listing) -> None:
    again = from_json(to_json(listing), Listing)
    assert to_json(again) == to_json(listing)


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "1e16"])
def test_a_price_that_nobody_can_ask_is_refused(amount: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        Price(Decimal(amount), "EUR")
    assert refused.value.field == "price"


@pytest.mark.parametrize("code", ["EUX", "eur", "", "XXX", "XAU", "BTC"])
def test_a_currency_that_nobody_mints_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        Price(Decimal(1), code)


def test_a_refusal_survives_the_way_back_from_a_worker() -> None:
    for refusal in (InvalidRecord("price", "it is negative.", "Write it."), UnknownCurrency("EUX")):
        again = pickle.loads(pickle.dumps(refusal))
        assert (again.field, again.message, again.mend) == (refusal.field, refusal.message, refusal.mend)


def test_every_spendable_x_currency_is_known() -> None:
    assert [str(Price(Decimal(5), code)) for code in ("XOF", "XAF", "XPF")] == ["5 XOF", "5 XAF", "5 XPF"]


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="zone"):
        bag(captured_at=datetime(2026, 11, 1))


def test_a_listing_without_id_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="no id"):
        bag(external_id="")


def test_bad_json_says_where() -> None:
    broken = to_json(bag(price=Price(Decimal(5), "EUR"))).replace(b'"EUR"', b'"EUX"')
    with pytest.raises(InvalidRecord, match=r"\$\.price"):
        from_json(broken, Listing)


def test_deep_json_is_refused_not_crashed_on() -> None:
    with pytest.raises(InvalidRecord):
        from_json(b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}", Listing)


@pytest.mark.parametrize(("low", "high"), [("10", "5"), ("0", "5"), ("-1", "5"), ("NaN", "5")])
def test_a_price_band_upside_down_is_refused(low: str, high: str) -> None:
    with pytest.raises(InvalidRecord):
        PriceBand(currency="EUR", low=Decimal(low), high=Decimal(high))


def test_a_nice_class_beyond_the_list_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="Nice"):
        Right(brand="Corvane", kind=RightKind.TRADEMARK, title="word", classes=(46,))


def test_a_right_keeps_the_id_its_keeper_gave_it() -> None:
    given_id = derive_id("rgt", "whatever")
    assert Right(brand="Corvane", kind=RightKind.TRADEMARK, title="w", given_id=given_id).id == given_id
    derived = Right(brand="Corvane", kind=RightKind.TRADEMARK, title="w").id
    assert derived != given_id
    assert kind_of_id(derived) == "rgt"


def test_the_value_at_stake_counts_the_stock() -> None:
    assert bag(price=Price(Decimal(20), "EUR"), stock=3).expected_value() == Decimal(60)
    assert bag(price=Price(Decimal(20), "EUR")).expected_value() == Decimal(20)
    assert bag().expected_value() is None


def test_the_reference_hash_changes_with_any_fact() -> None:
    one = Portfolio(brands=(Brand(name="Corvane"),))
    other = Portfolio(brands=(Brand(name="Corvane", owner="Maison Aurelle"),))
    assert one.digest() != other.digest()
    assert one.digest() == from_json(to_json(one), Portfolio).digest()


def test_a_portfolio_knows_houses_by_facts_and_by_rights() -> None:
    right = Right(brand="Halcyr", kind=RightKind.DESIGN, title="case", valid_from=date(2020, 1, 1))
    portfolio = Portfolio(brands=(Brand(name="Corvane"),), rights=(right,))
    assert portfolio.brand_names() == ("Corvane", "Halcyr")
    assert portfolio.rights_of("Halcyr") == (right,)
    assert portfolio.brand("Halcyr") == Brand(name="Halcyr")


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_ids_differ_when_their_parts_differ(one: list[str], other: list[str]) -> None:
    assert (derive_id("lst", *one) == derive_id("lst", *other)) == (one == other)


def test_an_id_says_its_kind_and_nothing_else_passes_for_one() -> None:
    assert kind_of_id(derive_id("fnd", "a")) == "fnd"
    for wrong in ("", "fnd", "fnd_", "fnd_abc", "xyz_" + "0" * 26, "fnd_" + "U" * 26, "fnd_" + "0" * 27):
        assert kind_of_id(wrong) is None
    with pytest.raises(ValueError, match="not a kind"):
        derive_id("zzz", "a")


def test_a_hostile_excerpt_is_short_and_harmless() -> None:
    shown = excerpt_of("a\u202eb\x00c\n" + "x" * 500)
    assert shown.startswith("a\\u202eb\\u0000c\\u000a")
    assert len(shown) <= 81


def test_a_problem_reads_as_a_sentence_with_place_and_mend() -> None:
    problem = RowProblem(
        source="p.csv",
        row=7,
        field="price",
        code="x",
        message="It is not a number.",
        mend="Write 129.00.",
        excerpt="NaN",
    )
    assert problem.sentence() == "p.csv, row 7, price: It is not a number. (found 'NaN') Write 129.00."


@pytest.mark.parametrize("record", [Listing, Right, Portfolio, Finding])
def test_every_record_publishes_a_schema(record: type[msgspec.Struct]) -> None:
    schema = json_schema(record)
    assert schema["$schema"].endswith("2020-12/schema")
    assert record.__name__ in schema["$defs"]
