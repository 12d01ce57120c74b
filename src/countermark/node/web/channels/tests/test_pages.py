"""Channels in the browser: opened, approved, watched, mended; a notice filed through one."""

from pathlib import Path

import pytest

from countermark.node.channels import sending
from countermark.node.channels.line import Line
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.notices import sending as notices
from countermark.node.notices.factories import make_ground_for_notice
from countermark.node.notices.models import Notice
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.node.web.notices.tests.test_notice_pages import form_of

ADDRESS = "notices@shopnova.example"


@pytest.fixture
def admin(db):
    return make_member(Role.ADMINISTRATOR, make_organisation("Maison Aurelle"))


def opened(page, **more):
    answer = page.post("/channels/open/mail/", {"name": "By mail", "marketplace": "bazaar", "address": ADDRESS} | more)
    assert answer.status_code == 303
    return Channel.objects.get().public_id


def test_a_first_visit_shows_what_can_be_opened_and_a_mistake_comes_back_with_what_was_typed(admin, browser):
    page = browser(admin)
    text = page.get("/channels/").content.decode()
    assert "No channel yet" in text
    assert "DSA Transparency Database" not in text
    answer = page.post("/channels/open/mail/", {"name": "By mail", "address": "nowhere"})
    assert answer.status_code == 422
    assert "no mail address" in answer.content.decode()
    assert 'value="nowhere"' in answer.content.decode()
    assert not Channel.objects.exists()


def test_a_marketplace_opens_the_database_of_statements_and_nothing_for_notices(browser):
    market = make_member(Role.ADMINISTRATOR, make_organisation(kind="marketplace"))
    text = browser(market).get("/channels/").content.decode()
    assert "DSA Transparency Database" in text
    assert "eBay VeRO" not in text


def test_from_filing_to_the_answer_in_the_browser(admin, browser, look):
    page, finding = browser(admin), make_ground_for_notice(admin)
    channel = opened(page)
    there = f"/notices/file/{finding.core_id}/"
    assert "Nobody has approved the address" in page.get(there).content.decode()
    assert f'href="/channels/{channel}/"' in page.get(there).content.decode()
    page.post(f"/channels/{channel}/approve/", {"address": ADDRESS})
    sent = form_of(look, page.get(there).content)
    assert sent["agreement"] == channel
    sent |= {
        "explanation": "The offer uses the word mark Corvane for bags that the house never made.",
        "signer": "Ada Quill",
        "declared": "good-faith",
        "file": "",
    }
    assert page.post(there, sent).status_code == 303
    name = Notice.objects.get().public_id
    page.post(f"/notices/{name}/send/")
    notices.send_due()
    sending.run_channel(channel, "worker", Line())
    text = page.get(f"/notices/{name}/").content.decode()
    assert "Where it was sent" in text
    assert "handed to the mail server" in text
    message = Dispatch.objects.get().public_id
    heard = {"status": "taken_down", "words": "<b>Removed</b>", "back": f"/notices/{name}/"}
    assert page.post(f"/channels/messages/{message}/heard/", heard).headers["Location"] == f"/notices/{name}/"
    text = page.get(f"/notices/{name}/").content.decode()
    assert "The offer is down" in text
    assert "&lt;b&gt;Removed" in text
    assert "<b>Removed" not in text
    assert "Taken down" in page.get(f"/channels/{channel}/").content.decode()


def test_what_failed_is_shown_with_its_reason_and_can_be_sent_again(admin, browser, look, settings, tmp_path: Path):
    settings.COUNTERMARK_CHANNEL_FOLDER = tmp_path
    page = browser(admin)
    page.post("/channels/open/csv_file/", {"name": "Files", "columns": "Link = url"})
    channel = Channel.objects.get()
    made = {"channel": channel, "cargo": "notice", "subject": "ntc_" + "0" * 26, "body": '[["Link"], ["x"]]'}
    row = Dispatch.objects.create(
        **made,
        public_id="dsp_" + "0" * 26,
        key="1",
        reference="1",
        state="failed",
        problem="refused",
        detail="It is wrong.",
    )
    text = page.get("/channels/").content.decode()
    assert "It is wrong." in text
    away = {"back": "https://evil.example/"}
    assert page.post(f"/channels/messages/{row.public_id}/again/", away).headers["Location"] == "/channels/"
    page.post(f"/channels/{channel.public_id}/pause/")
    assert sending.claim_channel("worker") is None
    assert "Paused" in page.get("/channels/").content.decode()
    page.post(f"/channels/{channel.public_id}/close/")
    assert "Messages still wait" in page.get("/channels/").content.decode()
    page.post(f"/channels/{channel.public_id}/go-on/")
    assert sending.claim_channel("worker") == channel.public_id
    sending.run_channel(channel.public_id, "worker", Line())
    link = (
        look(page.get(f"/channels/{channel.public_id}/").content).css_first("td a[href*='/files/']").attributes["href"]
    )
    saved = page.get(link)
    assert saved.content == next(tmp_path.rglob("*.csv")).read_bytes()
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert page.get(f"/channels/{channel.public_id}/files/..%2F..%2Fsecret/").status_code == 404
    assert browser(make_member(Role.ADMINISTRATOR)).get(link).status_code == 404
    page.post(f"/channels/{channel.public_id}/close/")
    assert page.get(f"/channels/{channel.public_id}/").status_code == 404


def test_who_may_not_send_sees_no_buttons_and_another_house_sees_nothing(admin, browser):
    channel = opened(browser(admin))
    reader = browser(make_member(Role.READER, Organisation.objects.get(name="Maison Aurelle")))
    text = reader.get(f"/channels/{channel}/").content.decode()
    assert "Pause" not in text
    assert "Change it" not in text
    assert reader.post(f"/channels/{channel}/pause/").status_code == 403
    stranger = browser(make_member(Role.ADMINISTRATOR))
    assert stranger.get(f"/channels/{channel}/").status_code == 404
    assert stranger.post(f"/channels/{channel}/approve/", {"address": ADDRESS}).status_code == 404
    assert stranger.post(f"/channels/{channel}/explode/").status_code == 404
