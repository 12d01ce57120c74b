"""Notices to marketplaces without a node, and statements of marketplaces to the Transparency Database."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from countermark.node.channels import mending, opening, sending
from countermark.node.channels.connectors.dsa_database.tests.fake import TOKEN, FakeDatabase
from countermark.node.channels.line import Line
from countermark.node.channels.models import Dispatch
from countermark.node.channels.tests.machines import line_to
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.notices import acting, deciding, drafting, filing, reasoning, reported, selectors, statements
from countermark.node.notices import sending as notices
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.deciding import Decision
from countermark.node.notices.drafting import Choice
from countermark.node.notices.factories import (
    file_one,
    make_choice,
    make_ground_for_notice,
    notice_of,
    pass_on,
)
from countermark.node.notices.models import Notice, Statement
from countermark.node.notices.states import Deed, Stage
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.permissions import Role

ADDRESS = "notices@shopnova.example"
PAPER = Attachment("extract.pdf", "application/pdf", "ab" * 32, b"%PDF-1.7")


@pytest.fixture
def brand(db):
    return make_member(Role.ADMINISTRATOR, make_organisation("Maison Aurelle"))


@pytest.fixture
def by_mail(brand):
    made = opening.open_channel(brand, "mail", name="By mail", marketplace="Shopnova", details={"address": ADDRESS})
    opening.approve(brand, made, ADDRESS)
    return made


def filed(brand, channel, regime="platform-generic", **more):
    finding = make_ground_for_notice(brand)
    choice = make_choice(brand, finding, channel=channel, regime=regime, **more)
    made = filing.file(brand, finding.core_id, choice)
    filing.send_now(brand, made)
    return made


def stage(notice_id):
    return Notice.objects.get(public_id=notice_id).stage


def test_a_notice_goes_by_mail_and_its_page_shows_where_it_went(brand, by_mail):
    made = filed(brand, by_mail, evidence=(("right_paper", PAPER),))
    assert not mail.outbox
    notices.send_due()
    sending.run_channel(by_mail, "worker", Line())
    assert [one.to for one in mail.outbox] == [[ADDRESS]]
    body = mail.outbox[0].body
    for words in (made, "Corvane", "never made", "Ada Quill", "https://bazaar.example/offer"):
        assert words in body
    assert mail.outbox[0].attachments[0][0] == "extract.pdf"
    shown = selectors.notice(brand, made)
    assert (shown.row.partner, shown.row.stage) == ("Shopnova", Stage.OPEN)
    assert [(one.channel_name, one.state, one.raw_status) for one in shown.sent] == [
        ("By mail", "sent", "handed to the mail server")
    ]


def test_an_answer_that_a_person_heard_moves_the_notice_as_the_law_allows(brand, by_mail):
    made = filed(brand, by_mail)
    notices.send_due()
    row = Dispatch.objects.get()
    with pytest.raises(Conflict, match="not gone yet"):
        reported.heard(brand, row.public_id, "taken_down", "Removed.")
    sending.run_channel(by_mail, "worker", Line())
    reported.heard(brand, row.public_id, "clarification_required", "Which register?")
    assert stage(made) == Stage.ASKED
    acting.answer(brand, made, "The extract lies beside.")
    assert stage(made) == Stage.OPEN
    reported.heard(brand, row.public_id, "taken_down", "We have removed the listing.")
    assert stage(made) == Stage.DOWN
    assert Notice.objects.get().happenings.filter(deed=Deed.REMOVE)[0].note == "We have removed the listing."
    reported.heard(brand, row.public_id, "clarification_required", "Sorry, what?")
    assert stage(made) == Stage.DOWN
    assert reported.apply_all() == 0
    with pytest.raises(Invalid):
        reported.heard(brand, row.public_id, "withdrawn_by_complainant", "x")


@pytest.mark.parametrize("regime", ["eu-dsa", "platform-generic", "cn-goods", "us-dmca"])
def test_a_removal_that_was_heard_is_a_removal_under_each_law(brand, by_mail, regime):
    right = {"kind": "copyright", "title": "Corvane, picture", "territories": ("US",), "office": "", "number": ""}
    territories = {"cn-goods": {"territories": ("CN",), "office": "CN"}, "us-dmca": right}
    finding = make_ground_for_notice(brand, **territories.get(regime, {}))
    evidence = ((("own_work" if regime == "us-dmca" else "right_paper"), PAPER),)
    choice = make_choice(brand, finding, channel=by_mail, regime=regime, evidence=evidence)
    made = filing.file(brand, finding.core_id, choice)
    filing.send_now(brand, made)
    notices.send_due()
    sending.run_channel(by_mail, "worker", Line())
    reported.heard(brand, Dispatch.objects.get().public_id, "taken_down", "Removed.")
    assert stage(made) == Stage.DOWN


def test_what_a_channel_cannot_carry_waits_until_a_person_says_that_it_was_told(brand, settings, tmp_path):
    settings.COUNTERMARK_CHANNEL_FOLDER = tmp_path
    channel = opening.open_channel(brand, "csv_file", name="Files", marketplace="Shopnova")
    made = filed(brand, channel)
    notices.send_due()
    sending.run_channel(channel, "worker", Line())
    reported.heard(brand, Dispatch.objects.get().public_id, "taken_down", "Removed.")
    acting.report_suit(brand, made, acting.Suit(authority="Court of X", docket="1/26", day="2026-12-01"))
    assert stage(made) == Stage.IN_COURT
    suit = Dispatch.objects.get(cargo="suit")
    assert (suit.state, suit.problem) == ("failed", "by-hand")
    mending.told(brand, suit.public_id)
    acting.withdraw(brand, made, "settled")
    assert stage(made) == Stage.WITHDRAWN
    assert Dispatch.objects.get(cargo="withdrawal").state == "waiting"


def test_the_pre_flight_names_the_limits_of_the_channel(brand, by_mail):
    finding = make_ground_for_notice(brand)
    opening.change(brand, by_mail, marketplace="bazaar", details={"address": "other@shopnova.example"})
    prepared = drafting.prepare(brand, finding.core_id, Choice(explanation="Copies.", channel=by_mail))
    assert "not-approved" in {one.code for one in prepared.problems if one.blocks}
    assert prepared.agreement is None
    # Without a choice, the channel to the very marketplace of the offer is taken.
    assert drafting.prepare(brand, finding.core_id, Choice()).channel is not None
    files = opening.open_channel(brand, "csv_file", name="Files", marketplace="Shopnova")
    prepared = drafting.prepare(brand, finding.core_id, Choice(channel=files, evidence=(("right_paper", PAPER),)))
    assert ("channel-no-papers", False) in {(one.code, one.blocks) for one in prepared.problems}
    stranger = opening.open_channel(make_member(Role.ADMINISTRATOR), "csv_file", name="Files")
    prepared = drafting.prepare(brand, finding.core_id, Choice(channel=stranger))
    assert prepared.channel is None
    assert "no-agreement" in {one.code for one in prepared.problems}


def test_a_notice_goes_one_way_only(team):
    notice = notice_of(team.brand, file_one(team))
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(agreement=None)


@pytest.fixture
def database(settings):
    settings.COUNTERMARK_DSA_TOKEN = lambda: TOKEN
    settings.COUNTERMARK_DSA_URL = "https://dsa.example/api/v1"
    return FakeDatabase()


def decided(team, **more):
    name = file_one(team, **more)
    pass_on(team, team.market)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    return name


def test_each_decision_under_the_dsa_sends_its_statement_once_also_those_before_the_channel(team, database):
    before = decided(team)
    channel = opening.open_channel(team.market.administrator, "dsa_database", name="Database")
    after = decided(team)
    assert [one.subject for one in Dispatch.objects.all()] == [after]
    assert statements.hand_over_missed() == 1
    assert statements.hand_over_missed() == 0
    assert sending.claim_channel("worker") == channel
    sending.run_channel(channel, "worker", line_to(database))
    puids = {one.filing["puid"] for one in Statement.objects.all() if one.filing}
    assert set(database.stored) == puids
    assert len(puids) == 2
    shown = selectors.notice(team.market.administrator, before)
    assert [(one.cargo, one.status) for one in shown.sent] == [("statement", "received")]


def test_a_statement_that_would_name_a_person_waits_for_a_correction_and_the_decision_stands(
    team, database, monkeypatch
):
    opening.open_channel(team.market.administrator, "dsa_database", name="Database")
    monkeypatch.setattr(reasoning, "right_in_words", lambda _: "Corvane of mira.vale@aurelle.example")
    name = decided(team)
    assert notice_of(team.market, name).stage == Stage.DOWN
    row = Dispatch.objects.get()
    assert row.state == "failed"
    assert "e-mail address" in row.detail
    mending.rewrite(team.market.administrator, row.public_id, {"decision_facts": "The notice names the mark."})
    row.refresh_from_db()
    assert row.state == "waiting"
