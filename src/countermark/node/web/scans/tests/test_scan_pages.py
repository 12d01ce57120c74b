"""Scans by their pages."""

import pytest

from countermark.node.findings import selectors
from countermark.node.findings.factories import make_scan
from countermark.node.findings.states import ScanState
from countermark.node.listings.factories import make_listing
from countermark.node.listings.pictures import Gathered
from countermark.node.rights.factories import make_right


@pytest.fixture
def page(browser, member):
    return browser(member)


def test_a_scan_is_started_followed_and_leads_to_review(page, member, look, work):
    make_right(member)
    make_listing(member)
    answer = page.post("/scans/start/", {"scope": ""})
    assert answer.status_code == 303
    address = answer.headers["Location"]
    before = look(page.get(address).content).css_first("#progress")
    assert before.attributes["hx-get"] == f"{address}?part=progress"
    work()
    part = page.get(f"{address}?part=progress", headers={"HX-Request": "true"})
    after = look(part.content).css_first("#progress")
    assert "hx-get" not in after.attributes
    assert "Done" in after.css_first("h2").text()
    assert after.css_first("a[href^='/findings/?scan=']") is not None


def test_a_scan_of_one_marketplace_says_so(page, member, look):
    make_right(member)
    make_listing(member, marketplace="Fair")
    options = look(page.get("/scans/").content).css("#scope option")
    assert [o.attributes["value"] for o in options] == ["", "marketplace:Fair"]
    address = page.post("/scans/start/", {"scope": "marketplace:Fair"}).headers["Location"]
    assert "Fair" in look(page.get(address).content).css_first("h1").text()
    answer = page.post("/scans/start/", {"scope": "marketplace:Elsewhere"})
    assert answer.status_code == 422
    assert "Not started" in answer.content.decode()


def test_what_a_scan_lacks_is_said_before_it_is_missed(page, member, look):
    assert "Nothing to compare with yet" in look(page.get("/scans/").content).css_first(".empty").text()
    assert page.post("/scans/start/").status_code == 422
    make_right(member)
    assert "Nothing to look at yet" in look(page.get("/scans/").content).css_first(".empty").text()


def test_a_scan_can_be_stopped_once(page, member):
    make_right(member)
    make_listing(member)
    address = page.post("/scans/start/").headers["Location"]
    assert page.post(f"{address}cancel/").status_code == 303
    assert selectors.scan(member, address.strip("/").split("/")[1]).state is ScanState.CANCELLED
    assert page.post(f"{address}cancel/").status_code == 409


def test_a_failed_scan_says_why_and_offers_another_try(page, member, look):
    scan = make_scan(member)
    scan.state, scan.reason = ScanState.FAILED, "1 of 3 parts could not be scanned."
    scan.save()
    tree = look(page.get(f"/scans/{scan.public_id}/").content)
    assert "1 of 3 parts" in tree.css_first(".notice").text()
    assert tree.css_first("form[action$='/retry/']") is not None
    assert page.post(f"/scans/{scan.public_id}/retry/").status_code == 409


def test_a_reader_sees_scans_without_the_button(browser, reader, member, look):
    make_right(member)
    make_listing(member)
    make_scan(member)
    tree = look(browser(reader).get("/scans/").content)
    assert tree.css_first("#scope") is None
    assert tree.css_first("a.row-link") is not None


def test_a_long_list_of_scans_goes_on(page, member, look):
    made = [make_scan(member).public_id for _ in range(53)]
    first = look(page.get("/scans/").content)
    following = look(page.get(first.css_first("a[rel=next]").attributes["href"]).content)
    shown = [a.attributes["href"] for a in first.css("a.row-link") + following.css("a.row-link")]
    assert shown == [f"/scans/{scan}/" for scan in reversed(made)]


def test_pictures_that_could_not_be_used_stand_on_the_scan_and_on_the_listing_with_what_mends_them(
    page, member, look, work
):
    make_right(member)
    there_is_none = Gathered("photos/a.jpg", None, "there is no such picture.")
    listing = make_listing(member, pictures=(there_is_none,))
    address = page.post("/scans/start/", {"scope": ""}).headers["Location"]
    work()
    told = look(page.get(address).content).css_first("#progress details")
    assert "photos/a.jpg" in told.text()
    assert "there is no such picture." in told.text()
    assert "Import the list again with an archive" in told.text()
    assert told.css_first(f"a[href='/listings/{listing.core_id}/']") is not None
    on_listing = look(page.get(f"/listings/{listing.core_id}/").content).css_first("[aria-labelledby=unusable-title]")
    assert "there is no such picture." in on_listing.text()
    assert on_listing.css_first(f"a[href='{address}']") is not None


def test_a_scan_that_could_use_every_picture_says_nothing_about_them(page, member, look, work):
    make_right(member)
    listing = make_listing(member)
    address = page.post("/scans/start/", {"scope": ""}).headers["Location"]
    work()
    assert look(page.get(address).content).css_first("#progress details") is None
    assert "unusable-title" not in page.get(f"/listings/{listing.core_id}/").content.decode()


def test_what_a_later_scan_looked_at_again_is_told_there(page, member, look):
    scan = make_scan(member)
    scan.state, scan.pictures_unreadable = ScanState.DONE, 2
    scan.save()
    assert (
        "A later scan has looked at"
        in look(page.get(f"/scans/{scan.public_id}/").content).css_first("#progress").text()
    )
