"""Copies of official photos: what is recognised after each edit, what is confused, and what a photo costs.

The photos of `../shared/data/photos` are split by the SHA-256 of the file name: below 128 in its first byte is for
development, the rest is the test set; of each, a second byte below 160 makes a photo a reference, the rest are
unrelated photos. Thresholds were set on the development photos only. Ours is `ImageSignals` as the product runs it.
Peers in the same run on the same bytes: PDQ (`pdqhash`, 31 of 256 bits) and ORB with 500 corners and RANSAC (12
inliers).
"""

import hashlib
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from benchmarks._edits import EDITS, encode
from benchmarks._orb_peer import OrbPeer
from countermark.model import ImageRef, ImageRole, Portfolio, Right, RightKind, Signal
from countermark.signals.image import ImageSignals, SeenPicture
from countermark.signals.image.copies import CopyStage

PHOTOS = Path(__file__).parents[2] / "shared" / "data" / "photos"
#: Split, photos edited, unrelated photos for the slow peer.
SIZES = {"small": ("dev", 12, 30), "full": ("test", 50, 100)}


@dataclass
class Split:
    """References and unrelated photos by file name; the references of the other split are looked among as well."""

    references: dict[str, bytes] = field(default_factory=dict)
    unrelated: dict[str, bytes] = field(default_factory=dict)
    others: dict[str, bytes] = field(default_factory=dict)


def run(size: str) -> dict[str, object] | None:
    """Count and time; None where the photos are missing."""
    if not PHOTOS.is_dir():
        return None
    name, edited, slow = SIZES[size]
    return measure(name, edited, slow)


def measure(name: str, edited: int, slow: int, *, peers: bool = True) -> dict[str, object]:
    """The figures of one split."""
    cv2.setNumThreads(1)
    split = split_of(name)
    ours = _Ours(split.references | split.others)
    figures: dict[str, object] = {
        "split": name,
        "references": len(split.references) + len(split.others),
        "edited_each": edited,
        "unrelated": len(split.unrelated),
    }
    figures |= _confused(ours, split)
    figures |= _recall(ours, split, edited, slow, peers=peers)
    for key, value in figures.items():
        print(f"   {key}: {value}")
    return figures


def split_of(name: str) -> Split:
    """The photos of `dev` or `test`."""
    split = Split()
    for path in sorted(PHOTOS.glob("*/*.jpg")):
        digest = hashlib.sha256(path.name.encode()).digest()
        reference = digest[1] < 160
        if (digest[0] < 128) == (name == "dev"):
            (split.references if reference else split.unrelated)[path.name] = path.read_bytes()
        elif reference:
            split.others[path.name] = path.read_bytes()
    return split


class _Ours:
    """The image signals with every reference as the official photo of a house of its own."""

    def __init__(self, references: dict[str, bytes]) -> None:
        rights = tuple(
            Right(
                brand=name,
                kind=RightKind.COPYRIGHT,
                title="photo",
                references=(ImageRef(uri=name, role=ImageRole.OFFICIAL),),
            )
            for name in references
        )
        self.portfolio = Portfolio(rights=rights)
        source = _Bytes(references)
        self.stage = CopyStage.prepare(self.portfolio, source)
        self._signals = ImageSignals(self.portfolio, source, stages=(self.stage,))

    def see(self, data: bytes) -> tuple[list[Signal], float]:
        """Signals of one picture, and the seconds of processor time that it took, reading and decoding included."""
        import pyarrow as pa

        batch = pa.RecordBatch.from_pydict({"images": pa.array([["x"]], pa.list_(pa.string()))})
        start = time.process_time()
        found = self._signals.measure(batch, _Bytes({"x": data}))[0]
        return found, time.process_time() - start


class _Bytes:
    def __init__(self, pictures: dict[str, bytes]) -> None:
        self.pictures = pictures

    def read(self, uri: str) -> bytes:
        return self.pictures[uri]


