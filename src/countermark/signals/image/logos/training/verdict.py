"""Make `verdict.npz` anew: `python -m countermark.signals.image.logos.training.verdict --marks A.tar.gz --photos DIR`.

The whole search runs on composites of the dev split, whole and hidden, and on bare photos; each place that reaches the
end is a row of evidence, right or wrong. Dev, not train: the networks know the marks of train and are too sure of them.
What is printed at the end is measured on references and photos that each fit has not seen. Needs scikit-learn.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from countermark.signals.image.logos.evidence import NAMES, reach
from countermark.signals.image.logos.finder import LogoFinder, LogoReference, shrunk
from countermark.signals.image.logos.pairs import carry
from countermark.signals.image.logos.templates import Mark, Matrix, Pixels
from countermark.signals.image.logos.training.compose import PUBLISHED, pose, stamp
from countermark.signals.image.logos.training.datasets import read_marks, read_photos
from countermark.signals.image.logos.training.hiding import hide
from countermark.signals.image.logos.verdict import HIGHEST, LOWEST

_WIDTHS = (0.30, 0.20, 0.12)
_REFERENCES = 300


_FOLDS = 4


class Rows:
    """Evidence of places, with 1 for the right one, reference, number of the picture and what was printed there."""

    def __init__(self) -> None:
        self.evidence: list[tuple[float, ...]] = []
        self.same: list[int] = []
        self.reference: list[int] = []
        self.picture: list[int] = []
        self.pictures: list[str] = []


def printed(
    photo: Pixels, mark: Mark, share: float, *, hidden: bool, rng: np.random.Generator
) -> tuple[Pixels, Matrix]:
    """A print of `share` of the photo's width anywhere in it, and its pose."""
    height, width = photo.shape[:2]
    half = share * width / 2
    x, y = (rng.uniform(1.1 * half, size - 1.1 * half) for size in (width, height))
    matrix = np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]]) @ pose(rng, PUBLISHED, mark.aspect)
    shown = stamp(photo, mark, matrix, rng, PUBLISHED)
    return (hide(shown, matrix, mark.aspect, rng.uniform(0.3, 0.5), rng) if hidden else shown), matrix


def add(rows: Rows, finder: LogoFinder, photo: Pixels, kind: str, right: int, truth: Matrix | None) -> None:
    """Note all places of a photo; doubtful ones (the right mark, badly laid) are left out."""
    small, ratio = shrunk(photo)
    rows.pictures.append(kind)
    for sight in finder.sights(small):
        same = False
        if truth is not None and sight.reference == right:
            centre, long = carry(truth, np.zeros((1, 2)))[0], reach(truth)
            away = float(np.linalg.norm(carry(sight.pose, np.zeros((1, 2)))[0] * ratio - centre)) / long
            same = away < 0.25 and 0.5 < reach(sight.pose) * ratio / long < 1.6
            if not same and away < 0.6:
                continue
        rows.evidence.append(sight.evidence)
        rows.same.append(int(same))
        rows.reference.append(sight.reference)
        rows.picture.append(len(rows.pictures) - 1)


def collect(marks: list[Mark], photos: list[Pixels], seed: int) -> Rows:
    """One photo in four is printed on, at every width and once with a part hidden; the rest are bare."""
    rng = np.random.default_rng(seed)
    picked = rng.permutation(len(marks))[:_REFERENCES]
    finder = LogoFinder([_drawing(str(at), marks[at]) for at in picked])
    rows = Rows()
    for number, photo in enumerate(photos):
        if number % 4:
            add(rows, finder, photo, "bare", -1, None)
            continue
        for share, hidden in [*((width, False) for width in _WIDTHS), (_WIDTHS[number // 4 % 3], True)]:
            right = int(rng.integers(len(picked)))
            shown, truth = printed(photo, marks[picked[right]], share, hidden=hidden, rng=rng)
            add(rows, finder, shown, f"{'hidden' if hidden else 'whole'} {share:.0%}", right, truth)
        if number % 20 == 0:
            print(f"{number} of {len(photos)}: {sum(rows.same)} of {len(rows.same)} right", flush=True)  # noqa: T201
    return rows


def _drawing(name: str, mark: Mark) -> LogoReference:
    return LogoReference(name, np.dstack([np.zeros((*mark.alpha.shape, 3), np.uint8), mark.alpha]))


def fit(evidence: npt.NDArray[np.float64], same: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], float]:
    """Weights of the evidence, and what is added."""
    rows = np.clip(evidence, LOWEST, HIGHEST)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=0.3, max_iter=3000).fit((rows - mean) / spread, same)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def unseen_odds(rows: Rows, seed: int = 0) -> npt.NDArray[np.float64]:
    """Log odds of every row by a fit that knows neither its reference nor its picture."""
    evidence, same = np.array(rows.evidence), np.array(rows.same)
    rng = np.random.default_rng(seed)
    by_reference = rng.integers(0, _FOLDS, _REFERENCES)[rows.reference]
    by_picture = rng.integers(0, _FOLDS, len(rows.pictures))[rows.picture]
    odds = np.zeros(len(same))
    for one in range(_FOLDS):
        for other in range(_FOLDS):
            asked = (by_reference == one) & (by_picture == other)
            weights, added = fit(*(part[(by_reference != one) & (by_picture != other)] for part in (evidence, same)))
            odds[asked] = np.clip(evidence[asked], LOWEST, HIGHEST) @ weights + added
    return odds


def report(rows: Rows) -> None:
    """Print the threshold of 1 alarm in 200 bare photos and the recall there."""
    odds, same, picture = unseen_odds(rows), np.array(rows.same), np.array(rows.picture)
    loudest = np.full(len(rows.pictures), -np.inf)
    np.maximum.at(loudest, picture, odds)
    kinds = np.array(rows.pictures)
    bare = np.sort(loudest[kinds == "bare"])[::-1]
    level = bare[len(bare) // 200]
    print("bare photos", len(bare), "scores", (1 / (1 + np.exp(-bare[:5]))).round(4))  # noqa: T201
    for kind in np.unique(kinds[kinds != "bare"]):
        numbers = np.flatnonzero(kinds == kind)
        any_score = np.isin(numbers, picture[same == 1]).mean()
        found = np.isin(numbers, picture[(same == 1) & (odds > level)]).mean()
        print(kind, len(numbers), f"any score {any_score:.3f} above {found:.3f}")  # noqa: T201


def main() -> None:
    """Read the arguments, collect, fit, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", type=Path, required=True, help=".tar.gz of SVG icons")
    parser.add_argument("--photos", type=Path, required=True, help="folder of JPEG photographs")
    parser.add_argument("--out", type=Path, default=Path("verdict.npz"))
    parser.add_argument("--count", type=int, default=376, help="photos to look at")
    parser.add_argument("--seed", type=int, default=2)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    marks = list(read_marks(asked.marks, "dev").values())
    photos = [photo for _, photo in read_photos(asked.photos, "dev", asked.count)]
    rows = collect(marks, photos, asked.seed)
    weights, added = fit(np.array(rows.evidence), np.array(rows.same))
    with asked.out.open("wb") as stream:
        np.savez_compressed(
            stream, allow_pickle=False, weights=weights.astype(np.float32), added=np.array([added], np.float32)
        )
    print(dict(zip(NAMES, weights.round(3).tolist(), strict=True)))  # noqa: T201
    report(rows)


if __name__ == "__main__":
    main()
