"""From the listing to the bag, as a person with a phone does it; every state of the page; nothing for others."""

import io
import zipfile
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from countermark.node.evidence import retaining
from countermark.node.evidence.exhibits.rendering import can_draw
from countermark.node.evidence.models import Purchase, PurchaseFile
from countermark.node.evidence.purchases.acts import Act
from countermark.node.evidence.purchases.fields import FIELDS
from countermark.node.evidence.store import store
from countermark.node.evidence.tests.purchasing import ORDER, WORDS, bought, film, paper
from countermark.node.exchange.factories import KeysInMemory
from countermark.node.exchange.signing import set_keys
from countermark.node.kernel.time import now
from countermark.node.listings.factories import make_listing
from countermark.node.web.purchases.words import CHOICE, DO, DONE, FIELD, HELP

pytestmark = pytest.mark.django_db


def typed(words: dict[str, str]) -> dict[str, str]:
    """Words as a browser sends them: the time in the zone of the reader."""
    at = timezone.localtime(datetime.fromisoformat(words["at"]))
    return words | {"at": f"{at:%Y-%m-%dT%H:%M}"}


def test_the_whole_way_of_a_purchase_by_its_pages(browser, analyst, counsel, look):
    page, listing = browser(analyst), make_listing(analyst)
    assert "Record a test purchase" in page.get(f"/listings/{listing.core_id}/").content.decode()
    form = look(page.get(f"/purchases/order/{listing.core_id}/").content)
    assert form.css_first("input[name=film]").attributes["capture"] == "environment"
    made = page.post(f"/purchases/order/{listing.core_id}/", typed(ORDER))
    assert made.status_code == 303
    assert page.post(f"{made.url}do/received/", typed(WORDS[Act.RECEIVE])).status_code == 303
    refused = page.post(f"{made.url}do/unpacked/", typed(WORDS[Act.OPEN]))
    assert refused.status_code == 422
    assert "film or a photograph" in refused.content.decode()
    shot = SimpleUploadedFile("unpacking.mp4", film())
    assert page.post(f"{made.url}do/unpacked/", typed(WORDS[Act.OPEN]) | {"film": shot}).status_code == 303
    shown = look(page.get(made.url).content)
    assert "you: the parcel is here" in shown.css_first(".page-head").text()
    assert shown.css_first(".page-head .button-main").text() == "Put it under seal"
    address = next(a.attributes["href"] for a in shown.css("a[download]") if a.text() == "unpacking.mp4")
    opened = page.get(address)
    assert b"".join(opened.streaming_content) == film()
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert page.post(f"{made.url}bag/").status_code == 403
    bag = browser(counsel).post(f"{made.url}bag/")
    with zipfile.ZipFile(io.BytesIO(b"".join(bag.streaming_content))) as archive:
        assert {"data/acts/0001-ordered.json", "data/files/0003-01.mp4", "proof/seal.json"} <= set(archive.namelist())
    assert made.url in page.get(f"/listings/{listing.core_id}/").content.decode()
    assert made.url in page.get("/purchases/?stage=opened").content.decode()
    assert "Nothing here" in page.get("/purchases/?stage=closed").content.decode()


def test_a_correction_is_prefilled_and_what_was_wrong_is_asked(browser, analyst, look):
    page, where = browser(analyst), f"/purchases/{bought(analyst, Act.RECEIVE)}/"
    form = look(page.get(f"{where}correct/2/").content)
    assert form.css_first("input[name=by]").attributes["value"] == "Ana Roche"
    words = typed(WORDS[Act.RECEIVE]) | {"by": "Jon Ek"}
    assert page.post(f"{where}correct/2/", words).status_code == 422
    assert page.post(f"{where}correct/2/", words | {"correction": "The wrong name."}).status_code == 303
    assert "corrected later" in page.get(where).content.decode()
    again = look(page.get(f"{where}correct/2/").content)
    assert again.css_first("input[name=by]").attributes["value"] == "Jon Ek"
    assert not again.css_first("input[name=correction]").attributes.get("value")
    for nothing in ("correct/9/", "correct/3/", "do/nothing/", "do/ordered/"):
        assert page.get(f"{where}{nothing}").status_code == 404
    assert page.get(f"{where}do/examined/").url == where
    assert "Nothing was recorded" in page.get(where).content.decode()


