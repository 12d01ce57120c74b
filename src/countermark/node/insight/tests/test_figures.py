"""Two sides compute the same bytes from the same feeds, whatever came in which order, and nothing else changes them."""

from collections.abc import Iterator
from random import Random

import pytest

from countermark.node.exchange import receipting, retention
from countermark.node.exchange.facades.factories import (
    make_sharing_team,
    share,
    share_finding,
    share_listing,
    withdraw,
)
from countermark.node.exchange.facades.payloads import payload_of
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Beside, FeedEntry
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.signing import set_keys
from countermark.node.insight.figures import NOT_OPEN, Spread, figures_of
from countermark.node.insight.selectors import agreements, figures
from countermark.node.kernel.errors import Invalid, NotFound


@pytest.fixture
def team(db, clock) -> Iterator[Team]:
    yield make_sharing_team()
    set_keys(None)


def work(team: Team, clock) -> None:
    """Two months of joint work."""
    brand, market = team.brand, team.market
    share_listing(market, 1, description="Like new.")
    share_finding(brand, 1)
    share_finding(brand, 2, kind="grey_market", level="low")
    share(brand, "case.opened", "cas_1", ItemKind.CASE, case_id="cas_1", brands=["Maison Aurelle"])
    share(brand, "case.opened", "cas_2", ItemKind.CASE, case_id="cas_2", brands=["Maison Aurelle"])
    clock.forward(days=4)
    share(market, "case.commented", "cas_1", ItemKind.COMMENT, text="Seen.")
    share(market, "case.closed", "cas_1", ItemKind.CASE, case_id="cas_1", outcome="stopped")
    clock.forward(days=36)
    share(brand, "case.closed", "cas_2", ItemKind.CASE, case_id="cas_2", outcome="other")
    withdraw(brand, "fnd_2")


def talk(team: Team) -> None:
    """Fetch and receipt until both are quiet."""
    from countermark.node.exchange import applying

    for _ in range(3):
        for side in (team.brand, team.market):
            team.pull(side)
            receipting.give_receipt(side.agreement)
    for side in (team.brand, team.market):
        team.pull(side)
    while (key := applying.claim_inbound("test")) is not None:
        applying.apply_one(key, "test", {})


def test_both_sides_compute_the_same_bytes_and_the_same_code(team, clock):
    work(team, clock)
    talk(team)
    name = team.brand.agreement_name
    ours, theirs = (figures(side.administrator, name).figures for side in (team.brand, team.market))
    assert ours.to_bytes() == theirs.to_bytes()
    assert ours.code == theirs.code
    assert ours.total.findings == 2


def test_the_order_in_which_entries_come_changes_nothing(team, clock):
    work(team, clock)
    talk(team)
    entries = [payload_of(row) for row in FeedEntry.objects.filter(feed__organisation_id=team.brand.organisation_id)]
    feeds = {one.feed: one.seq for one in sorted(entries, key=lambda one: one.seq)}
    first = figures_of("a", feeds, entries).to_bytes()
    for seed in range(10):
        Random(seed).shuffle(entries)
        assert figures_of("a", feeds, entries).to_bytes() == first


def test_counts_stand_in_the_month_that_the_author_gives(team, clock):
    work(team, clock)
    found = figures(team.brand.administrator, team.brand.agreement_name, ours=team.brand.feed.seq, theirs=0).figures
    assert list(found.months) == ["2026-03", "2026-04"]
    march, april = found.months.values()
    assert (march.findings, march.findings_by_kind) == (2, {"obvious_fake": 1, "grey_market": 1})
    assert (march.cases_opened, march.cases_closed, april.cases_closed) == (2, 0, 1)
    assert april.closing == Spread(count=1, median=40 * 86_400, p90=40 * 86_400)
    assert april.withdrawals == 1


def test_one_entry_more_is_another_code(team, clock):
    work(team, clock)
    name, last = team.brand.agreement_name, team.brand.feed.seq
    whole = figures(team.brand.administrator, name, ours=last, theirs=0).figures
    less = figures(team.brand.administrator, name, ours=last - 1, theirs=0).figures
    assert whole.code != less.code


def test_deleting_what_lay_beside_changes_no_figure(team, clock):
    share_listing(team.brand, 1, description="Like new.")
    share(team.brand, "case.opened", "cas_1", ItemKind.CASE, case_id="cas_1", title="Ring")
    ours = team.brand.feed.seq
    before = figures(team.brand.administrator, team.brand.agreement_name, ours=ours, theirs=0).figures
    rows = list(Beside.objects.filter(entry__feed=team.brand.feed).select_related("entry"))
    assert len(rows) == 2
    retention.delete_beside(team.brand.agreement, rows, "request")
    after = figures(team.brand.administrator, team.brand.agreement_name, ours=ours, theirs=0).figures
    assert after.to_bytes() == before.to_bytes()


def test_receipts_show_how_long_the_other_side_took(team, clock):
    share_finding(team.brand, 1)
    clock.forward(hours=5)
    team.pull(team.market)
    receipting.give_receipt(team.market.agreement)
    team.pull(team.brand)
    brand = team.brand
    found = figures(brand.administrator, brand.agreement_name, ours=brand.feed.seq, theirs=brand.partners_feed.seq)
    assert found.figures.total.receipt_lag.median == 5 * 3600


def test_what_is_not_said_openly_is_counted_without_its_word(team):
    team.brand.say_beside(b"not json", kind="finding.shared", subject="fnd_9")
    team.brand.say("finding.shared", "fnd_8", data={"fields": "hostile"})
    found = figures(team.brand.administrator, team.brand.agreement_name, ours=team.brand.feed.seq, theirs=0)
    assert found.figures.total.findings_by_kind == {NOT_OPEN: 2}


@pytest.mark.parametrize("place", [-1, 10_000])
def test_a_place_that_we_do_not_have_is_told_so(team, place):
    with pytest.raises(Invalid, match="We have this feed up to"):
        figures(team.brand.administrator, team.brand.agreement_name, ours=place)


def test_an_agreement_of_others_is_not_there(team, stranger):
    assert agreements(stranger) == ()
    with pytest.raises(NotFound):
        figures(stranger, team.brand.agreement_name)


def test_a_spread_goes_by_the_nearest_rank_and_never_below_zero():
    assert Spread.of([]) == Spread()
    assert Spread.of([-5]) == Spread(count=1, median=0, p90=0)
    assert Spread.of(range(1, 11)) == Spread(count=10, median=5, p90=9)


def test_a_code_is_four_groups_that_nobody_mishears():
    code = figures_of("a", {}, []).code
    assert [len(group) for group in code.split(" ")] == [4, 4, 4, 4]
    assert not set(code) & set("ILOU")
