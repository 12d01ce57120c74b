"""A long feed is read from zero, across a killed reader, in bounded memory."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.exchange.nodes import Node, Pair, pair_of_nodes, wait_until
from tests.exchange.sizes import ENTRIES, FULL

pytestmark = pytest.mark.exchange
#: MiB by which a process may grow, however long the feed is.
_GROWTH = 160
_BATCH = 500
_PATIENCE = 6 * 3600 if FULL else 400


@dataclass
class Peaks:
    """Most memory that processes had, in MiB, at the start and until now; one that was killed is asked before."""

    seen: dict[str, list[int]] = field(default_factory=dict)

    def look(self, node: Node, *names: str) -> None:
        for name in names:
            self.seen.setdefault(f"{node.party} {name} {node.process(name)}", []).append(peak(node, name))

    @property
    def grown(self) -> dict[str, int]:
        return {who: looks[-1] - looks[0] for who, looks in self.seen.items()}


def peak(node: Node, name: str) -> int:
    """Most memory that a process has had so far, in MiB."""
    lines = Path(f"/proc/{node.process(name)}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10


@contextmanager
def timed(figures: dict[str, float], what: str) -> Iterator[None]:
    """Notes entries a second of a part of the test; shown as it goes, for a run of an hour."""
    start = time.monotonic()
    yield
    figures[what] = round(ENTRIES / (time.monotonic() - start))
    print(f"{what}: {figures[what]} entries a second", flush=True)  # noqa: T201 - the figure that is asked for


def test_a_long_feed_from_zero(tmp_path: Path):
    figures: dict[str, float] = {}
    peaks = Peaks()
    with pair_of_nodes(tmp_path) as pair:
        pair.agree()
        wait_until(pair.applied, "all is quiet")
        pair.market.kill("exchange")
        peaks.look(pair.brand, "serve", "exchange")
        with timed(figures, "said"):
            for first in range(0, ENTRIES, _BATCH):
                pair.brand.ask("say", name=pair.agreement, first=first, count=min(_BATCH, ENTRIES - first), apart=False)
        with timed(figures, "received and applied, across a killed reader"):
            read_across_a_kill(pair, peaks)
        peaks.look(pair.brand, "serve", "exchange")
        print(f"{ENTRIES} entries; MiB grown: {peaks.grown}; looks: {peaks.seen}", flush=True)  # noqa: T201 - as above
        assert max(peaks.grown.values()) < _GROWTH
        nothing_lost_nothing_twice(pair)


def read_across_a_kill(pair: Pair, peaks: Peaks) -> None:
    """The reader is killed after a third, and while much of that third is not applied yet; another one ends it."""
    market = pair.market
    market.exchange()
    wait(lambda: head(market) > ENTRIES // 20, "the first have come")
    peaks.look(market, "exchange")
    wait(lambda: head(market) > ENTRIES // 3, "a third has come")
    peaks.look(market, "exchange")
    market.kill("exchange")
    market.exchange()
    wait(lambda: head(market) > ENTRIES // 2, "half has come")
    peaks.look(market, "exchange")
    wait(lambda: head(market) >= ENTRIES, "all has come")
    wait(lambda: market.ask("waiting") == 0, "all is applied")
    peaks.look(market, "exchange")


def nothing_lost_nothing_twice(pair: Pair) -> None:
    """As `Pair.nothing_lost_nothing_twice`, by digests: a million ids are not sent through a pipe."""
    wait(lambda: pair.brand.ask("digest", ours=True) == pair.market.ask("digest", ours=False), "the same feed")
    wait(lambda: all(node.ask("waiting") == 0 for node in pair.nodes), "all is applied")
    count, ids = pair.brand.ask("commented", ours=True)
    assert count == ENTRIES
    assert pair.market.ask("effects_digest") == [count, ids, True]
    for node in pair.nodes:
        assert node.ask("contradictions") == []
        assert node.ask("refusals") == []


def wait(true: Callable[[], bool], what: str) -> None:
    wait_until(true, what, _PATIENCE, every=1.0 if FULL else 0.05)


def head(node: Node) -> int:
    return int(node.ask("heads")["theirs"][0])
