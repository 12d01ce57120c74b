"""Notices in the browser: the brand files, the marketplace decides, the seller answers, strangers see nothing."""

import json
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from countermark.node.evidence.purchases.viewing import supporting
from countermark.node.evidence.tests.purchasing import WHOLE_PURCHASE, bought
from countermark.node.kernel import time as clock
from countermark.node.notices import sending
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.models import Notice, SellerLink
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role

SCRIPT = "<script>alert(1)</script> I bought these bags from the house itself."


def form_of(look, page):
    """What a browser would send of the page's last form, unchanged."""
    sent = {}
    for field in look(page).css("form input[name], form select[name], form textarea[name]"):
        kind = field.attributes.get("type")
        if kind in {"checkbox", "radio", "file"}:
            continue
        value = field.attributes.get("value") or (field.text() if field.tag == "textarea" else "")
        if field.tag == "select":
            chosen = field.css_first("option[selected]")
            value = (chosen.attributes.get("value") or chosen.text()) if chosen else ""
        sent[field.attributes["name"]] = value
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def link_in(look, answer):
    return look(answer.content).css_first("#link").attributes["value"].replace("http://testserver", "")


def decided(team, browser, name):
    pass_on(team, team.market)
    market = browser(team.market.administrator)
    return market.post(f"/notices/{name}/decide/", {"decision": "remove:infringes", "note": ""})


def test_a_brand_files_from_a_finding_and_may_undo(team, browser, look):
    finding = make_ground_for_notice(team.brand.analyst)
    brand = browser(team.brand.analyst)
    assert f"/notices/file/{finding.core_id}/" in brand.get(f"/findings/{finding.core_id}/").content.decode()
    page = brand.get(f"/notices/file/{finding.core_id}/")
    assert "Nothing stands against it" not in page.content.decode()  # its explanation says too little yet
    sent = form_of(look, page.content) | {
        "explanation": "The offer uses the word mark Corvane for bags that the house never made.",
        "signer": "Ada Quill",
        "declared": "good-faith",
        "file": "",
    }
    answer = brand.post(f"/notices/file/{finding.core_id}/", sent)
    assert answer.status_code == 303
    name = Notice.objects.get().public_id
    assert "Signed, not sent yet" in brand.get(f"/notices/{name}/").content.decode()
    brand.post(f"/notices/{name}/undo/")
    assert Notice.objects.get().stage == "undone"
    assert sending.send_due() == 0


def test_a_test_purchase_supports_a_notice_and_can_be_left_out(team, browser, look):
    analyst = team.brand.analyst
    finding = make_ground_for_notice(analyst)
    purchase_id = bought(analyst, *WHOLE_PURCHASE, listing=finding.listing.core_id)
    digest = supporting(analyst, [finding.listing.core_id])[finding.listing.core_id][0].digest
    brand, where = browser(analyst), f"/notices/file/{finding.core_id}/"
    page = brand.get(where)
    assert look(page.content).css_first("input[name=purchase]").attributes["value"] == purchase_id
    assert digest[:16] in page.content.decode()
    sent = form_of(look, page.content) | {"check": ""}
    assert digest[:16] not in brand.post(where, sent).content.decode()
    assert digest[:16] in brand.post(where, sent | {"purchase": purchase_id}).content.decode()
    assert purchase_id in brand.get(f"/findings/{finding.core_id}/").content.decode()


def test_what_stands_against_a_notice_is_shown_with_the_page_that_mends_it(team, browser):
    finding = make_ground_for_notice(team.brand.analyst, valid_to=timezone.now().date() - timedelta(days=9))
    page = browser(team.brand.analyst).get(f"/notices/file/{finding.core_id}/").content.decode()
    assert "As it stands, this would be refused" in page
    assert f"/rights/{json.loads(finding.record)['right_id']}/" in page


def test_a_notice_without_a_signature_is_not_filed(team, browser, look):
    finding = make_ground_for_notice(team.brand.analyst)
    brand = browser(team.brand.analyst)
    sent = form_of(look, brand.get(f"/notices/file/{finding.core_id}/").content) | {"file": "", "explanation": "x" * 60}
    answer = brand.post(f"/notices/file/{finding.core_id}/", sent)
    assert answer.status_code == 422
    assert "Nobody has signed" in answer.content.decode()
    assert not Notice.objects.exists()


