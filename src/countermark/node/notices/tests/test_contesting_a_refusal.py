"""Whoever filed contests a refusal (DSA art. 20(1)): heard once, by another person, on both sides alike."""

import pytest

from countermark.node.conduct import reading
from countermark.node.kernel.errors import Conflict, Invalid, NotPermitted
from countermark.node.notices import acting, countering, deciding, lawyer, selectors
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, notice_of, pass_on
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.tests.test_both_sides import answer, removed
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role

WORDS = "The register extract that you missed lies beside the notice as its second paper."


@pytest.fixture
def refused(team):
    name = file_one(team)
    pass_on(team, team.market)
    decide(team, name, Deed.REFUSE, "no_infringement")
    return name


def decide(team, name, deed, reason, member=None):
    token = deciding.decide(member or team.market.administrator, name, Decision(deed=deed, reason=reason))
    pass_on(team, team.brand)
    return token


def contest(team, name, words=WORDS):
    acting.complain(team.brand.analyst, name, words)
    assert set(pass_on(team, team.market)) == {"done"}


def stands(team, name):
    here, there = notice_of(team.brand, name), notice_of(team.market, name)
    assert (here.law_state, here.stage) == (there.law_state, there.stage)
    return there.law_state, there.stage


def test_a_complaint_that_convinces_leads_to_a_restriction_with_reasons_for_the_seller(team, refused):
    assert selectors.notice(team.brand.analyst, refused).can_complain
    contest(team, refused)
    assert stands(team, refused) == ("complaint_open", Stage.OPEN)
    row = notice_of(team.market, refused)
    assert row.due_who == "platform"
    assert row.happenings.get(deed=Deed.COMPLAIN).note == WORDS
    assert decide(team, refused, Deed.REMOVE, "infringes")
    assert stands(team, refused) == ("actioned", Stage.DOWN)
    assert notice_of(team.market, refused).statements.count() == 1
    events = [one.event for one in notice_of(team.market, refused).happenings.filter(deed=Deed.REMOVE)]
    assert events == ["reverse", "tell_complainant", "restrict", "send_statement", "tell_notifier"]
    (case,) = reading.of_filer(team.market.organisation_id, team.market.agreement.name, row.made_at)
    assert case.fate == "upheld"
    # What is down now is the seller's to contest, and put back as any other offer.
    assert not lawyer.is_contested(lawyer.read(notice_of(team.market, refused).matter))
    decide(team, refused, Deed.PUT_BACK, "removed_wrongly")
    assert stands(team, refused)[1] == Stage.RESTORED


def test_a_complaint_that_does_not_convince_leaves_the_refusal_and_is_heard_once(team, refused):
    contest(team, refused)
    decide(team, refused, Deed.REFUSE, "no_infringement")
    assert stands(team, refused) == ("upheld", Stage.REFUSED)
    assert not selectors.notice(team.brand.analyst, refused).can_complain
    with pytest.raises(LawRefuses):
        acting.complain(team.brand.analyst, refused, WORDS)
    acting.report_suit(team.brand.analyst, refused, acting.Suit(authority="Court", docket="1/26", day="2026-11-02"))
    assert notice_of(team.brand, refused).stage == Stage.IN_COURT


@pytest.mark.parametrize("deed", [Deed.KEEP, Deed.RESTORE, Deed.PUT_BACK])
def test_nothing_is_down_that_could_stay_down_or_come_back(team, refused, deed):
    contest(team, refused)
    reason = {"keep": "not_convincing", "restore": "answer_convinces", "put_back": "removed_wrongly"}[deed]
    with pytest.raises(LawRefuses):
        decide(team, refused, deed, reason)
    decide(team, refused, Deed.REFUSE, "no_infringement")
    with pytest.raises(LawRefuses):
        acting.withdraw(team.brand.analyst, refused, "error")  # it would owe the putting back of what never went
    assert stands(team, refused) == ("upheld", Stage.REFUSED)


def test_another_person_hears_it_where_there_is_another(team, refused):
    other = make_member(Role.OFFICER, Organisation.objects.get(pk=team.market.organisation_id))
    contest(team, refused)
    with pytest.raises(Conflict, match="that the filer contests"):
        decide(team, refused, Deed.REMOVE, "infringes")
    decide(team, refused, Deed.REMOVE, "infringes", other)
    assert stands(team, refused)[1] == Stage.DOWN


def test_only_a_refusal_is_contested_by_who_filed_and_only_where_the_law_hears_it(team, refused):
    down, _ = removed(team)
    with pytest.raises(Conflict):
        acting.complain(team.brand.analyst, down, WORDS)
    with pytest.raises(Conflict, match="one who filed"):
        acting.complain(team.market.administrator, refused, WORDS)
    with pytest.raises(NotPermitted):
        acting.complain(
            make_member(Role.READER, Organisation.objects.get(pk=team.brand.organisation_id)), refused, WORDS
        )
    for words in ("", "x" * 5000):
        with pytest.raises(Invalid):
            acting.complain(team.brand.analyst, refused, words)
    assert stands(team, refused) == ("rejected", Stage.REFUSED)


def test_a_sellers_complaint_is_decided_as_before(team):
    name, token = removed(team)
    countering.counter(token, answer())
    pass_on(team, team.brand)
    for deed, reason in ((Deed.REFUSE, "no_infringement"), (Deed.REMOVE, "infringes")):
        with pytest.raises(LawRefuses):
            decide(team, name, deed, reason)
    decide(team, name, Deed.KEEP, "not_convincing")
    assert stands(team, name) == ("upheld", Stage.KEPT)
