"""Pictures that a scan could not use: which, why and what mends it, on the scan and on the listing."""

import pytest

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageRef, Text
from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.keeping import put_in_store
from countermark.node.findings import engine, selectors, services, unusable
from countermark.node.findings.factories import make_scan
from countermark.node.findings.models import UnusablePicture
from countermark.node.findings.unusable import Unusable, keep_unusable
from countermark.node.listings.factories import make_listing
from countermark.node.listings.pictures import Gathered
from countermark.node.rights.factories import make_right

pytestmark = pytest.mark.django_db

PHOTO = picture_bytes(colour=(1, 2, 3))


@pytest.fixture(autouse=True)
def _fresh_plans():
    engine.forget_plans()


@pytest.fixture
def right(member):
    return make_right(member)


def gathered(name: str = "photo.jpg", data: bytes | None = PHOTO, problem: str = "") -> Gathered:
    return Gathered(name, None if data is None else put_in_store(data), problem)


def scanned(member) -> str:
    scan_id = services.request_scan(member)
    while (claimed := services.claim_part("here/1/1")) is not None:
        services.run_part(claimed, "here/1/1")
    return scan_id


def lose_everything(store) -> None:
    for path in store.rglob("*"):
        if path.is_file():
            path.unlink()


def test_a_picture_that_the_store_lost_is_told_until_it_is_back(member, right, store):
    listing = make_listing(member, pictures=(gathered(),))
    lose_everything(store)
    first = scanned(member)
    told = selectors.pictures_of_scan(member, first)
    assert [(one.listing_id, one.named, one.lack, one.position) for one in told] == [
        (listing.core_id, "photo.jpg", "lost", 0)
    ]
    assert "not in the store" in told[0].why
    assert selectors.pictures_of_listing(member, listing.core_id) == told
    put_in_store(PHOTO)
    second = scanned(member)
    assert selectors.pictures_of_listing(member, listing.core_id) == ()
    assert [selectors.scan(member, scan).pictures_unreadable for scan in (first, second)] == [1, 0]


def test_a_picture_that_never_came_is_told_with_the_reason_of_the_import(member, right):
    pictures = (gathered("a.jpg", None, "there is no such picture."), gathered("https://shop.example/b.jpg", None))
    listing = make_listing(member, pictures=pictures)
    scan_id = scanned(member)
    (told,) = selectors.pictures_of_listing(member, listing.core_id)
    assert (told.named, told.lack, told.why) == ("a.jpg", "never_came", "there is no such picture.")
    assert selectors.scan(member, scan_id).pictures_unreadable == 1, "an address on the web is no fault of the list"


def test_a_picture_that_cannot_be_read_is_told_with_what_its_reader_says(member, right, monkeypatch):
    def refuse(data: bytes) -> None:
        raise RefusedPicture("damaged", "the picture is damaged.", "Export it again.")

    listing = make_listing(member, pictures=(gathered(),))
    monkeypatch.setattr("countermark.signals.image.seen.grey_pixels", refuse)
    scanned(member)
    (told,) = selectors.pictures_of_listing(member, listing.core_id)
    assert (told.lack, told.why, told.mend) == ("refused", "the picture is damaged.", "Export it again.")


def test_each_picture_is_counted_once_however_often_it_is_named(member, right):
    pictures = (gathered("a.jpg", None), gathered("a.jpg", None), gathered("b.jpg", None))
    make_listing(member, pictures=pictures)
    scan_id = scanned(member)
    assert selectors.scan(member, scan_id).pictures_unreadable == 3
    assert [one.position for one in selectors.pictures_of_scan(member, scan_id)] == [0, 1, 2]


def test_a_slow_scan_does_not_write_over_what_a_later_one_said(member, right):
    listing = make_listing(member, pictures=(gathered("a.jpg", None),))
    picture = listing.pictures.get()
    older, newer = make_scan(member), make_scan(member)
    for scan, why in ((newer, "newer"), (older, "older")):
        found = {picture.pk: Unusable(picture.pk, UnusablePicture.Lack.NEVER_CAME, why, "")}
        keep_unusable(scan, [listing.pk], found)
    keep_unusable(older, [listing.pk], {})
    assert [one.why for one in selectors.pictures_of_listing(member, listing.core_id)] == ["newer"]


def test_a_listing_that_came_in_again_takes_along_what_was_said_of_its_pictures(member, right):
    listing = make_listing(member, external_id="bag", pictures=(gathered("a.jpg", None),))
    scanned(member)
    picture = listing.pictures.get()
    make_listing(member, external_id="bag", pictures=(gathered("b.jpg"),))
    assert not UnusablePicture.objects.exists()
    gone = {picture.pk: Unusable(picture.pk, UnusablePicture.Lack.NEVER_CAME, "gone", "")}
    keep_unusable(make_scan(member), [listing.pk], gone)
    assert not UnusablePicture.objects.exists()


def test_a_list_without_its_pictures_leaves_no_row_for_each_of_them(member, right, monkeypatch):
    monkeypatch.setattr(unusable, "KEPT", 2)
    for _ in range(3):
        make_listing(member, images=(ImageRef(uri="a.jpg"),), pictures=(gathered("a.jpg", None),))
    scan_id = scanned(member)
    assert len(selectors.pictures_of_scan(member, scan_id)) == 2
    assert selectors.scan(member, scan_id).pictures_unreadable == 3


def test_a_look_back_tells_the_pictures_that_it_could_not_compare(member, store):
    right = make_right(member, title="Lunaris, word mark", mark="Lunaris")
    listing = make_listing(member, title=Text("Garden hose"), brand_text="", pictures=(gathered(),))
    lose_everything(store)
    scan_id = services.look_back(member, right.core_id)
    while (claimed := services.claim_part("here/1/1")) is not None:
        services.run_part(claimed, "here/1/1")
    assert [one.listing_id for one in selectors.pictures_of_scan(member, scan_id)] == [listing.core_id]


def test_another_organisation_sees_none_of_it(member, stranger, right):
    listing = make_listing(member, pictures=(gathered("a.jpg", None),))
    scan_id = scanned(member)
    assert selectors.pictures_of_listing(stranger, listing.core_id) == ()
    assert selectors.pictures_of_scan(stranger, scan_id) == ()
    assert selectors.pictures_of_scan(member, "scn_\0") == selectors.pictures_of_listing(member, "\0") == ()
