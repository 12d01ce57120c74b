"""From the button on a listing to the bag: asked for, sealed by a worker, checked, held, downloaded."""

import io
import zipfile

import pytest

from countermark.node.evidence import collecting, isolating
from countermark.node.evidence.exhibits.rendering import can_draw
from countermark.node.evidence.models import Evidence, EvidenceFile
from countermark.node.evidence.store import store
from countermark.node.evidence.tests.shop import pages, shop
from countermark.node.listings.factories import make_listing
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


@pytest.fixture
def counsel():
    return make_member(role=Role.COUNSEL)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolating, "browser", lambda: "")
    with shop(pages()) as found:
        yield found


def worked() -> bool:
    """One capture, as a worker does it; says whether one waited."""
    waiting = collecting.claim_capture("worker of a test")
    if waiting is not None:
        collecting.run_capture(waiting, "worker of a test")
    return waiting is not None


def test_the_whole_way_of_a_captured_listing(browser, counsel, look, address) -> None:
    page, listing = browser(counsel), make_listing(counsel, url=f"{address}/offer")
    assert "Capture the page now" in page.get(f"/listings/{listing.core_id}/").content.decode()
    asked = page.post(f"/evidence/capture/{listing.core_id}/")
    assert asked.status_code == 303
    assert "Waiting for a worker" in page.get(asked.url).content.decode()
    assert worked()
    assert not worked()
    shown = look(page.get(asked.url).content)
    assert "Sealed" in shown.css_first(".page-head").text()
    assert "Everything holds" in page.post(f"{asked.url}check/").content.decode()
    file = page.get(shown.css_first("a[download]").attributes["href"])
    assert file.headers["Content-Disposition"].startswith("attachment")
    made = page.post(f"{asked.url}exhibit/", {"language": "fr"})
    exhibit = b""
    if can_draw():
        assert made.status_code == 303
        paper = page.get(look(page.get(asked.url).content).css_first("a[href*=papers]").attributes["href"])
        assert paper.headers["Content-Disposition"].startswith("attachment")
        exhibit = paper.content
        assert exhibit.startswith(b"%PDF")
    else:
        assert "Pango is not installed" in made.content.decode()
    assert page.post(f"{asked.url}pack/", {"pack": "us", "language": "en"}).status_code == 303
    abroad = {"country": "us", "recipient": "District Court", "persons": "3"}
    assert page.post(f"{asked.url}bag/", abroad).status_code == 409
    assert page.post(f"{asked.url}bag/", abroad | {"persons": "many"}).status_code == 422
    approval = abroad | {"authority": "Ministry", "reference": "17", "approved_on": "2026-01-02"}
    assert page.post(f"{asked.url}approval/", approval | {"approved_on": "soon"}).status_code == 422
    assert page.post(f"{asked.url}approval/", approval).status_code == 303
    bag = page.post(f"{asked.url}bag/", abroad)
    with zipfile.ZipFile(io.BytesIO(b"".join(bag.streaming_content))) as archive:
        assert {"verify.txt", "proof/seal.json", "proof/custody.jsonl", "data/page.warc.gz"} <= set(archive.namelist())
        assert not exhibit or archive.read("exhibit/exhibit-fr.pdf") == exhibit
    assert asked.url in page.get(f"/listings/{listing.core_id}/").content.decode()
    lost = store().evidence_path(EvidenceFile.objects.get(name="page.html").sha256)
    lost.unlink()
    said = look(page.post(f"{asked.url}check/").content)
    assert "The first thing that does not hold: files and seal" in said.css_first("[role=alert]").text()
    assert "data/page.html" in said.css_first("[role=alert]").text()
    assert "sealed" in said.css_first("[aria-labelledby=custody-title]").text()


def test_a_hold_is_set_and_lifted_with_a_reason(browser, counsel, address) -> None:
    page = browser(counsel)
    where = f"/evidence/{collecting.capture_now(counsel, address + '/offer')}/"
    assert page.post(f"{where}hold/", {"act": "hold", "reason": ""}).status_code == 422
    assert page.post(f"{where}hold/", {"act": "hold", "reason": "case 17"}).status_code == 303
    row = Evidence.objects.get()
    assert (row.held, row.held_by, row.held_for) == (True, counsel.actor, "case 17")
    assert row.review_on is not None
    assert "Lift the legal hold" in page.get(where).content.decode()
    page.post(f"{where}hold/", {"act": "release", "reason": "case 17 is closed"})
    assert not Evidence.objects.get().held


def test_others_see_nothing_and_readers_no_button(browser, counsel, address) -> None:
    evidence_id = collecting.capture_now(counsel, f"{address}/offer")
    other = browser(make_member(role=Role.COUNSEL))
    for answer in (other.get(f"/evidence/{evidence_id}/"), other.post(f"/evidence/{evidence_id}/bag/")):
        assert answer.status_code == 404
    reader = make_member(role=Role.READER)
    listing = make_listing(reader, url=f"{address}/offer")
    assert "Capture the page" not in browser(reader).get(f"/listings/{listing.core_id}/").content.decode()
    assert other.get(f"/evidence/{evidence_id}/papers/exhibit-fr.pdf/").status_code == 404
    assert browser(reader).post(f"/evidence/capture/{listing.core_id}/").status_code == 403


def test_a_page_that_was_not_reached_says_why(browser, counsel, address) -> None:
    evidence_id = collecting.request_capture(counsel, f"{address}/moved-in")
    worked()
    shown = browser(counsel).get(f"/evidence/{evidence_id}/").content.decode()
    assert "not captured" in shown
    assert "word of this node" not in shown  # there is no seal yet of which that could be said
    assert "Capture the page again" not in shown  # nobody knows of which listing it was
