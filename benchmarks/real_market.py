"""Quality on real input: `countermark scan` over a market of real photographs, titles and spellings.

Peers in the same run: for copied photos PDQ at its recommended radius (31 of 256 bits) over the same pictures; for
spellings a plain, case-blind search for the brand's names. Nothing of this project was tuned on these listings.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import yaml

from benchmarks import _real_market as market_maker
from benchmarks._real_market import BOTH, COPY, HONEST, SPELLING, Market
from countermark.formats import read_findings

SIZES = {"small": 1500, "full": 12000}
PDQ_RADIUS = 31


def run(size: str) -> dict[str, object] | None:
    """Build, scan through the command, evaluate, and compare with the peers."""
    if not market_maker.available():
        return None
    with tempfile.TemporaryDirectory() as name:
        market = market_maker.build(Path(name) / "market", listings=SIZES[size])
        findings_file = Path(name) / "findings.parquet"
        started = time.perf_counter()
        summary = _command("scan", market.listings, "--rights", market.rights, "-o", findings_file, "--json", "-q")
        seconds = time.perf_counter() - started
        report = _command("evaluate", findings_file, market.truth, "--json")
        figures = {
            "listings": SIZES[size],
            "listings_a_second": round(SIZES[size] / seconds, 1),
            "findings": summary["findings"],
            "by_level": summary["by_level"],
            **_ours(market, findings_file),
            **_peers(market),
            "report": report,
        }
    _show(figures)
    return figures


def _command(*arguments: object) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "countermark.cli.main", *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def _rates(hits: Counter, totals: Counter) -> dict[str, float]:
    return {key: round(hits[key] / totals[key], 3) for key in sorted(totals)}


def _ours(market: Market, findings_file: Path) -> dict[str, object]:
    photo, spelled, high = set(), set(), set()
    for finding in read_findings(str(findings_file)):
        right_brand = market.made[finding.listing_id]["brand"] == finding.brand
        names = {reason.signal for reason in finding.reasons_for()}
        if right_brand and "image.copied_photo" in names:
            photo.add(finding.listing_id)
        if right_brand and names & {"text.mark", "text.disguised_mark", "text.lookalike"}:
            spelled.add(finding.listing_id)
        if finding.level == "high":
            high.add(finding.listing_id)
    by_edit, edits, sorts, accused = Counter(), Counter(), Counter(), Counter()
    found = Counter()
    for listing, made in market.made.items():
        sorts[made["sort"]] += 1
        accused[made["sort"]] += listing in high
        if made["sort"] in (COPY, BOTH):
            edits[made["edit"]] += 1
            by_edit[made["edit"]] += listing in photo
        if made["sort"] in (SPELLING, BOTH):
            found["spelling"] += 1
            found["spelling hit"] += listing in spelled
    return {
        "copied_photo_recall": round(sum(by_edit.values()) / sum(edits.values()), 3),
        "copied_photo_recall_by_edit": _rates(by_edit, edits),
        "spelling_recall": round(found["spelling hit"] / found["spelling"], 3),
        "high_by_sort": {sort: f"{accused[sort]} of {sorts[sort]}" for sort in sorted(sorts)},
        "honest_called_high": round(accused[HONEST] / max(sorts[HONEST], 1), 4),
    }


def _peers(market: Market) -> dict[str, object]:
    rights = yaml.safe_load(market.rights.read_text())
    hits = total = 0
    for made in market.made.values():
        if made["sort"] in (SPELLING, BOTH):
            total += 1
            names = next(
                [b["name"], *b["rights"][0]["aliases"]] for b in rights["brands"] if b["name"] == made["brand"]
            )
            hits += any(name.casefold() in made["title"].casefold() for name in names)
    return {"peer_plain_search_recall": round(hits / max(total, 1), 3), **_pdq(market)}


def _pdq(market: Market) -> dict[str, object]:
    try:
        import pdqhash
    except ImportError:
        return {"peer_pdq": "pdqhash is not installed"}

    def hashes(path: Path) -> np.ndarray:
        bits, _ = pdqhash.compute(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB))
        return np.packbits(bits.astype(np.uint8)).view(np.uint64)

    references = np.stack([hashes(p) for p in sorted((market.folder / "official").glob("*/*.jpg"))])
    hits, totals, false, unrelated = Counter(), Counter(), 0, 0
    for made, path in zip(market.made.values(), sorted((market.folder / "offered").glob("*.jpg")), strict=True):
        if made["sort"] not in (COPY, BOTH, HONEST):
            continue
        matched = np.bitwise_count(references ^ hashes(path)).sum(axis=1).min() <= PDQ_RADIUS
        if made["sort"] == HONEST:
            unrelated += 1
            false += matched
        else:
            totals[made["edit"]] += 1
            hits[made["edit"]] += matched
    return {
        "peer_pdq_recall": round(sum(hits.values()) / sum(totals.values()), 3),
        "peer_pdq_recall_by_edit": _rates(hits, totals),
        "peer_pdq_false_matches": f"{int(false)} of {unrelated}",
    }


def _show(figures: dict[str, object]) -> None:
    for name, value in figures.items():
        if not isinstance(value, dict):
            print(f"   {name}: {value}")


if __name__ == "__main__":
    run("small")
