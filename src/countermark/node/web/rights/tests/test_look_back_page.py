"""Saving a right looks back over the listings held here; the right's page says how far it is and what came of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from countermark.model import Text
from countermark.node.evidence.factories import picture_bytes
from countermark.node.findings import engine, selectors, services
from countermark.node.findings.states import ScanState
from countermark.node.listings.factories import make_listing
from countermark.node.rights.factories import make_right
from countermark.node.rights.services import withdraw_right
from countermark.node.web.rights.tests.test_rights_pages import FORM


@pytest.fixture(autouse=True)
def _fresh_plans():
    engine.forget_plans()


@pytest.fixture
def page(browser, counsel):
    return browser(counsel)


@pytest.fixture
def held(member):
    """Listings that came long before any right."""
    make_listing(member, title=Text("Halcyr replica watch, 1:1 mirror quality", "en"), brand_text="")
    make_listing(member, title=Text("Garden hose, 20 m", "en"), brand_text="")


def work() -> None:
    while (claimed := services.claim_part("here/1/1")) is not None:
        services.run_part(claimed, "here/1/1")


def said(look, answer) -> str:
    return " ".join(look(answer.content).css_first("#look-back").text().split())


def test_a_right_that_is_added_looks_back_and_its_page_says_what_came_of_it(page, counsel, held, look):
    address = page.post("/rights/add/", FORM).headers["Location"]
    answer = page.get(address)
    assert "Waits for a worker" in said(look, answer)
    assert look(answer.content).css_first("#look-back").attributes["hx-get"] == f"{address}?part=look-back"
    work()
    part = page.get(f"{address}?part=look-back", headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert "Looked back over 2 listings: 1 finding." in said(look, part)
    tree = look(part.content)
    assert "hx-get" not in tree.css_first("#look-back").attributes
    found = page.get(tree.css_first("#look-back a.button-main").attributes["href"])
    assert "Halcyr replica watch" in found.content.decode()
    assert "Halcyr replica watch" in page.get("/review/").content.decode()


def test_the_same_button_twice_joins_the_one_under_way(page, member, held):
    right = make_right(member, mark="Halcyr", brand="Halcyr")
    for _ in range(2):
        answer = page.post(f"/rights/{right.core_id}/look-back/")
        assert answer.status_code == 303
    assert len(selectors.under_way(member)) == 1


def test_an_alias_and_a_picture_look_back_too_and_nothing_changed_does_not(page, member, held, look):
    right = make_right(member, mark="Halcyr", brand="Halcyr", title="Halcyr, word mark")
    address = f"/rights/{right.core_id}/"
    assert "not looked at with this right yet" in said(look, page.get(address))
    page.post(f"{address}edit/", FORM)
    first = selectors.look_back(member, right.core_id)
    assert first is not None
    work()
    page.post(f"{address}edit/", FORM)
    again = selectors.look_back(member, right.core_id)
    assert again is not None
    assert again.id == first.id
    page.post(f"{address}pictures/", {"pictures": SimpleUploadedFile("front.jpg", picture_bytes(200, 150))})
    newest = selectors.look_back(member, right.core_id)
    assert newest is not None
    assert (newest.id != first.id, newest.state) == (True, ScanState.QUEUED)


def test_without_listings_nothing_is_ordered_and_the_page_says_so(page, member, look):
    address = page.post("/rights/add/", FORM).headers["Location"]
    assert "None yet." in said(look, page.get(address))
    assert selectors.scans(member) == ()


def test_a_right_without_words_or_pictures_offers_no_button(page, member, held, look):
    right = make_right(member, mark="", kind="copyright", title="The bag, photographed")
    address = f"/rights/{right.core_id}/"
    tree = look(page.get(address).content)
    assert tree.css_first("#look-back form") is None
    assert selectors.scans(member) == ()


def test_a_reader_sees_the_outcome_and_has_no_button(page, browser, reader, stranger, held, look):
    address = page.post("/rights/add/", FORM).headers["Location"]
    work()
    answer = browser(reader).get(address)
    assert "1 finding" in said(look, answer)
    assert look(answer.content).css_first("#look-back form") is None
    assert browser(reader).post(f"{address}look-back/").status_code == 403
    assert browser(stranger).post(f"{address}look-back/").status_code == 404


def test_a_withdrawn_right_is_not_looked_back_for(page, member, held, look):
    right = make_right(member, mark="Halcyr", brand="Halcyr")
    withdraw_right(member, right.core_id, "sold")
    assert page.post(f"/rights/{right.core_id}/look-back/").status_code == 409
    assert look(page.get(f"/rights/{right.core_id}/").content).css_first("#look-back") is None
    page.post(f"/rights/{right.core_id}/reinstate/")
    assert len(selectors.under_way(member)) == 1


def test_the_list_of_scans_says_what_a_look_back_was_for(page, held, look):
    address = page.post("/rights/add/", FORM).headers["Location"]
    work()
    link = look(page.get("/scans/").content).css_first("a.row-link")
    assert "Look-back for Halcyr, word mark" in " ".join(link.parent.text().split())
    heading = look(page.get(link.attributes["href"]).content).css_first("h1 a")
    assert heading.attributes["href"] == address
