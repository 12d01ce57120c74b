"""Listings and findings survive the way through Arrow unchanged."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats.arrow import (
    FINDING_SCHEMA,
    LISTING_SCHEMA,
    batch_to_findings,
    batch_to_listings,
    findings_to_batch,
    listing_at,
    listings_to_batch,
)
from countermark.model import (
    Condition,
    Direction,
    Finding,
    ImageRef,
    ImageRole,
    Kind,
    Level,
    Listing,
    Price,
    Reason,
    Seller,
    Span,
    Text,
    to_json,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
languages = st.none() | st.sampled_from(["fr", "en", "zh-Hans"])
texts = st.builds(Text, words, languages)
counts = st.none() | st.integers(0, 2**60)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
amounts = st.decimals(0, 10**15, places=2)
images = st.builds(ImageRef, uri=words, sha256=st.none() | st.just("0f" * 32))


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    marketplace = draw(words)
    return Listing(
        marketplace=marketplace,
        external_id=draw(words.filter(bool)),
        title=draw(texts),
        seller=Seller(
            marketplace=marketplace,
            external_id=draw(words),
            name=draw(words),
            country=draw(st.none() | st.just("CN")),
            since=draw(st.none() | st.dates()),
            sales=draw(counts),
        ),
        captured_at=draw(moments),
        price=draw(st.none() | st.builds(Price, amounts, st.sampled_from(["EUR", "CNY"]))),
        description=draw(st.none() | texts),
        brand_text=draw(words),
        category=draw(words),
        condition=draw(st.sampled_from(list(Condition))),
        images=tuple(draw(st.lists(images, max_size=3))),
        stock=draw(counts),
        ships_from=draw(st.none() | st.just("FR")),
        product_code=draw(st.none() | words),
        url=draw(st.none() | words),
    )


@given(st.lists(listings(), max_size=4))
def test_listings_come_back_equal_and_byte_for_byte(given_listings: list[Listing]) -> None:
    batch = listings_to_batch(given_listings)
    assert batch.schema == LISTING_SCHEMA
    back = batch_to_listings(batch)
    assert back == given_listings
    assert [to_json(listing) for listing in back] == [to_json(listing) for listing in given_listings]


@given(st.lists(listings(), min_size=1, max_size=4))
def test_one_row_is_the_same_listing_as_in_the_whole(given_listings: list[Listing]) -> None:
    batch = listings_to_batch(given_listings)
    assert [listing_at(batch, row) for row in range(batch.num_rows)] == given_listings


def test_a_slice_is_read_from_its_own_start() -> None:
    some = [_listing(str(number)) for number in range(5)]
    assert listing_at(listings_to_batch(some).slice(2), 1).external_id == "3"


def test_a_time_in_another_zone_is_kept_as_the_same_moment_in_utc() -> None:
    there = datetime(2026, 3, 1, 20, tzinfo=timezone(timedelta(hours=8)))
    back = listing_at(listings_to_batch([_listing("1", captured_at=there)]), 0)
    assert back.captured_at == there
    assert back.captured_at.isoformat() == "2026-03-01T12:00:00+00:00"


@pytest.mark.parametrize("amount", ["0.1", "129.00", "1E+3", "999999999999999.999999", "0"])
def test_an_amount_is_exact(amount: str) -> None:
    price = Price(Decimal(amount), "EUR")
    batch = listings_to_batch([_listing("1", price=price)])
    assert listing_at(batch, 0).price == price
    assert "E" not in batch.column("price_amount")[0].as_py()


def test_a_reference_picture_cannot_pass_for_an_offered_one() -> None:
    listing = _listing("1", images=(ImageRef(uri="a.jpg", role=ImageRole.LOGO),))
    with pytest.raises(ValueError, match="offered"):
        listings_to_batch([listing])


def test_a_batch_without_hashes_of_pictures_is_read() -> None:
    batch = listings_to_batch([_listing("1", images=(ImageRef(uri="a.jpg"),))])
    older = batch.select(LISTING_SCHEMA.names[:-1])
    assert batch_to_listings(older) == [listing_at(older, 0)] == [_listing("1", images=(ImageRef(uri="a.jpg"),))]


def _listing(external_id: str, **more) -> Listing:
    return Listing(
        **{
            "marketplace": "Bazaar",
            "external_id": external_id,
            "title": Text("Corvane tote", "en"),
            "seller": Seller(marketplace="Bazaar", external_id="s", since=date(2020, 1, 1)),
            "captured_at": datetime(2026, 3, 1, tzinfo=UTC),
            **more,
        }
    )


reasons = st.builds(
    Reason,
    signal=words,
    version=st.integers(1, 9),
    direction=st.sampled_from(list(Direction)),
    value=st.floats(0, 1),
    weight=st.floats(-9, 9),
    sentence=words,
    wrong_when=words,
    right_id=words,
    reference=words,
    listing_image=words,
    spans=st.lists(st.builds(Span, st.just("title"), st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    facts=st.dictionaries(words, words, max_size=3),
)
findings = st.builds(
    Finding,
    **dict.fromkeys(
        (
            "id", "listing_id", "marketplace", "external_id", "seller_id", "brand", "right_id", "engine_version",
            "policy_hash", "reference_hash", "listing_hash",
        ),
        words,
    ),
    kind=st.sampled_from(list(Kind)),
    risk=st.floats(0, 1),
    level=st.sampled_from(list(Level)),
    expected_harm=st.floats(0, 1e6),
    base=st.floats(-9, 9),
    reasons=st.lists(reasons, max_size=3).map(tuple),
)  # fmt: skip


@given(st.lists(findings, max_size=3))
def test_findings_come_back_equal(given_findings: list[Finding]) -> None:
    batch = findings_to_batch(given_findings)
    assert batch.schema == FINDING_SCHEMA
    assert batch_to_findings(batch) == given_findings
