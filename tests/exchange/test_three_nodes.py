"""A brand, a marketplace and a payment platform, each with its own node and database, count the same."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.nodes import Node, Pair, wait_until

pytestmark = pytest.mark.exchange
WHO = (
    ("maison-aurelle", "Maison Aurelle", "rights_holder"),
    ("bazaar", "Bazaar", "marketplace"),
    ("alto-pay", "Alto Pay", "payment"),
)


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, ...]]:
    """Three nodes, and an agreement in force between each two of them."""
    folder: Path = tmp_path_factory.mktemp("three")
    nodes = [Node(folder / party, party, name, kind) for party, name, kind in WHO]
    try:
        for node in nodes:
            node.warm()
        for node in nodes:
            node.found()
            node.serve()
            node.exchange()
        pairs = tuple(Pair(one, other) for one, other in combinations(nodes, 2))
        for pair in pairs:
            pair.agree()
        yield pairs
    finally:
        for node in nodes:
            node.close()


def counted(pair: Pair) -> list[dict[str, Any]]:
    return [node.ask("figures", name=pair.agreement) for node in pair.nodes]


def counted_to(figures: dict[str, Any]) -> dict[str, int]:
    """Feed to the place up to which it is counted; behind it a last receipt may still be on its way."""
    return {feed: place for feed, (place, _) in figures["places"].items()}


def same(pair: Pair) -> bool:
    """Both have counted both feeds to where their receipts go, and all that was said is in, but for last receipts."""
    ours, theirs = counted(pair)
    all_in = not ours["waiting"] and not theirs["waiting"]
    return all_in and ours["total"]["findings"] > 0 and ours["digest"] == theirs["digest"]


def test_each_of_three_nodes_counts_the_same_from_the_same_feeds(team: tuple[Pair, ...]):
    for number, pair in enumerate(team):
        pair.brand.ask("work_together", name=pair.agreement, first=100 * number, findings=4, cases=3, comments=2)
        pair.market.ask("work_together", name=pair.agreement, first=100 * number + 50, findings=3, cases=2, comments=1)
    for pair in team:
        wait_until(lambda pair=pair: same(pair), f"{pair.brand.party} and {pair.market.party} count the same")
    codes = set()
    for pair in team:
        ours, theirs = counted(pair)
        assert (ours["code"], counted_to(ours)) == (theirs["code"], counted_to(theirs))
        assert ours["total"] == theirs["total"]
        assert {name: ours["total"][name] for name in ("findings", "cases_opened", "cases_closed", "comments")} == {
            "findings": 7,
            "cases_opened": 5,
            "cases_closed": 2,
            "comments": 3,
        }
        assert sum(ours["total"]["findings_by_kind"].values()) == 7
        codes.add(ours["code"])
    assert len(codes) == 3, "each agreement has figures of its own"


def test_one_entry_more_changes_the_code_on_both_its_sides_and_not_on_the_third(team: tuple[Pair, ...]):
    changed, *others = team
    wait_until(lambda: all(same(pair) for pair in team), "quiet")
    before = [counted(pair)[0] for pair in team]
    changed.market.ask("work_together", name=changed.agreement, first=900, findings=1, cases=0, comments=0)
    wait_until(lambda: same(changed) and counted(changed)[1]["total"]["findings"] == 8, "it is counted on both sides")
    assert counted(changed)[0]["code"] != before[0]["code"]
    # A last receipt may still come in there; what was said does not change.
    for pair, old in zip(others, before[1:], strict=True):
        assert counted(pair)[0]["total"] | {"receipt_lag": 0} == old["total"] | {"receipt_lag": 0}
