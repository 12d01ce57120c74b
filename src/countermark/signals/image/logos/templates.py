"""Reference marks as the search sees them: cut to their ink and drawn at one size."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.edges import edge_field
from countermark.signals.image.logos.layers import STRIDE, WINDOW

Pixels = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

EMBED_LONG = 32.0  # pixels of a mark's long side in the embedding window
JUDGE_SIDE = 56  # pixels of the pair judge's window
JUDGE_LONG = 44.0  # pixels of a mark's long side in it


@dataclass(frozen=True)
class Mark:
    """A mark cut to its ink: alpha (h, w) 0 to 255 and either RGB (h, w, 3) or None for one flat ink."""

    alpha: Pixels
    rgb: Pixels | None = None

    @property
    def aspect(self) -> tuple[float, float]:
        """Width and height over the long side: the half sides in mark units (long side = -1..1)."""
        height, width = self.alpha.shape
        return width / max(height, width), height / max(height, width)


def cut(alpha: Pixels, rgb: Pixels | None = None) -> Mark:
    """Cut a mark to the box of its ink; raises ValueError when nothing is drawn."""
    rows, columns = np.flatnonzero(alpha.max(axis=1) > 64), np.flatnonzero(alpha.max(axis=0) > 64)
    if not len(rows):
        raise ValueError("this mark is empty")
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Mark(np.ascontiguousarray(alpha[box]), None if rgb is None else np.ascontiguousarray(rgb[box]))


def unit_to_window(side: int, long: float) -> Matrix:
    """Matrix from mark units (long side = -1..1) to pixels of a square window with the mark upright in its middle."""
    middle = (side - 1) / 2
    return np.array([[long / 2, 0, middle], [0, long / 2, middle], [0, 0, 1.0]])


def fit(mark: Mark, to: float) -> tuple[Mark, Matrix]:
    """The mark shrunk (never grown) to a long side of about `to` pixels; matrix from its pixels to mark units."""
    height, width = mark.alpha.shape
    shrink = min(1.0, to / max(height, width))
    size = (max(2, round(width * shrink)), max(2, round(height * shrink)))
    alpha = np.asarray(cv2.resize(mark.alpha, size, interpolation=cv2.INTER_AREA), np.uint8)
    rgb = None if mark.rgb is None else np.asarray(cv2.resize(mark.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    x, y = mark.aspect
    matrix = np.array([[2 * x / size[0], 0, x / size[0] - x], [0, 2 * y / size[1], y / size[1] - y], [0, 0, 1.0]])
    return Mark(alpha, rgb), matrix


def draw(mark: Mark, side: int, long: float, turn: float = 0.0, grow: float = 1.0) -> Pixels:
    """RGB window (side, side, 3): a flat mark in black on white, a colour mark on the plainest contrasting ground."""
    small, to_unit = fit(mark, long * 1.5)
    cos, sin = grow * np.cos(np.deg2rad(turn)), grow * np.sin(np.deg2rad(turn))
    matrix = unit_to_window(side, long) @ np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]]) @ to_unit
    ground = _ground(small)
    alpha = cv2.warpPerspective(small.alpha.astype(np.float32) / 255, matrix, (side, side), flags=cv2.INTER_LINEAR)
    if small.rgb is None:
        ink: npt.NDArray[np.integer | np.floating] = np.zeros((side, side, 3), np.float32)
    else:
        inks = small.rgb.astype(np.float32)
        to = (side, side)
        ink = cv2.warpPerspective(inks, matrix, to, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(ground * (1 - alpha[..., None]) + ink * alpha[..., None], 0, 255).astype(np.uint8)


def _ground(mark: Mark) -> float:
    if mark.rgb is None:
        return 255.0
    ink = mark.rgb[mark.alpha > 128]
    return 255.0 if not len(ink) or ink.mean() < 140 else 0.0


def embed_field(mark: Mark) -> Field:
    """Edge field (3, 64, 64) of the upright mark; the middle of the embedding map (3 x 3) describes it."""
    return edge_field(draw(mark, WINDOW + 2 * STRIDE, EMBED_LONG))


def variant_fields(mark: Mark) -> Field:
    """Edge fields (V, 3, 64, 64) of the mark upright, smaller, larger, tilted both ways: what a search step skips."""
    side = WINDOW + 2 * STRIDE
    turns = [(0.0, 1.0), (0.0, 0.87), (0.0, 1.15), (-12.0, 1.0), (12.0, 1.0)]
    return np.stack([edge_field(draw(mark, side, EMBED_LONG, turn, grow)) for turn, grow in turns])


def judge_field(mark: Mark) -> Field:
    """Edge field (3, 56, 56) of the upright mark for the pair judge."""
    return edge_field(draw(mark, JUDGE_SIDE, JUDGE_LONG))
