"""Disputes before certified bodies are counted from the log: how many, what came out, how long, what was followed."""

from datetime import timedelta

import pytest

from countermark.node.exchange.signing import set_keys
from countermark.node.insight import notice_log, transparency
from countermark.node.kernel import time as clock
from countermark.node.notices import deciding, disputes
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import make_agreed_team, pass_on
from countermark.node.notices.states import Deed
from countermark.node.notices.tests.test_both_sides import removed
from countermark.node.notices.tests.test_disputes import dispute, refused, today


@pytest.fixture
def team(db):
    yield make_agreed_team()
    set_keys(None)


def values(side):
    day = clock.now().date()
    found = notice_log.figures_of_law(side.administrator, day - timedelta(days=60), day, "eu-dsa")
    return {one.what: one.value for one in transparency.indicators(found)}


def decide(team, name, deed):
    deciding.decide(team.market.administrator, name, Decision(deed=deed, reason="body"))
    pass_on(team, team.brand)


def test_what_bodies_decided_is_counted_and_what_the_platform_followed(team, monkeypatch):
    down, up, kept = removed(team)[0], refused(team), removed(team)[0]
    for name in (down, up, kept):
        disputes.go_to_body(team.brand.analyst, name, dispute(by_seller=name != up))
    pass_on(team, team.market)
    moment = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "_clock", lambda: moment)
    for name, outcome in ((down, "reversed"), (up, "partly_reversed"), (kept, "upheld")):
        disputes.settle(team.brand.analyst, name, today(), outcome)
    pass_on(team, team.market)
    found = values(team.market)
    assert found["disputes before out-of-court bodies"] == "3"
    assert [found[f"of them, decisions {one}"] for one in ("reversed", "partly reversed", "upheld")] == ["1", "1", "1"]
    assert found["of them, ended without a decision"] == "0"
    assert 29 * 86_400 < int(found["median time of their decisions"]) < 31 * 86_400
    assert found["share of reversing decisions implemented"] == "0.0"
    decide(team, down, Deed.PUT_BACK)
    assert values(team.market)["share of reversing decisions implemented"] == "50.0"
    decide(team, up, Deed.REMOVE)
    assert values(team.brand)["share of reversing decisions implemented"] == "100.0"
