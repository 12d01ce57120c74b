"""Mail goes to approved addresses only, once, and says what a notice must say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from countermark.node.channels import mending, opening, outbox, sending
from countermark.node.channels.connectors.mail.tests.fake import FakeServer
from countermark.node.channels.letters import Cargo, Enclosed, Letter
from countermark.node.channels.line import Line
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.tests.people import brand
from countermark.node.kernel.errors import Conflict, Invalid, NotPermitted
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role

__all__ = ["brand"]
ADDRESS = "notices@shopnova.example"
FIELDS = {
    "title": "Corvane bag\r\nBcc: everyone@evil.example",
    "url": "https://shopnova.example/1",
    "right_title": "CORVANE",
    "right_owner": "Maison Aurelle",
    "explanation": "The offer uses the word mark for bags that the house never made.",
    "declarations": "I believe in good faith that this is accurate and complete.",
    "signer": "Ada Quill",
}
PAPER = Enclosed("extract.pdf", "application/pdf", "ab" * 32, b"%PDF-1.7 extract")


@pytest.fixture
def server(settings: Any) -> Iterator[type[FakeServer]]:
    settings.EMAIL_BACKEND = f"{FakeServer.__module__}.FakeServer"
    yield FakeServer
    FakeServer.took.clear()
    FakeServer.troubles.clear()


@pytest.fixture
def channel(brand: Member, server: Any) -> Channel:
    details = {"address": ADDRESS, "reply_to": "ip@aurelle.example"}
    made = opening.open_channel(brand, "mail", name="Shopnova by mail", marketplace="Shopnova", details=details)
    opening.approve(brand, made, ADDRESS)
    return fresh(made)


def fresh(channel_id: str) -> Channel:
    return Channel.objects.select_related("organisation").get(public_id=channel_id)


def put(channel: Channel, number: int = 1, *papers: Enclosed) -> Dispatch:
    letter = Letter(cargo=Cargo.NOTICE, subject="ntc_1", key=f"file {number}", fields=FIELDS, enclosed=papers)
    return outbox.put(channel, letter)


def turn(channel: Channel) -> bool:
    Channel.objects.filter(pk=channel.pk).update(next_try=None)
    return sending.run_channel(channel.public_id, "worker", Line())


def test_a_mail_says_what_the_notice_says_with_its_papers_and_no_forged_header(channel, server):
    row = put(channel, 1, PAPER)
    assert turn(channel)
    message = server.took[0]
    assert (message.to, message.reply_to) == ([ADDRESS], ["ip@aurelle.example"])
    whole = message.message().as_string()
    assert whole.count("\nBcc:") == 0
    assert f"Message-ID: <{row.public_id}@" in whole
    for words in ("CORVANE", "never made", "good faith", "Ada Quill", "https://shopnova.example/1", "ab" * 32):
        assert words in message.body
    assert message.attachments == [("extract.pdf", PAPER.data, "application/pdf")]


def test_nothing_goes_before_a_person_approved_the_address_nor_after_it_changed(channel, server, brand):
    opening.change(brand, channel.public_id, marketplace="Shopnova", details={"address": "other@shopnova.example"})
    changed = fresh(channel.public_id)
    with pytest.raises(Invalid, match="approved the address"):
        put(changed)
    outbox.put(changed, Letter(cargo=Cargo.NOTICE, subject="ntc_1", key="file 2", fields=FIELDS), checked=True)
    assert not turn(changed)
    assert not server.took
    with pytest.raises(Conflict):
        opening.approve(brand, channel.public_id, ADDRESS)
    with pytest.raises(NotPermitted):
        opening.approve(make_member(Role.ANALYST), channel.public_id, "other@shopnova.example")
    opening.approve(brand, channel.public_id, "other@shopnova.example")
    assert turn(changed)
    assert server.took[0].to == ["other@shopnova.example"]


@pytest.mark.parametrize(
    ("trouble", "state", "channel_problem"),
    [
        ("unknown", "failed", ""),
        ("greylisted", "waiting", "later"),
        ("away", "waiting", "not-reached"),
        ("password", "waiting", "token"),
        ("cut", "unsure", "cut"),
    ],
)
def test_what_the_server_answers_decides_whether_it_is_tried_again(channel, server, trouble, state, channel_problem):
    put(channel)
    server.troubles.append(trouble)
    turn(channel)
    assert Dispatch.objects.get().state == state
    channel.refresh_from_db()
    assert channel.problem == channel_problem


def test_a_mail_whose_handing_over_was_cut_is_not_sent_again_by_itself(channel, server, brand):
    row = put(channel)
    server.troubles.append("taken and cut")
    assert not turn(channel)
    assert turn(channel)
    assert len(server.took) == 1
    row.refresh_from_db()
    assert (row.state, row.problem) == ("failed", "unsure")
    mending.told(brand, row.public_id)
    assert not Dispatch.objects.filter(state="failed").exists()


def test_the_demo_writes_mail_into_files(channel, settings, tmp_path: Path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    put(channel)
    assert turn(channel)
    written = next(tmp_path.glob("*.log")).read_text()
    assert f"To: {ADDRESS}" in written


def test_a_node_without_a_mail_server_says_so(channel, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(Invalid, match="no mail server"):
        put(channel)


@pytest.mark.parametrize("address", ["", "Shopnova", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_address_opens_no_channel(brand, address):
    with pytest.raises(Invalid, match="no mail address"):
        opening.open_channel(brand, "mail", name="Mail", details={"address": address})


def test_too_many_papers_are_said_before(channel):
    with pytest.raises(Invalid, match="11 papers"):
        put(channel, 1, *[PAPER] * 11)
