"""Make `verdict.npz` anew: `python -m countermark.signals.image.logos.training.verdict --marks A.tar.gz --photos DIR`.

The whole search runs on composites of the train split, whole and hidden, and on bare photos; each place that reaches
the end is a row of evidence, right or wrong. Needs scikit-learn. One thread, fixed seeds; about a second a picture.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped]

from countermark.signals.image.logos.evidence import reach
from countermark.signals.image.logos.finder import LogoFinder, LogoReference, shrunk
from countermark.signals.image.logos.pairs import carry
from countermark.signals.image.logos.templates import Mark, Matrix, Pixels
from countermark.signals.image.logos.training.compose import PUBLISHED, pose, stamp
from countermark.signals.image.logos.training.datasets import read_marks, read_photos
from countermark.signals.image.logos.training.hiding import hide
from countermark.signals.image.logos.verdict import HIGHEST, LOWEST

_WIDTHS = (0.30, 0.20, 0.12)
_REFERENCES = 300


Rows = tuple[list[tuple[float, ...]], list[int]]


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


def rows_of(
    finder: LogoFinder, photo: Pixels, right: int, truth: Matrix | None
) -> Iterator[tuple[tuple[float, ...], int]]:
    """Evidence of all places of a photo, with 1 where it is the right mark; doubtful ones are left out."""
    small, ratio = shrunk(photo)
    for sight in finder.sights(small):
        same = False
        if truth is not None and sight.reference == right:
            centre, long = carry(truth, np.zeros((1, 2)))[0], reach(truth)
            away = float(np.linalg.norm(carry(sight.pose, np.zeros((1, 2)))[0] * ratio - centre)) / long
            same = away < 0.25 and 0.5 < reach(sight.pose) * ratio / long < 1.6
            if not same and away < 0.6:
                continue
        yield sight.evidence, int(same)


def collect(marks: list[Mark], photos: list[Pixels], seed: int) -> Rows:
    """One photo in four is printed on, at every width, the last time with a part hidden; the rest are bare."""
    rng = np.random.default_rng(seed)
    picked = rng.permutation(len(marks))[:_REFERENCES]
    drawings = [_drawing(str(at), marks[at]) for at in picked]
    finder = LogoFinder(drawings)
    rows: Rows = ([], [])
    for number, photo in enumerate(photos):
        prints = [(None, False)] if number % 4 else [*((w, False) for w in _WIDTHS), (_WIDTHS[number // 4 % 3], True)]
        for share, hidden in prints:
            right, shown, truth = int(rng.integers(len(picked))), photo, None
            if share is not None:
                shown, truth = printed(photo, marks[picked[right]], share, hidden=hidden, rng=rng)
            for evidence, same in rows_of(finder, shown, right, truth):
                rows[0].append(evidence)
                rows[1].append(same)
        if number % 16 == 15:
            print(f"{number + 1} of {len(photos)}: {len(rows[1])} places, {sum(rows[1])} right", flush=True)  # noqa: T201
    return rows


def _drawing(name: str, mark: Mark) -> LogoReference:
    return LogoReference(name, np.dstack([np.zeros((*mark.alpha.shape, 3), np.uint8), mark.alpha]))


def fit(evidence: npt.NDArray[np.float64], same: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float32]]:
    """The arrays that `verdict.Verdict` reads."""
    rows = np.clip(evidence, LOWEST, HIGHEST)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    net = MLPClassifier((16, 8), activation="tanh", alpha=1.0, solver="lbfgs", max_iter=300, random_state=0)
    net.fit((rows - mean) / spread, same)
    out = {"mean": mean, "spread": spread}
    for at, (weight, bias) in enumerate(zip(net.coefs_, net.intercepts_, strict=True)):
        out[f"w{at}"], out[f"b{at}"] = weight, bias
    return {name: np.asarray(value, np.float32) for name, value in out.items()}


def main() -> None:
    """Read the arguments, collect, fit, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", type=Path, required=True, help=".tar.gz of SVG icons")
    parser.add_argument("--photos", type=Path, required=True, help="folder of JPEG photographs")
    parser.add_argument("--out", type=Path, default=Path("verdict.npz"))
    parser.add_argument("--count", type=int, default=512, help="photos to look at")
    parser.add_argument("--seed", type=int, default=2)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    marks = list(read_marks(asked.marks, "train").values())
    photos = [photo for _, photo in read_photos(asked.photos, "train", asked.count)]
    evidence, same = collect(marks, photos, asked.seed)
    with asked.out.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **fit(np.array(evidence), np.array(same)))


if __name__ == "__main__":
    main()
