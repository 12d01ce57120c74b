"""Storing batches: the latest capture wins, nothing twice, pictures that were had stay."""

from datetime import timedelta

import msgspec
import pytest

from countermark import model
from countermark.model import ImageRef, Text
from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.keeping import put_in_store
from countermark.node.listings.factories import CAPTURED, make_listing, make_record
from countermark.node.listings.models import Listing, ListingPicture, Seller
from countermark.node.listings.pictures import Gathered
from countermark.node.listings.records import as_record, content_hash
from countermark.node.listings.storing import Incoming, store

pytestmark = pytest.mark.django_db


def put(member, *records, pictures=()):
    return store(member.organisation_id, [Incoming(record, pictures) for record in records], None)


def test_a_listing_comes_back_as_the_record_it_was(member):
    record = make_record(
        description=Text("Neuf, dans sa boîte", "fr"), stock=3, ships_from="CN", product_code="4006381333931"
    )
    put(member, record)
    row = Listing.objects.get()
    assert as_record(row) == record
    assert content_hash(as_record(row)) == row.content_hash


def test_the_same_batch_twice_changes_nothing(member):
    record = make_record()
    assert put(member, record).new == 1
    again = put(member, record)
    assert (again.new, again.changed, again.older) == (0, 0, 0)
    assert Listing.objects.count() == Seller.objects.count() == 1


def test_a_later_capture_takes_the_place_of_an_earlier_one(member):
    record = make_record(external_id="a")
    put(member, record)
    later = msgspec.structs.replace(record, title=Text("C0rvane tote"), captured_at=CAPTURED + timedelta(days=1))
    assert put(member, later).changed == 1
    assert Listing.objects.get().title == "C0rvane tote"


def test_an_older_capture_changes_nothing(member):
    record = make_record(external_id="a")
    put(member, record)
    older = msgspec.structs.replace(record, title=Text("earlier title"), captured_at=CAPTURED - timedelta(seconds=1))
    assert put(member, older).older == 1
    assert Listing.objects.get().title == record.title.value


def test_a_shop_keeps_the_facts_of_its_latest_capture(member):
    shop = model.Seller(marketplace="Bazaar", external_id="s", name="New name")
    put(member, make_record(seller=shop))
    earlier = msgspec.structs.replace(shop, name="Old name")
    put(member, make_record(seller=earlier, captured_at=CAPTURED - timedelta(days=9)))
    assert Seller.objects.get().name == "New name"


def test_stock_and_the_shops_sales_do_not_count_as_changed_content(member):
    record = make_record(external_id="a", stock=5)
    put(member, record)
    before = Listing.objects.get().content_hash
    busy = msgspec.structs.replace(record.seller, sales=99)
    put(member, msgspec.structs.replace(record, stock=1, seller=busy, captured_at=CAPTURED + timedelta(days=1)))
    row = Listing.objects.get()
    assert (row.content_hash, row.stock, row.seller.sales) == (before, 1, 99)


def test_a_picture_that_was_had_stays_when_it_does_not_come_again(member):
    safe = put_in_store(picture_bytes())
    record = make_record(external_id="a", images=(ImageRef(uri="a.jpg"),))
    put(member, record, pictures=(Gathered("a.jpg", safe),))
    later = msgspec.structs.replace(record, captured_at=CAPTURED + timedelta(days=1))
    assert put(member, later, pictures=(Gathered("a.jpg", None, "not there"),)).changed == 0
    picture = ListingPicture.objects.get()
    assert picture.capture is not None
    assert picture.problem == ""
    assert as_record(Listing.objects.get()).images[0].uri == f"sha256:{safe.sha256}"


def test_another_order_of_pictures_is_changed_content(member):
    one, two = (Gathered(f"{n}.jpg", put_in_store(picture_bytes(colour=(n, n, n)))) for n in (1, 2))
    record = make_record(external_id="a")
    put(member, record, pictures=(one, two))
    assert put(member, record, pictures=(two, one)).changed == 1
    assert [p.uri for p in ListingPicture.objects.order_by("position")] == ["2.jpg", "1.jpg"]


def test_a_content_address_of_another_organisations_picture_is_not_found(member, stranger):
    theirs = put_in_store(picture_bytes(colour=(9, 9, 9)))
    make_listing(stranger, pictures=(Gathered("x.jpg", theirs),))
    uri = f"sha256:{theirs.sha256}"
    row = make_listing(member, pictures=(Gathered(uri, None, "no bytes"),))
    assert row.pictures.get().capture is None
    assert as_record(row).images[0].uri == f"not-kept:{theirs.sha256}"


def test_a_content_address_of_our_own_picture_is_found(member):
    ours = put_in_store(picture_bytes(colour=(8, 8, 8)))
    make_listing(member, pictures=(Gathered("x.jpg", ours),))
    row = make_listing(member, pictures=(Gathered(f"sha256:{ours.sha256}", None, "no bytes"),))
    capture = row.pictures.get().capture
    assert capture is not None
    assert capture.sha256 == ours.sha256


def test_two_organisations_may_hold_the_same_listing(member, stranger):
    record = make_record()
    put(member, record)
    put(stranger, record)
    assert Listing.objects.filter(core_id=record.id).count() == 2
