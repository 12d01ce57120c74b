"""A process is killed at any moment: nothing is lost, nothing is said or done twice."""

from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.exchange.nodes import Died, Node, Pair, wait_until
from tests.exchange.sizes import FULL, MOMENTS

pytestmark = pytest.mark.exchange
_APPEND = "exchange.appending.append_all"
#: Whoever dies here has claimed entries and not applied them.
_IN_HAND = "exchange.applying_many._claim_many@after"
#: Longest wait for a point, in seconds.
_LOOK = 8.0


def places(node: Node) -> list[list[object]]:
    return node.ask("entries", ours=True)


@pytest.mark.parametrize(("moment", "there"), [("before", 0), ("after", 1)])
def test_the_sender_dies_at_its_commit_and_says_it_again(pair: Pair, moment: str, there: int):
    before = len(places(pair.brand))
    said = {"name": pair.agreement, "key": f"act-{moment}"}
    pair.brand.tell("say", "writer", {"kill": f"{_APPEND}@{moment}"}, **said)
    with pytest.raises(Died):
        pair.brand.hear("say", "writer")
    assert len(places(pair.brand)) == before + there
    (again,) = pair.brand.ask("say", **said)
    assert [entry_id for _, entry_id, _ in places(pair.brand)[before:]] == [again]
    pair.nothing_lost_nothing_twice()


def test_the_sender_dies_between_page_and_reply(pair: Pair):
    pair.brand.kill("serve")
    pair.brand.serve(kill="step:write_page@after")
    pair.brand.ask("say", name=pair.agreement, count=3)
    wait_until(lambda: not pair.brand.running("serve"), "it dies")
    pair.brand.serve()
    pair.nothing_lost_nothing_twice()


def test_the_receiver_dies_between_verifying_and_storing(pair: Pair):
    pair.market.kill("exchange")
    pair.brand.ask("say", name=pair.agreement, count=5, apart=False)
    known = len(pair.market.ask("entries", ours=False))
    for moment in ("open_entry@after:1", "open_entry@after:4", "store@before", "store@after"):
        pair.market.exchange(kill=f"step:{moment}")
        wait_until(lambda: not pair.market.running("exchange"), "it dies")
        assert len(pair.market.ask("entries", ours=False)) == known
    pair.market.exchange()
    pair.nothing_lost_nothing_twice()


@pytest.mark.skipif(not FULL, reason="takes minutes: make exchange-tests-full")
def test_both_sides_die_at_every_commit_point(pair: Pair, tmp_path: Path):
    points = commit_points(pair, tmp_path)
    assert sum(map(len, points.values())) > 20
    turns = {who: killings(found) for who, found in points.items()}
    unmet: dict[str, str] = {}
    for number, kills in enumerate(zip_longest(*turns.values())):
        unmet |= die_at(pair, {who: kill for who, kill in zip(turns, kills, strict=True) if kill}, number)
    assert not {who: kill for who, kill in unmet.items() if not dies_with_a_past(pair, who, kill)}
    pair.nothing_lost_nothing_twice()


def killings(points: list[str]) -> list[str]:
    """Each point before and after; in the small size one of the two, in turn."""
    both = [[f"{point}@{moment}" for moment in MOMENTS] for point in points]
    return [kill for number, kills in enumerate(both) for kill in (kills if FULL else [kills[number % 2]])]


def processes(pair: Pair) -> dict[str, tuple[Node, str]]:
    return {f"{node.party} {name}": (node, name) for node in pair.nodes for name in ("serve", "exchange")}


def dies_with_a_past(pair: Pair, who: str, kill: str) -> bool:
    """Whether a process meets its point after what some points need: a death with work in hand, or a partner away."""
    node, name = processes(pair)[who]
    partner = next(other for one, other in pair.ways if one is node)
    for number in (97, 98, 99):
        if name == "exchange":
            start(node, name, kill=_IN_HAND)
            partner.ask("say", name=pair.agreement, count=3)
            wait_until(lambda: not node.running(name), f"{who} dies with work in hand")
        else:
            partner.kill("serve")
            wait_until(lambda: node.ask("standing")["failures"] > 3, f"{who} misses its partner")
            partner.serve()
        if not die_at(pair, {who: kill}, number):
            return True
    return False


def all_live(pair: Pair) -> bool:
    """That none of them ended by itself; raises with the end of its log."""
    for who, (node, name) in processes(pair).items():
        assert node.running(name), f"{who} ended by itself: {(node.home / f'{name}.log').read_text()[-4000:]}"
    return True


def start(node: Node, name: str, **twists: str) -> None:
    node.kill(name)
    (node.serve if name == "serve" else node.exchange)(**twists)


def commit_points(pair: Pair, folder: Path) -> dict[str, list[str]]:
    """Every point at which a process of either node commits while they talk."""
    for who, (node, name) in processes(pair).items():
        start(node, name, points=str(folder / who.replace(" ", "-")))
    talk(pair, 1)
    wait_until(pair.applied, "all is applied")
    seen = [node.ask("standing")["witnessed"] for node in pair.nodes]
    pair.say(2)
    wait_until(
        lambda: all(node.ask("standing")["witnessed"] > one for node, one in zip(pair.nodes, seen, strict=True)),
        "witnessed",
    )
    return {who: sorted(set((folder / who.replace(" ", "-")).read_text().split())) for who in processes(pair)}


def talk(pair: Pair, number: int) -> None:
    pair.say(3, first=number)
    pair.say(2, apart=False, beside=True)


def die_at(pair: Pair, kills: dict[str, str], number: int) -> dict[str, str]:
    """Kill each process at its point, raise it again; gives those whose point was not met in time."""
    found = processes(pair)
    for who, kill in kills.items():
        start(*found[who], kill=kill)
    talk(pair, number)
    left = set(kills)

    def raise_the_dead() -> bool:
        # At once: a process may wait for one that is dead already.
        for who in [who for who in left if not found[who][0].running(found[who][1])]:
            left.remove(who)
            start(*found[who])
            # News wakes whoever waits before asking a node again that was away.
            pair.say(1, first=number)
        return not left

    with suppress(AssertionError):
        wait_until(raise_the_dead, "they die", _LOOK)
    for who in left:
        start(*found[who])
    wait_until(lambda: all_live(pair) and pair.settled(), "they go on")
    return {who: kills[who] for who in left}
