"""Figures of notices come from the log alone: counted again from the file, they are the same to the byte."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.node.exchange.signing import set_keys
from countermark.node.findings.factories import make_finding
from countermark.node.insight import notice_log, transparency
from countermark.node.insight.notice_figures import Line, Share, count
from countermark.node.kernel.errors import Invalid
from countermark.node.listings.factories import make_listing
from countermark.node.notices import acting, countering, deciding
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, make_agreed_team, make_ground_for_notice, pass_on
from countermark.node.notices.states import Deed
from countermark.node.notices.tests.test_both_sides import answer
from countermark.node.review.tests.acts import judge, take

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def story(name, *deeds, seller="slr_1"):
    """Lines of one notice; each deed: its name, the hour, a reason."""
    return [
        Line(
            notice=name,
            number=place,
            deed=deed,
            event="complain" if deed == "counter" else "",
            regime="eu-dsa",
            reason=reason,
            ground="counterfeit",
            seller=seller,
            automated=False,
            at=DAY + timedelta(hours=hour),
        )
        for place, (deed, hour, reason) in enumerate(deeds, 1)
    ]


STORIES = [
    story("ntc_1", ("file", 0, ""), ("remove", 24, "infringes"), seller="slr_1"),
    story("ntc_2", ("file", 1, ""), ("remove", 49, "terms"), ("counter", 60, "exhausted"), ("restore", 84, "x")),
    story("ntc_3", ("file", 2, ""), ("refuse", 4, "no_infringement")),
    story("ntc_4", ("file", 3, ""), ("refuse", 5, "incomplete")),
    story("ntc_5", ("file", 4, ""), ("ask", 5, "locate"), ("answer", 9, ""), ("remove", 10, "infringes")),
    story("ntc_6", ("file", 5, ""), ("remove", 6, "infringes"), ("withdraw", 7, "error"), seller="slr_2"),
    story("fnd_7", ("own", 8, ""), seller="slr_9"),
    story("ntc_8", ("file", 24 * 40, ""), ("remove", 24 * 41, "infringes")),
]


def test_each_figure_of_a_month_counted_by_hand():
    found = count([line for one in STORIES for line in one], FIRST, LAST)
    assert (found.notices, found.decisions) == (6, {"remove": 4, "partly": 0, "refuse": 2})
    assert (found.removed, found.proactive) == (Share(4, 6), Share(1, 5))
    assert (found.reversal, found.false_notices) == (Share(1, 4), Share(3, 6))
    assert (found.by_terms, found.automated, found.complaints) == (1, 0, 1)
    assert found.complaint_outcomes == {"restore": 1}
    assert (found.sellers_upheld, found.sellers_repeated) == (2, 1)
    assert (found.questions, found.answers, found.to_answer.median) == (1, 1, 4 * 3600)
    assert found.to_complaint_decision.median == 24 * 3600
    assert (found.to_decision.count, found.to_decision.median) == (6, 2 * 3600)
    assert found.reversal.percent == "25.0"
    assert Share(0, 0).percent == ""


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_of_the_lines_changes_nothing(seed):
    lines = [line for one in STORIES for line in one]
    Random(seed).shuffle(lines)
    assert count(lines, FIRST, LAST).digest == count([line for one in STORIES for line in one], FIRST, LAST).digest


def test_two_halves_hold_what_the_whole_holds():
    lines = [line for one in STORIES for line in one]
    whole = count(lines, date(2026, 1, 1), date(2026, 12, 31))
    halves = [count(lines, date(2026, 1, 1), LAST), count(lines, date(2026, 4, 1), date(2026, 12, 31))]
    assert sum(one.notices for one in halves) == whole.notices
    assert sum(one.removed.count for one in halves) == whole.removed.count
    assert sum(one.to_decision.count for one in halves) == whole.to_decision.count


@pytest.fixture
def team(db):
    yield make_agreed_team()
    set_keys(None)


def test_the_figures_of_a_node_are_counted_again_from_the_file_of_its_log(team):
    market = team.market.administrator
    finding = make_ground_for_notice(team.brand.analyst)
    make_listing(market, external_id=finding.listing.external_id, url=finding.listing.url)
    first, second = file_one(team, finding), file_one(team)
    pass_on(team, team.market)
    link = deciding.decide(market, first, Decision(deed=Deed.REMOVE, reason="infringes"))
    countering.counter(link, answer())
    deciding.decide(market, first, Decision(deed=Deed.RESTORE, reason="answer_convinces"))
    deciding.decide(market, second, Decision(deed=Deed.REFUSE, reason="exhausted"))
    pass_on(team, team.brand)
    acting.withdraw(team.brand.administrator, second, "error")
    make_finding(market)
    judge(market, take(market))
    today = datetime.now(UTC).date()
    found = notice_log.figures(market, today - timedelta(days=1), today)
    assert (found.notices, found.removed, found.reversal) == (2, Share(1, 2), Share(1, 1))
    assert (found.proactive, found.false_notices, found.complaints) == (Share(1, 2), Share(2, 2), 1)
    text = "".join(notice_log.written(notice_log.lines(market)))
    assert count(notice_log.read_back(text), found.first, found.last).digest == found.digest
    assert "Mira" not in text
    assert "Quill" not in text
    brand = notice_log.figures(team.brand.administrator, today - timedelta(days=1), today)
    assert (brand.notices, brand.removed, brand.reversal) == (found.notices, found.removed, found.reversal)
    report = transparency.report(found, "Bazaar", None, found)
    values = {one["what"]: one["value"] for one in report["indicators"]}
    assert values["decisions reversed on complaint"] == "1"
    assert values["suspensions for unfounded notices"] == ""
    with pytest.raises(Invalid):
        notice_log.figures(market, today, today - timedelta(days=1))
