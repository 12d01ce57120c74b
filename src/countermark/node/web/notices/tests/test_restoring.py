"""Bringing an offer back, from the page of the notice: when the law lets one, and what it says when it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from countermark.law.deadlines import Deadline
from countermark.node.exchange.models import Inbound
from countermark.node.kernel import time as clock
from countermark.node.kernel.ids import new_id
from countermark.node.notices import answering, countering, drafting, lawyer, papers, permits
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.countering import Answer
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on

WORK = Attachment("work.pdf", "application/pdf", "ab" * 32, b"%PDF-")
PICTURE = {"office": "", "number": "", "kind": "copyright", "title": "Corvane, picture"}


@pytest.fixture
def market(team, browser):
    """The marketplace's browser."""
    return browser(team.market.administrator)


def answered(team, market, territory, **right):
    """A notice in a country that was acted upon and answered by the seller; its id."""
    finding = make_ground_for_notice(team.brand.analyst, **({"territories": (territory,)} | right))
    evidence = (("own_work", WORK),) if right.get("kind") == "copyright" else ()
    name = file_one(team, finding, evidence=evidence)
    pass_on(team, team.market)
    page = market.post(f"/notices/{name}/decide/", {"decision": "remove:infringes"}).content.decode()
    token = page.partition("/seller/")[2].partition("/")[0]
    regime = notice_of(team.market, name).regime
    fields, declarations = answering.wanted(regime)
    countering.counter(
        token,
        Answer(
            reason="own_right",
            words="The picture is mine; I took it in my own shop.",
            fields={one.id: "Mira Vale, 1 Rue Exemple, Paris" for one in fields},
            declared={one.id: one.version for one in declarations},
            signer="Mira Vale",
        ),
    )
    pass_on(team, team.brand)
    pass_on(team, team.market)
    return name, finding


def at_noon(monkeypatch, day):
    monkeypatch.setattr(clock, "_clock", lambda: datetime(day.year, day.month, day.day, 6, tzinfo=UTC))


def post(market, name, decision, **more):
    market.post(f"/notices/{name}/decide/", {"decision": decision, **more})
    return market.get(f"/notices/{name}/").content.decode()


def test_in_america_the_page_refuses_the_ninth_day_and_the_fifteenth_and_offers_the_late_way(team, market, monkeypatch):
    name, _ = answered(team, market, "US", **PICTURE)
    window = lawyer.read(notice_of(team.market, name).matter).clock("restore-window")
    assert window is not None
    assert isinstance(window.due, Deadline)
    assert window.due.first is not None
    at_noon(monkeypatch, window.due.first - timedelta(days=1))
    assert "the window opens on" in post(market, name, "restore:time_over")
    assert "still runs" in post(market, name, "late:window_missed")
    at_noon(monkeypatch, window.due.last + timedelta(days=1))
    page = post(market, name, "restore:time_over")
    assert "was the last day" in page
    assert notice_of(team.market, name).stage == "countered"
    assert 'value="late:window_missed"' in page
    page = post(market, name, "late:window_missed")
    assert notice_of(team.market, name).law_state == "restored_late"
    assert "later than the law allows" in page


def test_in_china_a_work_comes_back_at_once_and_nobody_may_notify_it_again(team, market, browser):
    name, finding = answered(team, market, "CN", **(PICTURE | {"office": "CN"}))
    assert notice_of(team.market, name).regime == "cn-copyright"
    post(market, name, "restore:answer_convinces")
    pass_on(team, team.brand)
    assert notice_of(team.brand, name).law_state == "restored_final"
    page = browser(team.brand.analyst).get(f"/notices/file/{finding.core_id}/").content.decode()
    assert "only a court" in page.lower()
    paper = papers.read(notice_of(team.brand, name).paper)
    permits.say(team.brand.agreement, "analyst", drafting.message(new_id("ntc"), "cn-copyright", paper))
    assert "failed" in pass_on(team, team.market)
    assert Inbound.objects.get(state="failed").code == "barred"


def test_in_china_goods_stay_down_for_fifteen_days_and_come_back_after_them(team, market, monkeypatch):
    name, _ = answered(team, market, "CN", office="CN")
    wait = lawyer.read(notice_of(team.market, name).matter).clock("wait")
    assert wait is not None
    assert wait.due is not None
    assert wait.due.last is not None
    at_noon(monkeypatch, wait.due.last)
    assert "still runs" in post(market, name, "restore:time_over")
    at_noon(monkeypatch, wait.due.last + timedelta(days=1))
    assert "looked again" in post(market, name, "restore:time_over")
    post(market, name, "restore:time_over", second_look="on")
    assert notice_of(team.market, name).law_state == "measures_lifted"
