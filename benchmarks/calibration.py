"""Does a stated risk come true, before and after learning from decisions; and does the bound on false accusation hold?

Split: invented markets of seeds 301 to 303 are decided and learned from, 401 and 402 are tested on; of the market of
real photographs, listings are parted in two by the SHA-256 of their id. Learning sees only findings that the shipped
policy reports, as reviewers would; risks are then stated for whatever the policy in question reports. Peers on the same
rows: the shipped policy, the shipped policy with scale and shift of its log-odds fitted (Platt), and an explainable
boosting machine.
"""

import hashlib
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from benchmarks import _real_market as real_market
from countermark.evaluate import bound_of
from countermark.evaluate.learning import Decided, learn
from countermark.evaluate.learning.boosting import is_installed
from countermark.evaluate.learning.fitting import _calibrated, _tabled
from countermark.evaluate.learning.lines import start_of
from countermark.evaluate.reliability import ReliabilityTally
from countermark.formats import read_findings, read_truth
from countermark.judge import Policy, load_policy
from countermark.judge.policy import SHIPPED
from countermark.judge.weighing import log_odds_of, risk_of
from countermark.world import draw_market

SIZES = {"small": (600, 2600), "full": (2000, 6000)}
TRAIN_SEEDS, TEST_SEEDS = (301, 302, 303), (401, 402)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
BOUND, RUNS, SAMPLE = 0.005, 200, 900


class Row(NamedTuple):
    """A listing and a house that something points to: its values, and whether it infringes."""

    listing: str
    honest: bool
    infringing: bool
    values: dict[str, float]


class Seen(NamedTuple):
    """A scanned market: every pair with a reason, and all honest listings."""

    rows: list[Row]
    honest: int


def run(size: str) -> dict[str, object]:
    """Draw, scan, learn on one part, measure on the other."""
    listings, real = SIZES[size]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train = [_world(folder, seed, listings) for seed in TRAIN_SEEDS]
        test = [_world(folder, seed, listings) for seed in TEST_SEEDS]
        rows, tested = [r for seen in train for r in seen.rows], [r for seen in test for r in seen.rows]
        figures: dict[str, object] = {
            "world": _compare(rows, tested),
            "bound": _bound([*tested, *rows], sum(seen.honest for seen in (*test, *train))),
        }
        if real_market.available():
            seen = _real(folder, real)
            learned_from = [row for row in seen.rows if _half(row.listing)]
            figures["real_photos"] = _compare(learned_from, [row for row in seen.rows if not _half(row.listing)])
    for part, said in figures.items():
        print(f"   {part}:")
        for key, value in said.items():  # type: ignore[attr-defined]
            print(f"      {key}: {value}")
    return figures


def _world(folder: Path, seed: int, listings: int) -> Seen:
    files = draw_market(folder / str(seed), seed=seed, listings=listings)
    return _scanned(folder / str(seed), files.listings, files.rights, files.truth)


def _real(folder: Path, listings: int) -> Seen:
    market = real_market.build(folder / "real", listings=listings)
    return _scanned(market.folder, market.listings, market.rights, market.truth)


def _scanned(folder: Path, listings: Path, rights: Path, truth: Path) -> Seen:
    """Scan with a policy that reports everything, so that each policy can then report what it would."""
    policy, found = folder / "everything.yaml", folder / "findings.parquet"
    policy.write_text(SHIPPED.read_text().replace("\nreport: ", "\nreport: 0.0 # "))
    command = [sys.executable, "-m", "countermark.cli.main", "scan", str(listings), "--rights", str(rights)]
    subprocess.run([*command, "--policy", str(policy), "-o", str(found), "-q"], check=True, capture_output=True)
    told = list(read_truth(truth))
    guilty = {(t.listing_id, t.brand) for t in told if t.infringing}
    listed = {listing for listing, _ in guilty}
    rows = [
        Row(
            f.listing_id,
            f.listing_id not in listed,
            (f.listing_id, f.brand) in guilty or (f.listing_id, "") in guilty,
            {reason.signal: reason.value for reason in f.reasons},
        )
        for f in read_findings(str(found))
    ]
    return Seen(rows, len({t.listing_id for t in told} - listed))


