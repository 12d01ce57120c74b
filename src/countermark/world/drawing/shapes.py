"""Outlines: closed and open paths as arrays of points, in a square of 1,000 by 1,000 units, y downwards."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

#: Points of shape (n, 2), float; x then y.
Path = npt.NDArray[np.float64]
Point = tuple[float, float]

UNITS = 1000.0


def path(*points: Point) -> Path:
    """A path through points, straight between them."""
    return np.array(points, float)


def curve(start: Point, *cubics: tuple[Point, Point, Point], steps: int = 24) -> Path:
    """A path of cubic Bézier pieces: each has two handles and an end."""
    t = np.linspace(0, 1, steps)[:, None]
    pieces, here = [np.array([start], float)], np.array(start, float)
    for one, two, end in cubics:
        a, b, c = (np.array(p, float) for p in (one, two, end))
        pieces.append(((1 - t) ** 3 * here + 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3 * c)[1:])
        here = c
    return np.concatenate(pieces)


def arc(centre: Point, radii: Point, start: float, end: float, steps: int = 64) -> Path:
    """Part of an ellipse; angles in degrees, clockwise from the right as y points down."""
    angle = np.radians(np.linspace(start, end, steps))
    return np.stack([centre[0] + radii[0] * np.cos(angle), centre[1] + radii[1] * np.sin(angle)], axis=1)


def ellipse(x: float, y: float, rx: float, ry: float | None = None) -> Path:
    """A whole ellipse, or a circle."""
    return arc((x, y), (rx, rx if ry is None else ry), 0, 360, 96)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Path:
    """A rectangle with round corners."""
    return rounded_polygon([(left, top), (right, top), (right, bottom), (left, bottom)], radius)


def rounded_polygon(corners: Sequence[Point], radius: float | Sequence[float]) -> Path:
    """A polygon whose corners are rounded, each by its own radius or all by one."""
    points = np.array(corners, float)
    radii = np.broadcast_to(np.asarray(radius, float), len(points))
    t = np.linspace(0, 1, 10)[:, None]
    pieces = []
    for number, corner in enumerate(points):
        before, after = points[number - 1] - corner, points[(number + 1) % len(points)] - corner
        lengths = np.hypot(*before), np.hypot(*after)
        reach = min(float(radii[number]), 0.49 * lengths[0], 0.49 * lengths[1])
        first, last = corner + before / lengths[0] * reach, corner + after / lengths[1] * reach
        pieces.append((1 - t) ** 2 * first + 2 * (1 - t) * t * corner + t**2 * last)
    return np.concatenate(pieces)


def moved(points: Path, dx: float = 0, dy: float = 0) -> Path:
    """The path, shifted."""
    return np.asarray(points + np.array([dx, dy]), float)


def turned(points: Path, degrees: float, about: Point) -> Path:
    """The path, turned clockwise about a point."""
    angle = np.radians(degrees)
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray((points - about) @ spin + about)


def scaled(points: Path, factor: float | Point, about: Point) -> Path:
    """The path, made larger or smaller about a point."""
    return np.asarray((points - about) * np.asarray(factor) + about)


def mirrored(points: Path, x: float = UNITS / 2) -> Path:
    """The path, mirrored at a vertical line."""
    return np.stack([2 * x - points[:, 0], points[:, 1]], axis=1)


def closed(points: Path) -> Path:
    """The path, led back to its start."""
    return np.concatenate([points, points[:1]])


def symmetric(half: Path, x: float = UNITS / 2) -> Path:
    """A closed outline from its left half, drawn from top to bottom (or the reverse)."""
    return np.concatenate([half, mirrored(half, x)[::-1]])


def evenly(points: Path, distance: float) -> tuple[Path, npt.NDArray[np.float64]]:
    """Points at even distances along a path, and the direction (unit vectors) at each."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    count = max(2, int(along[-1] / distance) + 1)
    at = np.linspace(0, along[-1], count)
    places = np.stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)], axis=1)
    ahead = np.gradient(places, axis=0)
    length = np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    return places, ahead / length


def ribbon(middle: Path, width: float | npt.NDArray[np.float64]) -> Path:
    """The outline of a band of a width (or a width at each point) along a path."""
    ahead = np.gradient(middle, axis=0)
    length = np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / length
    half = (np.broadcast_to(np.asarray(width, float), len(middle)) / 2)[:, None]
    return np.concatenate([middle + normal * half, (middle - normal * half)[::-1]])


def inset(outline: Path, distance: float) -> Path:
    """The outline, so many units further inside; empty when nothing is left."""
    scale = 0.5
    mask = np.zeros((int(UNITS * scale) + 80, int(UNITS * scale) + 80), np.uint8)
    cv2.fillPoly(mask, [np.rint((outline * scale + 40) * 16).astype(np.int32)], 255, cv2.LINE_8, 4)
    deep = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    contours, _ = cv2.findContours((deep > distance * scale).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return np.empty((0, 2))
    longest = max(contours, key=len)[:, 0, :].astype(float)
    kernel = np.ones(7) / 7
    wrapped = np.concatenate([longest[-3:], longest, longest[:3]])
    smooth = np.stack([np.convolve(wrapped[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
    return closed((smooth - 40) / scale)
