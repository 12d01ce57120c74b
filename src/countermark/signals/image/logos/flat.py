"""Where flat ink of a mark's shape may be, whatever its colour: correlation with the best mix of three channels."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.levels import LEAST_LONG, Level
from countermark.signals.image.logos.templates import Mark, Matrix, Pixels, fit, unit_to_window

_SIDE, _LONG, _STEP = 24, 18.0, 2  # window, mark's long side in it, and step, in pixels of a level
_SMALLEST, _LARGEST, _GROW = 0.115, 0.62, 1.25  # long side as share of the photo's width
_PAD = 4
_TURNS = ((0.0, 0.9), (0.0, 1.12), (-13.0, 1.0), (13.0, 1.0))  # degrees, size
_KEPT = 110  # directions that templates are written in; they hold 99 % of their energy
_NOISE = 6.0  # variance in grey levels that a plain window counts as having, so that JPEG noise is no ink

Rows = npt.NDArray[np.float32]


def inked(mark: Mark, side: int, long: float, turn: float = 0.0, grow: float = 1.0, soft: float = 1.2) -> Rows:
    """The mark's alpha (side, side), 0 to 1, upright but for `turn`, `long` pixels times `grow`."""
    small, to_unit = fit(mark, long * 1.5)
    cos, sin = grow * np.cos(np.deg2rad(turn)), grow * np.sin(np.deg2rad(turn))
    spin: Matrix = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
    blurred = cv2.GaussianBlur(small.alpha, (0, 0), soft).astype(np.float32) / 255
    drawn = cv2.warpPerspective(blurred, unit_to_window(side, long) @ spin @ to_unit, (side, side))
    return np.asarray(drawn, np.float32)


class FlatSearch:
    """Templates of all references, written in the few directions they share."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        rows = [inked(mark, _SIDE, _LONG, turn, grow).ravel() for turn, grow in _TURNS for mark in marks]
        drawn = np.stack(rows) if rows else np.zeros((0, _SIDE * _SIDE), np.float32)
        drawn = drawn - drawn.mean(axis=1, keepdims=True)
        drawn = drawn / (np.linalg.norm(drawn, axis=1, keepdims=True) + 1e-9)
        self._directions = np.linalg.svd(drawn, full_matrices=False)[2][:_KEPT].T.astype(np.float32).copy()
        written = (drawn @ self._directions).astype(np.float32)
        self._templates = [part.T.copy() for part in np.split(written, len(_TURNS))]

    def levels(self, photo: Pixels) -> list[Level]:
        """Deviations of each reference above its own mean over this photo, level by level, smallest marks first.

        The score of a window is R squared of the regression of the drawing on the window's red, green and blue: whiten
        the three channels (Cholesky), correlate each with the drawing, add the squares. No sign and no colour matters.
        """
        found, share = [], _SMALLEST
        while share <= _LARGEST:
            long = share * photo.shape[1]
            if long >= LEAST_LONG:
                found.append(self._level(photo, long))
            share *= _GROW
        if not found:
            return []
        count = sum(level.scores.shape[0] * level.scores.shape[1] for level in found)
        mean = sum(level.scores.sum(axis=(0, 1), dtype=np.float64) for level in found) / count
        square = sum(np.einsum("rck,rck->k", level.scores, level.scores, dtype=np.float64) for level in found) / count
        spread = np.sqrt(np.maximum(square - mean * mean, 0)) + 1e-6
        for level in found:
            np.subtract(level.scores, mean.astype(np.float32), out=level.scores)
            np.divide(level.scores, spread.astype(np.float32), out=level.scores)
        return found

    def _level(self, photo: Pixels, long: float) -> Level:
        height, width = photo.shape[:2]
        size = (max(_SIDE, round(width * _LONG / long)), max(_SIDE, round(height * _LONG / long)))
        small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        padded: Rows = cv2.copyMakeBorder(small, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_REPLICATE).astype(np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (_SIDE, _SIDE), axis=(0, 1))[::_STEP, ::_STEP]
        rows, columns = windows.shape[:2]
        # Templates have mean 0, so the windows' own means fall out of the product.
        written = (windows.reshape(rows * columns * 3, _SIDE * _SIDE) @ self._directions).reshape(rows * columns, 3, -1)
        likeness = self._likeness(whitening(padded)[:rows, :columns].reshape(-1, 3, 3) @ written)
        scores = likeness.reshape(rows, columns, -1)
        x = (np.arange(columns) * _STEP + _SIDE / 2 - _PAD) * width / size[0] - 0.5
        y = (np.arange(rows) * _STEP + _SIDE / 2 - _PAD) * height / size[1] - 0.5
        return Level(scores, x, y, long)

    def _likeness(self, written: Rows) -> Rows:
        """R squared (N, references) of whitened windows (N, 3, directions), the best over turns and sizes."""
        channels = [np.ascontiguousarray(written[:, channel]) for channel in range(3)]
        best: Rows = np.zeros((len(written), self._templates[0].shape[1]), np.float32)
        for templates in self._templates:
            out: Rows = np.square(channels[0] @ templates)
            for channel in channels[1:]:
                part = channel @ templates
                out += np.square(part, out=part)
            np.maximum(best, out, out=best)
        return best


def whitening(picture: Rows) -> Rows:
    """Matrices (rows, columns, 3, 3) that make the channels of each window of variance 1 and uncorrelated."""
    reach = _SIDE // 2
    shown = picture - picture.mean(axis=(0, 1))
    pairs = np.einsum("yxc,yxd->yxcd", shown, shown).reshape(*shown.shape[:2], 9)
    both = np.dstack([shown, pairs])
    means = np.dstack([cv2.blur(np.ascontiguousarray(part), (_SIDE, _SIDE)) for part in np.split(both, 4, axis=2)])
    # A window that starts at row y is the one whose mean blur() puts at y + half its side.
    means = means[reach : means.shape[0] - reach + 1 : _STEP, reach : means.shape[1] - reach + 1 : _STEP]
    first = means[..., :3]
    spread = means[..., 3:].reshape(*means.shape[:2], 3, 3) - first[..., :, None] * first[..., None, :]
    lower = np.linalg.cholesky(spread + _NOISE * np.eye(3, dtype=np.float32))
    return np.asarray(np.linalg.inv(lower) / _SIDE, np.float32)
