"""Marketplaces without a node that follow eBay's or Alibaba's programme: their own words move the matter."""

from datetime import timedelta
from itertools import count

import pytest

from countermark.model import Kind
from countermark.node.channels import opening, sending
from countermark.node.channels.connectors.ebay_vero.tests.fake import CLIENT, SECRET, FakeEbay
from countermark.node.channels.line import Line
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.tests.machines import line_to
from countermark.node.findings.factories import make_finding
from countermark.node.kernel import time as clock
from countermark.node.kernel.errors import Invalid
from countermark.node.listings.factories import make_listing
from countermark.node.notices import acting, drafting, filing, lawyer, reported, selectors
from countermark.node.notices import sending as notices
from countermark.node.notices.drafting import Choice
from countermark.node.notices.factories import make_choice, make_ground_for_notice
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Stage
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.permissions import Role
from countermark.node.rights.factories import make_right

_numbers = count(1)
ADDRESS = "notices@shopnova.example"


@pytest.fixture
def brand(db):
    return make_member(Role.ADMINISTRATOR, make_organisation("Maison Aurelle"))


@pytest.fixture
def ebay(settings):
    settings.COUNTERMARK_EBAY_CLIENT_ID, settings.COUNTERMARK_EBAY_CLIENT_SECRET = CLIENT, lambda: SECRET
    settings.COUNTERMARK_EBAY_URL = f"https://ebay-of-programmes-{next(_numbers)}.example"
    return FakeEbay()


@pytest.fixture
def vero(brand, ebay):
    codes = {"codes": "mark-in-offer = 9051\ncounterfeit = 9051"}
    return opening.open_channel(brand, "ebay_vero", name="eBay", marketplace="eBay", details=codes)


def by_mail(brand, platform):
    made = opening.open_channel(
        brand, "mail", name="By mail", marketplace="Shopnova", platform=platform, details={"address": ADDRESS}
    )
    opening.approve(brand, made, ADDRESS)
    return made


def on_ebay(brand):
    right = make_right(brand, source="ST.96")
    url, seen = "https://ebay.example/110000000001", clock.now() - timedelta(hours=1)
    listing = make_listing(brand, external_id="110000000001", url=url, captured_at=seen)
    return make_finding(brand, listing, right_id=right.core_id, kind=Kind.UNAUTHORISED_USE)


def filed(brand, channel, finding, **more):
    made = filing.file(brand, finding.core_id, make_choice(brand, finding, channel=channel, fields={}, **more))
    filing.send_now(brand, made)
    notices.send_due()
    return made


def turn(channel, ebay, monkeypatch, hours=0.0):
    moment = clock.now() + timedelta(hours=hours)
    monkeypatch.setattr(clock, "_clock", lambda: moment)
    Channel.objects.update(next_try=None)
    sending.run_channel(channel, "worker", line_to(ebay))
    return reported.apply_all()


def law(notice_id):
    row = Notice.objects.get(public_id=notice_id)
    return row.law_state, row.stage


def heard(brand, status, words="As they wrote."):
    reported.heard(brand, Dispatch.objects.filter(cargo="notice").order_by("-pk")[0].public_id, status, words)


def test_a_channel_says_whose_rules_hold_and_a_connector_of_ebay_says_it_itself(brand, vero, ebay):
    finding = make_ground_for_notice(brand)
    assert drafting.prepare(brand, finding.core_id, Choice(channel=vero)).regime.id == "platform-ebay"
    mail = by_mail(brand, "aliexpress")
    prepared = drafting.prepare(brand, finding.core_id, Choice(channel=mail))
    assert (prepared.regime.id, prepared.paper.fields["platform_name"]) == ("platform-alibaba", "AliExpress")
    opening.change(brand, mail, marketplace="Shopnova", details={"address": ADDRESS}, platform="")
    assert drafting.prepare(brand, finding.core_id, Choice(channel=mail)).regime.id == "eu-dsa"
    opening.change(brand, vero, marketplace="eBay", details={"codes": "counterfeit = 9051"}, platform="taobao")
    assert Channel.objects.get(public_id=vero).platform == "ebay"
    with pytest.raises(Invalid):
        opening.change(brand, mail, marketplace="Shopnova", details={"address": ADDRESS}, platform="shopnova")
    with pytest.raises(Invalid):
        opening.open_channel(brand, "csv_file", name="Files", marketplace="Shopnova", platform="shopnova")


