"""Training windows: composites cut around the mark, with the pose that was used, and windows without any mark."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.templates import Mark, Pixels
from countermark.signals.image.logos.training.compose import Style, compressed, pose, stamp

PATCH = 96  # pixels of a stored window
LONG = 48.0  # nominal long side of the mark in it
HARD = Style(tilt=24.0, perspective=0.08, plate=0.1, hidden=0.12, quality=(55, 95))


@dataclass(frozen=True)
class Samples:
    """Windows (N, 96, 96, 3), mark of each (-1: none), and homographies mark units -> window pixels (N, 3, 3)."""

    windows: Pixels
    marks: npt.NDArray[np.int64]
    poses: npt.NDArray[np.float32]


def draw_samples(marks: list[Mark], photos: list[Pixels], each: int, seed: int) -> Samples:
    """`each` composites of every mark, on random places of random photos."""
    rng = np.random.default_rng(seed)
    count = len(marks) * each
    windows, poses = np.zeros((count, PATCH, PATCH, 3), np.uint8), np.zeros((count, 3, 3), np.float32)
    labels = np.repeat(np.arange(len(marks)), each)
    for at, label in enumerate(labels):
        windows[at], poses[at] = _sample(marks[label], photos[int(rng.integers(len(photos)))], rng)
    return Samples(windows, labels, poses)


def draw_empty(photos: list[Pixels], each: int, seed: int) -> Pixels:
    """Windows of photos without composites, drawn like the others; half of them where edges are many."""
    rng = np.random.default_rng(seed)
    out = []
    for photo in photos:
        for _ in range(each):
            picks = [_region(photo, rng) for _ in range(3 if rng.random() < 0.5 else 1)]
            region = max(picks, key=lambda pick: float(pick[0].std()))[0]
            small = np.asarray(cv2.resize(region, (PATCH, PATCH), interpolation=cv2.INTER_AREA), np.uint8)
            out.append(compressed(small, int(rng.integers(70, 96))) if rng.random() < 0.3 else small)
    return np.stack(out)


def _region(photo: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    """A square of the photo (edges repeated outside) and the length of the long side it stands for."""
    width = photo.shape[1]
    side = float(np.exp(rng.uniform(np.log(0.095), np.log(0.6)))) * width
    full = max(24, round(side * PATCH / LONG))
    reach = full // 2
    x, y = int(rng.integers(0, width)), int(rng.integers(0, photo.shape[0]))
    x = int(np.clip(x, min(side, width / 2) * 0.5, width - min(side, width / 2) * 0.5))
    y = int(np.clip(y, min(side, photo.shape[0] / 2) * 0.5, photo.shape[0] - min(side, photo.shape[0] / 2) * 0.5))
    padded = np.asarray(cv2.copyMakeBorder(photo, reach, reach, reach, reach, cv2.BORDER_REPLICATE), np.uint8)
    return padded[y : y + full, x : x + full], full * LONG / PATCH


def _sample(mark: Mark, photo: Pixels, rng: np.random.Generator) -> tuple[Pixels, npt.NDArray[np.float32]]:
    region, side = _region(photo, rng)
    full = region.shape[0]
    grow = float(np.exp(rng.uniform(np.log(0.8), np.log(1.25))))
    shift = rng.uniform(-7, 7, 2) * full / PATCH + full / 2
    half = side * grow / 2
    place = np.array([[half, 0, shift[0]], [0, half, shift[1]], [0, 0, 1.0]])
    matrix = place @ pose(rng, HARD, mark.aspect)
    done = stamp(region, mark, matrix, rng, HARD)
    ratio = PATCH / full
    to_patch = np.array([[ratio, 0, 0.5 * ratio - 0.5], [0, ratio, 0.5 * ratio - 0.5], [0, 0, 1.0]])
    way = cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
    out = to_patch @ matrix
    window = np.asarray(cv2.resize(done, (PATCH, PATCH), interpolation=way), np.uint8)
    return window, np.asarray(out / out[2, 2], np.float32)
