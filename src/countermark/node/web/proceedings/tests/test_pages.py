"""Proceedings in the browser: opened, told, seen among the deadlines and in a calendar program."""

from icalendar import Calendar

from countermark.law.wording import LANGUAGES, said
from countermark.node.notices import calendar_links
from countermark.node.notices.tests.conftest import team
from countermark.node.proceedings.models import Proceeding, Step

__all__ = ["team"]


def test_a_complaint_about_a_domain_is_opened_and_its_clock_is_everywhere(team, browser, client):
    member = team.brand.analyst
    brand = browser(member)
    assert "Domain names: UDRP" in brand.get("/proceedings/").content.decode()
    form = brand.get("/proceedings/open/udrp/").content.decode()
    assert "the panel has three members" in form
    assert "the registrar" in form
    sent = {
        "about": "corvane-outlet.example",
        "since": "2026-11-02",
        "right": "",
        "place": "FR",
        "zone": "",
        "facts": [],
    }
    refused = brand.post("/proceedings/open/udrp/", sent | {"place": "XX"})
    assert refused.status_code == 422
    assert "No calendar of working days" in refused.content.decode()
    there = brand.post("/proceedings/open/udrp/", sent).headers["Location"]
    page = brand.get(there).content.decode()
    assert "Nothing has been filed." in page
    assert "Identical or confusingly similar" in page
    told = {"event": "file", "day": "2026-11-02", "fact.complaint": "<script>alert(1)</script>", "note": ""}
    brand.post(f"{there}happened/", told)
    page = brand.get(there).content.decode()
    assert "Lock and answer" in page
    assert "UDRP Rules para. 4(b)" in page
    assert "<script>alert" not in page
    assert "Lock and answer" in brand.get("/notices/deadlines/").content.decode()
    token = calendar_links.make(member)
    events = Calendar.from_ical(client.get(f"/calendar/{token}.ics").content).walk("VEVENT")
    assert [str(one["summary"]) for one in events] == ["Lock and answer (registrar), Domain names: UDRP"]
    assert str(events[0]["url"]).endswith(there)
    brand.post(f"{there}take-back/", {"reason": "wrong domain"})
    assert not list(Calendar.from_ical(client.get(f"/calendar/{token}.ics").content).walk("VEVENT"))
    assert "Step 1 was taken back" in brand.get(there).content.decode()
    assert "complaint" not in str(brand.get("/notices/deadlines/").content)


def test_what_the_law_refuses_is_said_on_the_page_and_what_is_no_day_too(team, browser):
    brand = browser(team.brand.analyst)
    sent = {"about": "Parcel", "since": "2026-04-01", "right": "", "place": "FR"}
    there = brand.post("/proceedings/open/eu-customs/", sent).headers["Location"]
    for told, words in (
        ({"event": "detain", "day": "soon"}, "The day is missing"),
        ({"event": "detain", "day": "2026-04-01"}, "needs number of the decision"),
        ({"event": "confirm", "day": "2026-04-01"}, "not possible in the state"),
    ):
        assert words in brand.post(f"{there}happened/", told, follow=True).content.decode()
    assert not Step.objects.exists()


def test_a_marketplace_opens_the_identity_of_traders_and_no_customs(team, browser):
    market = browser(team.market.administrator)
    page = market.get("/proceedings/").content.decode()
    assert "INFORM" in page
    assert "UDRP" not in page
    assert market.get("/proceedings/open/udrp/").status_code == 404
    there = market.post("/proceedings/open/us-inform/", {"about": "Seller 12", "since": "2026-11-01"}).headers[
        "Location"
    ]
    market.post(f"{there}happened/", {"event": "qualify", "day": "2026-11-02", "fact.sales": "210, 6 000 USD"})
    assert "Collect data" in market.get(there).content.decode()
    assert str(Proceeding.objects.get().due) == "2026-11-12"
    assert browser(team.brand.analyst).get(there).status_code == 404


def test_the_holder_of_goods_is_no_seller_in_any_language(team, browser):
    brand = browser(team.brand.analyst)
    sent = {"about": "Parcel", "since": "2026-04-01", "right": "", "place": "DE"}
    there = brand.post("/proceedings/open/eu-customs/", sent).headers["Location"]
    facts = {"fact.application": "FR 2026/77", "fact.notice_proof": "letter of 1 April"}
    brand.post(f"{there}happened/", {"event": "detain", "day": "2026-04-01", "note": "", **facts})
    for language in LANGUAGES:
        page = brand.get(there, headers={"accept-language": language}).content.decode()
        assert f'<span class="chip">{said("declarant or holder of the goods", language)}</span>' in page
        assert f'<span class="chip">{said("seller", language)}</span>' not in page
