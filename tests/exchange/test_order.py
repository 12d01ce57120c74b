"""Pages twice and out of order, two writers at once: each entry once, in its place."""

import random

import pytest

from tests.exchange.nodes import Pair, wait_until
from tests.exchange.sizes import WRITES

pytestmark = pytest.mark.exchange


def test_every_page_twice_and_out_of_order(pair: Pair):
    for node in pair.nodes:
        node.kill("exchange")
    heads = {node.party: len(node.ask("entries", ours=True)) for node in pair.nodes}
    pair.say(15)
    for speaker, hearer in pair.ways:
        first = heads[speaker.party]
        pages = [speaker.ask("page", name=pair.agreement, after=first + after, most=4) for after in range(0, 15, 3)]
        shuffled = pages * 2
        random.Random(11).shuffle(shuffled)
        for page in [*shuffled, *pages]:
            hearer.ask("receive_page", name=pair.agreement, page=page)
        assert speaker.ask("entries", ours=True)[: first + 15] == hearer.ask("entries", ours=False)[: first + 15]
    for node in pair.nodes:
        node.exchange()
    pair.nothing_lost_nothing_twice()
    assert {code for node in pair.nodes for code in node.ask("refusals")} <= {"gap"}


def test_two_writers_and_readers_that_poll(pair: Pair):
    before = {node.party: len(node.ask("entries", ours=True)) for node in pair.nodes}
    for node in pair.nodes:
        for writer in ("one", "other"):
            node.tell("say", writer, name=pair.agreement, count=WRITES, key=f"{writer}")
    seen = polled(pair)
    said = {node.party: [node.hear("say", writer) for writer in ("one", "other")] for node in pair.nodes}
    pair.nothing_lost_nothing_twice()
    for node in pair.nodes:
        ids = [entry_id for _, entry_id, kind in node.ask("entries", ours=True)[before[node.party] :] if "case" in kind]
        assert sorted(ids) == sorted(one for by_writer in said[node.party] for one in by_writer)
        for one in said[node.party]:
            assert [entry_id for entry_id in ids if entry_id in set(one)] == one, "a writer's own order is kept"
    assert all(places == list(range(1, len(places) + 1)) for places in seen), "a reader saw a gap"


def polled(pair: Pair) -> list[list[int]]:
    """What readers saw while the writers wrote: every look must be without a gap."""
    looks: list[list[int]] = []

    def enough() -> bool:
        looks.extend([seq for seq, _, _ in node.ask("entries", ours=False)] for node in pair.nodes)
        return all(len(places) > 2 * WRITES for places in looks[-2:])

    wait_until(enough, "both writers are done and read")
    return looks
