"""A decision before a certified body (DSA art. 21): written down by either side, on both sides alike."""

from datetime import timedelta

import pytest

from countermark.law.deadlines import day_in
from countermark.node.exchange.models import Inbound
from countermark.node.kernel import time as clock
from countermark.node.kernel.errors import Invalid, NotPermitted
from countermark.node.notices import countering, deciding, disputes, lawyer, selectors
from countermark.node.notices.deciding import Decision
from countermark.node.notices.disputes import Dispute
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.tests.test_both_sides import answer, removed
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role


def today(days=0):
    return (clock.now() + timedelta(days=days)).date().isoformat()


def dispute(**more):
    given = {"by_seller": True, "body": "Appeals Centre of X", "reference": "ODS-17/26", "day": today()}
    return Dispute(**(given | more))


def last_day(notice):
    """Of what happened last, where the law counts: shortly before midnight it is not the day of UTC."""
    matter = lawyer.read(notice.matter)
    return day_in(matter.log[-1].event.at, matter.zone)


def refused(team):
    name = file_one(team)
    pass_on(team, team.market)
    decide(team, name, Deed.REFUSE, "no_infringement")
    return name


def decide(team, name, deed, reason):
    deciding.decide(team.market.administrator, name, Decision(deed=deed, reason=reason))
    pass_on(team, team.brand)


def stands(team, name):
    here, there = notice_of(team.brand, name), notice_of(team.market, name)
    assert (here.law_state, here.stage, here.due, here.due_who) == (
        there.law_state,
        there.stage,
        there.due,
        there.due_who,
    )
    return there.law_state, there.stage, there.due_who


def test_the_marketplace_writes_down_that_the_seller_went_to_a_body_and_the_brand_reads_which(team):
    name, _ = removed(team)
    assert selectors.notice(team.market.administrator, name).can_go_to_body
    disputes.go_to_body(team.market.administrator, name, dispute())
    assert set(pass_on(team, team.brand)) == {"done"}
    assert stands(team, name) == ("settlement_open", Stage.DOWN, "authority")
    step = notice_of(team.brand, name).happenings.get(deed=Deed.SELLER_BODY)
    assert step.actor == "partner"
    assert step.note == f"Appeals Centre of X, ODS-17/26, {today()}."
    for side in (team.brand, team.market):
        (running,) = (c for c in lawyer.read(notice_of(side, name).matter).running if c.rule == "settlement-decision")
        assert running.due is not None
        assert running.due.last == notice_of(side, name).due == last_day(notice_of(side, name)) + timedelta(days=90)


def test_the_filer_goes_to_a_body_with_a_refusal_and_a_complex_dispute_takes_twice_as_long(team):
    name = refused(team)
    disputes.go_to_body(team.brand.analyst, name, dispute(by_seller=False))
    assert set(pass_on(team, team.market)) == {"done"}
    assert lawyer.read(notice_of(team.market, name).matter).log[-1].event.by == "rights_holder"
    received = last_day(notice_of(team.brand, name))
    disputes.extend(team.market.administrator, name, today(), "Two laws and three languages.")
    pass_on(team, team.brand)
    assert stands(team, name) == ("settlement_open", Stage.REFUSED, "authority")
    assert notice_of(team.brand, name).due == received + timedelta(days=180)
    with pytest.raises(LawRefuses):
        disputes.extend(team.brand.analyst, name, today(), "Once more.")


def test_what_the_body_decided_is_said_and_the_marketplace_may_follow_it(team, later):
    down, up = removed(team)[0], refused(team)
    for name in (down, up):
        disputes.go_to_body(team.brand.analyst, name, dispute(by_seller=name == down))
    pass_on(team, team.market)
    later(30)
    for name in (down, up):
        disputes.settle(team.brand.analyst, name, today(), "reversed", "The goods were resold.")
    assert set(pass_on(team, team.market)) == {"done"}
    assert stands(team, down) == ("settlement_decided", Stage.DOWN, "")
    note = notice_of(team.market, down).happenings.get(deed=Deed.SETTLE).note
    assert note.startswith("The body reversed the decision, ")
    with pytest.raises(LawRefuses):
        decide(team, down, Deed.REMOVE, "body")
    with pytest.raises(LawRefuses):
        decide(team, up, Deed.PUT_BACK, "body")
    decide(team, down, Deed.PUT_BACK, "body")
    assert stands(team, down)[:2] == ("put_back", Stage.RESTORED)
    decide(team, up, Deed.REMOVE, "body")
    assert stands(team, up)[:2] == ("actioned", Stage.DOWN)


def test_where_the_offer_came_back_on_a_complaint_the_filer_can_go_to_a_body_and_nothing_comes_back_twice(team):
    name, token = removed(team)
    countering.counter(token, answer())
    pass_on(team, team.brand)
    decide(team, name, Deed.RESTORE, "answer_convinces")
    disputes.go_to_body(team.brand.analyst, name, dispute(by_seller=False))
    disputes.settle(team.brand.analyst, name, today(), "reversed")
    pass_on(team, team.market)
    with pytest.raises(LawRefuses):
        decide(team, name, Deed.PUT_BACK, "body")
    decide(team, name, Deed.REMOVE, "body")
    assert stands(team, name)[1] == Stage.DOWN


def test_both_sides_may_write_it_down_at_once_and_it_stands_once(team):
    name, _ = removed(team)
    disputes.go_to_body(team.market.administrator, name, dispute())
    disputes.go_to_body(team.brand.analyst, name, dispute())
    assert set(pass_on(team, team.brand)) == set(pass_on(team, team.market)) == {"done"}
    Inbound.objects.update(state="queued", attempts=0)
    pass_on(team, team.brand)
    stands(team, name)
    for side in (team.brand, team.market):
        assert notice_of(side, name).happenings.filter(deed=Deed.SELLER_BODY).count() == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"day": "2999-01-01"}, "lies ahead"),
        ({"day": "soon"}, "no day"),
        ({"body": " "}, "missing"),
        ({"reference": "x" * 301}, "too long"),
    ],
)
def test_a_report_that_says_too_little_is_refused_and_nothing_is_said(team, more, says):
    name, _ = removed(team)
    before = team.market.feed.seq
    with pytest.raises(Invalid, match=says):
        disputes.go_to_body(team.market.administrator, name, dispute(**more))
    assert (team.market.feed.seq, notice_of(team.market, name).law_state) == (before, "actioned")


def test_nobody_settles_what_is_before_no_body_and_a_reader_writes_nothing_down(team):
    name, _ = removed(team)
    with pytest.raises(LawRefuses, match="Nobody has chosen a body"):
        disputes.settle(team.market.administrator, name, today(), "upheld")
    with pytest.raises(Invalid, match="none of the list"):
        disputes.settle(team.market.administrator, name, today(), "song")
    for side in (team.market, team.brand):
        reader = make_member(Role.READER, Organisation.objects.get(pk=side.organisation_id))
        assert not selectors.notice(reader, name).can_go_to_body
        with pytest.raises(NotPermitted):
            disputes.go_to_body(reader, name, dispute())


def test_a_law_that_knows_no_such_body_refuses(team):
    finding = make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN")
    name, _ = removed(team, finding=finding)
    assert not selectors.notice(team.brand.analyst, name).can_go_to_body
    with pytest.raises(LawRefuses, match="knows no step"):
        disputes.go_to_body(team.brand.analyst, name, dispute())
