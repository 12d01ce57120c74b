"""Reports reach eBay once each, and what eBay says of them comes back with its own words."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from countermark.node.channels import mending, opening, outbox, sending
from countermark.node.channels.codes import read_codes
from countermark.node.channels.connectors.ebay_vero.sending import EbayVero
from countermark.node.channels.connectors.ebay_vero.tests.fake import CLIENT, SECRET, FakeEbay
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.tests.machines import line_to
from countermark.node.channels.tests.people import brand
from countermark.node.kernel import time as clock
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member

__all__ = ["brand"]
NUMBERS = count(110_000_000_001)
FIELDS = {
    "ground": "counterfeit",
    "ground_title": "Counterfeit",
    "explanation": "Bags with the registered mark.",
    "country": "FR",
}


@pytest.fixture
def ebay(settings: Any) -> FakeEbay:
    settings.COUNTERMARK_EBAY_CLIENT_ID, settings.COUNTERMARK_EBAY_CLIENT_SECRET = CLIENT, lambda: SECRET
    settings.COUNTERMARK_EBAY_URL = f"https://ebay-{next(NUMBERS)}.example"
    return FakeEbay()


@pytest.fixture
def channel(brand: Member, ebay: FakeEbay) -> Channel:
    codes = {"codes": "counterfeit = 9051\npatent = 9048\nodd=1234"}
    made = opening.open_channel(brand, "ebay_vero", name="eBay", marketplace="eBay", details=codes)
    return Channel.objects.select_related("organisation").get(public_id=made)


def put(channel: Channel, number: int = 1, **more: str) -> list[Dispatch]:
    made = []
    for _ in range(number):
        item = str(next(NUMBERS))
        fields = {**FIELDS, "item_id": item, **more}
        made.append(outbox.put(channel, Letter(cargo=Cargo.NOTICE, subject="ntc_1", key=f"file {item}", fields=fields)))
    return made


def turn(channel: Channel, ebay: FakeEbay) -> bool:
    Channel.objects.filter(pk=channel.pk).update(next_try=None)
    assert sending.claim_channel("worker") == channel.public_id
    return sending.run_channel(channel.public_id, "worker", line_to(ebay))


def later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    moment = clock.now() + timedelta(hours=hours)
    monkeypatch.setattr(clock, "_clock", lambda: moment)


def test_a_report_holds_as_many_items_as_ebay_takes_and_one_token_does_for_all(channel, ebay, monkeypatch):
    assert EbayVero.limits.in_a_call == 150
    monkeypatch.setattr(EbayVero, "limits", replace(EbayVero.limits, in_a_call=3))
    put(channel, 4)
    assert turn(channel, ebay)
    assert turn(channel, ebay)
    assert [len(items) for items in ebay.reports.values()] == [3, 1]
    assert ebay.tokens == 1
    first = next(iter(ebay.reports.values()))[0]
    assert first["veroReasonCodeId"] == "9051"
    assert first["copyEmailToRightsOwner"] is True


def test_what_ebay_says_comes_back_raw_and_normalised_also_a_word_that_is_new(channel, ebay, monkeypatch):
    rows = put(channel, 3)
    turn(channel, ebay)
    items = [one["itemId"] for one in next(iter(ebay.reports.values()))]
    ebay.says = {items[0]: "REMOVED", items[1]: "CLARIFICATION_REQUIRED", items[2]: "PONDERED"}
    assert sending.claim_channel("worker") is None
    later(monkeypatch, 1)
    assert turn(channel, ebay)
    seen = [(row.status, row.raw_status) for row in Dispatch.objects.order_by("pk")]
    assert seen == [
        ("taken_down", "REMOVED"),
        ("clarification_required", "CLARIFICATION_REQUIRED"),
        ("unknown", "PONDERED"),
    ]
    assert list(rows[0].told.order_by("number").values_list("raw", flat=True)) == ["Received", "REMOVED"]
    assert sending.claim_channel("worker") is None


def test_a_report_whose_answer_was_lost_is_looked_up_and_never_sent_twice(channel, ebay, brand):
    put(channel, 2)
    ebay.troubles = ["500-stored"]
    assert not turn(channel, ebay)
    assert turn(channel, ebay)
    assert len(ebay.reports) == 1
    rows = list(Dispatch.objects.order_by("pk"))
    assert {row.problem for row in rows} == {"unsure"}
    assert "mark it as told" in rows[0].mend
    mending.told(brand, rows[0].public_id)
    mending.again(brand, rows[1].public_id)
    assert turn(channel, ebay)
    assert len(ebay.reports) == 2
    assert set(Dispatch.objects.values_list("state", flat=True)) == {"sent"}


def test_a_report_that_did_not_arrive_is_sent_again(channel, ebay):
    put(channel)
    ebay.troubles = ["500"]
    assert not turn(channel, ebay)
    assert turn(channel, ebay)
    assert turn(channel, ebay)
    assert len(ebay.reports) == 1
    assert Dispatch.objects.get().state == "sent"


def test_one_wrong_item_does_not_hold_the_others_back_and_a_stop_in_the_middle_doubles_none(channel, ebay):
    put(channel)
    put(channel, ground="odd")
    put(channel)
    ebay.troubles = ["", "", "", "429"]
    turn(channel, ebay)
    assert [row.state for row in Dispatch.objects.order_by("pk")] == ["sent", "failed", "waiting"]
    assert "veroReasonCodeId" in Dispatch.objects.get(state="failed").detail
    turn(channel, ebay)
    assert [len(items) for items in ebay.reports.values()] == [1, 1]


def test_what_ebay_would_refuse_is_said_before(channel):
    cases: list[tuple[dict[str, str], str]] = [
        ({"explanation": "x" * 1001}, "channel-too-long"),
        ({"ground": "grey-market", "ground_title": "Grey market"}, "ebay-no-code"),
        ({"item_id": "offer-1"}, "ebay-item"),
        ({"item_id": ""}, "channel-missing"),
        ({"ground": "patent", "right_number": "EP 1 234 567 890 B1"}, "ebay-patent"),
    ]
    for fields, code in cases:
        with pytest.raises(Invalid) as caught:
            put(channel, 1, **fields)
        assert code in {one.code for one in caught.value.problems}


def test_an_application_that_ebay_does_not_accept_stops_the_channel_and_no_secret_is_kept(channel, ebay, settings):
    settings.COUNTERMARK_EBAY_CLIENT_SECRET = lambda: "wrong-secret"
    put(channel)
    assert not turn(channel, ebay)
    channel.refresh_from_db()
    assert (channel.problem, Dispatch.objects.get().state) == ("token", "waiting")
    assert "COUNTERMARK_EBAY_CLIENT_ID" in channel.mend
    kept = [*Channel.objects.values_list(), *Dispatch.objects.values_list()]
    assert "wrong-secret" not in str(kept)


def test_codes_that_cannot_be_read_are_named_by_line(brand):
    with pytest.raises(ValueError, match="Line 2"):
        read_codes("counterfeit = 9051\nlook-alike: 9052")
    with pytest.raises(Invalid, match="Line 1"):
        opening.open_channel(brand, "ebay_vero", name="eBay", details={"codes": "all of them"})
