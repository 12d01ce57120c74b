"""A place in a photo against one reference: lay it upright, look at both, move the place, look again."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.edges import Field, edge_field
from countermark.signals.image.logos.layers import Network
from countermark.signals.image.logos.levels import Place
from countermark.signals.image.logos.templates import JUDGE_LONG, JUDGE_SIDE, Matrix, Pixels, unit_to_window

_CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
_CANON = unit_to_window(JUDGE_SIDE, JUDGE_LONG)
Points = npt.NDArray[np.float64]


def carry(matrix: Matrix, points: Points) -> Points:
    """Points (N, 2) through a homography."""
    moved = np.c_[points, np.ones(len(points))] @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


class Views:
    """A photo at several sizes, so that a large mark is averaged, not sampled, when it is laid upright."""

    def __init__(self, photo: Pixels) -> None:
        self._sizes: dict[int, tuple[Pixels, Matrix]] = {0: (photo, np.eye(3))}

    def upright(self, pose: Matrix) -> Pixels:
        """The window (56, 56, 3) around a place, turned so that a mark printed by `pose` is upright."""
        photo, shrink = self._near(pose)
        window = _CANON @ np.linalg.inv(shrink @ pose)
        return np.asarray(
            cv2.warpPerspective(
                photo, window, (JUDGE_SIDE, JUDGE_SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        )

    def _near(self, pose: Matrix) -> tuple[Pixels, Matrix]:
        """The photo shrunk so that the mark is about 50 pixels long, never grown; matrix from the photo to it."""
        corners = carry(pose, _CORNERS)
        long = float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).max())
        step = max(0, min(20, round(np.log(max(long, 1.0) / 50.0) / np.log(1.2))))
        if step not in self._sizes:
            photo = self._sizes[0][0]
            size = (max(8, round(photo.shape[1] / 1.2**step)), max(8, round(photo.shape[0] / 1.2**step)))
            x, y = size[0] / photo.shape[1], size[1] / photo.shape[0]
            small = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)
            self._sizes[step] = small, np.array([[x, 0, x / 2 - 0.5], [0, y, y / 2 - 0.5], [0, 0, 1.0]])
        return self._sizes[step]


def pair_field(views: Views, pose: Matrix, reference: Field) -> Field:
    """What the judge sees (6, 56, 56): the upright window and the drawing."""
    return np.concatenate([edge_field(views.upright(pose)), reference])


def offsets(pose: Matrix, truth: Matrix) -> npt.NDArray[np.float32]:
    """How far the corners of the unit square must move, in mark units (8 numbers), to go from `pose` to `truth`."""
    moves = carry(np.linalg.inv(pose) @ truth, _CORNERS) - _CORNERS
    return np.asarray(moves.ravel(), np.float32)


def moved(pose: Matrix, corner_offsets: npt.NDArray[np.float32]) -> Matrix:
    """The pose after moving its corners; the inverse of `offsets`."""
    target = (_CORNERS + corner_offsets.reshape(4, 2)).astype(np.float32)
    step = cv2.getPerspectiveTransform(_CORNERS.astype(np.float32), target)
    out = pose @ step
    return np.asarray(out / out[2, 2])


def sound(pose: Matrix, smallest: float) -> bool:
    """Whether a pose can be a print: not mirrored, not folded, about upright, sides of the square alike."""
    if not np.isfinite(pose).all():
        return False
    corners = carry(pose, _CORNERS)
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.linalg.norm(sides, axis=1)
    turns = sides[:, 0] * np.roll(sides[:, 1], -1) - sides[:, 1] * np.roll(sides[:, 0], -1)
    if not (turns > 0).all() or lengths.min() < smallest or lengths.max() > 2.2 * lengths.min():
        return False
    return bool(abs(np.arctan2(sides[0, 1], sides[0, 0])) < np.deg2rad(42))


@dataclass
class Look:
    """One place under judgement: its pose now (mark units -> photo pixels) and the match logits of all looks so far."""

    place: Place
    pose: Matrix
    field: Field
    logits: list[float]


def judge(net: Network, views: Views, looks: list[Look], smallest: float, keep: int, rounds: int = 3) -> list[Look]:
    """Look `rounds` times, moving the corners between looks; after the second only the best `keep` go on.

    Returns those that stayed a possible print, most alike first. `smallest` is the least side in photo pixels.
    """
    alive = list(looks)
    for turn in range(rounds):
        if not alive:
            break
        out = net(np.stack([pair_field(views, look.pose, look.field) for look in alive]))[:, :, 0, 0]
        for look, row in zip(alive, out, strict=True):
            look.logits.append(float(row[0]))
        if turn == rounds - 1:
            break
        if turn:
            order = np.argsort([-look.logits[-1] for look in alive], kind="stable")[:keep]
            alive, out = [alive[at] for at in order], out[order]
        for look, row in zip(alive, out, strict=True):
            look.pose = moved(look.pose, np.clip(row[1:], -0.8, 0.8))
        alive = [look for look in alive if sound(look.pose, smallest)]
    return sorted(alive, key=lambda look: -look.logits[-1])
