"""schema.org data inside saved pages: found as text, never run."""

import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.formats import Limits, UnreadableSource
from countermark.formats.saved_pages import find_data

PRODUCT: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Product",
    "sku": "P1",
    "name": "Corvane tote",
    "brand": {"@type": "Brand", "name": "Corvane"},
    "image": ["https://x.example/a.jpg", {"@type": "ImageObject", "contentUrl": "b.jpg"}],
    "offers": {
        "@type": "Offer",
        "price": "129.00",
        "priceCurrency": "EUR",
        "itemCondition": "https://schema.org/UsedCondition",
        "availability": "https://schema.org/OutOfStock",
        "seller": {"@type": "Organization", "name": "Atelier 9"},
    },
    "gtin13": "1234567890123",
}


def page(*data: object, head: str = "") -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{d if isinstance(d, str) else json.dumps(d)}</script>' for d in data
    )
    return f'<!doctype html><html lang="fr-FR"><head>{head}{scripts}</head><body><p>x</body></html>'


def test_a_product_page_becomes_a_listing(write, read) -> None:
    found = read(write("p.html", page(PRODUCT, head='<link rel="canonical" href="https://bazaar.example/p1">')))
    assert found.problems == []
    (listing,) = found.listings
    assert (listing.marketplace, listing.external_id, listing.brand_text) == ("Bazaar", "P1", "Corvane")
    assert (listing.title.value, listing.title.language) == ("Corvane tote", "fr-FR")
    assert str(listing.price) == "129.00 EUR"
    assert (listing.condition, listing.stock, listing.product_code) == ("used", 0, "1234567890123")
    assert (listing.seller.name, listing.url) == ("Atelier 9", "https://bazaar.example/p1")
    assert [image.uri for image in listing.images] == ["https://x.example/a.jpg", "b.jpg"]


def test_the_time_of_the_file_stands_in_for_the_capture(write, read) -> None:
    path = write("p.html", page(PRODUCT))
    os.utime(path, (1_770_000_000, 1_770_000_000))
    assert read(path, captured_at=None).listings[0].captured_at.isoformat() == "2026-02-02T02:40:00+00:00"


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ([PRODUCT, {**PRODUCT, "sku": "P2"}], ["P1", "P2"]),
        ({"@graph": [{"@type": "WebPage"}, PRODUCT]}, ["P1"]),
        (
            {"@type": "ItemList", "itemListElement": [{"item": PRODUCT}, {"item": {**PRODUCT, "sku": "P2"}}]},
            ["P1", "P2"],
        ),
        ({"@type": ["Thing", "http://schema.org/Product"], "name": "a", "productID": "Q"}, ["Q"]),
        ({"@type": "schema:Product", "name": "a", "@id": "https://x.example/7"}, ["https://x.example/7"]),
        (
            {
                "@type": "Offer",
                "price": 5,
                "priceCurrency": "EUR",
                "itemOffered": {"@type": "Product", "name": "a", "sku": "R"},
            },
            ["R"],
        ),
        ({**PRODUCT, "isRelatedTo": {**PRODUCT, "sku": "other"}}, ["P1"]),
        ({"@type": "ProductGroup", "hasVariant": [PRODUCT, {**PRODUCT, "sku": "P2"}]}, ["P1", "P2"]),
    ],
)
def test_products_are_found_wherever_shops_put_them(write, read, data: object, ids: list[str]) -> None:
    assert read(write("p.html", page(data))).ids == ids


def test_each_shop_that_offers_a_product_is_a_listing_with_its_lowest_price(write, read) -> None:
    offers = [
        {"price": "20", "priceCurrency": "EUR", "seller": {"name": "A"}},
        {"price": "15", "priceCurrency": "EUR", "seller": {"name": "A"}},
        {"price": "9", "priceCurrency": "EUR", "seller": "B"},
    ]
    found = read(write("p.html", page({**PRODUCT, "offers": {"@type": "AggregateOffer", "offers": offers}})))
    assert [(x.external_id, x.seller.name, str(x.price)) for x in found.listings] == [
        ("P1", "A", "15 EUR"),
        ("P1#B", "B", "9 EUR"),
    ]


def test_an_aggregate_without_offers_gives_its_lowest_price(write, read) -> None:
    offer = {"@type": "AggregateOffer", "lowPrice": 12.5, "highPrice": 20, "priceCurrency": "EUR"}
    assert str(read(write("p.html", page({**PRODUCT, "offers": offer}))).listings[0].price) == "12.5 EUR"


