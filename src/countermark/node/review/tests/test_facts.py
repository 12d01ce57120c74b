from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from countermark.model import Condition, Direction, Listing, Price, Reason, Seller, Text
from countermark.node.findings.shown import RightShown, SellerShown
from countermark.node.review.facts import UNION, fact_lines
from countermark.node.review.shown import Comparison
from countermark.node.review.tests.acts import record

SHOP = SellerShown(
    id="slr_1", external_id="shop-1", name="Shop of Mira Vale", name_hidden=False, country="FR", since=None, sales=None
)


def right(**more):
    given: dict[str, Any] = {
        "id": "rgt_1",
        "title": "Corvane, word mark",
        "kind": "trademark",
        "mark": "Corvane",
        "mark_language": None,
        "office": "EM",
        "number": "1",
        "territories": ("EU",),
        "classes": (18,),
        "status": "in_force",
        "withdrawn": False,
    }
    return RightShown(**(given | more))


def listing(**more):
    given: dict[str, Any] = {
        "marketplace": "Bazaar",
        "external_id": "1",
        "title": Text("Bag"),
        "seller": Seller(marketplace="Bazaar", external_id="shop-1"),
        "captured_at": datetime(2026, 3, 1, tzinfo=UTC),
        "price": Price(Decimal("49.00"), "EUR"),
    }
    return Listing(**(given | more))


def price_reason(signal, direction):
    return Reason(
        signal=signal,
        version=1,
        direction=direction,
        value=1.0,
        weight=1.0 if direction is Direction.FOR else -1.0,
        sentence="",
        wrong_when="",
        facts={"low": "900", "high": "1400", "currency": "EUR"},
    )


def line(code, *, given=None, offered=None, seller=SHOP, of=None):
    lines = {one.code: one for one in fact_lines(given or record(), offered or listing(), seller, of)}
    assert len(lines) == 6
    return lines[code]


@pytest.mark.parametrize(
    ("said", "comparison"),
    [("corvane ", Comparison.SAME), ("Corvanne", Comparison.DIFFERS), ("", Comparison.UNKNOWN)],
)
def test_the_brand_field_is_compared_with_the_mark(said, comparison):
    shown = line("mark", offered=listing(brand_text=said), of=right())
    assert (shown.protected, shown.comparison) == ("Corvane", comparison)


def test_without_a_right_the_house_stands_on_the_protected_side():
    assert line("mark", offered=listing(brand_text="Corvane")).comparison is Comparison.SAME


def test_a_price_below_the_band_differs_and_one_within_is_the_same():
    low = line("price", given=record(price_reason("price.below_band", Direction.FOR)))
    assert (low.offered, low.protected, low.comparison) == ("49.00 EUR", "900 – 1400 EUR", Comparison.DIFFERS)
    usual = line("price", given=record(price_reason("price.within_band", Direction.AGAINST)))
    assert usual.comparison is Comparison.SAME


def test_a_price_without_a_band_or_no_price_at_all_is_unknown():
    assert line("price").comparison is Comparison.UNKNOWN
    assert line("price", offered=listing(price=None)).offered == ""


def test_an_authorised_seller_is_said_to_be_one():
    authorised = price_reason("seller.authorised", Direction.AGAINST)
    assert line("seller", given=record(authorised)).comparison is Comparison.SAME
    assert line("seller").comparison is Comparison.UNKNOWN


def test_a_hidden_name_shows_the_shops_id():
    hidden = SellerShown(
        id="slr_1", external_id="shop-1", name="", name_hidden=True, country=None, since=date(2020, 5, 1), sales=3
    )
    assert line("seller", seller=hidden).offered == "shop-1"
    assert line("since", seller=hidden).offered == "2020-05-01"


@pytest.mark.parametrize(
    ("ships_from", "territories", "comparison"),
    [
        ("FR", ("EU",), Comparison.SAME),
        ("CN", ("EU",), Comparison.DIFFERS),
        ("CN", ("EU", "CN"), Comparison.SAME),
        ("CH", ("EU",), Comparison.DIFFERS),
        ("CN", ("WO",), Comparison.UNKNOWN),
        (None, ("EU",), Comparison.UNKNOWN),
        ("FR", (), Comparison.UNKNOWN),
    ],
)
def test_where_it_ships_from_is_compared_with_where_the_right_holds(ships_from, territories, comparison):
    assert line("territory", offered=listing(ships_from=ships_from), of=right(territories=territories)).comparison is (
        comparison
    )


def test_the_condition_is_shown_as_claimed():
    assert line("condition", offered=listing(condition=Condition.USED)).offered == "used"


def test_the_union_has_its_members():
    assert len(UNION) == 27
    assert not UNION & {"GB", "CH", "NO"}
