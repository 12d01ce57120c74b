"""What people wrote in a case goes when its time is over, on both sides; what happened stays, with a receipt."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from countermark.law.retention import shipped_retention
from countermark.node.channels import opening
from countermark.node.channels import sending as channels
from countermark.node.channels.line import Line
from countermark.node.channels.models import Dispatch, Enclosure
from countermark.node.conduct import appeals, forgetting_answers, judging
from countermark.node.conduct.models import Act, Appeal, Measure
from countermark.node.conduct.tests.conftest import REASONS, shop
from countermark.node.duties import holding, retaining
from countermark.node.insight.about_person import about_person
from countermark.node.insight.matching import Person
from countermark.node.kernel import time as clocks
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.notices import acting, deciding, drafting, filing, forgetting, sending
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.bulk import filing as bulk
from countermark.node.notices.bulk.tests.test_filing_many import filed, rows_of
from countermark.node.notices.deciding import Decision
from countermark.node.notices.drafting import Choice
from countermark.node.notices.factories import file_one, make_choice, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.models import (
    Batch,
    BatchRow,
    Happening,
    HappeningWords,
    Notice,
    Piece,
    SignedWords,
    Statement,
    Telling,
)
from countermark.node.notices.states import Deed, Stage
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role

__all__ = ["shop"]
WORDS = (HappeningWords, SignedWords, Statement, Telling, Piece)
NOTE = "Mrs Mira Vale of the shop called us twice."
ANSWER = "I am Mira Vale; the bags were bought at the house, the invoices show it."
PAPER = Attachment("extract.pdf", "application/pdf", "ab" * 32, b"%PDF-1.7")


@pytest.fixture
def at(monkeypatch):
    """Set the day for everybody, in days from the last one on which a case that is over today is kept."""
    last = shipped_retention()[forgetting.CLASS].last_day(clocks.now().date())

    def day(number: int) -> date:
        moment = datetime.combine(last + timedelta(days=number), time(9), UTC)
        monkeypatch.setattr(clocks, "_clock", lambda: moment)
        return last

    return day


@pytest.fixture
def over(team):
    """A notice with a paper that was filed by Ada Quill and removed with a note, on both sides."""
    name = file_one(team, evidence=(("right_paper", PAPER),))
    pass_on(team, team.market)
    market = team.market.administrator
    deciding.decide(market, name, Decision(deed=Deed.REMOVE, reason="infringes", note=NOTE))
    pass_on(team, team.brand)
    return name


def counsel_of(side):
    return make_member(Role.COUNSEL, Organisation.objects.get(pk=side.organisation_id))


def test_notes_names_statements_and_papers_go_and_what_happened_stays(team, over, at):
    for side in (team.brand, team.market):
        assert [one.note for one in notice_of(side, over).happenings.all() if one.note] == [NOTE]
    happened = list(Happening.objects.order_by("pk").values_list("deed", "event", "facts", "entry"))
    assert all(table.objects.exists() for table in WORDS)
    at(0)
    assert retaining.apply_all() == 0
    at(1)
    assert retaining.apply_all() == 2
    assert retaining.apply_all() == 0
    assert not [table for table in WORDS if table.objects.exists()]
    assert list(Happening.objects.order_by("pk").values_list("deed", "event", "facts", "entry")) == happened
    for side in (team.brand, team.market):
        row = notice_of(side, over)
        assert (row.stage, row.words_gone_at) == (Stage.DOWN, clocks.now())
        assert "Quill" not in row.paper
        assert "never made" not in row.paper


def test_the_receipt_names_everything_by_its_hash_and_nobody_by_name(team, over, at):
    versions = set(SignedWords.objects.values_list("version", flat=True))
    at(1)
    retaining.apply_all()
    said = json.loads(retaining.receipt(counsel_of(team.brand), over))
    names = {one["name"].partition("/")[0] for one in said["files"]}
    assert names == {"steps", "signed", "papers", "notice"}
    assert {one["sha256"] for one in said["files"] if one["name"].startswith("signed/")} <= versions
    told = json.loads(retaining.receipt(counsel_of(team.market), over))
    assert {"statement", "told", "signed"} <= {one["name"].partition("/")[0] for one in told["files"]}
    assert not [name for name in ("Quill", "Mira", "Vale") if name in json.dumps([said, told])]


def test_what_a_person_asks_for_no_longer_holds_the_case(team, over, at):
    counsel = counsel_of(team.brand)
    where = {"signature under a notice", "step of a notice"}
    both = [*about_person(counsel, Person.of(name="Ada Quill")).things]
    both += about_person(counsel, Person.of(name="Mira Vale")).things
    assert where <= {one.where for one in both}
    assert NOTE in {one.says.get("note") for one in both}
    at(1)
    retaining.apply_all()
    for name in ("Ada Quill", "Mira Vale"):
        assert not where & {one.where for one in about_person(counsel, Person.of(name=name)).things}


def test_an_offer_whose_notice_lost_its_words_is_still_known_to_have_one(team, over, at):
    finding = notice_of(team.brand, over).finding
    at(1)
    retaining.apply_all()
    problems = drafting.prepare(team.brand.analyst, finding, Choice()).problems
    assert "already-down" in {one.code for one in problems}


def test_what_is_asked_or_before_a_court_keeps_its_words(team, over, at):
    acting.report_suit(team.brand.analyst, over, acting.Suit(authority="Court of X", docket="1/26", day="2026-11-02"))
    pass_on(team, team.market)
    at(900)
    assert retaining.apply_all() == 0
    assert notice_of(team.brand, over).words_gone_at is None


def test_the_signature_under_a_notice_that_was_never_sent_goes_as_well(team, at):
    member = team.brand.analyst
    finding = make_ground_for_notice(member)
    name = filing.file(member, finding.core_id, make_choice(member, finding))
    at(1)
    assert retaining.apply_all() == 0  # it still waits to be sent
    filing.undo(member, name)
    assert retaining.apply_all() == 1
    assert not SignedWords.objects.exists()


def test_a_letter_goes_with_its_notice_and_how_it_fared_stays(at, db):
    brand = make_member(Role.ADMINISTRATOR, make_organisation("Maison Aurelle"))
    details = {"address": "notices@shopnova.example"}
    made = opening.open_channel(brand, "mail", name="By mail", marketplace="Shopnova", details=details)
    opening.approve(brand, made, details["address"])
    finding = make_ground_for_notice(brand)
    choice = make_choice(brand, finding, channel=made, regime="platform-generic", evidence=(("right_paper", PAPER),))
    name = filing.file(brand, finding.core_id, choice)
    filing.send_now(brand, name)
    sending.send_due()
    channels.run_channel(made, "worker", Line())
    acting.withdraw(brand, name, "error")
    sent = Dispatch.objects.get(cargo="notice")
    assert "Ada Quill" in sent.body
    at(1)
    assert retaining.apply_all() == 1
    assert set(Dispatch.objects.values_list("body", "next_look")) == {("", None)}
    assert not Enclosure.objects.exists()
    states = dict(Dispatch.objects.values_list("cargo", "state"))
    assert states == {"notice": "sent", "withdrawal": "dropped"}  # nobody waits three years to say it


def test_who_signed_a_batch_goes_with_the_words_of_its_last_notice(team, at):
    member = team.brand.analyst
    rows = rows_of(make_ground_for_notice(member), make_ground_for_notice(member))
    name = filed(member, rows)
    BatchRow.objects.filter(number=1).update(chosen=json.dumps({"finding": rows[0].finding, "explanation": NOTE}))
    bulk.undo_batch(member, name)
    held = Notice.objects.earliest("pk").public_id
    last = at(-30)
    kept = holding.place(counsel_of(team.brand), held, "claim", "Docket 5", last + timedelta(days=20))
    at(1)
    assert retaining.apply_all() == 1
    assert Batch.objects.get().words_gone_at is None
    holding.end(counsel_of(team.brand), kept)
    assert retaining.apply_all() == 2
    row = Batch.objects.get()
    assert "Ada" not in row.together
    assert not BatchRow.objects.filter(chosen__contains="Mira").exists()
    assert "Ada" not in retaining.receipt(counsel_of(team.brand), name).decode()


def test_words_of_a_case_end_and_are_never_rewritten(team, over):
    for table in WORDS:
        row = table.objects.earliest("pk")
        for rewrite in (row.save, lambda table=table: table.objects.update(pk=1)):
            with pytest.raises(RewriteForbidden):
                rewrite()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table._meta.db_table} SET id = id + 1000")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM notices_happening")


def test_the_answer_to_a_measure_goes_three_years_after_both_are_over(shop, at):
    shop.offends(2)
    name = shop.is_warned()
    appeals.appeal(shop.tokens[0], name, ANSWER)
    counsel = counsel_of(shop.team.market)
    assert ANSWER in {
        one.says.get("act 4, appealed") for one in about_person(counsel, Person.of(name="Mira Vale")).things
    }
    assert not Act.objects.filter(words__contains="Mira").exists()
    base = at(900)
    retaining.apply_all()
    assert Appeal.objects.exists()  # nobody has heard it, however long ago the warning ended
    appeals.decide(shop.other, name, REASONS, reverse=False)
    kept = shipped_retention()[forgetting_answers.CLASS].last_day(clocks.now().date())
    at((kept - base).days)
    made = holding.place(counsel, name, "claim", "Docket 8", kept + timedelta(days=60))
    assert retaining.apply_all() == 0
    at((kept - base).days + 1)
    assert retaining.apply_all() == 0
    holding.end(counsel, made)
    assert retaining.apply_all() == 1
    assert not Appeal.objects.exists()
    acts = judging.acts_of(Measure.objects.get(public_id=name))
    assert [(one.kind, one.said) for one in acts[-2:]] == [("appealed", ""), ("upheld", REASONS)]
    assert "Mira" not in retaining.receipt(counsel, name).decode()


def test_no_answer_to_a_measure_goes_before_its_time_however_it_is_asked(shop, at):
    shop.offends(2)
    name = shop.is_warned()
    appeals.appeal(shop.tokens[0], name, ANSWER)
    measure = Measure.objects.get(public_id=name)
    ask = (measure, clocks.now() + timedelta(days=1), lambda day: day)
    assert not forgetting_answers.forget(*ask, lambda: False)
    appeals.decide(shop.other, name, REASONS, reverse=True)
    assert not forgetting_answers.forget(measure, measure.made_at, lambda day: day, lambda: False)
    assert not forgetting_answers.forget(*ask, lambda: True)
    for table in ("conduct_act", "conduct_appeal"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id + 1000")
