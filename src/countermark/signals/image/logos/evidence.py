"""What speaks for one place after it was laid upright: numbers that the verdict weighs."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.cover import hidden_share
from countermark.signals.image.logos.edges import Field
from countermark.signals.image.logos.flat import inked
from countermark.signals.image.logos.maps import verdict_maps
from countermark.signals.image.logos.pairs import Look, carry
from countermark.signals.image.logos.templates import JUDGE_LONG, JUDGE_SIDE, Mark, Matrix, Pixels, judge_field

Rows = npt.NDArray[np.float32]
NAMES = (
    "logit", "logit_before", "edges", "ink", "flat", "flat_local", "tiles", "best_tiles", "hidden", "long",
    "turn", "stretch", "lean", "network", "margin",
)  # fmt: skip
_SHIFTS = tuple((down, right) for down in (-2, -1, 0, 1, 2) for right in (-2, -1, 0, 1, 2))
_LOCAL = 7.0  # sigma in pixels of the mean taken off for the local correlation: shade and a change of cloth go
_NOISE = 6.0
_TILE = 14  # the window of 56 pixels in 4 x 4 tiles


class Drawing:
    """One reference as the judge and the correlation need it."""

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.field: Field = judge_field(mark)
        self.ink = inked(mark, JUDGE_SIDE, JUDGE_LONG, soft=0.8)
        self.whole, self.local = _shifted(self.ink), _shifted(self.ink - cv2.GaussianBlur(self.ink, (0, 0), _LOCAL))


def _shifted(alpha: Rows) -> Rows:
    """The drawing at 25 places (25, pixels), each of mean 0 and length 1."""
    rows = np.stack([np.roll(alpha, shift, axis=(0, 1)).ravel() for shift in _SHIFTS])
    rows = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), np.float32)


def flatness(window: npt.NDArray[np.floating], drawn: Rows) -> tuple[float, int]:
    """R squared of the drawing regressed on red, green and blue of a window (H, W, 3), greatest over small shifts.

    Returns it and the number of the shift.
    """
    channels = window.reshape(-1, 3).astype(np.float32)
    channels = channels - channels.mean(axis=0)
    spread = channels.T @ channels / len(channels) + _NOISE * np.eye(3, dtype=np.float32)
    alike = drawn @ channels / np.sqrt(len(channels))
    squares = np.einsum("sc,sc->s", alike @ np.linalg.inv(spread), alike)
    best = int(squares.argmax())
    return float(squares[best]), best


def tiles(window: npt.NDArray[np.floating], ink: Rows, shift: tuple[int, int]) -> tuple[float, float]:
    """R squared as in `flatness`, but each tile by itself, so that cloth may change and a part may be covered.

    Returns the mean over tiles by how much of the drawing they hold, and the mean of the better half of that.
    """
    count = ink.shape[0] // _TILE
    laid = np.roll(ink, shift, axis=(0, 1)).reshape(count, _TILE, count, _TILE).transpose(0, 2, 1, 3)
    drawn = laid.reshape(count * count, -1)
    drawn = drawn - drawn.mean(axis=1, keepdims=True)
    power = (drawn * drawn).mean(axis=1)
    parts = window.reshape(count, _TILE, count, _TILE, 3).transpose(0, 2, 1, 3, 4).reshape(count * count, -1, 3)
    parts = parts - parts.mean(axis=1, keepdims=True)
    pixels = _TILE * _TILE
    spread = parts.transpose(0, 2, 1) @ parts / pixels + _NOISE * np.eye(3)
    alike = np.einsum("tp,tpc->tc", drawn, parts) / pixels
    squares = np.einsum("tc,tc->t", np.linalg.solve(spread, alike[..., None])[..., 0], alike) / (power + 1e-6)
    power = np.where(power > 0.01, power, 0.0)
    if power.sum() <= 0:
        return 0.0, 0.0
    order = np.argsort(-squares, kind="stable")
    before = np.cumsum(power[order]) - power[order]
    half = np.clip(0.5 * power.sum() - before, 0, power[order])
    return float((squares * power).sum() / power.sum()), float((squares[order] * half).sum() / half.sum())


def settle(window: Pixels, drawing: Drawing) -> tuple[float, tuple[int, int]]:
    """R squared without shade, and how far (down, right) the drawing lies best on the window."""
    pixels = window.astype(np.float32)
    local, shift = flatness(pixels - cv2.GaussianBlur(pixels, (0, 0), _LOCAL), drawing.local)
    return local, _SHIFTS[shift]


def seen_maps(window: Pixels, drawing: Drawing, shift: tuple[int, int]) -> Rows:
    """What the verdict network sees of a window and a drawing that lies best at `shift`."""
    return verdict_maps(window, drawing.field, drawing.ink, shift)


def weigh(
    window: Pixels, look: Look, drawing: Drawing, width: int, settled: tuple[float, tuple[int, int]]
) -> list[float]:
    """Evidence in the order of NAMES but for the last two, network and margin, which need the other places.

    `settled` is what `settle` says of the window.
    """
    pixels = window.astype(np.float32)
    local, shift = settled
    return [
        look.logits[-1],
        look.logits[-2],
        look.place.edges,
        look.place.ink,
        flatness(pixels, drawing.whole)[0],
        local,
        *tiles(pixels, drawing.ink, shift),
        hidden_share(window, drawing.field, drawing.ink),
        float(np.log(reach(look.pose) / width)),
        *_shape(look.pose),
    ]


def margins(looks: Sequence[Look]) -> list[float]:
    """How much better each place is than the best other reference about the same spot; 10 where it is alone."""
    centres = [carry(look.pose, np.zeros((1, 2)))[0] for look in looks]
    reaches = [reach(look.pose) for look in looks]
    out = []
    for at, look in enumerate(looks):
        others = [
            other.logits[-1]
            for by, other in enumerate(looks)
            if other.place.reference != look.place.reference
            and float(np.linalg.norm(centres[by] - centres[at])) < 0.5 * max(reaches[at], reaches[by])
        ]
        out.append(min(10.0, look.logits[-1] - max(others)) if others else 10.0)
    return out


def reach(pose: Matrix) -> float:
    """Length of the mark's long side in photo pixels, about."""
    square = carry(pose, np.array([[-1.0, -1.0], [1.0, 1.0]]))
    return float(np.linalg.norm(square[1] - square[0])) / 1.4142


def _shape(pose: Matrix) -> tuple[float, float, float]:
    """Turn in radians, stretch (log of width by height) and how far opposite sides differ: prints have little."""
    corners = carry(pose, np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]))
    sides = np.roll(corners, -1, axis=0) - corners
    top, right, bottom, left = np.linalg.norm(sides, axis=1).tolist()
    turn = abs(float(np.arctan2(sides[0, 1], sides[0, 0])))
    lean = abs(np.log(top / bottom)) + abs(np.log(left / right))
    return turn, abs(float(np.log((top + bottom) / (left + right)))), float(lean)
