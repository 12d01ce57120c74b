"""Learn the policy that ships from invented markets, check that it is careful, and write it: judge/policy.learned.yaml.

It starts from the numbers set by hand (judge/policy.yaml), learns from the truth of markets of some seeds on a leash,
and is measured on markets of other seeds, on attacked listings with their honest twins, and on the market of real
photographs, which it never saw. A signal that no market shows keeps its weight. Nothing is written when a check fails.
"""

import hashlib
import math
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from benchmarks import _real_market as real_market
from benchmarks.calibration import FIRST, Row, _measured, _real, _world
from countermark.evaluate.learning import Decided, learn
from countermark.evaluate.learning.leash import PLAIN_MARK, alone
from countermark.evaluate.learning.lines import start_of
from countermark.formats import read_portfolio
from countermark.formats.arrow import listings_to_batch
from countermark.judge import Policy, load_policy, parse_policy
from countermark.judge.policy import HAND_SET
from countermark.judge.policy_file import check_against
from countermark.model import Condition, Level, Listing, Price, Seller, Text
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
RANK = {Level.LOW: 1, Level.MEDIUM: 2, Level.HIGH: 3}
#: Offers of new goods by an unknown shop that people settled by hand, with the highest word each may have: a part, a
#: close spelling (another maker's honest name will not cost what the house asks either), the mark at a usual price.
SETTLED: tuple[tuple[str, int, Level | None], ...] = (
    ("Strap compatible with Corvane", 15, Level.LOW),
    ("Corvanne bag", 40, Level.MEDIUM),
    ("Corvane leather tote", 25, Level.MEDIUM),
    ("Corvane leather tote, new season", 450, None),
    ("Pre-owned Corvane tote", 400, None),
    ("Not a replica Corvane", 350, None),
)
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
            **_adversary(folder, learned),
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
    worse = figures["settled_cases_worse"]
    assert isinstance(worse, list)
    return [*problems, *(f"A settled case comes out worse: {case}." for case in worse)]


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


def _adversary(folder: Path, policy: Policy) -> dict[str, object]:
    """Honest twins accused by the suite of `evaluate --adversarial`, and settled cases that come out worse."""
    reading = read_portfolio(draw_market(folder / "twins", seed=7, listings=20, workers=1).rights)
    plan = ScanPlan.prepare(reading.portfolio, reading.images, policy)
    outcomes = run_suite(reading.portfolio, reading.images, plan, seed=7, cases=12)
    found = plan.run(listings_to_batch([_offer(title, price) for title, price, _ in SETTLED]), reading.images)
    levels = {finding.external_id: finding.level for finding in found if finding.brand == "Corvane"}
    worse = [
        f"{title}, {price} EUR: {levels[title]}, at most {most or 'unreported'}"
        for title, price, most in SETTLED
        if title in levels and (most is None or RANK[levels[title]] > RANK[most])
    ]
    return {"twins_accused": sum(one.false_alarms.hits for one in outcomes), "settled_cases_worse": worse}


def _offer(title: str, price: int) -> Listing:
    return Listing(
        marketplace="Bazaar",
        external_id=title,
        title=Text(title, "en"),
        seller=Seller(marketplace="Bazaar", external_id="S1", name="shop"),
        captured_at=FIRST,
        price=Price(Decimal(price), "EUR"),
        condition=Condition.NEW,
    )
