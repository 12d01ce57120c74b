"""Training windows: composites cut around the mark, with the pose that was used, and windows without any mark."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.templates import Mark, Pixels
from countermark.signals.image.logos.training.compose import Style, compressed, pose, stamp
from countermark.signals.image.logos.training.hiding import hide

PATCH = 96  # pixels of a stored window
LONG = 48.0  # nominal long side of the mark in it
HARD = Style(tilt=24.0, perspective=0.08, plate=0.1, hidden=0.08, quality=(55, 95))
_COVERED = 0.25  # share of prints of which a bar, a smear or coarse pixels hide a part
_WORK = 240  # pixels of the largest square that is printed on; larger ones are shrunk first, which saves half the time
_CHUNK = 256


@dataclass(frozen=True)
class Samples:
    """Windows (N, 96, 96, 3), mark of each (-1: none), and homographies mark units -> window pixels (N, 3, 3)."""

    windows: Pixels
    marks: npt.NDArray[np.int64]
    poses: npt.NDArray[np.float32]


def draw_samples(marks: Sequence[Mark], photos: Sequence[Pixels], each: int, seed: int, processes: int) -> Samples:
    """`each` composites of every mark, on random places of random photos."""
    labels = np.repeat(np.arange(len(marks)), each)
    np.random.default_rng(seed).shuffle(labels)
    chunks = [(labels[start : start + _CHUNK], seed + start) for start in range(0, len(labels), _CHUNK)]
    windows, poses = np.zeros((len(labels), PATCH, PATCH, 3), np.uint8), np.zeros((len(labels), 3, 3), np.float32)
    with ProcessPoolExecutor(processes, initializer=_hold, initargs=(marks, photos)) as pool:
        for at, (shown, laid) in enumerate(pool.map(_chunk, chunks, chunksize=4)):
            windows[at * _CHUNK : at * _CHUNK + len(shown)] = shown
            poses[at * _CHUNK : at * _CHUNK + len(shown)] = laid
    return Samples(windows, labels, poses)


def draw_empty(photos: Sequence[Pixels], each: int, seed: int, processes: int) -> Pixels:
    """Windows of photos without composites, drawn like the others; half of them where edges are many."""
    with ProcessPoolExecutor(processes, initializer=_hold, initargs=((), photos)) as pool:
        return np.concatenate(list(pool.map(partial(_bare, each, seed), range(len(photos)), chunksize=16)))


class _Held:
    """Marks and photos that every process of a pool draws from."""

    marks: Sequence[Mark] = ()
    photos: Sequence[Pixels] = ()


def _hold(marks: Sequence[Mark], photos: Sequence[Pixels]) -> None:
    cv2.setNumThreads(1)
    _Held.marks, _Held.photos = marks, photos


def _chunk(asked: tuple[npt.NDArray[np.int64], int]) -> tuple[Pixels, npt.NDArray[np.float32]]:
    labels, seed = asked
    marks, photos = _Held.marks, _Held.photos
    rng = np.random.default_rng(seed)
    drawn = [sample(marks[label], photos[int(rng.integers(len(photos)))], rng) for label in labels]
    return np.stack([window for window, _ in drawn]), np.stack([laid for _, laid in drawn])


def _bare(each: int, seed: int, number: int) -> Pixels:
    photo = _Held.photos[number]
    rng = np.random.default_rng((seed, number))
    out = []
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
    rows = np.clip(np.arange(y - reach, y - reach + full), 0, photo.shape[0] - 1)
    columns = np.clip(np.arange(x - reach, x - reach + full), 0, width - 1)
    region = photo.take(rows, axis=0).take(columns, axis=1)
    if rng.random() < 0.5:
        region = np.ascontiguousarray(region[:, ::-1])
    if full > _WORK:
        region = np.asarray(cv2.resize(region, (_WORK, _WORK), interpolation=cv2.INTER_AREA), np.uint8)
        full = _WORK
    return region, full * LONG / PATCH


def sample(mark: Mark, photo: Pixels, rng: np.random.Generator) -> tuple[Pixels, npt.NDArray[np.float32]]:
    """One composite of a mark: its window, and the pose in it."""
    region, side = _region(photo, rng)
    full = region.shape[0]
    grow = float(np.exp(rng.uniform(np.log(0.8), np.log(1.25))))
    shift = rng.uniform(-7, 7, 2) * full / PATCH + full / 2
    half = side * grow / 2
    place = np.array([[half, 0, shift[0]], [0, half, shift[1]], [0, 0, 1.0]])
    matrix = place @ pose(rng, HARD, mark.aspect)
    done = stamp(region, mark, matrix, rng, HARD)
    if rng.random() < _COVERED:
        done = hide(done, matrix, mark.aspect, rng.uniform(0.15, 0.5), rng)
    ratio = PATCH / full
    to_patch = np.array([[ratio, 0, 0.5 * ratio - 0.5], [0, ratio, 0.5 * ratio - 0.5], [0, 0, 1.0]])
    way = cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
    out = to_patch @ matrix
    window = np.asarray(cv2.resize(done, (PATCH, PATCH), interpolation=way), np.uint8)
    return window, np.asarray(out / out[2, 2], np.float32)
