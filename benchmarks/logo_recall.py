"""Registered logos printed on real photographs: recall at 30, 20 and 12 % of the width at 1 false alarm in 200 photos.

Marks and photos come from the test split (SHA-256 of the file name, see `training/datasets.py`); the weights have
not seen them. "Published" is the composite of `training/compose.py`: tilt up to 20 degrees, perspective,
shade and texture of the cloth, one of ten on a plate, JPEG 75. Peer in the same run: ORB, ratio test, RANSAC, at
least 12 inliers.

Run: `python benchmarks/logo_recall.py [small|full] [dev|test]` (with ../shared/data beside the checkout).
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from countermark.signals.image.logos import LogoFinder, LogoReference, Options
from countermark.signals.image.logos.pairs import carry
from countermark.signals.image.logos.training.compose import PUBLISHED, pose, stamp
from countermark.signals.image.logos.training.datasets import read_marks, read_photos

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SIZES = {"small": (60, 40, 100), "full": (300, 150, 400)}  # references, prints a width, logo-free photos
WIDTHS = (0.30, 0.20, 0.12)
PEER_PHOTOS = 40


def references(marks):
    """White ink of every mark as RGBA."""
    return [
        LogoReference(name, np.dstack([np.full((*mark.alpha.shape, 3), 255, np.uint8), mark.alpha]))
        for name, mark in marks.items()
    ]


def prints(photos, marks, share, seed):
    """One print a photo: photo, name of the mark, its true centre, its long side."""
    rng = np.random.default_rng(seed)
    names = list(marks)
    for photo in photos:
        name = names[int(rng.integers(len(names)))]
        height, width = photo.shape[:2]
        half = share * width / 2
        x, y = (rng.uniform(1.1 * half, size - 1.1 * half) for size in (width, height))
        place = np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]])
        matrix = place @ pose(rng, PUBLISHED, marks[name].aspect)
        yield stamp(photo, marks[name], matrix, rng, PUBLISHED), name, carry(matrix, np.zeros((1, 2)))[0], 2 * half


def score_of(matches, name, centre, long):
    """Score of the right mark at the right place, 0 when it was not found."""
    for match in matches:
        if match.reference == name and np.linalg.norm(np.mean(match.polygon, axis=0) - centre) < 0.35 * long:
            return match.score
    return 0.0


class Peer:
    """ORB + RANSAC, at least 12 inliers, as the published measurement did it."""

    def __init__(self, marks):
        self._orb = cv2.ORB_create(800, fastThreshold=8)
        self._marks = {}
        for name, mark in marks.items():
            grey = cv2.copyMakeBorder(255 - mark.alpha, 32, 32, 32, 32, cv2.BORDER_CONSTANT, value=255)
            points, bits = self._orb.detectAndCompute(grey, None)
            if bits is not None and len(bits) >= 12:
                self._marks[name] = (points, bits)

    def find(self, photo):
        points, bits = self._orb.detectAndCompute(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), None)
        matcher = cv2.BFMatcher(cv2.NORM_HAMMING)
        best = ("", 0)
        for name, (theirs, their_bits) in self._marks.items():
            pairs = [
                p for p in matcher.knnMatch(their_bits, bits, 2) if len(p) == 2 and p[0].distance < 0.8 * p[1].distance
            ]
            if bits is None or len(pairs) < 12:
                continue
            one = np.float32([theirs[p[0].queryIdx].pt for p in pairs])
            two = np.float32([points[p[0].trainIdx].pt for p in pairs])
            _, inside = cv2.estimateAffinePartial2D(one, two, ransacReprojThreshold=4.0)
            count = 0 if inside is None else int(inside.sum())
            best = max(best, (name, count), key=lambda pair: pair[1])
        return best[0] if best[1] >= 12 else ""


def run(size: str = "full", split: str = "test") -> dict:
    count, printed, clean = SIZES[size]
    marks = read_marks(DATA / "logos" / "all-icons.tar.gz", split)
    names = sorted(np.random.default_rng(1).permutation(list(marks))[:count])
    marks = {str(name): marks[name] for name in names}
    photos = [photo for _, photo in read_photos(DATA / "photos", split, printed + clean)]
    finder, peer = LogoFinder(references(marks), Options(threshold=0.02)), Peer(marks)
    shipped = Options().threshold
    free, spent = [], []
    for photo in photos[printed:]:
        started = time.perf_counter()
        matches = finder.find(photo)
        spent.append(time.perf_counter() - started)
        free.append((max((m.score for m in matches), default=0.0), matches[0].reference if matches else ""))
    level = sorted((score for score, _ in free), reverse=True)[len(free) // 200]
    result = {
        "split": split,
        "references": len(marks),
        "logo_free_photos": len(free),
        "false_alarms_at_shipped_threshold": sum(score >= shipped for score, _ in free),
        "shipped_threshold": shipped,
        "threshold_at_1_in_200": level,
        "loudest": sorted(free, reverse=True)[:6],
        "median_ms_all_references": round(1000 * float(np.median(spent)), 1),
        "peer_false_alarms_in_40": sum(bool(peer.find(photo)) for photo in photos[printed : printed + PEER_PHOTOS]),
    }
    for share in WIDTHS:
        scores, theirs = [], []
        for at, (photo, name, centre, long) in enumerate(prints(photos[:printed], marks, share, int(share * 100))):
            scores.append(score_of(finder.find(photo), name, centre, long))
            if at < PEER_PHOTOS:
                theirs.append(peer.find(photo) == name)
        result[f"recall_at_{share:.0%}"] = {
            "at_1_false_in_200": round(float(np.mean(np.array(scores) > level)), 3),
            "at_shipped_threshold": round(float(np.mean(np.array(scores) >= shipped)), 3),
            "any_score": round(float(np.mean(np.array(scores) > 0)), 3),
            "peer_orb_12_inliers": round(float(np.mean(theirs)), 3),
        }
    few = LogoFinder(references(dict(list(marks.items())[:50])))
    spent = []
    for photo in photos[-20:]:
        started = time.perf_counter()
        few.find(photo)
        spent.append(time.perf_counter() - started)
    result["median_ms_50_references"] = round(1000 * float(np.median(spent)), 1)
    return result


def main() -> None:
    cv2.setNumThreads(1)
    print(json.dumps(run(*sys.argv[1:]), indent=1))


if __name__ == "__main__":
    main()