def test_references_inside_the_page_are_followed(write, read) -> None:
    graph = [
        {**PRODUCT, "offers": {"@id": "#o"}, "brand": {"@id": "#b"}},
        {"@id": "#o", "@type": "Offer", "priceSpecification": [{"price": "7", "priceCurrency": "CHF"}]},
        {"@id": "#b", "name": "Halcyr"},
    ]
    (listing,) = read(write("p.html", page({"@graph": graph}))).listings
    assert (listing.brand_text, str(listing.price)) == ("Halcyr", "7 CHF")


def test_a_page_that_points_at_itself_ends(write, read) -> None:
    loop = {"@type": "Product", "@id": "#a", "name": "a", "offers": {"@id": "#a"}, "brand": {"@id": "#a"}}
    assert read(write("p.html", page(loop))).ids == ["#a"]


def test_a_price_in_words_is_told_with_its_row(write, read) -> None:
    found = read(
        write("p.html", page(PRODUCT, {**PRODUCT, "sku": "P2", "offers": {"price": "ask", "priceCurrency": "EUR"}}))
    )
    assert found.codes == [(2, "price-not-a-number")]
    assert found.ids == ["P1", "P2"]


def test_a_broken_script_is_told_and_the_next_one_read(write, read) -> None:
    found = read(write("p.html", page('{"@type": "Product", NaN}', PRODUCT)))
    assert found.ids == ["P1"]
    assert found.codes == [(0, "not-json")]


def test_raw_line_ends_and_comment_marks_of_real_shops_are_forgiven(write, read) -> None:
    text = "<!--\n" + json.dumps(PRODUCT).replace("Corvane tote", "Corvane\ntote") + "\n-->"
    assert read(write("p.html", page(text))).listings[0].title.value == "Corvane tote"
    assert read(write("q.html", page("//<![CDATA[\n" + json.dumps(PRODUCT) + "\n//]]>"))).ids == ["P1"]


def test_scripts_markup_and_handlers_stay_text(write, read) -> None:
    evil = {**PRODUCT, "name": "<script>alert(1)</script><img src=x onerror=alert(1)>", "url": "javascript:alert(1)"}
    text = json.dumps(evil).replace("</", "<\\/")
    found = read(write("p.html", page(text, head="<script>while(true){}</script>")))
    assert found.listings[0].title.value == evil["name"]
    assert found.listings[0].url is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<html><body>nothing</body></html>", "no-product"),
        (page('{"@type": "WebSite"}'), "no-product"),
        ("<!-- " + page(PRODUCT) + " -->", "no-product"),
        (page("{"), "not-json"),
        (page('{"a":' * 100 + "1" + "}" * 100), "too-deep"),
        (page('{"sku": "a", "sku": "b"}'), "duplicate-key"),
        (page(PRODUCT).encode() + b"\xff\xfe\xff", "bad-encoding"),
        ("x" * 20_000, "page-too-large"),
        ("", "empty-file"),
    ],
)
def test_a_page_without_a_usable_product_is_refused(write, read, content: str | bytes, code: str) -> None:
    with pytest.raises(UnreadableSource) as refused:
        read(write("p.html", content), limits=Limits(page_bytes=10_000))
    assert refused.value.problem.code == code


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "utf-16"])
def test_a_declared_encoding_is_believed_when_it_fits(write, read, encoding: str) -> None:
    text = page(json.dumps({**PRODUCT, "name": "財布"}, ensure_ascii=False), head=f'<meta charset="{encoding}">')
    assert read(write("p.html", text.encode(encoding))).listings[0].title.value == "財布"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 1_000_000,
        "<script" * 500_000,
        "<script>" * 500_000,
        "<!--" * 500_000,
        "<link " * 500_000,
        "<link>" * 500_000,
        "<script type='application/ld+json'>{}</script>" * 50_000,
        "İ" * 100_000 + "<script type='application/ld+json'>{}</script>",
    ],
)
def test_a_hostile_page_is_searched_in_linear_time(hostile: str) -> None:
    scripts, _, _ = find_data(hostile + page(PRODUCT))
    assert len(scripts) <= 200


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("<>/!-= \"'scriptlnkhm[]{}"), max_size=120))
def test_any_soup_is_searched_without_a_fall(soup: str) -> None:
    find_data(soup)


values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*PRODUCT, *PRODUCT["offers"], "@id", "offers", "url"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(values)
def test_any_data_in_any_shape_is_looked_through(value: Any) -> None:
    from countermark.formats.product_data import ProductReader

    reader = ProductReader(language="", page_url="", depth=64)
    reader.add({"@type": "Product", "name": "a", "offers": value, "brand": value, "image": value, "category": value})
    reader.add(value)
    assert all(isinstance(row, dict) for row in reader.rows())
