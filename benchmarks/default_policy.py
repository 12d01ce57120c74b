"""Learn the policy that ships from invented markets, check that it is careful, and write it: judge/policy.learned.yaml.

It starts from the numbers set by hand (judge/policy.yaml), learns from the truth of markets of some seeds on a leash,
and is measured on markets of other seeds, on attacked listings with their honest twins, and on the market of real
photographs, which it never saw. A signal that no market shows keeps its weight. Nothing is written when a check fails.
"""

import hashlib
import math
import tempfile
from datetime import timedelta
from pathlib import Path

import yaml

from benchmarks import _real_market as real_market
from benchmarks.calibration import FIRST, Row, _measured, _real, _world
from countermark.evaluate.learning import Decided, learn
from countermark.evaluate.learning.leash import PLAIN_MARK, alone
from countermark.evaluate.learning.lines import start_of
from countermark.formats import read_portfolio
from countermark.judge import Policy, load_policy, parse_policy
from countermark.judge.policy import HAND_SET
from countermark.judge.policy_file import check_against
from countermark.scan import ScanPlan, all_specs
from countermark.world import draw_market
from countermark.world.adversary.suite import run_suite

#: Listings of one market, and of the market of real photographs.
SIZES = {"small": (700, 1200), "full": (2000, 2600)}
TRAIN_SEEDS, TEST_SEEDS = (302, 303, 304, 305), (601, 602)
#: No weight more than doubles, and none that speaks for a seller is less than halved.
LEASH = 2.0
#: From here on a finding is called high: nine of ten. What is learned states higher risks than the numbers set by hand.
HIGH = 0.9
TARGET = HAND_SET.with_name("policy.learned.yaml")


def run(size: str) -> dict[str, object] | None:
    """Draw, scan, learn, check; only the full size writes the policy."""
    listings, real = SIZES[size]
    start = _with_high(load_policy(HAND_SET), HIGH)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train = [row for seed in TRAIN_SEEDS for row in _world(folder, seed, listings).rows]
        test = [row for seed in TEST_SEEDS for row in _world(folder, seed, listings).rows]
        photos = _real(folder, real).rows if real_market.available() else []
        learned = learn(_decisions(train), start, leash=LEASH).policy
        figures: dict[str, object] = {
            "seeds": {"train": TRAIN_SEEDS, "test": TEST_SEEDS},
            "pairs": len(train),
            "policy": learned.digest,
            "world": {"by hand": _measured(test, load_policy(HAND_SET)), "learned": _measured(test, learned)},
            "real_photos": {"by hand": _measured(photos, load_policy(HAND_SET)), "learned": _measured(photos, learned)},
            "twins_accused": _twins(folder, learned),
        }
    problems = careless(learned, start, figures)
    figures["problems"] = problems
    for key, value in figures.items():
        print(f"   {key}: {value}")
    if size == "full" and not problems:
        TARGET.write_bytes(learned.source)
        print(f"   written to {TARGET}")
    return figures


def careless(learned: Policy, start: Policy, figures: dict[str, object]) -> list[str]:
    """What speaks against shipping it, in sentences; empty when nothing does."""
    check_against(learned, all_specs())
    limit = math.log(HIGH / (1 - HIGH))
    before, after = start_of(start.base_rate, start.weights), start_of(learned.base_rate, learned.weights)
    problems = [
        f"{name} alone beside the plain mark is called high, and was not before."
        for name in start.weights
        if name != PLAIN_MARK and alone(before, name) < limit <= alone(after, name)
    ]
    for market in ("world", "real_photos"):
        told = figures[market]
        assert isinstance(told, dict)
        if told["learned"]["honest_called_high"] > told["by hand"]["honest_called_high"]:
            problems.append(f"More honest listings are called high on {market} than by hand.")
    if figures["twins_accused"]:
        problems.append(f"{figures['twins_accused']} honest twins of attacked listings are accused.")
    return problems


def _with_high(policy: Policy, high: float) -> Policy:
    raw = yaml.safe_load(policy.source)
    raw["levels"]["high"] = high
    return parse_policy(yaml.safe_dump(raw, sort_keys=False, allow_unicode=True).encode())


def _decisions(rows: list[Row]) -> list[Decided]:
    """The truth about every pair, in an order that means nothing: no reviewer's queue stands between."""
    ordered = sorted(rows, key=lambda row: hashlib.sha256(repr(row).encode()).digest())
    return [
        Decided(finding_id=f"f{n}", infringing=r.infringing, decided_at=FIRST + timedelta(minutes=n), signals=r.values)
        for n, r in enumerate(ordered)
    ]


def _twins(folder: Path, policy: Policy) -> int:
    """Honest twins accused by the suite of `countermark evaluate --adversarial`, at its shipped size and seed."""
    reading = read_portfolio(draw_market(folder / "twins", seed=7, listings=20, workers=1).rights)
    plan = ScanPlan.prepare(reading.portfolio, reading.images, policy)
    return sum(one.false_alarms.hits for one in run_suite(reading.portfolio, reading.images, plan, seed=7, cases=12))
