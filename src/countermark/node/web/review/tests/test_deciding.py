"""The review screen without JavaScript, and what the page is sent when it asks for a part."""

import pytest

from countermark.model import Level
from countermark.node.findings.factories import make_finding, make_reason
from countermark.node.findings.states import FindingState
from countermark.node.review import selectors, services
from countermark.node.review.verdicts import Verdict

PART = {"HX-Request": "true"}


@pytest.fixture
def page(browser, member):
    return browser(member)


@pytest.fixture
def two(member):
    """Two findings, the first with more harm."""
    return [make_finding(member, expected_harm=90.0 - n).core_id for n in range(2)]


def form_of(client, address, look):
    """The decision form as a browser would send it: every field with the value it shows."""
    tree = look(client.get(address).content)
    form = tree.css_first("form#decide")
    fields = {n.attributes["name"]: n.attributes.get("value") or "" for n in form.css("input[type=hidden]")}
    fields |= {n.attributes["name"]: n.attributes["value"] for n in form.css("input[type=radio][checked]")}
    fields["note"] = form.css_first("textarea").text()
    return form.attributes["action"], fields


def test_a_verdict_is_a_plain_form_and_the_next_item_comes(page, member, two, look):
    action, fields = form_of(page, "/review/", look)
    answer = page.post(action, fields | {"verdict": "infringing"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/review/"
    shown = page.get("/review/").content.decode()
    assert two[1] in shown
    assert "Saved: infringing." in shown
    assert [d.verdict for d in selectors.history_of(member, two[0])] == [Verdict.INFRINGING]


def test_enter_in_a_field_chooses_no_verdict(page, two, look):
    """Browsers press the first button of a form on Enter, and pass over one that is disabled."""
    action, fields = form_of(page, "/review/", look)
    first = look(page.get("/review/").content).css_first("form#decide button")
    assert "disabled" not in first.attributes
    assert first.attributes["name"] == "verdict"
    assert first.attributes["value"] == ""
    answer = page.post(action, fields | {"verdict": ""})
    assert answer.status_code == 422
    assert "No verdict was chosen" in answer.content.decode()


def test_each_verdict_shows_its_key_its_reasons_and_the_suggested_one(page, member, look):
    make_finding(member, reasons=(make_reason("text.disguised_mark", 2.0),))
    tree = look(page.get("/review/").content)
    verdicts = tree.css("details.verdict")
    assert [v.css_first("kbd").text() for v in verdicts] == ["I", "N", "U", "E"]
    assert verdicts[0].css_first("input[checked]").attributes["value"] == "mark_disguised"
    assert [v.css_first("summary").attributes["data-action"] for v in verdicts][:2] == ["infringing", "not_infringing"]


def test_a_missing_note_is_asked_for_and_nothing_that_was_written_is_lost(page, member, look):
    finding = make_finding(member, level=Level.HIGH)
    action, fields = form_of(page, "/review/", look)
    answer = page.post(action, fields | {"verdict": "not_infringing", "reason_not_infringing": "authorised_seller"})
    assert answer.status_code == 422
    tree = look(answer.content)
    opened = tree.css_first("details.verdict[open]")
    assert opened.css_first("input[checked]").attributes["value"] == "authorised_seller"
    assert "hidden" not in tree.css_first("#note-needed").attributes
    answer = page.post(action, fields | {"verdict": "escalate", "reason_escalate": "no-such", "note": "Ask counsel."})
    assert answer.status_code == 422
    assert look(answer.content).css_first("form#decide textarea").text() == "Ask counsel."
    assert not selectors.history_of(member, finding.core_id)


def test_no_verdict_at_all_is_refused(page, member, look):
    make_finding(member)
    action, fields = form_of(page, "/review/", look)
    assert page.post(action, fields).status_code == 422
    assert page.post(action, fields | {"verdict": "guilty"}).status_code == 422
    assert page.post(action, fields | {"verdict": "withdrawn"}).status_code == 422


@pytest.mark.parametrize("part", [False, True])
def test_a_lost_item_brings_the_next_one_and_keeps_the_note(page, member, counsel, two, look, clock, part):
    action, fields = form_of(page, "/review/", look)
    clock.forward(minutes=11)
    theirs = services.open_item(counsel, two[0])
    services.decide(counsel, two[0], verdict=Verdict.INFRINGING, reason="counterfeit", lease_token=theirs.lease.token)
    sent = fields | {"verdict": "unsure", "note": "The clasp differs."}
    answer = page.post(action, sent, headers=PART if part else None)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "The clasp differs." in text
    assert f'data-item="{two[1]}"' in text
    tree = look(answer.content)
    if not part:
        assert tree.css_first("#kept-note").text() == "The clasp differs."
        assert tree.css_first("form#decide textarea").text() == ""


def test_the_page_is_sent_the_next_item_the_queue_and_what_to_say(page, two, look):
    action, fields = form_of(page, "/review/", look)
    answer = page.post(action, fields | {"verdict": "infringing"}, headers=PART)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<hx-partial") == 4
    assert 'hx-target="#item"' in text
    assert 'hx-target="#rail"' in text
    assert "Saved: infringing. 1 of 1. Next: " in text


def test_undo_is_one_plain_form_and_brings_the_item_back(page, member, two, look):
    action, fields = form_of(page, "/review/", look)
    page.post(action, fields | {"verdict": "infringing"})
    form = look(page.get("/review/").content).css_first("form[action*=undo]")
    assert "Undo" in form.text()
    answer = page.post(form.attributes["action"])
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/review/{two[0]}/"
    assert selectors.history_of(member, two[0])[0].verdict is Verdict.WITHDRAWN


def test_undo_is_offered_when_the_queue_is_clear(page, member, look):
    make_finding(member)
    action, fields = form_of(page, "/review/", look)
    page.post(action, fields | {"verdict": "infringing"})
    tree = look(page.get("/review/").content)
    assert tree.css_first("h1").text() == "Queue clear"
    assert tree.css_first("form[action*=undo]") is not None
    assert "Scan the listings" in tree.css_first(".empty").text()


def test_a_skip_can_be_taken_back(page, two, look):
    page.get("/review/")
    answer = page.post(f"/review/{two[0]}/skip/", headers=PART)
    assert f"/review/{two[0]}/unskip/" in answer.content.decode()
    answer = page.post(f"/review/{two[0]}/unskip/")
    assert answer.headers["Location"] == f"/review/{two[0]}/"


def test_an_item_alone_is_a_part_for_the_page_and_a_page_for_a_person(page, two):
    part = page.get(f"/review/{two[0]}/", headers=PART).content.decode()
    assert part.lstrip().startswith("<section")
    assert page.get(f"/review/{two[0]}/").content.decode().lstrip().startswith("<!DOCTYPE html>")


def test_an_item_that_a_colleague_holds_is_read_only_and_says_who_has_it(page, counsel, two, look):
    services.open_item(counsel, two[0])
    tree = look(page.get(f"/review/{two[0]}/").content)
    assert tree.css_first("form#decide") is None
    assert "Being reviewed by" in tree.css_first(".item-head").text()


def test_a_reader_sees_the_item_without_the_bar(browser, reader, two, look):
    tree = look(browser(reader).get("/review/").content)
    assert tree.css_first("#item").attributes["data-item"] == two[0]
    assert tree.css_first("form#decide") is None


def test_a_second_look_hides_score_and_first_verdict(page, member, counsel, look):
    finding = make_finding(counsel)
    held = services.open_item(counsel, finding.core_id)
    services.decide(
        counsel,
        finding.core_id,
        verdict=Verdict.UNSURE,
        reason="pictures_unclear",
        note="Too dark.",
        lease_token=held.lease.token,
    )
    for address in (f"/review/{finding.core_id}/", f"/findings/{finding.core_id}/"):
        text = page.get(address).content.decode()
        assert "Too dark." not in text
        assert "risk (" not in text
        assert '<svg class="bar"' not in text
        assert 'class="waterfall"' not in text


def test_the_queue_is_narrowed_by_its_address(page, member, look):
    low = make_finding(member, level=Level.LOW, expected_harm=99.0)
    high = make_finding(member, level=Level.HIGH, brand="Ondrelle", expected_harm=1.0)
    tree = look(page.get("/review/?level=high&brand=Ondrelle&nonsense=1&kind=no-such").content)
    assert tree.css_first("#item").attributes["data-item"] == high.core_id
    assert [a.attributes["data-item"] for a in tree.css(".rail a[data-item]")] == [high.core_id]
    assert tree.css_first("form#decide").attributes["action"].endswith("?brand=Ondrelle&level=high")
    chips = [a.attributes["href"] for a in tree.css("a.chip[aria-current=true]")]
    assert chips == ["/review/?level=high", "/review/?brand=Ondrelle"]
    assert low.core_id not in tree.html


def test_a_hold_is_renewed_and_its_loss_is_told(page, member, counsel, two, look, clock):
    _action, fields = form_of(page, "/review/", look)
    sent = {"item": two[0], "lease": fields["lease"]}
    clock.forward(minutes=4)
    answer = page.post("/review/lease/renew/", sent)
    assert answer.status_code == 204
    assert answer.headers["X-Lease-Until"].startswith("2026-03-02T09:14")
    clock.forward(minutes=11)
    services.open_item(counsel, two[0])
    assert page.post("/review/lease/renew/", sent).status_code == 409


def test_the_finding_page_shows_what_was_decided(page, member, two, look):
    action, fields = form_of(page, "/review/", look)
    page.post(action, fields | {"verdict": "infringing", "note": "Seen before."})
    history = look(page.get(f"/findings/{two[0]}/").content).css_first("#history").text()
    assert "Infringing" in history
    assert "Seen before." in history


def test_a_decided_finding_does_not_wait(page, member, look):
    finding = make_finding(member, state=FindingState.DECIDED)
    tree = look(page.get(f"/review/{finding.core_id}/").content)
    assert "no longer waits" in tree.css_first(".item-head").text()
