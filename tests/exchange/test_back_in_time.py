"""A node goes on from yesterday's copy: its partner does not follow, it notices itself, and lies are proven."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exchange.nodes import ROOT, Node, Pair, pair_of_nodes, wait_until

pytestmark = pytest.mark.exchange


@pytest.fixture
def copied(tmp_path: Path):
    """Two nodes that talked on after a copy of the brand's database was made, and the copy."""
    with pair_of_nodes(tmp_path) as pair:
        pair.agree()
        pair.say(3)
        pair.nothing_lost_nothing_twice()
        copy = tmp_path / "yesterday.sqlite3"
        pair.brand.ask("copy_database", to=str(copy))
        pair.brand.ask("say", name=pair.agreement, first=50, count=4)
        said = len(pair.brand.ask("entries", ours=True))
        wait_until(lambda: pair.brand.ask("standing")["receipt_in"] >= said, "the market signed for all of it")
        wait_until(lambda: pair.brand.ask("standing")["witnessed"] >= said, "and witnessed it")
        yield pair, copy


def frozen(node: Node, which: str) -> str:
    _, state, reason = node.ask("heads")[which]
    return reason if state == "frozen" else ""


def test_after_a_fall_back_in_time_both_sides_stand_still(copied: tuple[Pair, Path]):
    pair, copy = copied
    held = pair.market.ask("entries", ours=False)
    pair.brand.put_back(copy)
    pair.brand.serve()
    pair.brand.exchange()
    wait_until(lambda: frozen(pair.market, "theirs") == "rolled-back", "the market does not follow")
    wait_until(lambda: frozen(pair.brand, "ours") == "rolled-back", "the brand notices by the market's receipt")
    with pytest.raises(AssertionError, match="frozen"):
        pair.brand.ask("say", name=pair.agreement)
    assert pair.market.ask("entries", ours=False) == held
    assert pair.market.ask("contradictions") == []


def test_who_goes_on_from_an_old_copy_is_proven_to_have_said_two_things(copied: tuple[Pair, Path], tmp_path: Path):
    pair, copy = copied
    pair.brand.put_back(copy)
    pair.brand.ask("say", name=pair.agreement, first=80, count=6)
    pair.brand.serve()
    pair.brand.exchange()
    wait_until(lambda: frozen(pair.market, "theirs") == "equivocation", "the market has both statements")
    wait_until(lambda: frozen(pair.brand, "ours") != "", "the brand stands still as well")
    file = tmp_path / "fault.json"
    written = pair.market.ask("extract", name=pair.agreement, first=1, last=2, contradictions=True)
    file.write_bytes(base64.b64decode(written))
    assert verified(file) == verified(file, by_script=True) == 0
    file.write_bytes(file.read_bytes().replace(b'"what": "entry"', b'"what": "checkpoint"'))
    assert verified(file) == verified(file, by_script=True) == 1


def verified(file: Path, *, by_script: bool = False) -> int:
    """Exit code of the check by a third party."""
    command = [sys.executable, "-m", "countermark.cli.main", "verify"]
    if by_script:
        script = file.with_name("countermark_verify.py")
        printed = subprocess.run([*command, "--script"], check=True, capture_output=True, cwd=ROOT)
        script.write_bytes(printed.stdout)
        command = [sys.executable, "-I", str(script)]
    return subprocess.run([*command, str(file)], check=False, capture_output=True, cwd=ROOT).returncode
