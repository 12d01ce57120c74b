"""Each worked example measures as it says, and stands in the reference."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from countermark.model import (
    AuthorisedSeller,
    Brand,
    Condition,
    Listing,
    NeverMade,
    Portfolio,
    Seller,
    SignalExample,
    SignalSpec,
    Text,
)
from countermark.signals.seller import SPECS, Copies, SellerSignals, copy_key

DOCS = Path(__file__).parents[5] / "docs" / "reference" / "signals" / "price-and-seller.md"
SHOP = re.compile(r"(?:(\w+)/(\d+))? ?(.*)")


def listing(title: str = "Corvane tote", seen: date = date(2026, 11, 1), **more: object) -> Listing:
    seller = more.pop("seller", None) or Seller(marketplace="Bazaar", external_id="1")
    captured_at = datetime(seen.year, seen.month, seen.day, 12, tzinfo=UTC)
    facts = {"marketplace": "Bazaar", "external_id": "B", "title": Text(title), "captured_at": captured_at}
    return Listing(**facts, seller=seller, **more)  # type: ignore[arg-type]


def authorised(given: str) -> tuple[Brand, Listing]:
    listed, _, seller = given.removeprefix("listed ").partition(", seller ")
    marketplace, number, name = SHOP.fullmatch(listed).groups("")  # type: ignore[union-attr]
    brand = Brand(
        name="Corvane",
        authorised_sellers=(AuthorisedSeller(name=name, marketplace=marketplace, external_id=number),),
    )
    marketplace, number, name = SHOP.fullmatch(seller).groups("")  # type: ignore[union-attr]
    return brand, listing(seller=Seller(marketplace=marketplace, external_id=number, name=name))


def aged(given: str) -> tuple[Brand, Listing]:
    opened, seen, *sales = (part.strip() for part in given.split(","))
    since = None if "unknown" in opened else date.fromisoformat(opened.removeprefix("opened "))
    sold = int(sales[0].split()[0]) if sales and "unknown" not in sales[0] else None
    seller = Seller(marketplace="Bazaar", external_id="1", since=since, sales=sold)
    return Brand(name="Corvane"), listing(seen=date.fromisoformat(seen.removeprefix("seen ")), seller=seller)


def shipped(given: str) -> tuple[Brand, Listing]:
    country, ships_from = re.fullmatch(r"seller in (\w+), ships from (\w+)", given).groups()  # type: ignore[union-attr]
    seller = Seller(marketplace="Bazaar", external_id="1", country=None if country == "unknown" else country)
    return Brand(name="Corvane"), listing(seller=seller, ships_from=ships_from)


def described(given: str) -> tuple[Brand, Listing]:
    words, _, title = given.removeprefix("rule ").partition(": ")
    rule = NeverMade(words=tuple(words.split(" + ")), explanation="never made")
    return Brand(name="Corvane", never_made=(rule,)), listing(title)


def stocked(given: str) -> tuple[Brand, Listing]:
    count, condition, _ = given.split()
    stock = None if count == "unknown" else int(count)
    return Brand(name="Corvane"), listing(stock=stock, condition=Condition(condition))


def repeated(given: str) -> tuple[Brand, Listing]:
    return Brand(name="Corvane"), listing()


READ: dict[str, Callable[[str], tuple[Brand, Listing]]] = {
    "seller.authorised": authorised,
    "seller.new_shop": aged,
    "seller.established": aged,
    "seller.ships_from_elsewhere": shipped,
    "seller.authorised_elsewhere": authorised,
    "seller.many_copies": repeated,
    "listing.large_stock": stocked,
    "listing.used_in_numbers": stocked,
    "listing.never_made": described,
}


@pytest.mark.parametrize(
    ("spec", "example"),
    [(spec, example) for spec in SPECS for example in spec.examples],
    ids=lambda part: part.name if isinstance(part, SignalSpec) else part.given,
)
def test_each_worked_example_measures_as_it_says(spec: SignalSpec, example: SignalExample) -> None:
    brand, offered = READ[spec.name](example.given)
    times = int(example.given.split()[0]) if spec.name == "seller.many_copies" else 0
    copies = Copies.learnt([copy_key(offered)] * times)
    signals = SellerSignals(Portfolio(brands=(brand,)), copies).measure(offered, "Corvane")
    value = next((signal.value for signal in signals if signal.name == spec.name), 0.0)
    assert example.low <= value <= example.high


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_each_signal_and_example_stands_in_the_reference(spec: SignalSpec) -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert f"## `{spec.name}`" in page
    assert [e.given for e in spec.examples if f"| {e.given} |" not in page] == []
    assert spec.wrong_when in page
