"""A place in a photo against one reference: lay it upright, look at both, move the place, look again."""

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.edges import Field, edge_field
from countermark.signals.image.logos.layers import Network
from countermark.signals.image.logos.templates import JUDGE_LONG, JUDGE_SIDE, Matrix, Pixels, unit_to_window

_CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
_CANON = unit_to_window(JUDGE_SIDE, JUDGE_LONG)
Points = npt.NDArray[np.float64]


def carry(matrix: Matrix, points: Points) -> Points:
    """Points (N, 2) through a homography."""
    moved = np.c_[points, np.ones(len(points))] @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def upright(photo: Pixels, pose: Matrix) -> Pixels:
    """The window (56, 56, 3) around a place, turned so that a mark printed by `pose` (units -> photo) is upright."""
    window = _CANON @ np.linalg.inv(pose)
    return np.asarray(
        cv2.warpPerspective(
            photo, window, (JUDGE_SIDE, JUDGE_SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )


def pair_field(photo: Pixels, pose: Matrix, reference: Field) -> Field:
    """What the judge sees (6, 56, 56): the upright window and the drawing."""
    return np.concatenate([edge_field(upright(photo, pose)), reference])


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


def judge(
    net: Network, photo: Pixels, poses: list[Matrix], fields: list[Field], rounds: int, smallest: float
) -> tuple[npt.NDArray[np.float32], list[Matrix]]:
    """Match logits (-inf where a pose went astray) and the poses after `rounds` corrections."""
    logits = np.full(len(poses), -np.inf, np.float32)
    poses = list(poses)
    alive = list(range(len(poses)))
    for turn in range(rounds + 1):
        if not alive:
            break
        out = net(np.stack([pair_field(photo, poses[at], fields[at]) for at in alive]))[:, :, 0, 0]
        for at, row in zip(alive, out, strict=True):
            logits[at] = row[0]
            if turn < rounds:
                poses[at] = moved(poses[at], np.clip(row[1:], -0.8, 0.8))
        if turn < rounds:
            lost = {at for at in alive if not sound(poses[at], smallest)}
            logits[list(lost)] = -np.inf
            alive = [at for at in alive if at not in lost]
    return logits, poses
