"""Listings under filters, one listing, one shop."""

from decimal import Decimal

import pytest

from countermark.model import Price, Text
from countermark.node.findings.factories import make_finding
from countermark.node.listings.factories import make_listing


@pytest.fixture
def page(browser, member):
    return browser(member)


def titles(look, answer):
    return [" ".join(a.text().split()) for a in look(answer.content).css("a.row-link")]


def test_filters_stand_in_the_address_and_narrow_the_list(page, member, look):
    make_listing(member, title=Text("Silk scarf"), price=Price(Decimal(50), "EUR"))
    make_listing(member, title=Text("Leather tote"), price=Price(Decimal(500), "EUR"), marketplace="Fair")
    assert titles(look, page.get("/listings/?q=silk")) == ["Silk scarf"]
    assert titles(look, page.get("/listings/?marketplace=Fair")) == ["Leather tote"]
    assert titles(look, page.get("/listings/?currency=eur&low=100,5")) == ["Leather tote"]
    assert titles(look, page.get("/listings/?since=2027-01-01")) == []
    assert len(titles(look, page.get("/listings/?low=abc&since=yesterday&picture=maybe"))) == 2


def test_an_empty_list_says_what_would_fill_it(page, browser, reader, look):
    assert "Import the first file" in look(page.get("/listings/").content).css_first(".empty").text()
    assert "Import the first file" not in look(browser(reader).get("/listings/").content).css_first(".empty").text()
    assert "Take one away" in look(page.get("/listings/?q=zzz").content).css_first(".empty").text()


def test_a_long_list_goes_on_where_it_ended(page, member, look):
    for number in range(55):
        make_listing(member, title=Text(f"Bag {number}"))
    first = page.get("/listings/?q=bag")
    following = look(first.content).css_first("a[rel=next]").attributes["href"]
    assert "q=bag" in following
    seen = titles(look, first) + titles(look, page.get(following))
    assert len(seen) == len(set(seen)) == 55


def test_a_part_that_asks_gets_an_address_without_empty_fields(page, member):
    make_listing(member)
    answer = page.get("/listings/?q=corvane&marketplace=&low=&high=", headers={"HX-Request": "true"})
    assert answer.headers["HX-Push-Url"] == "/listings/?q=corvane"


def test_the_address_of_a_listing_is_shown_but_never_a_link(page, member, look):
    listing = make_listing(member, url="https://bazaar.example/item?track=1")
    tree = look(page.get(f"/listings/{listing.core_id}/").content)
    assert "https://bazaar.example/item" in tree.text()
    assert not tree.css("a[href*=bazaar]")


def test_a_listing_names_the_findings_about_it_alone(page, member, look):
    finding = make_finding(member)
    make_finding(member)
    links = look(page.get(f"/listings/{finding.listing.core_id}/").content).css("a[href*='/findings/fnd']")
    assert [a.attributes["href"] for a in links] == [f"/findings/{finding.core_id}/"]


def test_a_shop_is_named_only_to_those_who_may_see_personal_data(page, browser, reader, member):
    listing = make_listing(member)
    for address in (f"/listings/{listing.core_id}/", f"/listings/sellers/{listing.seller.core_id}/"):
        assert "Mira Vale" in page.get(address).content.decode()
        assert "Mira Vale" not in browser(reader).get(address).content.decode()
