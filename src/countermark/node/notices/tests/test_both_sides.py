"""The whole way of a notice, both sides on one database."""

from datetime import timedelta

import pytest

from countermark.law.deadlines import Deadline
from countermark.node.kernel import time as clock
from countermark.node.kernel.errors import Conflict
from countermark.node.notices import acting, answering, countering, deciding, filing, lawyer, sending
from countermark.node.notices.acting import Suit
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.countering import Answer
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import (
    file_one,
    make_choice,
    make_ground_for_notice,
    notice_of,
    pass_on,
)
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.states import Deed, Stage

WORDS = "I bought these bags from the house itself; the invoice lies beside."


def answer(regime="eu-dsa", **more):
    fields, declarations = answering.wanted(regime)
    given = {
        "reason": "exhausted",
        "words": WORDS,
        "fields": {one.id: "Mira Vale, 1 Rue Exemple, Paris" for one in fields},
        "declared": {one.id: one.version for one in declarations},
        "signer": "Mira Vale",
    }
    return Answer(**(given | more))


def removed(team, **more):
    name = file_one(team, **more)
    assert set(pass_on(team, team.market)) == {"done"}
    token = deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    assert "done" in pass_on(team, team.brand)
    return name, token


def test_a_notice_waits_and_can_be_undone_and_then_nothing_was_said(team):
    member, finding = team.brand.analyst, make_ground_for_notice(team.brand.analyst)
    name = filing.file(member, finding.core_id, make_choice(member, finding))
    assert sending.send_due() == 0
    filing.undo(member, name)
    assert notice_of(team.brand, name).stage == Stage.UNDONE
    assert not team.brand.feed.entries.filter(type="notice.filed").exists()


def test_a_filed_notice_arrives_is_decided_and_both_sides_stand_alike(team):
    name, token = removed(team)
    here, there = notice_of(team.brand, name), notice_of(team.market, name)
    assert (here.stage, here.law_state) == (there.stage, there.law_state) == (Stage.DOWN, "actioned")
    assert here.decision == "remove"
    assert token


def test_a_notice_that_is_filed_cannot_be_undone(team):
    name = file_one(team)
    with pytest.raises(Conflict, match="Withdraw"):
        filing.undo(team.brand.analyst, name)


def test_the_sellers_answer_reaches_the_brand_and_the_decision_is_reversed(team):
    name, token = removed(team)
    countering.counter(token, answer())
    assert "done" in pass_on(team, team.brand)
    assert notice_of(team.brand, name).counters.get().words == WORDS
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.RESTORE, reason="answer_convinces"))
    pass_on(team, team.brand)
    assert notice_of(team.brand, name).stage == notice_of(team.market, name).stage == Stage.RESTORED


def test_the_chinese_fifteen_days_start_only_with_proof_of_arrival(team):
    finding = make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN")
    name, token = removed(team, finding=finding)
    assert notice_of(team.market, name).regime == "cn-goods"
    countering.counter(token, answer("cn-goods"))
    forwarded = notice_of(team.market, name)
    assert forwarded.law_state == "forwarded"
    assert lawyer.read(forwarded.matter).clock("wait") is None
    pass_on(team, team.brand)
    pass_on(team, team.market)
    arrived = lawyer.read(notice_of(team.market, name).matter)
    assert arrived.state == "wait"
    assert arrived.clock("wait") is not None
    with pytest.raises(LawRefuses, match="fifteen days"):
        deciding.decide(team.market.administrator, name, Decision(deed=Deed.RESTORE, reason="time_over"))


def test_the_american_window_opens_on_the_tenth_business_day_and_closes_after_the_fourteenth(team, monkeypatch):
    right = {"territories": ("US",), "office": "", "number": "", "kind": "copyright", "title": "Corvane, picture"}
    finding = make_ground_for_notice(team.brand.analyst, **right)
    work = Attachment("work.pdf", "application/pdf", "ab" * 32, b"%PDF-")
    name, token = removed(team, finding=finding, evidence=(("own_work", work),))
    assert notice_of(team.market, name).regime == "us-dmca"
    countering.counter(token, answer("us-dmca"))
    window = lawyer.read(notice_of(team.market, name).matter).clock("restore-window")
    assert window is not None
    assert isinstance(window.due, Deadline)
    first, last = window.due.first, window.due.last
    assert first is not None
    restore = Decision(deed=Deed.RESTORE, reason="time_over", second_look=True)
    start = clock.now()
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        moment = start.replace(year=day.year, month=day.month, day=day.day, hour=17)
        monkeypatch.setattr(clock, "_clock", lambda moment=moment: moment)
        with pytest.raises(LawRefuses):
            deciding.decide(team.market.administrator, name, restore)
    inside = start.replace(year=first.year, month=first.month, day=first.day, hour=17)
    monkeypatch.setattr(clock, "_clock", lambda: inside)
    deciding.decide(team.market.administrator, name, restore)
    assert notice_of(team.market, name).law_state == "restored"


def test_a_suit_in_time_keeps_the_goods_down_in_china(team):
    finding = make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN")
    name, token = removed(team, finding=finding)
    countering.counter(token, answer("cn-goods"))
    pass_on(team, team.brand)
    acting.report_suit(team.brand.analyst, name, Suit(authority="Court of X", docket="(2026) 1", day="2026-11-02"))
    assert set(pass_on(team, team.market)) == {"done"}
    assert notice_of(team.market, name).law_state == "measures_kept"


def test_a_withdrawn_notice_is_withdrawn_on_both_sides_and_says_whether_it_was_an_error(team):
    name, _ = removed(team)
    acting.withdraw(team.brand.analyst, name, "error")
    pass_on(team, team.market)
    there = notice_of(team.market, name)
    assert there.stage == Stage.WITHDRAWN
    assert there.happenings.get(deed="withdraw").reason == "error"


def test_a_step_that_the_law_does_not_know_is_refused_with_its_reason_and_nothing_is_said(team):
    name = file_one(team)
    pass_on(team, team.market)
    before = team.market.feed.seq
    with pytest.raises(LawRefuses, match="not possible in the state"):
        deciding.decide(team.market.administrator, name, Decision(deed=Deed.RESTORE, reason="our_mistake"))
    assert team.market.feed.seq == before


def test_the_marketplace_asks_and_the_brand_answers(team):
    name = file_one(team)
    pass_on(team, team.market)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.ASK, reason="show_right"))
    pass_on(team, team.brand)
    acting.answer(team.brand.analyst, name, "The extract lies beside.")
    pass_on(team, team.market)
    there = notice_of(team.market, name)
    assert (there.stage, there.happenings.get(deed="answer").note) == (Stage.OPEN, "The extract lies beside.")


def test_what_a_withdrawn_notice_took_down_is_put_back_on_both_sides(team):
    name, _ = removed(team)
    acting.withdraw(team.brand.analyst, name, "error")
    pass_on(team, team.market)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.PUT_BACK, reason="notice_withdrawn"))
    pass_on(team, team.brand)
    for side in (team.brand, team.market):
        assert (notice_of(side, name).stage, notice_of(side, name).law_state) == (Stage.RESTORED, "put_back")


def test_a_host_lifts_its_own_mistake_without_waiting_for_a_complaint(team):
    name, _ = removed(team)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.PUT_BACK, reason="removed_wrongly"))
    assert notice_of(team.market, name).stage == Stage.RESTORED