def _half(listing: str) -> bool:
    return hashlib.sha256(listing.encode()).digest()[0] < 128


def _risk(row: Row, policy: Policy) -> float:
    return risk_of(log_odds_of(policy.base_rate, (policy.weights[n].at(v) for n, v in row.values.items())))


def _decisions(rows: Iterable[Row], shipped: Policy) -> list[Decided]:
    """What reviewers would have decided: truth, for what the shipped policy reports, in an order that means nothing."""
    reported = [row for row in rows if _risk(row, shipped) >= shipped.report]
    reported.sort(key=lambda row: hashlib.sha256(row.listing.encode()).digest())
    return [
        Decided(finding_id=f"f{n}", infringing=r.infringing, decided_at=FIRST + timedelta(minutes=n), signals=r.values)
        for n, r in enumerate(reported)
    ]


def _compare(rows: list[Row], tested: list[Row]) -> dict[str, object]:
    shipped = load_policy()
    decisions = _decisions(rows, shipped)
    figures: dict[str, object] = {
        "decisions": len(decisions),
        "decided_infringing": sum(d.infringing for d in decisions),
        "shipped": _measured(tested, shipped),
        "shipped, scaled and shifted": _measured(tested, _platt(decisions, shipped)),
    }
    for method in ("lines", "boosted") if is_installed() else ("lines",):
        figures[f"learned, {method}"] = _measured(tested, learn(decisions, shipped, method=method).policy)
    chosen = learn(decisions, shipped)
    figures["chosen"] = chosen.learned.method
    figures["learned, chosen"] = _measured(tested, chosen.policy)
    return figures


def _platt(decisions: list[Decided], shipped: Policy) -> Policy:
    model = _calibrated(start_of(shipped.base_rate, shipped.weights), _tabled(decisions, shipped))
    return msgspec.structs.replace(shipped, base_rate=model.base, weights=model.curves)


def _measured(rows: list[Row], policy: Policy) -> dict[str, object]:
    tally, reported, high, accused, hits = ReliabilityTally(), 0, 0, 0, 0
    loss = 0.0
    for row in rows:
        risk = _risk(row, policy)
        if risk < policy.report:
            continue
        tally.add(risk, true=row.infringing)
        reported += 1
        hits += row.infringing
        loss -= math.log(max(risk if row.infringing else 1 - risk, 1e-6))
        high += risk >= policy.levels.high
        accused += row.honest and risk >= policy.levels.high
    result = tally.result()
    return {
        "findings": reported,
        "infringing": hits,
        "calibration_error": result.calibration_error,
        "brier": result.brier,
        "log_loss": round(loss / max(reported, 1), 4),
        "high": high,
        "honest_called_high": accused,
        "infringing_reported": f"{hits} of {sum(row.infringing for row in rows)}",
    }


def _bound(rows: list[Row], honest: int) -> dict[str, object]:
    """Draw honest listings 200 times from a known whole, and see in how many draws the threshold keeps its promise."""
    shipped, highest = load_policy(), dict[str, float]()
    for row in rows:
        if row.honest:
            highest[row.listing] = max(_risk(row, shipped), highest.get(row.listing, 0.0))
    whole = np.array([*highest.values(), *[0.0] * (honest - len(highest))])
    dice = np.random.default_rng(17)
    above, marginal = [], []
    for _ in range(RUNS):
        bound = bound_of(dice.choice(whole, SAMPLE).tolist(), BOUND)
        above.append(float(np.mean(whole > bound.threshold)))
        marginal.append(float(np.mean(whole > bound.marginal)))
    return {
        "bound": BOUND,
        "honest_listings": len(whole),
        "drawn_each_time": SAMPLE,
        "held": f"{sum(share <= BOUND for share in above)} of {RUNS}",
        "held_by_the_marginal_threshold": f"{sum(share <= BOUND for share in marginal)} of {RUNS}",
        "mean_share_above": round(float(np.mean(above)), 5),
        "mean_share_above_marginal": round(float(np.mean(marginal)), 5),
    }


if __name__ == "__main__":
    run("small")
