"""What speaks for one place after it was laid upright: numbers that the verdict weighs."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.cover import hidden_share
from countermark.signals.image.logos.edges import Field
from countermark.signals.image.logos.flat import inked
from countermark.signals.image.logos.pairs import Look, carry
from countermark.signals.image.logos.templates import JUDGE_LONG, JUDGE_SIDE, Mark, Matrix, Pixels, judge_field

Rows = npt.NDArray[np.float32]
NAMES = (
    "logit", "logit_before", "edges", "ink", "flat", "flat_local", "hidden", "long", "aspect", "usual", "outline",
    "turn", "stretch", "lean", "margin",
)  # fmt: skip
_SHIFTS = tuple((down, right) for down in (-2, -1, 0, 1, 2) for right in (-2, -1, 0, 1, 2))
_LOCAL = 7.0  # sigma in pixels of the mean taken off for the local correlation: shade and a change of cloth go
_NOISE = 6.0


class Drawing:
    """One reference as the judge and the correlation need it."""

    def __init__(self, mark: Mark, usual: float) -> None:
        self.mark, self.usual = mark, usual
        self.field: Field = judge_field(mark)
        self.ink = alpha = inked(mark, JUDGE_SIDE, JUDGE_LONG, soft=0.8)
        self.whole, self.local = _shifted(alpha), _shifted(alpha - cv2.GaussianBlur(alpha, (0, 0), _LOCAL))
        self.outline = float(self.field[2].mean())


def _shifted(alpha: Rows) -> Rows:
    """The drawing at 25 places (25, pixels), each of mean 0 and length 1."""
    rows = np.stack([np.roll(alpha, shift, axis=(0, 1)).ravel() for shift in _SHIFTS])
    rows = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), np.float32)


def flatness(window: npt.NDArray[np.floating], drawn: Rows) -> float:
    """Greatest R squared, over small shifts, of the drawing regressed on red, green and blue of a window (H, W, 3)."""
    channels = window.reshape(-1, 3).astype(np.float32)
    channels = channels - channels.mean(axis=0)
    spread = channels.T @ channels / len(channels) + _NOISE * np.eye(3, dtype=np.float32)
    alike = drawn @ channels / np.sqrt(len(channels))
    return float(np.einsum("sc,sc->s", alike @ np.linalg.inv(spread), alike).max())


def weigh(window: Pixels, look: Look, drawing: Drawing, width: int) -> list[float]:
    """Evidence in the order of NAMES but for the last, the margin, which needs the other places."""
    pixels = window.astype(np.float32)
    turn, stretch, lean = _shape(look.pose)
    return [
        look.logits[-1],
        look.logits[-2],
        look.place.edges,
        look.place.ink,
        flatness(pixels, drawing.whole),
        flatness(pixels - cv2.GaussianBlur(pixels, (0, 0), _LOCAL), drawing.local),
        hidden_share(window, drawing.field, drawing.ink),
        float(np.log(reach(look.pose) / width)),
        min(drawing.mark.aspect),
        drawing.usual,
        drawing.outline,
        turn,
        stretch,
        lean,
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
