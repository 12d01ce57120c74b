"""What a seller answered to a notice goes when the time of the case is over; what happened and a receipt stay."""

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from countermark.law.retention import shipped_retention
from countermark.node.audit.models import Event
from countermark.node.duties import holding, retaining
from countermark.node.kernel import time as clocks
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.guards import unguarded_tables
from countermark.node.notices import countering, deciding, forgetting, selectors
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import notice_of, pass_on
from countermark.node.notices.models import Counter, CounterPaper, Notice
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.tests.test_both_sides import answer, removed
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.proof.canonical import canonical

_BYTES = b"%PDF-1.7 invoice of Mira Vale"
PAPER = Attachment("invoice.pdf", "application/pdf", hashlib.sha256(_BYTES).hexdigest(), _BYTES)


@pytest.fixture
def at(monkeypatch):
    """Set the day for everybody, in days from the last one on which answers of today are kept."""
    last = shipped_retention()[forgetting.CLASS].last_day(clocks.now().date())

    def day(number: int) -> date:
        moment = datetime.combine(last + timedelta(days=number), time(9), UTC)
        monkeypatch.setattr(clocks, "_clock", lambda: moment)
        return last

    return day


@pytest.fixture
def answered(team):
    """A notice that was answered today, on both sides."""
    name, token = removed(team)
    countering.counter(token, answer(papers=(PAPER,)))
    assert "done" in pass_on(team, team.brand)
    return name


def decided(team, name: str, deed: Deed) -> None:
    deciding.decide(team.market.administrator, name, Decision(deed=deed, reason=REASONS[deed]))
    pass_on(team, team.brand)


REASONS = {Deed.RESTORE: "answer_convinces", Deed.KEEP: "not_convincing"}


def counsel_of(team):
    house = Organisation.objects.get(pk=team.market.organisation_id)
    return make_member(Role.COUNSEL, house)


@pytest.mark.parametrize("deed", sorted(REASONS))
def test_answers_go_three_years_after_the_last_step_and_not_a_day_before(team, answered, at, deed):
    decided(team, answered, deed)
    at(0)
    assert retaining.apply_all() == 0
    at(1)
    assert retaining.apply_all() == 2  # the marketplace's, and the copy that the brand was given
    assert retaining.apply_all() == 0
    assert not Counter.objects.exists()
    assert not CounterPaper.objects.exists()
    for side in (team.market, team.brand):
        shown = selectors.notice(side.administrator, answered)
        assert (shown.counters, shown.words_gone_at) == ((), clocks.now())
    assert Event.objects.filter(action="notice.words_deleted", target=answered).count() == 2


def test_an_answer_that_nobody_has_decided_stays(team, answered, at):
    at(1000)
    assert notice_of(team.market, answered).due_who == "platform"
    assert retaining.apply_all() == 0
    assert Counter.objects.count() == 2


@pytest.mark.parametrize("stage", [Stage.IN_COURT, Stage.COUNTERED, Stage.AT_SELLER])
def test_what_lies_before_a_court_or_waits_without_a_clock_stays(team, answered, at, stage):
    decided(team, answered, Deed.KEEP)
    Notice.objects.update(stage=stage)
    at(1000)
    assert retaining.apply_all() == 0
    row = notice_of(team.market, answered)
    assert not forgetting.forget(row, clocks.now(), lambda day: day, lambda: False)


def test_the_receipt_names_what_is_gone_so_that_a_copy_elsewhere_can_be_compared(team, answered, at):
    decided(team, answered, Deed.RESTORE)
    row = Counter.objects.get(notice__organisation_id=team.market.organisation_id)
    text = canonical({"words": row.words, "fields": row.fields, "declared": row.declared})
    last = at(1)
    retaining.apply_all()
    said = json.loads(retaining.receipt(counsel_of(team), answered))
    assert (said["subject"], said["retention"], said["last_day"]) == (answered, "case-data", last.isoformat())
    hashes = [one["sha256"] for one in said["files"]][:2]
    assert hashes == [hashlib.sha256(text).hexdigest(), hashlib.sha256(PAPER.data).hexdigest()]
    assert "Mira" not in json.dumps(said)


def test_a_hold_keeps_answers_until_it_ends_and_nothing_that_is_gone_is_held(team, answered, at):
    decided(team, answered, Deed.RESTORE)
    counsel = counsel_of(team)
    last = at(-30)
    made = holding.place(counsel, answered, "litigation", "Docket 9", last)
    at(1)
    assert retaining.apply_all() == 1  # the brand holds nothing
    row = Notice.objects.get(public_id=answered, organisation_id=team.market.organisation_id)
    before = datetime.combine(last, time(), UTC)
    assert not forgetting.forget(row, before, lambda day: day, lambda: True)
    holding.end(counsel, made)
    assert retaining.apply_all() == 1
    assert not forgetting.forget(row, before, lambda day: day, lambda: False)
    with pytest.raises(Conflict, match="were deleted"):
        holding.place(counsel, answered, "litigation", "Docket 9", last + timedelta(days=90))
    with pytest.raises(NotFound):
        holding.place(counsel, "ntc_" + "0" * 26, "litigation", "Docket 9", last + timedelta(days=90))


def test_answers_end_and_are_never_rewritten(team, answered):
    row = Counter.objects.earliest("pk")
    row.words = "I confess."
    for rewrite in (row.save, lambda: Counter.objects.update(words="I confess.")):
        with pytest.raises(RewriteForbidden):
            rewrite()
    for table in ("notices_counter", "notices_counterpaper"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id + 1000")
    assert unguarded_tables(connection) == []
