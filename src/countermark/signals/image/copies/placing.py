"""From pairs of corners to where a reference lies in a picture."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from countermark.signals.image.copies.features import Places

#: Distance in pixels of the picture within which a corner lies where the reference puts it, from the first guess on.
TOLERANCES = (20.0, 10.0, 6.0, 5.0)
#: The same for a placing that may lean, which starts from one that may not.
LEANING = (20.0, 12.0, 6.0, 5.0)
#: Pairs that must agree for a placing to be worth anything, for one that may also shear and stretch, and to lean.
LEAST_PAIRS, LEAST_AFFINE, LEAST_LEANING = 3, 6, 10
#: A leaning placing must leave at most so large a share of the plain one's squared distances.
BETTER = 0.75
#: Most that a side of the picture may change its length by leaning.
_MOST_LEANING = 0.5
#: Pairs that each make a guess; more add time and nothing else.
MOST_GUESSES = 200

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a reference lies.

    Attributes:
        matrix: shape (3, 3), from pixels of the framed reference to pixels of the framed picture.
        agree: which pairs agree with it, shape (n,).
    """

    matrix: Matrix
    agree: Flags


def moved(matrix: Matrix, points: npt.NDArray[np.floating]) -> Matrix:
    """Points of shape (n, 2) laid out by a matrix of shape (3, 3), in homogeneous coordinates."""
    laid = points @ matrix[:, :2].T + matrix[:, 2]
    behind = np.where(np.abs(laid[:, 2:]) < 1e-9, 1e-9, laid[:, 2:])
    return np.asarray(laid[:, :2] / behind, np.float64)


def place(picture: Places, reference: Places, weights: npt.NDArray[np.float64]) -> Placing | None:
    """Find the placing that most pairs agree on; None when hardly any do.

    A corner has a direction and a size, so each single pair says where the whole reference would lie. The guess with
    which most pairs agree (by weight) is fitted to them, first without shear, then with it, at last leaning as a
    photo of a screen does, if that is clearly nearer. Nothing is drawn by lot.

    Args:
        picture, reference: the corners of each pair, shape (n, 4).
        weights: of each pair, shape (n,).
    """
    agree = _best_guess(picture, reference, weights)
    matrix: Matrix | None = None
    for tolerance in TOLERANCES:
        if agree.sum() < LEAST_PAIRS:
            return None
        affine = tolerance != TOLERANCES[0] and agree.sum() >= LEAST_AFFINE
        matrix = (_affine if affine else _similar)(reference[agree, :2], picture[agree, :2])
        if matrix is None:
            return None
        agree = _near(matrix, reference, picture, tolerance)
    if matrix is None or agree.sum() < LEAST_PAIRS:
        return None
    return _leaning(picture, reference, Placing(matrix, agree))


def _near(matrix: Matrix, reference: Places, picture: Places, tolerance: float) -> Flags:
    return np.asarray(np.hypot(*(moved(matrix, reference[:, :2]) - picture[:, :2]).T) < tolerance)


def _leaning(picture: Places, reference: Places, plain: Placing) -> Placing:
    """A placing with perspective where it explains clearly more pairs than the plain one."""
    matrix = plain.matrix
    agree = plain.agree
    for tolerance in LEANING:
        agree = _near(matrix, reference, picture, tolerance)
        if agree.sum() < LEAST_LEANING:
            return plain
        leaning = _projective(reference[agree, :2], picture[agree, :2])
        if leaning is None or np.abs(leaning[2, :2] @ np.ptp(reference[:, :2], axis=0)) > _MOST_LEANING:
            return plain
        matrix = leaning
    agree = _near(matrix, reference, picture, TOLERANCES[-1])
    better = _left(matrix, reference, picture) <= BETTER * _left(plain.matrix, reference, picture)
    return Placing(matrix, agree) if better and agree.sum() >= LEAST_LEANING else plain


def _left(matrix: Matrix, reference: Places, picture: Places) -> float:
    """Squared distances that a placing leaves; pairs that are far off count as just off."""
    distance = np.hypot(*(moved(matrix, reference[:, :2]) - picture[:, :2]).T)
    return float((np.minimum(distance, TOLERANCES[-1]) ** 2).sum())


def _best_guess(picture: Places, reference: Places, weights: npt.NDArray[np.float64]) -> Flags:
    guess = np.argsort(-weights, kind="stable")[:MOST_GUESSES]
    turn = np.deg2rad(picture[guess, 2] - reference[guess, 2])
    share = picture[guess, 3] / reference[guess, 3]
    cosine, sine = share * np.cos(turn), share * np.sin(turn)
    x, y = reference[:, 0][None], reference[:, 1][None]
    from_x, from_y = reference[guess, 0][:, None], reference[guess, 1][:, None]
    right = cosine[:, None] * (x - from_x) - sine[:, None] * (y - from_y) + picture[guess, 0][:, None]
    down = sine[:, None] * (x - from_x) + cosine[:, None] * (y - from_y) + picture[guess, 1][:, None]
    agree = np.hypot(right - picture[:, 0][None], down - picture[:, 1][None]) < TOLERANCES[0]
    return np.asarray(agree[int(np.argmax(agree @ weights))])


def _similar(reference: Places, picture: Places) -> Matrix | None:
    """Turn, scale and shift by least squares, as one complex number and a shift."""
    here = reference[:, 0].astype(np.complex128) + 1j * reference[:, 1]
    there = picture[:, 0].astype(np.complex128) + 1j * picture[:, 1]
    middle, target = here.mean(), there.mean()
    spread = float((np.abs(here - middle) ** 2).sum())
    if spread < 1.0:
        return None
    turn = ((there - target) * np.conj(here - middle)).sum() / spread
    shift = target - turn * middle
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag], [0.0, 0.0, 1.0]])


def _affine(reference: Places, picture: Places) -> Matrix | None:
    """As `_similar`, with shear and stretch; without them where the points lie on a line."""
    corners = np.column_stack([reference, np.ones(len(reference))]).astype(np.float64)
    solved, _, rank, _ = np.linalg.lstsq(corners, picture.astype(np.float64), rcond=None)
    return np.vstack([solved.T, [0.0, 0.0, 1.0]]) if rank == 3 else _similar(reference, picture)


def _projective(reference: Places, picture: Places) -> Matrix | None:
    """As `_affine`, with perspective, by linear least squares in centred units (Hartley 1997)."""
    ours, theirs = (_centring(points) for points in (reference, picture))
    (x, y), (u, v) = moved(ours, reference).T, moved(theirs, picture).T
    none, one = np.zeros(len(x)), np.ones(len(x))
    rows = np.vstack(
        [
            np.column_stack([x, y, one, none, none, none, -u * x, -u * y]),
            np.column_stack([none, none, none, x, y, one, -v * x, -v * y]),
        ]
    )
    solved, _, rank, _ = np.linalg.lstsq(rows, np.r_[u, v], rcond=None)
    if rank < 8:
        return None
    matrix = np.linalg.inv(theirs) @ np.append(solved, 1.0).reshape(3, 3) @ ours
    return None if abs(matrix[2, 2]) < 1e-6 else np.asarray(matrix / matrix[2, 2], np.float64)


def _centring(points: Places) -> Matrix:
    """To the middle of the points, in units of their spread."""
    middle, share = points.mean(0), 1 / max(float(points.std()), 1e-3)
    return np.array([[share, 0, -share * middle[0]], [0, share, -share * middle[1]], [0, 0, 1]], np.float64)