def test_the_seller_answers_without_an_account_and_its_words_are_harmless_on_every_page(team, browser, look):
    name = file_one(team)
    link = link_in(look, decided(team, browser, name))
    seller = Client()
    page = seller.get(link)
    assert page.headers["Cache-Control"] == "no-store"
    assert "until" in page.content.decode()
    answer = seller.post(link, {"reason": "exhausted", "words": SCRIPT, "signer": "Mira Vale"})
    assert answer.status_code == 303
    pass_on(team, team.brand)
    pages = [
        seller.get(link),
        browser(team.market.administrator).get(f"/notices/{name}/"),
        browser(team.brand.analyst).get(f"/notices/{name}/"),
    ]
    for one in pages:
        assert "&lt;script&gt;alert(1)" in one.content.decode()
        assert "<script>alert" not in one.content.decode()


def test_a_reader_sees_that_a_seller_answered_but_not_its_words(team, browser, look):
    name = file_one(team)
    link = link_in(look, decided(team, browser, name))
    Client().post(link, {"reason": "exhausted", "words": "I bought it at the house; see the invoice."})
    reader = make_member(Role.READER, team.market.feed.organisation)
    page = browser(reader).get(f"/notices/{name}/").content.decode()
    assert "which your role does not see" in page
    assert "see the invoice" not in page


def test_an_answer_that_says_too_little_comes_back_with_what_was_typed(team, browser, look):
    link = link_in(look, decided(team, browser, file_one(team)))
    answer = Client().post(link, {"reason": "", "words": "no"})
    assert answer.status_code == 422
    assert "Choose a reason" in answer.content.decode()


def test_an_expired_or_invented_link_opens_nothing(team, browser, look, monkeypatch):
    link = link_in(look, decided(team, browser, file_one(team)))
    assert SellerLink.objects.get().token_hash not in link
    assert Client().get("/seller/" + "a" * 43 + "/").status_code == 404
    later = clock.now() + timedelta(days=201)
    monkeypatch.setattr(clock, "_clock", lambda: later)
    assert Client().get(link).status_code == 404


def test_another_organisation_sees_no_notice_and_cannot_act_on_it(team, browser):
    name = file_one(team)
    stranger = browser(make_member(Role.ADMINISTRATOR))
    assert stranger.get(f"/notices/{name}/").status_code == 404
    assert stranger.post(f"/notices/{name}/withdraw/", {"reason": "error"}).status_code in {403, 404}
    assert notice_of(team.brand, name).stage == "open"


def test_what_the_law_refuses_is_said_on_the_page(team, browser):
    name = file_one(team)
    pass_on(team, team.market)
    market = browser(team.market.administrator)
    market.post(f"/notices/{name}/decide/", {"decision": "restore:our_mistake"})
    assert "reverse is not possible" in market.get(f"/notices/{name}/").content.decode()


def test_a_calendar_link_is_made_read_without_logging_in_and_revoked(team, browser, look):
    name = file_one(team)
    pass_on(team, team.market)
    market = browser(team.market.administrator)
    link = link_in(look, market.post("/notices/calendar/"))
    answer = Client().get(link)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"/notices/{name}/" in answer.content.decode().replace("\r\n ", "")
    assert "no-store" in answer.headers["Cache-Control"]
    assert link.removeprefix("/calendar/") not in market.get("/notices/calendar/").content.decode()
    market.post("/notices/calendar/revoke/")
    assert Client().get(link).status_code == 404


def test_the_list_says_whose_move_it_is_and_the_page_how_each_day_was_counted(team, browser):
    name = file_one(team)
    pass_on(team, team.market)
    market = browser(team.market.administrator)
    mine = market.get("/notices/").content.decode()
    assert f"/notices/{name}/" in mine
    assert "service target" in mine
    assert name not in market.get("/notices/?whose=theirs").content.decode()
    page = market.get(f"/notices/{name}/").content.decode()
    assert "It is our move." in page
    for shown in ("Reg. (EU) 2022/2065", "Calendar", "FR (holidays", "eu-dsa/decide"):
        assert shown in page


def test_a_refusal_is_contested_on_the_page_of_the_notice_and_once(team, browser):
    name = file_one(team)
    pass_on(team, team.market)
    browser(team.market.administrator).post(f"/notices/{name}/decide/", {"decision": "refuse:no_infringement"})
    brand = browser(team.brand.analyst)
    assert "Contest the refusal" not in brand.get(f"/notices/{name}/").content.decode()
    pass_on(team, team.brand)
    assert "Contest the refusal" in brand.get(f"/notices/{name}/").content.decode()
    assert brand.post(f"/notices/{name}/complain/", {"words": SCRIPT}).status_code == 303
    pass_on(team, team.market)
    shown = browser(team.market.administrator).get(f"/notices/{name}/").content.decode()
    assert "&lt;script&gt;" in shown
    assert "remove:infringes" in shown
    assert "keep:not_convincing" not in shown
    page = brand.get(f"/notices/{name}/").content.decode()
    assert "The rights holder contested the refusal" in page
    assert "Contest the refusal" not in page