def test_the_words_of_ebay_move_a_notice_through_the_states_of_its_programme(brand, vero, ebay, monkeypatch):
    name = filed(brand, vero, on_ebay(brand))
    assert law(name) == ("sent", Stage.OPEN)
    turn(vero, ebay, monkeypatch)
    (items,) = ebay.reports.values()
    assert items[0]["veroReasonCodeId"] == "9051"
    for said, expected in (
        ("RECEIVED", ("received", Stage.OPEN)),
        ("SUBMITTED", ("submitted", Stage.OPEN)),
        ("PONDERED", ("submitted", Stage.OPEN)),
        ("REMOVED", ("taken_down", Stage.DOWN)),
        ("SUBMITTED", ("taken_down", Stage.DOWN)),
    ):
        ebay.says = {"110000000001": said}
        turn(vero, ebay, monkeypatch, hours=20)
        assert law(name) == expected
    shown = selectors.notice(brand, name)
    assert [one.raw for one in shown.sent[0].told] == [
        "Received",
        "RECEIVED",
        "SUBMITTED",
        "PONDERED",
        "REMOVED",
        "SUBMITTED",
    ]
    assert lawyer.law_of(lawyer.read(Notice.objects.get().matter)).version == shown.version


def test_ebay_asks_for_more_and_is_told_by_hand(brand, vero, ebay, monkeypatch):
    name = filed(brand, vero, on_ebay(brand))
    turn(vero, ebay, monkeypatch)
    ebay.says = {"110000000001": "CLARIFICATION_REQUIRED"}
    turn(vero, ebay, monkeypatch, hours=1)
    assert law(name) == ("clarification_required", Stage.ASKED)
    acting.answer(brand, name, "The extract lies beside.")
    assert law(name) == ("submitted", Stage.OPEN)
    assert Dispatch.objects.get(cargo="answer").problem == "by-hand"


def test_what_ebay_could_not_take_is_held_with_its_words_and_goes_again_as_another_report(
    brand, vero, ebay, monkeypatch
):
    name = filed(brand, vero, on_ebay(brand))
    turn(vero, ebay, monkeypatch)
    ebay.says = {"110000000001": "SUBMISSION_FAILED"}
    turn(vero, ebay, monkeypatch, hours=1)
    assert law(name) == ("submission_failed", Stage.HELD)
    shown = selectors.notice(brand, name)
    assert ("SUBMISSION_FAILED" in shown.problem, shown.can_undo, shown.row.due_who) == (True, True, "rights holder")
    ebay.says = {}
    filing.send_now(brand, name)
    assert (notices.send_due(), notices.send_due()) == (1, 0)
    assert law(name) == ("sent", Stage.OPEN)
    turn(vero, ebay, monkeypatch, hours=1)
    assert Dispatch.objects.filter(subject=name).count() == len(ebay.reports) == 2
    ebay.says = {"110000000001": "REMOVED"}
    turn(vero, ebay, monkeypatch, hours=1)
    assert law(name) == ("taken_down", Stage.DOWN)


def test_a_seller_who_wrote_to_the_owner_is_answered_through_the_channel(brand):
    mail = by_mail(brand, "ebay")
    finding = make_ground_for_notice(brand)
    choice = make_choice(brand, finding, channel=mail, fields={"reason_code": "9051"})
    made = filing.file(brand, finding.core_id, choice)
    filing.send_now(brand, made)
    notices.send_due()
    sending.run_channel(mail, "worker", Line())
    heard(brand, "taken_down")
    heard(brand, "countered", "The seller writes that it bought the bags from the house.")
    assert law(made) == ("seller_contacts", Stage.COUNTERED)
    assert selectors.notice(brand, made).can_reply
    acting.reply(brand, made, "Our house sold no such bag.")
    assert law(made) == ("taken_down", Stage.DOWN)
    reply = Dispatch.objects.get(cargo="answer")
    assert "For the seller: Our house sold no such bag." in reply.body
    heard(brand, "countered", "It writes again.")
    heard(brand, "reinstated", "eBay put it back.")
    assert law(made) == ("reinstated", Stage.RESTORED)


