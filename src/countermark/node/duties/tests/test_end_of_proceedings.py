"""Words of proceedings and what we were told of measures go when their time is over; hashes and a receipt stay."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from countermark.law.retention import shipped_retention
from countermark.node.audit.models import Event
from countermark.node.conduct import passing
from countermark.node.conduct.models import ToldAnswer, ToldMeasure
from countermark.node.conduct.tests.test_passing import pass_on, sides
from countermark.node.duties import holding, retaining
from countermark.node.evidence.models import DeletionReceipt
from countermark.node.exchange import retention
from countermark.node.exchange.models import Beside, FeedEntry
from countermark.node.insight.about_person import about_person
from countermark.node.insight.matching import Person
from countermark.node.kernel import time as clocks
from countermark.node.kernel.errors import Conflict, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.node.proceedings import forgetting, happening, selectors
from countermark.node.proceedings.factories import make_proceeding, tell
from countermark.node.proceedings.models import Proceeding, Step, StepWords
from countermark.node.proceedings.words import text_of

__all__ = ["sides"]
WORDS = "All of these notices named the right of Mira Vale, which is in force since May."


@pytest.fixture
def closed(analyst, clock):
    """A proceeding in the Union that is closed on 2 March 2026, and one that is open."""
    made = []
    for number in ("FR 2026/1", "FR 2026/2"):
        name = make_proceeding(analyst, since=date(2026, 1, 5), about=f"Parcel {number}")
        tell(analyst, name, "detain", "2026-01-05", application=number, notice_proof="letter of Mira Vale")
        made.append(name)
    tell(analyst, made[0], "release", "2026-01-20", reason="letter of Mira Vale")
    return made


def on(clock, year: int, month: int, day: int) -> None:
    clock.moment = datetime(year, month, day, 9, tzinfo=UTC)


def test_words_go_three_years_after_the_last_step_of_one_that_is_closed_and_not_a_day_before(analyst, closed, clock):
    name, still_open = closed
    on(clock, 2029, 3, 2)
    assert retaining.apply_all() == 0
    on(clock, 2029, 3, 3)
    assert retaining.apply_all() == 1
    assert retaining.apply_all() == 0
    row = Proceeding.objects.get(public_id=name)
    assert (row.about, row.right) == ("", "")
    for text in ("FR 2026/1", "Mira Vale"):
        assert text not in row.matter
    assert set(StepWords.objects.values_list("step__proceeding__public_id", flat=True)) == {still_open}
    shown = selectors.proceeding(analyst, name)
    assert [(one.number, one.facts, one.note) for one in shown.steps] == [(1, (), ""), (2, (), "")]
    assert shown.deleted_at is not None
    assert not shown.may_write
    for member_does in (
        lambda: happening.take_back(analyst, name, "it was wrong"),
        lambda: tell(analyst, name, "detain", "2026-01-05", application="1", notice_proof="2"),
    ):
        with pytest.raises(Conflict, match="were deleted"):
            member_does()
    assert Event.objects.get(action="proceeding.words_deleted").target == name


def test_the_receipt_names_the_hashes_that_a_copy_elsewhere_still_has(counsel, analyst, stranger, closed, clock):
    name, _ = closed
    steps = list(Step.objects.filter(proceeding__public_id=name).select_related("words").order_by("number"))
    copies = [text_of(one.words.facts, one.words.note, one.words.salt) for one in steps]
    on(clock, 2029, 4, 1)
    retaining.apply_all()
    said = json.loads(retaining.receipt(counsel, name))
    assert [one["sha256"] for one in said["files"]] == [hashlib.sha256(one).hexdigest() for one in copies]
    assert [one.digest for one in Step.objects.filter(proceeding__public_id=name).order_by("number")] == [
        one["sha256"] for one in said["files"]
    ]
    assert (said["retention"], said["last_day"]) == ("proceedings", "2029-03-02")
    assert [one.subject for one in retaining.receipts(counsel)] == [name]
    with pytest.raises(NotPermitted):
        retaining.receipts(analyst)
    with pytest.raises(NotFound):
        retaining.receipt(stranger, name)


def test_a_hold_keeps_the_words_until_it_ends_and_nothing_that_is_gone_is_held(counsel, analyst, closed, clock):
    name, _ = closed
    on(clock, 2029, 2, 1)
    made = holding.place(counsel, name, "litigation", "Docket 9", date(2029, 9, 1))
    on(clock, 2029, 4, 1)
    assert retaining.apply_all() == 0
    before = datetime(2029, 3, 3, tzinfo=UTC)
    row = Proceeding.objects.get(public_id=name)
    assert not forgetting.forget(row, before, lambda day: day, lambda: True)
    holding.end(counsel, made)
    assert retaining.apply_all() == 1
    assert not forgetting.forget(row, before, lambda day: day, lambda: False)
    with pytest.raises(Conflict, match="were deleted"):
        holding.place(counsel, name, "litigation", "Docket 9", date(2029, 9, 1))
    with pytest.raises(NotFound):
        holding.place(counsel, "pcd_01M8GRBQAKC6YEYSKDW45YSDP8", "litigation", "Docket 9", date(2029, 9, 1))


def test_one_that_was_opened_again_meanwhile_keeps_its_words(analyst, closed, clock):
    name, _ = closed
    row = Proceeding.objects.get(public_id=name)
    on(clock, 2029, 4, 1)
    happening.take_back(analyst, name, "it was not released")
    assert not forgetting.forget(row, datetime(2029, 3, 3, tzinfo=UTC), lambda day: day, lambda: False)
    assert retaining.apply_all() == 0
    assert StepWords.objects.filter(step__proceeding=row).count() == 3


def test_a_step_itself_cannot_be_deleted_by_anybody(closed):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM proceedings_stepwords")
        cursor.execute("DELETE FROM proceedings_step")
    assert Step.objects.exists()


def test_what_a_person_asks_for_holds_the_words_of_proceedings(counsel, closed):
    found = about_person(counsel, Person.of(name="Mira Vale"))
    assert {one.where for one in found.things} == {"step of a proceeding"}
    assert "letter of Mira Vale" in str(found.things[0].says)
    assert {one.where for one in about_person(counsel, Person.of(name="Parcel FR 2026/1")).things} == {"proceeding"}


@pytest.fixture
def answered(sides):
    """(the team, counsel of the brand, name of the measure): told, and answered."""
    team, officer, _, name = sides
    passing.tell(officer, name)
    pass_on(team, team.brand)
    passing.answer(team.brand.analyst, team.brand.agreement.name, name, WORDS)
    counsel = make_member(Role.COUNSEL, Organisation.objects.get(pk=team.brand.organisation_id))
    yield team, counsel, name
    clocks.set_clock(None)


def later(days: int) -> None:
    moment = now() + timedelta(days=days)
    clocks.set_clock(lambda: moment)


def test_what_we_were_told_goes_three_years_after_the_last_day_with_our_answer(answered):
    team, counsel, name = answered
    ends = date.fromisoformat(ToldMeasure.objects.get().said["ends_on"])
    last = shipped_retention()["told-measures"].last_day(ends)
    entries = {ToldMeasure.objects.get().entry, ToldAnswer.objects.get().entry}
    tokens = set(FeedEntry.objects.filter(entry_id__in=entries).values_list("token", flat=True))
    later((last - now().date()).days)
    assert retaining.apply_all() == 2  # words of the notice that the measure counts, on both sides: it ended before
    assert ToldMeasure.objects.exists()
    made = holding.place(counsel, name, "claim", "Docket 3", now().date() + timedelta(days=60))
    later(1)
    assert retaining.apply_all() == 0
    holding.end(counsel, made)
    assert retaining.apply_all() == 2
    assert not ToldMeasure.objects.exists()
    assert not ToldAnswer.objects.exists()
    assert passing.about_us(team.brand.analyst, team.brand.agreement.name) == ()
    receipts = DeletionReceipt.objects.exclude(subject__startswith="ntc_")
    assert {one.subject for one in receipts} == entries
    assert {json.loads(one.text)["last_day"] for one in receipts} == {last.isoformat()}
    assert set(FeedEntry.objects.filter(entry_id__in=entries).values_list("token", flat=True)) == tokens
    with pytest.raises(NotFound):
        holding.place(counsel, name, "claim", "Docket 3", now().date() + timedelta(days=60))


def test_a_copy_goes_at_once_with_what_lay_beside_its_entry(answered):
    team, _, _ = answered
    told = ToldMeasure.objects.get()
    rows = Beside.objects.filter(entry__entry_id=told.entry, entry__feed__organisation_id=team.brand.organisation_id)
    assert rows
    retention.delete_beside(team.brand.agreement, list(rows.select_related("entry")), "request")
    assert retaining.apply_all() == 1
    assert not ToldMeasure.objects.exists()
    assert ToldAnswer.objects.exists()
    assert DeletionReceipt.objects.get().subject == told.entry


def test_what_the_partner_deletes_on_its_side_takes_nothing_from_ours(answered):
    team, _, _ = answered
    told = ToldMeasure.objects.get()
    rows = Beside.objects.filter(entry__entry_id=told.entry, entry__feed__organisation_id=team.market.organisation_id)
    retention.delete_beside(team.market.agreement, list(rows.select_related("entry")), "request")
    assert retaining.apply_all() == 0


def test_what_a_person_asks_for_holds_measures_told_taken_and_answered(answered):
    team, counsel, _ = answered
    wheres = {one.where for one in about_person(counsel, Person.of(name="Mira Vale")).things}
    assert "answer to a measure" in wheres
    told = {one.where for one in about_person(counsel, Person.of(name="not in force there")).things}
    assert "measure that we were told of" in told
    market = make_member(Role.COUNSEL, Organisation.objects.get(pk=team.market.organisation_id))
    assert "measure" in {one.where for one in about_person(market, Person.of(name="not in force there")).things}