def _confused(ours: _Ours, split: Split) -> dict[str, object]:
    """Unrelated photos called copies of a reference; and references called copies of another reference."""
    false, scenes, costs = [], 0, []
    for name, data in split.unrelated.items():
        found, seconds = ours.see(data)
        costs.append(1000 * seconds)
        copies = [s for s in found if s.name == "image.copied_photo"]
        scenes += any(s.name == "image.shared_scene" for s in found)
        false += [(name, s.brand, s.facts) for s in copies]
    other = [
        (name, s.brand, s.facts)
        for name, data in split.references.items()
        for s in ours.stage.look(SeenPicture(0, name, data))
        if s.name == "image.copied_photo" and s.brand != name
    ]
    return {
        "false_matches": [f"{a} {b} {_short(facts)}" for a, b, facts in false],
        "false_among_references": [f"{a} {b} {_short(facts)}" for a, b, facts in other],
        "unrelated_with_shared_scene": scenes,
        "unrelated_ms_median": round(statistics.median(costs), 2),
        "unrelated_ms_p95": round(float(np.percentile(costs, 95)), 2),
    }


def _short(facts: dict[str, str]) -> str:
    return " ".join(f"{key}={facts[key]}" for key in ("algorithm", "agreement", "threshold", "corners") if key in facts)


def _recall(ours: _Ours, split: Split, edited: int, slow: int, *, peers: bool) -> dict[str, object]:
    names = list(split.references)
    chosen = [names[n * len(names) // edited] for n in range(edited)]
    originals = [cv2.imdecode(np.frombuffer(split.references[n], np.uint8), cv2.IMREAD_COLOR) for n in chosen]
    hashes = [_pdq(split.references[name]) for name in chosen] if peers else []
    orb = OrbPeer(split.references | split.others) if peers else None
    shares: dict[str, list[float]] = {}
    costs: list[float] = []
    missed: dict[str, list[str]] = {}
    for edit_name, edit in EDITS.items():
        dice = np.random.default_rng(5)
        copies = [encode(edit(picture, dice)) for picture in originals]
        found = []
        for copy, name in zip(copies, chosen, strict=True):
            signals, seconds = ours.see(copy)
            costs.append(1000 * seconds)
            found.append(any(s.name == "image.copied_photo" and s.brand == name for s in signals))
        missed[edit_name] = [name for name, hit in zip(chosen, found, strict=True) if not hit]
        counts = [sum(found)]
        if orb is not None:
            counts.append(sum(_differs(one, _pdq(copy)) <= 31 for one, copy in zip(hashes, copies, strict=True)))
            counts.append(sum(name in orb.seen(copy) for copy, name in zip(copies, chosen, strict=True)))
        shares[edit_name] = [round(100 * count / edited, 1) for count in counts]
        print(f"   {edit_name}: {shares[edit_name]}", flush=True)
    figures: dict[str, object] = {
        "recall_percent": shares,
        "recall_percent_means": [round(statistics.mean(column), 1) for column in zip(*shares.values(), strict=True)],
        "recall_percent_worst": [min(column) for column in zip(*shares.values(), strict=True)],
        "copies_ms_median": round(statistics.median(costs), 2),
        "copies_ms_p95": round(float(np.percentile(costs, 95)), 2),
    }
    if orb is not None:
        figures |= _peers_confused(orb, split, slow)
    return figures


def _peers_confused(orb: OrbPeer, split: Split, slow: int) -> dict[str, object]:
    shown = list(split.unrelated.values())
    hashes = [_pdq(data) for data in (split.references | split.others).values()]
    pdq = sum(any(_differs(mine, bits) <= 31 for bits in hashes) for mine in map(_pdq, shown))
    costs, confused = [], 0
    for data in shown[:slow]:
        start = time.process_time()
        seen = orb.seen(data)
        costs.append(1000 * (time.process_time() - start))
        confused += bool(seen)
    return {
        "pdq_false": f"{pdq} of {len(shown)}",
        "orb_ransac_false": f"{confused} of {len(costs)}",
        "orb_ransac_ms_median": round(statistics.median(costs), 2),
    }


def _pdq(data: bytes) -> np.ndarray:
    import pdqhash

    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.packbits(pdqhash.compute(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))[0])


def _differs(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.bitwise_count(one ^ other).sum())


def main() -> None:
    """Run at the small size and print."""
    run("small")


if __name__ == "__main__":
    main()
