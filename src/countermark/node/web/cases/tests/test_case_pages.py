"""A case from its opening to its end, through the pages alone and without JavaScript."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from countermark.node.cases import given, selectors, services
from countermark.node.cases.acts import OpenCase
from countermark.node.cases.factories import PURPOSE, exchange, failed, make_joint_team
from countermark.node.cases.states import AttachedKind
from countermark.node.exchange.agreeing import lifecycle
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import FeedEntry
from countermark.node.exchange.signing import set_keys
from countermark.node.findings.factories import make_finding
from countermark.node.kernel.time import now
from countermark.node.listings.factories import make_listing
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role


@pytest.fixture
def team(db) -> Iterator[Team]:
    yield make_joint_team()
    set_keys(None)


@pytest.fixture
def omar(team: Team):
    return make_member(Role.OFFICER, Organisation.objects.get(pk=team.market.organisation_id))


@pytest.fixture
def case_id(team: Team) -> str:
    opening = OpenCase(title="<b>Corvane</b> totes", summary="Same photos.")
    return services.open_case(team.brand.analyst, team.brand.agreement_name, opening, purpose=PURPOSE)


def fields_of(look, page) -> dict[str, list[str]]:
    """What the confirmation would send."""
    sent: dict[str, list[str]] = {}
    for field in look(page.content).css("form.preview-end input[type=hidden]"):
        if field.attributes["name"] != "csrfmiddlewaretoken":
            sent.setdefault(field.attributes["name"], []).append(field.attributes["value"] or "")
    return sent


def confirm(client, look, address: str, said: Mapping[str, object]):
    """Fill a form, look at the preview, confirm; gives the preview."""
    entries = FeedEntry.objects.count()
    preview = client.post(address, said)
    assert preview.status_code == 200, preview.content.decode()
    assert FeedEntry.objects.count() == entries, "a preview must not send anything"
    done = client.post(address, fields_of(look, preview) | {"step": "send"})
    assert done.status_code == 303
    return preview.content.decode()


def test_a_case_is_opened_from_a_finding_worked_on_and_closed(team: Team, omar, browser, look):
    client = browser(team.brand.analyst)
    finding = make_finding(team.brand.analyst)
    opening = client.get(f"/cases/open/?finding={finding.core_id}")
    form = {one.attributes["name"]: one.attributes.get("value") or "" for one in look(opening.content).css("input")}
    said = form | {"agreement": team.brand.agreement_name, "purpose": PURPOSE, "title": "Corvane totes", "summary": ""}
    preview = confirm(client, look, "/cases/open/", said)
    assert "What Bazaar will see" in preview
    assert "Corvane totes" in preview
    case_id = form["case_id"]
    address = f"/cases/{case_id}/"
    confirm(client, look, f"{address}comment/", {"text": "Please look.", "mentions": ["bazaar/officer", "bazaar"]})
    confirm(client, look, f"{address}assign/", {"to": "bazaar"})
    confirm(client, look, f"{address}due/", {"on": "2031-05-06"})
    file = SimpleUploadedFile("note.txt", b"Bought on 3 March.")
    confirm(client, look, f"{address}file/", {"file": file, "description": "What we bought"})
    confirm(client, look, f"{address}attach/", {"ref": f"see {make_listing(team.brand.analyst).core_id}"})
    confirm(client, look, f"{address}close/", {"outcome": "stopped"})
    exchange(team)
    assert not failed(team.market)
    there = browser(omar)
    page = there.get(address).content.decode()
    for words in ("Corvane totes", "Please look.", "note.txt", "The offers are gone", "closed the case"):
        assert words in page
    assert case_id in there.get("/cases/?state=closed").content.decode()
    assert case_id in there.get("/cases/?state=both&mine=yes").content.decode()
    assert case_id not in there.get("/cases/").content.decode()


def test_a_form_with_a_mistake_comes_back_with_its_mend_and_nothing_leaves(team: Team, browser, case_id: str):
    client = browser(team.brand.analyst)
    entries = FeedEntry.objects.count()
    for what, said, words in (
        ("comment", {"text": " "}, "required"),
        ("assign", {"to": "nobody/else"}, "choice"),
        ("due", {"on": "tomorrow"}, "date"),
        ("attach", {"ref": "that one"}, "Copy it from its page"),
        ("file", {"description": "x"}, "Choose one"),
        ("close", {}, "required"),
    ):
        answer = client.post(f"/cases/{case_id}/{what}/", said)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    wrong = SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>")
    answer = client.post(f"/cases/{case_id}/file/", {"file": wrong})
    assert (answer.status_code, "Attach a PDF" in answer.content.decode()) == (422, True)
    assert FeedEntry.objects.count() == entries


def test_one_can_go_back_and_change_what_one_wrote(team: Team, browser, look, case_id: str):
    client = browser(team.brand.analyst)
    preview = client.post(f"/cases/{case_id}/comment/", {"text": "Plaese look."})
    back = client.post(f"/cases/{case_id}/comment/", fields_of(look, preview) | {"step": "change"})
    assert back.status_code == 200
    assert "Plaese look." in back.content.decode()


def test_a_file_leaves_the_node_as_a_download_only(team: Team, omar, browser, look, case_id: str):
    client = browser(team.brand.analyst)
    file = SimpleUploadedFile("../<x>.csv", b"shop,items\r\n=cmd,1\r\n")
    confirm(client, look, f"/cases/{case_id}/file/", {"file": file})
    exchange(team)
    ref = selectors.case(omar, case_id).attachments[0].ref
    answer = browser(omar).get(f"/cases/{case_id}/files/{ref}/")
    assert answer.content == b"shop,items\r\n=cmd,1\r\n"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    reader = make_member(Role.READER, Organisation.objects.get(pk=team.market.organisation_id))
    assert browser(reader).get(f"/cases/{case_id}/files/{ref}/").status_code == 403


def test_a_correction_keeps_the_first_words(team: Team, browser, look, case_id: str):
    client = browser(team.brand.analyst)
    confirm(client, look, f"/cases/{case_id}/comment/", {"text": "On Munday."})
    page = client.get(f"/cases/{case_id}/").content.decode()
    address = re.findall(rf"/cases/{case_id}/correct/[0-9a-f]+/", page)[0]
    confirm(client, look, address, {"text": "On Monday."})
    page = client.get(f"/cases/{case_id}/").content.decode()
    assert "On Munday." in page
    assert "On Monday." in page
    assert "Corrected later" in page


def test_nothing_hostile_runs_and_a_reader_cannot_act(team: Team, browser, case_id: str):
    reader = make_member(Role.READER, Organisation.objects.get(pk=team.brand.organisation_id))
    client = browser(reader)
    page = client.get(f"/cases/{case_id}/").content.decode()
    assert "<b>Corvane</b>" not in page
    assert "Write a comment" not in page
    assert client.post(f"/cases/{case_id}/comment/", {"text": "Hello"}).status_code == 403
    assert client.get("/cases/open/").status_code == 403
    assert browser(reader).get("/cases/cas_00000000000000000000000000/").status_code == 404
    assert browser(team.brand.analyst).get(f"/cases/{case_id}/nonsense/").status_code == 404


def test_the_files_of_others_and_their_cases_are_not_there(team: Team, browser, stranger, case_id: str):
    client = browser(stranger)
    for address in (f"/cases/{case_id}/", f"/cases/{case_id}/comment/", "/cases/shared/1/"):
        assert client.get(address).status_code == 404


def test_what_was_shared_is_listed_read_and_withdrawn(team: Team, omar, browser, look):
    client = browser(team.brand.analyst)
    listing = make_listing(team.brand.analyst)
    said = {"agreement": team.brand.agreement_name, "purpose": PURPOSE, "listing": listing.core_id}
    preview = confirm(client, look, "/cases/shared/give/", said)
    assert "title as shown to buyers" in preview
    exchange(team)
    there = browser(omar)
    page = there.get("/cases/shared/").content.decode()
    assert listing.title in page
    key = re.findall(r"/cases/shared/(\d+)/", page)[0]
    assert "129.00" in there.get(f"/cases/shared/{key}/").content.decode()
    assert there.get(f"/cases/shared/{key}/withdraw/").status_code == 404
    ours = re.findall(r"/cases/shared/(\d+)/", client.get("/cases/shared/?side=ours").content.decode())[0]
    assert client.post(f"/cases/shared/{ours}/withdraw/", {"why": "mistake"}).status_code == 303
    exchange(team)
    page = there.get(f"/cases/shared/{key}/").content.decode()
    assert "It was shared by mistake" in page


def test_a_case_page_asks_few_questions(team: Team, browser, case_id: str, django_assert_max_num_queries):
    client = browser(team.brand.analyst)
    for number in range(30):
        services.comment(team.brand.analyst, case_id, f"Word {number}.")
    with django_assert_max_num_queries(36):
        client.get(f"/cases/{case_id}/")
    with django_assert_max_num_queries(30):
        client.get("/cases/")


def test_several_listings_are_attached_with_one_entry_after_one_preview(team: Team, omar, browser, look, case_id):
    rows = [make_listing(team.brand.analyst, external_id=f"bz-{number}") for number in range(3)]
    client, address = browser(team.brand.analyst), f"/cases/{case_id}/listings/"
    assert address in client.get(f"/cases/{case_id}/").content.decode()
    assert len(look(client.get(f"{address}?q=corvane+bz-1").content).css("input[name=ref]")) == 1
    assert "No listing fits" in client.get(f"{address}?q=unheard").content.decode()
    assert client.post(address, {"step": "preview"}).status_code == 422
    before = FeedEntry.objects.count()
    seen = confirm(client, look, address, {"ref": [row.core_id for row in rows[:2]], "step": "preview"})
    assert seen.count("bz-") >= 2
    assert FeedEntry.objects.count() - before == 3, "each listing once, then one entry that attaches both"
    exchange(team)
    assert not failed(team.market)
    there = selectors.case(omar, case_id).attachments
    assert {one.ref for one in there} == {row.core_id for row in rows[:2]}
    page = client.get(address)
    assert page.content.decode().count("attached already") == 2
    confirm(client, look, address, {"ref": [row.core_id for row in rows], "step": "preview"})
    assert len(selectors.case(team.brand.analyst, case_id).attachments) == 3
    many = [f"lst_{number:026d}" for number in range(51)]
    assert client.post(address, {"ref": many}).status_code == 422
    assert client.post(address, {"ref": [rows[0].core_id[:-1] + "0"], "step": "send"}).status_code == 404


def test_what_is_attached_in_numbers_is_what_the_preview_showed(team: Team, omar, case_id):
    rows = [make_listing(team.brand.analyst).core_id for _ in range(2)]
    act = services.attaching_many(team.brand.analyst, case_id, AttachedKind.LISTING, rows)
    previews = services.preview(team.brand.analyst, case_id, act)
    services.perform(team.brand.analyst, case_id, act)
    exchange(team)
    for ref, preview in zip(rows, previews, strict=False):
        there = next(one for one in given.shared(omar, ours=False).rows if one.ref == ref)
        shown = given.shared_item(omar, there.row)
        assert {one.name: one.value for one in shown.fields} == {one.name: one.value for one in preview.seen}


def test_cases_are_found_by_words_and_by_ids(team: Team, omar, browser, look, case_id):
    other = services.open_case(team.brand.analyst, team.brand.agreement_name, OpenCase(title="Étuis"), purpose=PURPOSE)
    listing = make_listing(team.brand.analyst)
    services.attach_listing(team.brand.analyst, other, listing.core_id)
    exchange(team)

    def found(member, words: str) -> list[str]:
        page = browser(member).get("/cases/", {"q": words})
        return [link.attributes["href"].split("/")[2] for link in look(page.content).css("tbody a.row-link")]

    for member in (team.brand.analyst, omar):
        assert found(member, "TOTES corvane") == [case_id]
        assert found(member, "same photos") == [case_id]
        assert found(member, "étuis") == [other]
        assert found(member, f" {other.upper()} ") == [other]
        assert found(member, listing.core_id) == [other]
        assert found(member, "étuis corvane") == []
        assert found(member, "a\0b") == []
    assert "Nothing fits" in browser(omar).get("/cases/?q=unheard").content.decode()


def test_while_the_agreement_rests_a_case_says_so_and_offers_nothing(team: Team, browser, look, case_id: str):
    address = reverse("web:case", args=[case_id])
    assert "Write a comment" in browser(team.brand.analyst).get(address).content.decode()
    lifecycle.suspend(team.brand.administrator, team.brand.agreement_name, "We look into it.")
    page = look(browser(team.brand.analyst).get(address).content)
    assert "The agreement has been suspended since" in page.css_first("main").text()
    assert not [one for one in page.css("main form") if one.attributes.get("method") == "post"]
    lifecycle.resume(team.brand.administrator, team.brand.agreement_name)
    assert "Write a comment" in browser(team.brand.analyst).get(address).content.decode()


def test_a_case_that_an_ended_agreement_left_open_is_read_and_waits_for_nobody(
    clock, team: Team, browser, look, case_id: str
):
    services.set_due(team.brand.analyst, case_id, now().date() + timedelta(days=1))
    clock.forward(days=3)
    assert selectors.count_overdue(team.brand.analyst) == 1
    lifecycle.give_notice(team.brand.administrator, team.brand.agreement_name, "The season is over.")
    clock.forward(days=400)
    lifecycle.end_all_due()
    assert team.brand.agreement.state == "ended"
    assert selectors.count_overdue(team.brand.analyst) == 0
    shown = selectors.case(team.brand.analyst, case_id)
    assert (shown.row.overdue, shown.row.move) == (False, None)
    page = look(browser(team.brand.analyst).get(reverse("web:case", args=[case_id])).content)
    assert "The agreement ended on" in page.css_first("main").text()
    assert "Write a comment" not in page.css_first("main").text()