def test_a_check_says_what_it_looked_at_and_the_first_thing_that_does_not_hold(browser, analyst):
    page, where = browser(analyst), f"/purchases/{bought(analyst)}/"
    assert "Everything holds" in page.post(f"{where}check/").content.decode()
    path = store().evidence_path(PurchaseFile.objects.get().sha256)
    path.chmod(0o600)
    path.write_bytes(b"{}")
    said = page.post(f"{where}check/").content.decode()
    assert "The first thing that does not hold:" in said
    assert "acts/0001-ordered.json" in said
    assert "It is no longer what was recorded." in said


def test_a_hold_has_an_owner_a_case_and_a_day_and_a_deletion_a_receipt(browser, counsel):
    purchase_id = bought(counsel)
    page, where = browser(counsel), f"/purchases/{purchase_id}/"
    assert page.post(f"{where}hold/", {"act": "hold", "reason": "case 17", "review_on": "x"}).status_code == 422
    day = (now() + timedelta(days=40)).date().isoformat()
    assert page.post(f"{where}hold/", {"act": "hold", "reason": "case 17", "review_on": day}).status_code == 303
    held = page.get(where).content.decode()
    assert "case 17" in held
    assert day in held
    page.post(f"{where}hold/", {"act": "release", "reason": "case 17 is closed"})
    retaining.delete_due((now() + timedelta(days=11 * 366)).date())
    gone = page.get(where).content.decode()
    assert "Receipt of the deletion" in gone
    assert "Export the bag" not in gone
    assert b'"countermark-deletion/1"' in page.get(f"{where}data/receipt.json").content
    assert page.get(f"{where}data/acts/0001-ordered.json").status_code == 409


def test_an_exhibit_is_made_in_a_language_and_downloaded(browser, analyst, counsel, look):
    where = f"/purchases/{bought(analyst)}/"
    page, asked = browser(counsel), {"language": "fr"}
    assert "None was made yet" in page.get(where).content.decode()
    assert "Make the exhibit" not in browser(analyst).get(where).content.decode()
    assert browser(analyst).post(f"{where}exhibit/", asked).status_code == 403
    assert page.post(f"{where}exhibit/", {"language": "de"}).status_code == 422
    KeysInMemory().use()
    try:
        made = page.post(f"{where}exhibit/", asked)
    finally:
        set_keys(None)
    if not can_draw():
        assert "Pango is not installed" in made.content.decode()
        return
    assert made.url == f"{where}#papers-title"
    link = look(page.get(where).content).css_first("#papers-title ~ .table-box a")
    paper = page.get(link.attributes["href"])
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["Content-Disposition"].endswith('-exhibit-fr-0001.pdf"')
    assert "A paper was made" in page.get(where).content.decode()
    assert browser(analyst).get(link.attributes["href"]).status_code == 403


def test_others_see_nothing(browser, analyst, officer, stranger):
    where = f"/purchases/{bought(analyst)}/"
    for address in (where, f"{where}do/received/", f"{where}correct/1/", f"{where}data/acts/0001-ordered.json"):
        assert browser(stranger).get(address).status_code == 404
        assert browser(officer).get(address).status_code == 403
    assert Purchase.objects.get().custody.count() == 1


def test_every_act_field_and_choice_has_words():
    assert set(DO) == set(HELP) == set(Act)
    assert set(Act) <= set(DONE)
    asked = [one for fields in FIELDS.values() for one in fields]
    assert {one.name for one in asked} <= set(FIELD)
    assert {code for one in asked for code in one.choices} <= set(CHOICE)


def test_an_opinion_needs_its_document(browser, analyst):
    where = f"/purchases/{bought(analyst, Act.RECEIVE, Act.OPEN, Act.SEAL)}/"
    page, words = browser(analyst), typed(WORDS[Act.EXAMINE])
    assert "as a document" in page.post(f"{where}do/examined/", words).content.decode()
    opinion = SimpleUploadedFile("opinion.pdf", paper().file.read())
    assert page.post(f"{where}do/examined/", words | {"more": opinion}).status_code == 303
    assert "counterfeit" in page.get(where).content.decode()
