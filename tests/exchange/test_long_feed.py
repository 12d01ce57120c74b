"""A long feed is read from zero, across a killed reader, in bounded memory."""

from pathlib import Path

import pytest

from tests.exchange.nodes import Node, pair_of_nodes, wait_until
from tests.exchange.sizes import ENTRIES, FULL

pytestmark = pytest.mark.exchange
#: MiB by which a process may grow, however long the feed is.
_GROWTH = 160
_BATCH = 500
_PATIENCE = 6 * 3600 if FULL else 400


def peak(node: Node, name: str) -> int:
    """Most memory that a process has had so far, in MiB."""
    lines = Path(f"/proc/{node.process(name)}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10


def test_a_long_feed_from_zero(tmp_path: Path):
    with pair_of_nodes(tmp_path) as pair:
        pair.agree()
        wait_until(pair.applied, "all is quiet")
        pair.market.kill("exchange")
        for first in range(0, ENTRIES, _BATCH):
            pair.brand.ask("say", name=pair.agreement, first=first, count=min(_BATCH, ENTRIES - first), apart=False)
        start = {name: peak(pair.brand, name) for name in ("serve", "exchange")}
        pair.market.exchange()
        wait_until(lambda: head(pair.market) > ENTRIES // 3, "a third has come", _PATIENCE)
        fresh = peak(pair.market, "exchange")
        pair.market.kill("exchange")
        pair.market.exchange()
        wait_until(lambda: head(pair.market) >= ENTRIES, "all has come", _PATIENCE)
        wait_until(lambda: pair.market.ask("waiting") == 0, "all is applied", _PATIENCE)
        grown = {name: peak(pair.brand, name) - before for name, before in start.items()}
        grown["reader"] = peak(pair.market, "exchange") - fresh
        print(f"{ENTRIES} entries; MiB grown: {grown}; reader's peak {peak(pair.market, 'exchange')} MiB")  # noqa: T201 - the figure that is asked for
        assert max(grown.values()) < _GROWTH
        pair.nothing_lost_nothing_twice()


def head(node: Node) -> int:
    return int(node.ask("heads")["theirs"][0])
