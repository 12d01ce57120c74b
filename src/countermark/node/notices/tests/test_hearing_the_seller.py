"""Under Alibaba's programme the seller is heard before anything goes down, and has three chances."""

import pytest
from django.utils import translation

from countermark.node.kernel.errors import Conflict
from countermark.node.notices import (
    acting,
    countering,
    selectors,
    seller_page,
    turning,
)
from countermark.node.notices.factories import notice_of, pass_on
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.models import Counter
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.tests.test_both_sides import answer
from countermark.node.notices.tests.walking import after_clock, decide, filed, states


def asked(team, platform="taobao"):
    name = filed(team, platform)
    token = decide(team, name, Deed.ASK_SELLER, "in_account")
    assert states(team, name) == ("seller_asked", Stage.AT_SELLER)
    return name, token


def test_on_alibaba_the_seller_is_heard_before_anything_goes_down(team, later):
    name = filed(team, "taobao")
    with pytest.raises(LawRefuses, match="three working days"):
        decide(team, name, Deed.REMOVE, "infringes")
    token = decide(team, name, Deed.ASK_SELLER, "in_account")
    assert token
    with translation.override("zh-hans"):
        view = seller_page.seller_view(token, "zh-hans")
    assert (view.undecided, view.can_answer, view.until is not None) == (True, True, True)
    assert view.standing == "您的商品链接未下架。您可以对投诉作出答复。"
    assert notice_of(team.market, name).due_who == "seller"
    with pytest.raises(LawRefuses):
        decide(team, name, Deed.ASK_SELLER, "in_account")
    with pytest.raises(LawRefuses):
        decide(team, name, Deed.REMOVE, "no_answer")
    after_clock(team, name, "first-answer", later)
    assert turning.turn_all_due() == 2
    assert notice_of(team.brand, name).due_who == "platform"
    with pytest.raises(Conflict):
        countering.counter(token, answer("platform-alibaba"))
    token = decide(team, name, Deed.REMOVE, "no_answer")
    assert states(team, name) == ("unanswered", Stage.DOWN)
    # The first chance is lost, the second is not.
    countering.counter(token, answer("platform-alibaba"))
    pass_on(team, team.brand)
    assert states(team, name) == ("countered_2", Stage.COUNTERED)
    decide(team, name, Deed.RESTORE, "answer_convinces")
    assert states(team, name) == ("link_back", Stage.RESTORED)


def test_a_seller_on_alibaba_answers_three_times_and_never_a_fourth(team):
    name, token = asked(team)
    for reached, deed, reason, then in (
        ("countered_1", Deed.REMOVE, "answer_fails", ("refused_1", Stage.DOWN)),
        ("countered_2", Deed.KEEP, "not_convincing", ("refused_2", Stage.KEPT)),
        ("countered_3", Deed.KEEP, "not_convincing", ("taken_down", Stage.KEPT)),
    ):
        countering.counter(token, answer("platform-alibaba"))
        with pytest.raises(Conflict):
            countering.counter(token, answer("platform-alibaba"))
        pass_on(team, team.brand)
        assert states(team, name)[0] == reached
        decide(team, name, deed, reason)
        assert states(team, name) == then
        told = notice_of(team.market, name).tellings.filter(what="answer").order_by("-pk")[0]
        assert set(told.texts) == {"en", "fr", "zh-hans"}
    with pytest.raises(Conflict):
        countering.counter(token, answer("platform-alibaba"))
    assert Counter.objects.filter(notice=notice_of(team.market, name)).count() == 3
    assert notice_of(team.brand, name).counters.count() == 3
    assert notice_of(team.market, name).due_who == ""


def test_an_answer_in_time_counts_on_both_sides_however_late_it_is_passed_on(team, later, monkeypatch):
    name, token = asked(team)
    with monkeypatch.context() as killed:
        killed.setattr(countering, "pass_on", lambda _key: False)
        countering.counter(token, answer("platform-alibaba"))
    assert notice_of(team.market, name).law_state == "countered_1"
    after_clock(team, name, "later-answers", later)
    # Killed between commit and passing on: a worker does it, once.
    assert countering.pass_on_all() == 1
    assert countering.pass_on_all() == 0
    assert set(pass_on(team, team.brand)) == {"done"}
    assert states(team, name) == ("countered_1", Stage.COUNTERED)
    assert pass_on(team, team.brand) == []


def test_the_complainant_accepts_the_answer_once_and_the_link_stays_on_both_sides(team):
    name, token = asked(team)
    assert not selectors.notice(team.brand.analyst, name).can_accept
    with pytest.raises(LawRefuses):
        acting.accept(team.brand.analyst, name)
    countering.counter(token, answer("platform-alibaba"))
    pass_on(team, team.brand)
    assert selectors.notice(team.brand.analyst, name).can_accept
    acting.accept(team.brand.analyst, name)
    with pytest.raises(LawRefuses):
        acting.accept(team.brand.analyst, name)
    assert set(pass_on(team, team.market)) == {"done"}
    assert states(team, name) == ("link_back", Stage.RESTORED)
    view = seller_page.seller_view(token, "en")
    assert view.steps[-1][1] == "Maison Aurelle accepted your answer."
    assert not view.can_answer
