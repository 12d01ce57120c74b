"""JSON Lines, flat or as a listing's own record."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from countermark.formats import Limits
from countermark.model import Condition, ImageRef, Listing, Price, Seller, Text, to_json

FULL = Listing(
    marketplace="Bazaar",
    external_id="L1",
    title=Text("Corvane tote 珂梵", "en"),
    description=Text("Cuir", "fr"),
    seller=Seller(
        marketplace="Bazaar", external_id="s1", name="Atelier", country="FR", since=date(2020, 1, 2), sales=3
    ),
    captured_at=datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
    price=Price(Decimal("1.299"), "EUR"),
    brand_text="Corvane",
    category="Bags > Totes",
    condition=Condition.USED,
    images=(ImageRef(uri="a.jpg", sha256="0f" * 32), ImageRef(uri="图.jpg")),
    stock=2,
    ships_from="CN",
    product_code="1234567890123",
    url="https://bazaar.example/L1",
)


def test_a_record_written_by_us_is_read_back_equal(write, read) -> None:
    found = read(write("a.jsonl", to_json(FULL) + b"\n"))
    assert found.problems == []
    assert found.listings == [FULL]


def test_flat_objects_are_read_by_the_same_names_as_columns(write, read) -> None:
    row = {
        "id": 17, "name": "Tote", "price": 12.50, "currency": "EUR", "shop": "Atelier", "image": "a.jpg",
        "date": "2026-03-01T12:00:00Z", "quantity": 3, "weight": {"kg": 1},
    }  # fmt: skip
    found = read(write("a.jsonl", json.dumps(row)))
    assert found.problems == []
    (listing,) = found.listings
    assert (listing.external_id, listing.title.value, listing.stock) == ("17", "Tote", 3)
    assert str(listing.price) == "12.5 EUR"
    assert listing.images == (ImageRef(uri="a.jpg"),)
    assert listing.seller.external_id == "Atelier"


def test_a_number_has_one_reading_where_a_text_has_two(write, read) -> None:
    found = read(
        write(
            "a.jsonl",
            '{"id":1,"title":"a","price":1.299,"currency":"EUR"}\n{"id":2,"title":"a","price":"1.299","currency":"EUR"}\n',
        )
    )
    assert found.listings[0].price == Price(Decimal("1.299"), "EUR")
    assert found.listings[1].price is None
    assert found.codes == [(2, "price-ambiguous")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "not-json"),
        ("[1]", "not-an-object"),
        ("7", "not-an-object"),
        ('{"id": 1, "id": 2, "title": "a"}', "duplicate-key"),
        ('{"id": NaN}', "not-json"),
        ('{"a":' * 80 + "1" + "}" * 80, "too-deep"),
        ('{"id": "x", "title": "\\ud800"}', "broken-text"),
        ('{"id": "x", "title": true}', "missing-title"),
        ('{"title": "a"}', "missing-id"),
        ('{"id": {"a": 1}, "title": "a"}', "bad-id"),
        ('{"id": "x", "title": {"value": 5.5}, "price": {"amount": {}}}', "wrong-type"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_the_others_kept(write, read, line: str, code: str) -> None:
    found = read(write("a.jsonl", '{"id":"a","title":"a"}\n' + line + '\n\n{"id":"b","title":"b"}\n'))
    assert {"a", "b"} <= set(found.ids)
    assert (2, code) in found.codes


def test_a_line_of_latin1_is_told(write, read) -> None:
    found = read(write("a.jsonl", b'{"id":1,"title":"\xe9t\xe9"}\n{"id":2,"title":"a"}\n'))
    assert found.ids == ["2"]
    assert found.codes == [(1, "not-utf8")]


def test_a_line_beyond_the_limit_is_passed_over(write, read) -> None:
    found = read(
        write("a.jsonl", '{"id":1,"title":"' + "x" * 5000 + '"}\n{"id":2,"title":"a"}\n'),
        limits=Limits(record_bytes=1000),
    )
    assert found.ids == ["2"]
    assert found.codes == [(1, "row-too-long")]


def test_a_list_that_holds_other_things_than_pictures_is_told(write, read) -> None:
    found = read(write("a.jsonl", '{"id":1,"title":"a","images":["a.jpg", 5, null, {"x": 1}]}'))
    assert [image.uri for image in found.listings[0].images] == ["a.jpg", "5"]
    assert {code for _, code in found.codes} == {"bad-image-name"}


def test_an_array_is_refused_with_a_word_about_lines(write, read) -> None:
    from countermark.formats import UnreadableSource

    with pytest.raises(UnreadableSource) as refused:
        read(write("a.json", '[{"id": 1}]'))
    assert refused.value.problem.code == "json-array"
