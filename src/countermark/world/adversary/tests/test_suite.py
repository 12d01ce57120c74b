"""The suite finds what the engine finds, is the same twice, and notices a fall."""

from pathlib import Path

import pytest

from countermark.evaluate.share import Share
from countermark.formats import read_portfolio
from countermark.judge import load_policy
from countermark.scan import ScanPlan
from countermark.world import draw_market
from countermark.world.adversary.floors import fallen, floors_of, read_floors
from countermark.world.adversary.suite import PAIRS, PICTURES, Outcome, run_suite
from countermark.world.disguises import LATIN, NEAR, RARE


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[list[Outcome]]:
    reading = read_portfolio(draw_market(tmp_path_factory.mktemp("market"), listings=20, workers=1).rights)
    plan = ScanPlan.prepare(reading.portfolio, reading.images, load_policy())
    return [run_suite(reading.portfolio, reading.images, plan, seed=7, cases=1) for _ in range(2)]


def test_every_attack_is_made_with_as_many_twins(outcomes: list[list[Outcome]]) -> None:
    made = {one.attack: one for one in outcomes[0]}
    assert {f"text: {name}" for name in (*LATIN, *NEAR, *RARE)} <= made.keys()
    assert {f"picture: {name}" for name in (*PICTURES, *map(" + ".join, PAIRS))} <= made.keys()
    assert all(one.false_alarms.n == 1 for one in made.values())
    assert "picture: name written in it" in made
    assert made["text: dropped"].recall.n == 1


def test_the_same_seed_gives_the_same_outcome(outcomes: list[list[Outcome]]) -> None:
    assert outcomes[0] == outcomes[1]


def test_disguises_are_found_and_honest_twins_are_not_accused(outcomes: list[list[Outcome]]) -> None:
    made = {one.attack: one for one in outcomes[0]}
    for attack in (
        "text: cyrillic",
        "text: wide",
        "text: last letter first",
        "picture: mirrored",
        "picture: quality 30",
    ):
        assert made[attack].recall.value == 1
        assert made[attack].false_alarms.hits == 0


def test_a_fall_is_noticed_and_an_unknown_attack_has_no_floor(tmp_path: Path) -> None:
    one = Outcome("text: wide", Share.of(3, 12), Share.of(0, 12))
    other = Outcome("text: new", Share.of(0, 12), Share.of(0, 12))
    written = tmp_path / "floors.yaml"
    written.write_text('"text: wide": 0.5\n', encoding="utf-8")
    assert fallen([one, other], read_floors(written)) == [one]
    assert fallen([one], floors_of([one])) == []


def test_floors_ship_for_known_attacks(outcomes: list[list[Outcome]]) -> None:
    assert read_floors()
    assert read_floors().keys() <= {one.attack for one in outcomes[0]}
