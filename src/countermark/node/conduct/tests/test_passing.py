"""A filer is told of a measure through the exchange: previewed, signed for, answered, and heard by somebody else."""

from datetime import timedelta

import msgspec
import pytest

from countermark.node.conduct import appeals, handlers, judging, measures, passing
from countermark.node.conduct.measures import Wanted
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Measure
from countermark.node.conduct.states import ActKind
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.signing import set_keys
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.notices import deciding, permits
from countermark.node.notices import handlers as of_notices
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, make_agreed_team
from countermark.node.notices.factories import pass_on as pass_notices_on
from countermark.node.notices.permits import Message
from countermark.node.notices.states import Deed
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role

HANDLERS = {**of_notices.HANDLERS, **handlers.HANDLERS}
REASONS = "The right that the notice names was not in force there; check the register before you file."


@pytest.fixture
def sides(db):
    """(the team, an officer and a counsel of the marketplace, a warning about the filer)."""
    team = make_agreed_team()
    market = Organisation.objects.get(pk=team.market.organisation_id)
    officer, counsel = make_member(Role.OFFICER, market), make_member(Role.COUNSEL, market)
    name = file_one(team)
    pass_on(team, team.market)
    deciding.decide(officer, name, Decision(deed=Deed.REFUSE, reason="right_not_shown"))
    pass_on(team, team.brand)
    wanted = Wanted(
        track=Track.NOTICES,
        subject=team.market.agreement.name,
        kind="warning",
        reasons=REASONS,
        ends_on=now().date() + timedelta(days=30),
    )
    yield team, officer, counsel, measures.propose(officer, wanted)
    set_keys(None)


def pass_on(team, side):
    return pass_notices_on(team, side, HANDLERS)


def kinds(name):
    return [one.kind for one in judging.acts_of(Measure.objects.get(public_id=name))]


def test_a_filer_is_told_its_node_signs_for_it_and_its_answer_is_heard_by_another_person(sides):
    team, officer, counsel, name = sides
    seen = passing.leaving(officer, name)
    assert seen.denied == ""
    assert {one.field: one.value for one in seen.shown}["reasons"] == REASONS
    assert kinds(name) == [ActKind.PROPOSED, ActKind.CONFIRMED]
    for _ in range(2):
        passing.tell(officer, name)
    pass_on(team, team.brand)
    about = passing.about_us(team.brand.analyst, team.brand.agreement.name)
    assert [one.id for one in about] == [name]
    assert {one.field: str(one.value) for one in seen.shown} == dict(about[0].said)
    assert about[0].said["reasons"] == REASONS
    assert about[0].said["number"] == "1"
    for _ in range(2):
        pass_on(team, team.market)
    assert kinds(name)[2:] == [ActKind.RECEIVED]
    act = judging.acts_of(Measure.objects.get())[-1]
    assert act.facts["way"] == "agreement"
    assert judging.standing_warning(team.market.organisation_id, Track.NOTICES, team.market.agreement.name)[0]
    words = "Four of these five were filed after your own request; see the letter of the second of November."
    passing.answer(team.brand.analyst, team.brand.agreement.name, name, words)
    with pytest.raises(Conflict, match="answered already"):
        passing.answer(team.brand.analyst, team.brand.agreement.name, name, words)
    pass_on(team, team.market)
    assert kinds(name)[3:] == [ActKind.APPEALED]
    appeals.decide(counsel, name, "The letter shows it: these notices were asked for by us.", reverse=True)
    passing.tell(officer, name)
    pass_on(team, team.brand)
    again = passing.about_us(team.brand.analyst, team.brand.agreement.name)[0]
    assert (again.said["status"], again.answer) == ("reversed", words)
    assert "these notices were asked for by us" in again.said["decision_reasons"]


def test_an_agreement_that_names_no_measures_keeps_it_here(sides, monkeypatch):
    team, officer, _, name = sides
    standing = permits.standing_of(team.market.agreement)
    terms = standing.terms
    items = {kind: one for kind, one in terms.items.items() if kind != ItemKind.MEASURE}
    less = msgspec.structs.replace(terms, items=items)
    monkeypatch.setattr(permits, "_terms", lambda *_: less)
    seen = passing.leaving(officer, name)
    assert "measure" in seen.denied
    assert seen.shown == ()
    with pytest.raises(Conflict):
        passing.tell(officer, name)


def test_who_may_not_tell_or_answer_is_refused(sides):
    team, officer, _, name = sides
    reader = make_member(Role.READER, Organisation.objects.get(pk=team.market.organisation_id))
    with pytest.raises(NotPermitted):
        passing.tell(reader, name)
    with pytest.raises(NotFound):
        passing.answer(
            team.brand.analyst,
            team.brand.agreement.name,
            name,
            "It was never told to us, so nobody can answer it here.",
        )
    passing.tell(officer, name)
    pass_on(team, team.brand)
    with pytest.raises(Invalid):
        passing.answer(team.brand.analyst, team.brand.agreement.name, name, "no")
    with pytest.raises(NotPermitted):
        passing.answer(
            officer, team.market.agreement.name, name, "A marketplace does not answer its own measure in its own name."
        )


def test_a_partner_says_nothing_about_a_measure_that_is_not_about_it(sides):
    team, officer, _, name = sides
    passing.tell(officer, name)
    forged = Message(
        type=passing.ANSWERED,
        subject="msr_01M8GRBQAKC6YEYSKDW45YSDP8",
        kind=ItemKind.MEASURE,
        action=Action.ANSWER,
        owner=team.brand.agreement.partner,
        fields={"measure_id": "msr_01M8GRBQAKC6YEYSKDW45YSDP8", "answer": "It was right, every word of it."},
        key="forged",
    )
    permits.say(team.brand.agreement, Role.ANALYST, forged)
    assert pass_on(team, team.market) == ["failed"]
    assert kinds(name) == [ActKind.PROPOSED, ActKind.CONFIRMED]