def test_what_alibaba_tells_of_itself_is_written_down_whatever_its_clocks_were(brand):
    mail = by_mail(brand, "taobao")
    name = filed(brand, mail, make_ground_for_notice(brand))
    sending.run_channel(mail, "worker", Line())
    heard(brand, "taken_down", "Link deleted.")
    assert law(name) == ("told_down", Stage.DOWN)
    heard(brand, "countered", "The seller has filed a counter-notification.")
    assert law(name) == ("told_countered", Stage.COUNTERED)
    heard(brand, "counter_rejected", "Not established.")
    assert law(name) == ("told_down", Stage.KEPT)
    heard(brand, "countered", "A second one.")
    heard(brand, "counter_accepted", "Established, the link is back.")
    assert law(name) == ("link_back", Stage.RESTORED)
    heard(brand, "taken_down", "Sorry, deleted again.")
    assert law(name) == ("link_back", Stage.RESTORED)
    with pytest.raises(LawRefuses):
        acting.report_suit(brand, name, acting.Suit(authority="Court of X", docket="1/26", day="2026-11-02"))


def test_under_a_statute_hearing_of_a_counter_notice_makes_none(brand):
    mail = by_mail(brand, "")
    name = filed(brand, mail, make_ground_for_notice(brand))
    sending.run_channel(mail, "worker", Line())
    heard(brand, "taken_down")
    before = law(name)
    heard(brand, "countered", "The seller has answered.")
    assert law(name) == before


def test_the_general_programme_follows_the_seller_too(brand):
    mail = by_mail(brand, "")
    name = filed(brand, mail, make_ground_for_notice(brand), regime="platform-generic")
    sending.run_channel(mail, "worker", Line())
    for status, expected in (
        ("taken_down", ("taken_down", Stage.DOWN)),
        ("countered", ("countered", Stage.COUNTERED)),
        ("counter_accepted", ("reinstated", Stage.RESTORED)),
    ):
        heard(brand, status)
        assert law(name) == expected


def test_under_the_general_programme_too_what_ebay_could_not_take_is_the_filers_move(brand, vero, ebay, monkeypatch):
    """Source: §5 of the rule catalogue, SUBMISSION_FAILED; eBay says it of items that it has acknowledged before."""
    name = filed(brand, vero, on_ebay(brand), regime="platform-generic")
    turn(vero, ebay, monkeypatch)
    for said, expected in (("RECEIVED", ("received", Stage.OPEN)), ("SUBMITTED", ("under_review", Stage.OPEN))):
        ebay.says = {"110000000001": said}
        turn(vero, ebay, monkeypatch, hours=20)
        assert law(name) == expected
    ebay.says = {"110000000001": "SUBMISSION_FAILED"}
    turn(vero, ebay, monkeypatch, hours=20)
    assert law(name) == ("submission_failed", Stage.HELD)
    shown = selectors.notice(brand, name)
    assert (shown.row.due_who, shown.clocks) == ("rights holder", ())
    ebay.says = {}
    filing.send_now(brand, name)
    assert (notices.send_due(), law(name)) == (1, ("submitted", Stage.OPEN))


def test_under_a_statute_a_failed_report_moves_nothing_and_stands_beside_the_notice(brand, vero, ebay, monkeypatch):
    name = filed(brand, vero, on_ebay(brand), regime="eu-dsa")
    turn(vero, ebay, monkeypatch)
    before = law(name)
    ebay.says = {"110000000001": "SUBMISSION_FAILED"}
    assert turn(vero, ebay, monkeypatch, hours=20) == 0
    assert law(name) == before
    assert selectors.notice(brand, name).sent[0].raw_status == "SUBMISSION_FAILED"
