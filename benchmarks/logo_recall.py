"""Registered logos printed on real photographs: recall at 30, 20 and 12 % of the width, false alarms, masked, cost.

Marks and photos come from the test split (SHA-256 of the file name, see `training/datasets.py`); weights and verdict
have not seen them, and the threshold was set on dev. "Published" is the composite of `training/compose.py`: tilt up to
20 degrees, perspective, shade and texture of the cloth, one of ten on a plate, JPEG 75, ink at least 70 of 441 units
of RGB from the mean of the cloth. Found means: the right one of all references, at the right place. Masked ones are
every second of these prints with 30 to 50 % hidden. Peer in the same run: ORB, ratio test, RANSAC, at least 12 inliers.

Run: `python -m benchmarks logo_recall [--full]`, or `python -m benchmarks.logo_recall small|full dev|test` to print
only (with ../shared/data beside the checkout).
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from countermark.signals.image.logos import LogoFinder, LogoReference, Options
from countermark.signals.image.logos.pairs import carry
from countermark.signals.image.logos.plain import plain_shape
from countermark.signals.image.logos.training.compose import PUBLISHED, pose, stamp
from countermark.signals.image.logos.training.datasets import read_marks, read_photos
from countermark.signals.image.logos.training.hiding import hide

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SIZES = {"small": (60, 15, 40), "full": (300, 60, 200)}  # references, prints a width, logo-free photos
MASKED = 2  # of so many prints one is measured with a part hidden, too
WIDTHS = (0.30, 0.20, 0.12)
PEER_PHOTOS = 20


def references(marks):
    """White ink of every mark as RGBA."""
    return [
        LogoReference(name, np.dstack([np.full((*mark.alpha.shape, 3), 255, np.uint8), mark.alpha]))
        for name, mark in marks.items()
    ]


def prints(photos, marks, share, seed):
    """One print a photo: photo, name of the mark, its true centre, its long side, its pose and its aspect."""
    rng = np.random.default_rng(seed)
    names = list(marks)
    for photo in photos:
        name = names[int(rng.integers(len(names)))]
        height, width = photo.shape[:2]
        half = share * width / 2
        x, y = (rng.uniform(1.1 * half, size - 1.1 * half) for size in (width, height))
        place = np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]])
        matrix = place @ pose(rng, PUBLISHED, marks[name].aspect)
        shown = stamp(photo, marks[name], matrix, rng, PUBLISHED)
        yield shown, name, carry(matrix, np.zeros((1, 2)))[0], 2 * half, matrix, marks[name].aspect


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


def _timed(finder, photos):
    """Milliseconds of processor time for each photo, and the matches."""
    spent, matches = [], []
    for photo in photos:
        started = time.process_time()
        matches.append(finder.find(photo))
        spent.append(1000 * (time.process_time() - started))
    return spent, matches


def _hidden(prints_of, seed):
    """The same prints with 30 to 50 % of the mark under a bar, a smear or coarse pixels."""
    rng = np.random.default_rng(seed)
    for photo, name, centre, long, matrix, aspect in prints_of:
        yield hide(photo, matrix, aspect, rng.uniform(0.3, 0.5), rng), name, centre, long


def _shares(prints_of, finder, peer, level, shipped):
    """Recall of the right mark at the right place, and how often it was called masked."""
    scores, theirs, masked = [], [], 0
    for at, (photo, name, centre, long) in enumerate(prints_of):
        matches = finder.find(photo)
        scores.append(score_of(matches, name, centre, long))
        masked += any(m.masked and m.reference == name and m.score >= shipped for m in matches)
        if peer and at < PEER_PHOTOS:
            theirs.append(peer.find(photo) == name)
    scores = np.array(scores)
    told = {
        "prints": len(scores),
        "at_shipped_threshold": round(float(np.mean(scores >= shipped)), 3),
        "at_1_false_in_200_of_these_photos": round(float(np.mean(scores > level)), 3),
        "any_score": round(float(np.mean(scores > 0)), 3),
        "called_masked": round(masked / len(scores), 3),
    }
    return told | ({"peer_orb_12_inliers": round(float(np.mean(theirs)), 3)} if theirs else {})


def run(size: str = "full", split: str = "test") -> dict | None:
    if not (DATA / "logos" / "all-icons.tar.gz").exists():
        return None
    cv2.setNumThreads(1)
    count, printed, clean = SIZES[size]
    marks = read_marks(DATA / "logos" / "all-icons.tar.gz", split)
    names = sorted(np.random.default_rng(1).permutation(list(marks))[:count])
    marks = {str(name): marks[name] for name in names}
    plain = {name: shape for name, mark in marks.items() if (shape := plain_shape(mark.alpha))}
    marks = {name: mark for name, mark in marks.items() if name not in plain}
    photos = [photo for _, photo in read_photos(DATA / "photos", split, printed + clean)]
    shipped = Options().threshold
    finder, peer = LogoFinder(references(marks), Options(threshold=0.001)), Peer(marks)
    spent, found = _timed(finder, photos[printed:])
    free = [m[0].score if m else 0.0 for m in found]
    level = sorted(free, reverse=True)[len(free) // 200]
    result = {
        "split": split,
        "references": len(marks),
        "left_out_as_plain": sorted(plain.values()),
        "logo_free_photos": len(free),
        "shipped_threshold": shipped,
        "false_alarms_at_shipped_threshold": sum(score >= shipped for score in free),
        "threshold_at_1_in_200_of_these_photos": level,
        "loudest": sorted(free, reverse=True)[:6],
        "peer_false_alarms_in_20": sum(bool(peer.find(photo)) for photo in photos[printed : printed + PEER_PHOTOS]),
    }
    for share in WIDTHS:
        seed = int(share * 100)
        shown = list(prints(photos[:printed], marks, share, seed))
        whole = (one[:4] for one in shown)
        result[f"recall_at_{share:.0%}"] = _shares(whole, finder, peer, level, shipped)
        result[f"masked_at_{share:.0%}"] = _shares(_hidden(shown[::MASKED], seed), finder, None, level, shipped)
        print(json.dumps({key: result[key] for key in list(result)[-2:]}), flush=True)
    result[f"median_ms_{len(marks)}_references"] = round(float(np.median(spent)), 1)
    for few in (1, 10):
        some = LogoFinder(references(dict(list(marks.items())[:few])))
        result[f"median_ms_{few}_references"] = round(float(np.median(_timed(some, photos[-20:])[0])), 1)
    return result


def main() -> None:
    print(json.dumps(run(*sys.argv[1:]), indent=1))


if __name__ == "__main__":
    main()
