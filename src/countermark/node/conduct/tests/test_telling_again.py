"""Telling a filer under attack: another partner's id, old pages, time that goes on, an agreement that rests."""

from dataclasses import replace
from datetime import timedelta

import pytest

from countermark.node.conduct import measures, passing
from countermark.node.conduct.models import ToldAnswer, ToldMeasure
from countermark.node.conduct.tests.test_passing import kinds, pass_on, sides
from countermark.node.exchange.models import Agreement, FeedEntry
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.states import AgreementState
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.time import now
from countermark.node.notices import permits
from countermark.node.notices.permits import Message
from countermark.node.parties.permissions import Role

__all__ = ["sides"]
WORDS = "All of these notices named the right of the twelfth of May, which is in force."


@pytest.fixture
def told(sides):
    """(the team, an officer, the brand's analyst, name of the brand's agreement, a warning that was told)."""
    team, officer, _, name = sides
    passing.tell(officer, name)
    pass_on(team, team.brand)
    return team, officer, team.brand.analyst, team.brand.agreement.name, name


def entries(name):
    return FeedEntry.objects.filter(subject=name, type=passing.TOLD, feed__ours=True)


def another_partner(agreement, name):
    """An agreement with somebody else, under which a measure of the same id was told later."""
    row = Agreement.objects.get(pk=agreement.pk)
    row.pk, row._state.adding, row.name, row.partner_name = None, True, "other-house", "Another Bazaar"
    row.save()
    said = {"measure_id": name, "measure": "warning", "status": "running", "reasons": "of somebody else"}
    ToldMeasure.objects.create(
        organisation_id=row.organisation_id, agreement=row, public_id=name, said=said, entry="f" * 64, at=now()
    )
    return row


def test_an_answer_goes_to_whom_it_answers_and_to_nobody_who_uses_the_same_id(told):
    team, _, analyst, agreement, name = told
    other = another_partner(team.brand.agreement, name)
    passing.answer(analyst, agreement, name, WORDS)
    assert FeedEntry.objects.get(entry_id=ToldAnswer.objects.get().entry).feed.agreement.name == agreement
    assert [one.answer for one in passing.about_us(analyst, other.name)] == [""]
    assert [one.answer for one in passing.about_us(analyst, agreement)] == [WORDS]
    with pytest.raises(NotFound):
        passing.answer(analyst, "no-such-house", name, WORDS)


def test_the_same_state_told_twice_is_one_entry(told):
    _, officer, _, _, name = told
    passing.tell(officer, name, passing.leaving(officer, name).version)
    assert entries(name).count() == 1


def test_the_end_of_a_measure_can_be_told_though_nobody_did_anything(sides, monkeypatch):
    team, officer, _, name = sides
    passing.tell(officer, name)
    later = now() + timedelta(days=40)
    monkeypatch.setattr("countermark.node.kernel.time._clock", lambda: later)
    assert {one.field: one.value for one in passing.leaving(officer, name).shown}["status"] == "ended"
    passing.tell(officer, name)
    assert entries(name).count() == 2
    pass_on(team, team.brand)
    shown = passing.about_us(team.brand.analyst, team.brand.agreement.name)
    assert [(one.said["status"], one.over) for one in shown] == [("ended", True)]
    with pytest.raises(Conflict, match="is over"):
        passing.answer(team.brand.analyst, team.brand.agreement.name, name, WORDS)


def test_nothing_else_is_told_than_was_seen(sides):
    _, officer, _, name = sides
    seen = passing.leaving(officer, name).version
    measures.lift(officer, name, "The register was wrong, and the notices were right after all.")
    with pytest.raises(Conflict, match="since you looked"):
        passing.tell(officer, name, seen)
    assert not entries(name).exists()
    passing.tell(officer, name, passing.leaving(officer, name).version)
    assert entries(name).count() == 1


def test_a_lifted_measure_needs_no_answer(sides):
    team, officer, _, name = sides
    measures.lift(officer, name, "The register was wrong, and the notices were right after all.")
    passing.tell(officer, name)
    pass_on(team, team.brand)
    with pytest.raises(Conflict, match="is over"):
        passing.answer(team.brand.analyst, team.brand.agreement.name, name, WORDS)
    assert not ToldAnswer.objects.exists()


def test_under_an_agreement_that_rests_nothing_is_kept_as_said(told):
    team, officer, analyst, agreement, name = told
    before = entries(name).count()
    for side in (team.brand, team.market):
        Agreement.objects.filter(pk=side.agreement.pk).update(state=AgreementState.SUSPENDED)
    with pytest.raises(Conflict):
        passing.answer(analyst, agreement, name, WORDS)
    assert not ToldAnswer.objects.exists()
    assert passing.leaving(officer, name).denied
    with pytest.raises(Conflict):
        measures.lift(officer, name, "The register was wrong, and the notices were right after all.")
        passing.tell(officer, name)
    assert entries(name).count() == before
    for side in (team.brand, team.market):
        Agreement.objects.filter(pk=side.agreement.pk).update(state=AgreementState.AGREED)
    passing.answer(analyst, agreement, name, WORDS)
    assert ToldAnswer.objects.count() == 1


@pytest.mark.parametrize(
    "words", ["x" * 1_000_000, "NUL \0 in the middle of it all", "half \ud800 a pair of letters", " " * 50]
)
def test_an_answer_that_cannot_be_kept_is_not_said(told, words):
    _, _, analyst, agreement, name = told
    with pytest.raises(Invalid):
        passing.answer(analyst, agreement, name, words)
    assert not FeedEntry.objects.filter(type=passing.ANSWERED).exists()


def test_markup_and_turned_letters_of_an_answer_arrive_as_they_are(told):
    team, _, analyst, agreement, name = told
    words = "<script>alert(1)</script> =cmd|' /C calc'!A0 \u202eesrever and enough of it"
    passing.answer(analyst, agreement, name, words)
    assert set(pass_on(team, team.market)) == {"done"}
    assert kinds(name)[-1] == "appealed"


def test_a_filer_that_answers_before_it_was_told_and_twice_is_heard_once(sides):
    team, _, _, name = sides
    message = Message(
        type=passing.ANSWERED,
        subject=name,
        kind=ItemKind.MEASURE,
        action=Action.ANSWER,
        owner=team.brand.agreement.partner,
        fields={"measure_id": name, "answer": WORDS},
    )
    for key in ("first", "second"):
        permits.say(team.brand.agreement, Role.ANALYST, replace(message, key=key))
    states = pass_on(team, team.market)
    assert sorted(states) == ["done", "failed"]
    assert [one for one in kinds(name) if one == "appealed"] == ["appealed"]


def test_what_a_partner_says_of_a_measure_without_naming_it_is_not_kept(sides):
    team, officer, _, name = sides
    other = "msr_01M8GRBQAKC6YEYSKDW45YSDP8"
    message = passing._message(*passing._about_filer(officer, name))
    permits.say(team.market.agreement, officer.role, replace(message, subject=other, key="forged"))
    assert pass_on(team, team.brand) == ["failed"]
    assert not ToldMeasure.objects.exists()
