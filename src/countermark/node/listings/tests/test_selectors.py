"""Reading listings: search, filters, pages, shops, and nothing of others."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from countermark import model
from countermark.model import Condition, Price, Text
from countermark.node.audit.models import Event
from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.keeping import put_in_store
from countermark.node.kernel.errors import NotFound, NotPermitted
from countermark.node.listings import selectors
from countermark.node.listings.factories import CAPTURED, make_listing
from countermark.node.listings.pictures import Gathered
from countermark.node.listings.selectors import ListingFilters

pytestmark = pytest.mark.django_db


def ids(member, **filters) -> list[str]:
    return [row.external_id for row in selectors.listings(member, ListingFilters(**filters)).rows]


@pytest.fixture
def three(analyst):
    make_listing(analyst, external_id="A-1", title=Text("Corvane tote 托特包"))
    make_listing(
        analyst,
        external_id="B-2",
        marketplace="Souk",
        title=Text("Écharpe Ondrelle", "fr"),
        seller=model.Seller(marketplace="Souk", external_id="s9", name="Ｏtto Lane"),
        price=Price(Decimal(45), "USD"),
        brand_text="ONDRELLE",
        captured_at=CAPTURED + timedelta(days=1),
    )
    make_listing(analyst, external_id="C-3", title=Text("100%_leather"), price=None, brand_text="")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["C-3", "B-2", "A-1"]),
        ({"words": "CORVANE tote"}, ["A-1"]),
        ({"words": "托特"}, ["A-1"]),
        ({"words": "écharpe"}, ["B-2"]),
        ({"words": "ÉCHARPE"}, ["B-2"]),
        ({"words": "b-2"}, ["B-2"]),
        ({"words": "100%"}, ["C-3"]),
        ({"words": "0%_l"}, ["C-3"]),
        ({"words": "%"}, ["C-3"]),
        ({"words": "_ _ _"}, ["C-3"]),
        ({"words": "\\"}, []),
        ({"words": "' OR 1=1 --"}, []),
        ({"marketplace": "Souk"}, ["B-2"]),
        ({"brand_text": "ondrelle"}, ["B-2"]),
        ({"currency": "EUR"}, ["A-1"]),
        ({"currency": "usd", "price_low": Decimal(45), "price_high": Decimal(45)}, ["B-2"]),
        ({"currency": "USD", "price_low": Decimal("45.01")}, []),
        ({"price_low": Decimal(1000)}, ["C-3", "B-2", "A-1"]),
        ({"captured_since": CAPTURED + timedelta(days=1)}, ["B-2"]),
        ({"captured_until": CAPTURED + timedelta(days=1)}, ["C-3", "A-1"]),
        ({"seller_name": "OTTO"}, ["B-2"]),
        ({"has_picture": True}, []),
        ({"has_picture": False}, ["C-3", "B-2", "A-1"]),
        ({"words": "corvane", "marketplace": "Souk"}, []),
    ],
)
def test_filters_narrow_the_list(analyst, three, filters, found):
    assert ids(analyst, **filters) == found
    assert selectors.count(analyst, ListingFilters(**filters)) == len(found)


def test_listings_of_a_shop_and_of_an_import_are_found(analyst, three):
    row = selectors.listings(analyst, ListingFilters(marketplace="Souk")).rows[0]
    assert ids(analyst, seller=row.seller_id) == ["B-2"]
    assert ids(analyst, seller="slr_unknown") == ids(analyst, import_id="imp_unknown") == []


def test_a_line_of_a_list_names_no_person(analyst, three):
    assert "Mira" not in str(selectors.listings(analyst))
    assert not Event.objects.filter(action="seller.viewed").exists()


def test_pages_neither_skip_nor_repeat_while_others_add(analyst, django_assert_max_num_queries):
    made = [make_listing(analyst).external_id for _ in range(7)]
    seen, cursor = [], ""
    for _ in range(3):
        with django_assert_max_num_queries(3):
            page = selectors.listings(analyst, cursor=cursor, size=3)
        make_listing(analyst)
        seen += [row.external_id for row in page.rows]
        cursor = page.next_cursor or ""
    assert seen == made[::-1]


def test_a_title_of_any_length_and_script_is_stored_and_found_by_its_beginning(analyst):
    for text in ("包" * 2000, "é" * 2000, "x" * 2000, "\U0001f45c" * 2000):
        make_listing(analyst, external_id=f"first-{text[0]}", title=Text(text))
        assert ids(analyst, words=text[:400]) == [f"first-{text[0]}"]


def test_one_listing_is_shown_whole_and_seeing_the_shops_name_is_noted(analyst):
    safe = put_in_store(picture_bytes())
    row = make_listing(
        analyst,
        condition=Condition.USED,
        stock=2,
        pictures=(Gathered("a.jpg", safe), Gathered("b.jpg", None, "there is no such picture.")),
    )
    shown = selectors.listing(analyst, row.core_id)
    assert (shown.row.id, shown.record.seller.name, shown.seller.name) == (row.core_id,) + ("Shop of Mira Vale",) * 2
    assert [(p.named, bool(p.capture_id), p.problem) for p in shown.pictures] == [
        ("a.jpg", True, ""),
        ("b.jpg", False, "there is no such picture."),
    ]
    assert shown.pictures[0].uri == f"sha256:{safe.sha256}"
    assert shown.row.capture_id == shown.pictures[0].capture_id
    event = Event.objects.get(action="seller.viewed")
    assert (event.actor, event.target, event.detail) == (analyst.actor, shown.seller.id, {"listing": row.core_id})
    assert "Mira" not in str(event.detail)


def test_one_who_may_not_see_personal_data_sees_no_name_of_a_shop_anywhere(analyst, reader):
    row = make_listing(analyst)
    shown = selectors.listing(reader, row.core_id)
    assert shown.seller.name_hidden
    assert "Mira" not in str(shown)
    assert "Mira" not in str(selectors.seller(reader, shown.seller.id))
    assert not Event.objects.filter(action="seller.viewed").exists()
    with pytest.raises(NotPermitted):
        ids(reader, seller_name="mira")


def test_a_shop_is_shown_with_how_much_it_offers(analyst):
    row = make_listing(analyst)
    make_listing(analyst)
    shown = selectors.seller(analyst, row.seller.core_id)
    assert (shown.name, shown.country, shown.listings) == ("Shop of Mira Vale", "FR", 2)


def test_a_count_stops_at_its_cap(analyst, monkeypatch):
    monkeypatch.setattr(selectors, "COUNT_CAP", 2)
    for _ in range(5):
        make_listing(analyst)
    assert selectors.count(analyst) == 3


def test_marketplaces_are_named_once_each_in_order(analyst):
    assert selectors.marketplaces(analyst) == ()
    assert not selectors.any_listing(analyst)
    for name in ("Souk", "Bazaar", "Souk", "Agora"):
        make_listing(analyst, marketplace=name)
    assert selectors.marketplaces(analyst) == ("Agora", "Bazaar", "Souk")
    assert selectors.any_listing(analyst)


def test_batches_give_every_listing_once_in_the_order_of_rows(analyst, stranger):
    made = [make_listing(analyst).core_id for _ in range(7)]
    make_listing(stranger)
    batches = list(selectors.batches(analyst, size=3))
    assert [record.id for batch in batches for record in batch.records] == made
    rest = selectors.batches(analyst, after_id=batches[0].last_row, size=100)
    assert [record.id for batch in rest for record in batch.records] == made[3:]


def test_another_organisation_sees_nothing_of_ours(analyst, stranger, three):
    row = selectors.listings(analyst).rows[0]
    assert selectors.listings(stranger).rows == ()
    assert selectors.count(stranger) == 0
    assert selectors.marketplaces(stranger) == ()
    assert not selectors.any_listing(stranger)
    assert list(selectors.batches(stranger)) == []
    for ask, identifier in ((selectors.listing, row.id), (selectors.seller, row.seller_id)):
        with pytest.raises(NotFound):
            ask(stranger, identifier)
    assert not ids(stranger, seller=row.seller_id)


@pytest.mark.parametrize("identifier", ["", "lst_", "' OR 1=1", "x" * 5000, "lst_\0"])
def test_an_identifier_that_is_none_is_not_found(analyst, identifier):
    with pytest.raises(NotFound):
        selectors.listing(analyst, identifier)


def test_a_price_is_shown_to_the_last_digit_that_was_written(analyst):
    for text in ("129.00", "129", "0.000001", "999999999999999.99"):
        row = make_listing(analyst, price=Price(Decimal(text), "EUR"))
        shown = selectors.listing(analyst, row.core_id).row.price
        assert str(shown) == f"{text} EUR"


def test_a_time_far_away_does_not_break_a_filter(analyst, three):
    assert ids(analyst, captured_since=datetime(9999, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800"])
@pytest.mark.parametrize(
    "name", ["words", "marketplace", "seller", "seller_name", "brand_text", "currency", "import_id"]
)
def test_a_text_that_no_database_takes_finds_nothing(analyst, three, name, text):
    assert ids(analyst, **{name: text}) == []
