"""A partner runs another version: what it does not know is kept, shown and tried again."""

import pytest

from tests.exchange.nodes import Pair, wait_until

pytestmark = pytest.mark.exchange


def restart(node, **twists: str) -> None:
    for name, start in (("serve", node.serve), ("exchange", node.exchange)):
        node.kill(name)
        start(**twists)


def test_an_older_node_keeps_what_it_does_not_know_and_applies_it_once_renewed(pair: Pair):
    restart(pair.market, version="older")
    pair.say(4)
    wait_until(lambda: len(pair.market.ask("failed")) == 4, "four comments are kept and shown")
    wait_until(pair.settled, "both have all")
    assert {code for _, code in pair.market.ask("failed")} == {"unknown-type"}
    restart(pair.market)
    pair.nothing_lost_nothing_twice()


def test_a_newer_page_is_refused_by_name_and_read_once_renewed(pair: Pair):
    restart(pair.brand, version="newer")
    known = len(pair.market.ask("entries", ours=False))
    pair.brand.ask("say", name=pair.agreement, count=3)
    wait_until(lambda: "newer-version" in pair.market.ask("refusals"), "the page is refused by name")
    assert len(pair.market.ask("entries", ours=False)) == known
    restart(pair.brand)
    pair.nothing_lost_nothing_twice()
