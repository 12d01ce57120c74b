"""The desks in the browser, and what the public sees of them without an account."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client

from countermark.node.duties import informing
from countermark.node.duties.factories import make_upheld
from countermark.node.duties.models import CourtFinding, Hold, Informing, ListEntry, PersonRequest, Publication
from countermark.node.evidence.receipts import Receipt, keep_receipt
from countermark.node.findings.factories import make_finding
from countermark.node.insight import notice_log
from countermark.node.insight.notice_figures import count
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role

PAGES = ("", "lists/", "holds/", "publications/", "persons/", "informing/", "retention/", "figures/")


def soon(days=30):
    return (now().date() + timedelta(days=days)).isoformat()


@pytest.fixture
def decided(team):
    """The notice that the marketplace upheld."""
    return make_upheld(team)[0]


def text(answer):
    return answer.content.decode()


def test_every_desk_has_an_empty_state_that_says_what_comes_here(administrator, browser):
    page = browser(administrator)
    for name in PAGES:
        assert page.get(f"/duties/{name}").status_code == 200
    assert "Nobody has asked" in text(page.get("/duties/persons/"))
    assert "Nothing is held" in text(page.get("/duties/holds/"))
    assert "Nothing was told" in text(page.get("/duties/lists/"))
    assert "Nothing is published yet" in text(Client().get("/published/"))
    assert Client().get("/published/feed.json").json() == {
        "format": "countermark-published/1",
        "items": [],
        "next": None,
    }


def test_from_a_decision_to_a_partner_and_back(team, decided, browser):
    page, name = browser(team.market.administrator), decided.public_id
    assert "upheld by the platform" in text(page.get(f"/notices/{name}/"))
    assert "upheld by the platform" in text(page.get(f"/listings/{decided.listing}/"))
    assert "upheld by the platform" in text(page.get(f"/listings/sellers/{decided.seller}/"))
    sent = {"agreement": team.market.agreement_name, "expires_on": soon()}
    assert page.post(f"/duties/notices/{name}/tell/", sent | {"expires_on": "soon"}).status_code == 303
    assert not ListEntry.objects.exists()
    page.post(f"/duties/notices/{name}/tell/", sent)
    row = ListEntry.objects.get()
    assert "we told" in text(page.get("/duties/lists/"))
    page.post(f"/duties/lists/{row.public_id}/take-back/", {"why": "asked"})
    assert "taken back" in text(page.get("/duties/lists/"))
    court = {"authority": "Court of Paris", "docket": "1/26", "day": "2026-01-05", "infringes": "yes"}
    page.post(f"/duties/notices/{name}/court/", court)
    assert "found by a court" in text(page.get(f"/duties/notices/{name}/"))
    assert CourtFinding.objects.count() == 1
    assert page.post(f"/duties/notices/{name}/never/").status_code == 404


def test_a_second_person_publishes_and_everybody_may_read(team, decided, browser):
    author = browser(team.market.administrator)
    other = browser(make_member(Role.ADMINISTRATOR, Organisation.objects.get(pk=team.market.organisation_id)))
    author.post(f"/duties/notices/{decided.public_id}/publish/")
    row = Publication.objects.get()
    address = f"/duties/publications/{row.public_id}/"
    assert "another person releases it" in text(author.get(address))
    assert author.post(f"{address}release/", {"no_secret": "on"}).status_code == 403
    assert "Release it" in text(other.get(address))
    other.post(f"{address}release/")
    assert row.title not in text(Client().get("/published/"))
    other.post(f"{address}release/", {"no_secret": "on"})
    assert row.title in text(Client().get("/published/"))
    (item,) = Client().get("/published/feed.json").json()["items"]
    assert (item["id"], item["organisation"]) == (row.public_id, "Bazaar")
    author.post("/duties/publications/essence/", {"agreement": team.market.agreement_name})
    essence = Publication.objects.get(kind="essence")
    other.post(f"/duties/publications/{essence.public_id}/release/", {"no_secret": "on"})
    assert "either of them" in text(Client().get("/published/arrangements/"))
    author.post(f"{address}withdraw/")
    assert row.title not in text(Client().get("/published/"))


def test_the_desk_for_persons_takes_a_request_and_its_answer(counsel, analyst, browser):
    page = browser(counsel)
    sent = {
        "kind": "access",
        "name": "Mira Vale",
        "contact": "mira.vale@example.org",
        "words": "What do you hold about me?",
        "received_on": now().date().isoformat(),
        "place": "FR",
    }
    assert page.post("/duties/persons/", sent | {"received_on": "soon"}).status_code == 422
    assert page.post("/duties/persons/", sent | {"words": ""}).status_code == 422
    assert browser(analyst).post("/duties/persons/", sent).status_code == 403
    made = page.post("/duties/persons/", sent)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    name = PersonRequest.objects.get().public_id
    page.post(f"/duties/persons/{name}/extend/", {"why": "Forty shops and two languages."})
    page.post(f"/duties/persons/{name}/answer/", {"outcome": "granted", "words": "This is what we hold."})
    assert "done as asked" in text(page.get(f"/duties/persons/{name}/"))
    assert browser(analyst).get(f"/duties/persons/{name}/").status_code == 403


def test_holds_are_placed_reviewed_and_ended_on_one_page(counsel, browser):
    page, finding = browser(counsel), make_finding(counsel)
    sent = {"target": finding.core_id, "reason": "claim", "case": "Docket 3", "review_on": soon()}
    assert page.post("/duties/holds/place/", sent | {"case": ""}).status_code == 422
    assert page.post("/duties/holds/place/", sent | {"review_on": "soon"}).status_code == 422
    assert page.post("/duties/holds/place/", sent).status_code == 303
    assert page.post("/duties/holds/place/", sent).status_code == 409
    row = Hold.objects.get()
    page.post(f"/duties/holds/{row.public_id}/review/", {"review_on": soon(60)})
    page.post(f"/duties/holds/{row.public_id}/end/")
    row.refresh_from_db()
    assert row.review_on == date.fromisoformat(soon(60))
    assert row.ended_at is not None


def test_a_person_writes_how_a_shop_was_informed(team, decided, browser):
    assert informing.plan() == 1
    row = Informing.objects.get()
    page = browser(team.brand.administrator)
    assert decided.public_id[:12] in text(page.get("/duties/informing/"))
    page.post(f"/duties/informing/{row.pk}/", {"done": "by_marketplace", "words": "The statement of reasons names us."})
    row.refresh_from_db()
    assert row.done == "by_marketplace"


def test_the_log_that_is_saved_gives_the_figures_that_are_shown(team, decided, browser):
    page = browser(team.market.administrator)
    today = now().date()
    period = f"?first={(today - timedelta(days=9)).isoformat()}&last={today.isoformat()}"
    shown = text(page.get(f"/duties/figures/{period}"))
    saved = b"".join(page.get("/duties/figures/log.csv").streaming_content).decode()
    again = count(notice_log.read_back(saved), today - timedelta(days=9), today)
    assert again.digest[:32] in shown
    assert page.get(f"/duties/figures/figures.json{period}").json()["digest"] == again.digest
    rows = list(csv.reader(io.StringIO(text(page.get(f"/duties/figures/figures.csv{period}")))))
    assert ["15(1)(b)", "notices received under art. 16", "1", "number"] in rows
    assert page.get("/duties/figures/?first=2026-09-09&last=2026-01-01").status_code == 422
    assert page.get("/duties/figures/?first=soon").status_code == 422


def test_the_receipt_of_a_deletion_is_a_file_for_those_who_hold_and_for_nobody_else(team, browser):
    organisation = Organisation.objects.get(pk=team.brand.organisation_id)
    said = Receipt("pcd_1", "proceedings", "2029-03-02", "2029-03-03T00:00:00Z", "0" * 64, ())
    keep_receipt(organisation.pk, said)
    counsel, reader = make_member(Role.COUNSEL, organisation), make_member(Role.READER, organisation)
    assert "pcd_1" in text(browser(counsel).get("/duties/retention/"))
    answer = browser(counsel).get("/duties/retention/pcd_1.json")
    assert answer.content == said.to_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "pcd_1" not in text(browser(reader).get("/duties/retention/"))
    assert browser(reader).get("/duties/retention/pcd_1.json").status_code == 403
    assert browser(team.market.administrator).get("/duties/retention/pcd_1.json").status_code == 404
