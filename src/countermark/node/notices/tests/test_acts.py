"""What each side does later: reports a suit with its paper, retracts, puts back; and what it is told beforehand."""

from datetime import timedelta

import pytest

from countermark.node.kernel import time as clock
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.notices import acting, countering, deciding, selectors
from countermark.node.notices.acting import Suit
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.tests.test_both_sides import answer, removed

DOCUMENT = Attachment("filing.pdf", "application/pdf", "cd" * 32, b"%PDF-")
OVER = Decision(deed=Deed.RESTORE, reason="time_over")


def suit(**more):
    given = {
        "authority": "Court of X",
        "docket": "(2026) 1",
        "day": (clock.now() - timedelta(days=1)).date().isoformat(),
    }
    return Suit(**(given | more))


def countered_in_china(team):
    finding = make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN")
    name, token = removed(team, finding=finding)
    countering.counter(token, answer("cn-goods"))
    pass_on(team, team.brand)
    pass_on(team, team.market)
    return name


def test_a_suit_is_reported_with_its_paper_and_the_marketplace_reads_which(team):
    name, brand = countered_in_china(team), team.brand.analyst
    assert "stay down" in selectors.notice(brand, name).suit_leads_to
    acting.report_suit(brand, name, suit(kind="complaint", paper="acceptance", document=DOCUMENT))
    pass_on(team, team.market)
    there = notice_of(team.market, name)
    note = there.happenings.get(deed="suit").note
    assert there.stage == Stage.IN_COURT
    for said in ("A complaint to an authority", "Court of X", "(2026) 1", "accepted", DOCUMENT.sha256):
        assert said in note
    assert bytes(notice_of(team.brand, name).pieces.get(kind="acceptance").data) == b"%PDF-"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"day": "2999-01-01"}, "lies ahead"),
        ({"day": "soon"}, "no day"),
        ({"kind": "song"}, "none of the list"),
        ({"authority": " "}, "missing"),
    ],
)
def test_a_report_that_says_too_little_is_refused_and_nothing_is_said(team, more, says):
    name = countered_in_china(team)
    before = team.brand.feed.seq
    with pytest.raises(Invalid, match=says):
        acting.report_suit(team.brand.analyst, name, suit(**more))
    assert team.brand.feed.seq == before


def test_time_alone_brings_nothing_back_without_a_second_look_and_not_while_a_message_waits(team, monkeypatch):
    name, market = countered_in_china(team), team.market.administrator
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "_clock", lambda: later)
    with pytest.raises(Invalid, match="looked again"):
        deciding.decide(market, name, OVER)
    looked = Decision(deed=Deed.RESTORE, reason="time_over", second_look=True)
    acting.withdraw(team.brand.analyst, name, "settled")
    team.pull(team.market)
    with pytest.raises(Conflict, match="not applied yet"):
        deciding.decide(market, name, looked)
    assert notice_of(team.market, name).stage == Stage.COUNTERED


def test_what_a_retracted_notice_took_down_is_the_marketplaces_to_put_back(team):
    name, _ = removed(team)
    brand, market = team.brand.analyst, team.market.administrator
    acting.withdraw(brand, name, "error")
    pass_on(team, team.market)
    shown = selectors.notice(market, name)
    assert shown.row.mine
    assert [one.deed for one in shown.choices if not one.refusal] == ["restore"]
    deciding.decide(market, name, Decision(deed=Deed.RESTORE, reason="withdrawn"))
    pass_on(team, team.brand)
    for side in (team.brand, team.market):
        there = notice_of(side, name)
        assert (there.stage, there.law_state, there.due_who) == (Stage.RESTORED, "put_back", "")
