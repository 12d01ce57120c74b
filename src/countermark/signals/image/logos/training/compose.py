"""Composites: a flat mark printed on a photograph, the way cloth, light and a camera change it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.templates import Mark, fit

Pixels = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]
Reals = npt.NDArray[np.integer | np.floating]
_CONTRAST = 70.0  # least distance in RGB between ink and the cloth under it; below it a person does not see the mark


@dataclass(frozen=True)
class Style:
    """How hard a composite may be; the defaults are the published test."""

    tilt: float = 20.0
    perspective: float = 0.06
    plate: float = 0.1
    hidden: float = 0.0
    quality: tuple[int, int] = (75, 75)


PUBLISHED = Style()


def pose(rng: np.random.Generator, style: Style, aspect: tuple[float, float]) -> Matrix:
    """Random homography from mark units (long side = -1..1) to units of half the printed long side, centre 0."""
    turn = np.deg2rad(rng.uniform(-style.tilt, style.tilt))
    x, y = aspect
    corners = np.array([[-x, -y], [x, -y], [x, y], [-x, y]])
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    turned = turned * (1 + rng.uniform(-0.08, 0.08, 2))
    moved = turned + rng.uniform(-style.perspective, style.perspective, (4, 2)) * 2 * np.minimum([x, y], 1)
    return cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32)).astype(np.float64)


def stamp(photo: Pixels, mark: Mark, unit_to_photo: Matrix, rng: np.random.Generator, style: Style) -> Pixels:
    """The photo with the mark printed where `unit_to_photo` puts it (mark units: long side = -1..1), JPEG included."""
    alpha, inks = _warped(mark, unit_to_photo, photo.shape, rng, style)
    base = photo.astype(np.float32)
    inside = alpha > 0.1
    under = base[inside].mean(axis=0) if inside.any() else np.full(3, 128.0)
    ink = np.broadcast_to(_ink(rng, under), base.shape) if inks is None else inks
    grey = base.mean(axis=2)
    shade = cv2.GaussianBlur(grey, (0, 0), max(3.0, photo.shape[1] / 60))
    light = np.clip(shade / max(20.0, float(grey[inside].mean()) if inside.any() else 128.0), 0.45, 1.7)
    printed = ink * (light ** rng.uniform(0.3, 1.0))[..., None]
    printed = printed + ((grey - shade) * rng.uniform(0.2, 0.9))[..., None]
    cover = (alpha * rng.uniform(0.8, 1.0))[..., None]
    out = base * (1 - cover) + printed * cover
    if rng.random() < 0.5:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 0.9))
    done = np.clip(out, 0, 255).astype(np.uint8)
    return compressed(done, int(rng.integers(style.quality[0], style.quality[1] + 1)))


def compressed(rgb: Pixels, quality: int) -> Pixels:
    """The picture after a JPEG round trip."""
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if back is None:
        raise ValueError("OpenCV could not read its own JPEG")
    return np.ascontiguousarray(back[..., ::-1])


def _warped(
    mark: Mark, unit_to_photo: Matrix, shape: tuple[int, ...], rng: np.random.Generator, style: Style
) -> tuple[Reals, Reals | None]:
    """Alpha 0..1 and, for a colour mark or a plate, ink, both in photo pixels."""
    corner = unit_to_photo @ np.array([1.0, 0.0, 1.0])
    centre = unit_to_photo @ np.array([0.0, 0.0, 1.0])
    reach = float(np.linalg.norm(corner[:2] / corner[2] - centre[:2] / centre[2]))
    alpha: Reals = mark.alpha.astype(np.float32) / 255
    rgb: Reals | None = None if mark.rgb is None else mark.rgb.astype(np.float32)
    if rgb is None and rng.random() < style.plate:
        alpha, rgb = _plate(alpha, rng)
    grow = max(alpha.shape) / max(mark.alpha.shape)
    if rng.random() < style.hidden:
        alpha = _hide(alpha, rng)
    shown = Mark((alpha * 255).astype(np.uint8), None if rgb is None else rgb.astype(np.uint8))
    small, to_unit = fit(shown, 2.8 * reach)
    matrix = unit_to_photo @ np.diag([grow, grow, 1.0]) @ to_unit
    to = (shape[1], shape[0])
    flat = cv2.warpPerspective(small.alpha.astype(np.float32) / 255, matrix, to, flags=cv2.INTER_LINEAR)
    if small.rgb is None:
        return flat, None
    inks = small.rgb.astype(np.float32)
    return flat, cv2.warpPerspective(inks, matrix, to, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _plate(alpha: Reals, rng: np.random.Generator) -> tuple[Reals, Reals]:
    """The mark left out of, or printed on, a plate of another ink."""
    pad = round(max(alpha.shape) * rng.uniform(0.06, 0.25))
    padded = cv2.copyMakeBorder(alpha, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0.0)
    first = rng.uniform(0, 255, 3)
    second = _ink(rng, first)
    rgb = first * (1 - padded[..., None]) + second * padded[..., None]
    return np.ones_like(padded), rgb.astype(np.float32)


def _hide(alpha: Reals, rng: np.random.Generator) -> Reals:
    """Leave away a side or a bar of the mark, 15 to 45 % of it."""
    out = alpha.copy()
    height, width = out.shape
    part = rng.uniform(0.15, 0.45)
    if rng.random() < 0.5:
        left = int(rng.choice([0, width * (1 - part), rng.uniform(0, width * (1 - part))]))
        out[:, left : left + int(width * part)] = 0
    else:
        top = int(rng.choice([0, height * (1 - part), rng.uniform(0, height * (1 - part))]))
        out[top : top + int(height * part)] = 0
    return out


def _ink(rng: np.random.Generator, under: Reals) -> Reals:
    """An ink a person can tell from the cloth: black, white or any colour."""
    for _ in range(8):
        kind = rng.random()
        ink = np.full(3, 15.0) if kind < 0.25 else np.full(3, 245.0) if kind < 0.5 else rng.uniform(0, 255, 3)
        if np.linalg.norm(ink - under) >= _CONTRAST:
            return ink
    return np.full(3, 15.0) if under.mean() > 128 else np.full(3, 245.0)
