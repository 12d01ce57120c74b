"""Registered logos as they come (SVG, PNG, JPEG, WebP) to drawings: what is ink, what is ground."""

import cv2
import numpy as np

from countermark.formats.picture import PictureLimits, RefusedPicture, inspect_picture
from countermark.signals.image.logos.svg import draw_svg
from countermark.signals.image.logos.templates import Pixels

_LIMITS = PictureLimits(bytes=8 << 20, pixels=16_000_000, side=8_000)
_SIDE = 512  # long side of a drawing, in pixels
_EVEN = 24.0  # distance in RGB within which a border counts as one ground
_CLEAR = 40.0  # least distance of the strongest ink from the ground


class UnusableLogo(ValueError):
    """Why a file cannot be looked for in photographs, in words fit for a report."""


def drawing_of(data: bytes) -> Pixels:
    """RGBA drawing (H, W, 4): alpha is ink, whatever the file's format and polarity.

    An opaque picture must have a border of one colour: that is the ground, and ink is what differs from it. A white
    mark on transparency, a black one on white and a white one on black give the same drawing.

    Raises:
        UnusableLogo: nothing can be told from a ground. RefusedSvg (a ValueError): the SVG is unsafe or unreadable.
        RefusedPicture: the file is damaged or too large.
    """
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<"):
        return _separated(draw_svg(data, _SIDE))
    inspect_picture(data, _LIMITS)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise RefusedPicture("damaged", "the picture cannot be decoded.", "Export the picture again.")
    return _separated(_small(_rgba(decoded)))


def _rgba(decoded: np.ndarray) -> Pixels:
    if decoded.dtype != np.uint8:
        decoded = (decoded >> 8).astype(np.uint8) if decoded.dtype == np.uint16 else decoded.astype(np.uint8)
    if decoded.ndim == 2:
        decoded = decoded[..., None]
    count = decoded.shape[2]
    colours = decoded[..., 2::-1] if count >= 3 else np.repeat(decoded[..., :1], 3, axis=2)
    alpha = decoded[..., -1:] if count in (2, 4) else np.full_like(decoded[..., :1], 255)
    return np.ascontiguousarray(np.concatenate([colours, alpha], axis=2))


def _small(rgba: Pixels) -> Pixels:
    height, width = rgba.shape[:2]
    ratio = min(1.0, _SIDE / max(height, width))
    size = (max(1, round(width * ratio)), max(1, round(height * ratio)))
    return np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA), np.uint8)


def _separated(rgba: Pixels) -> Pixels:
    """The drawing with its ground made transparent: by its alpha where it has one, else by its border's colour."""
    frame = np.concatenate([rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1]]).astype(np.float32)
    if (frame[:, 3] < 128).mean() > 0.5 and (rgba[..., 3] > 128).any():
        return _without_plate(rgba)
    ground = np.median(frame[:, :3], axis=0)
    if float((np.linalg.norm(frame[:, :3] - ground, axis=1) < _EVEN).mean()) < 0.7:
        raise UnusableLogo("its border is not of one colour; give the mark alone, on a plain or transparent ground")
    return _against(rgba, ground)


def _against(rgba: Pixels, ground: np.ndarray) -> Pixels:
    away = np.linalg.norm(rgba[..., :3].astype(np.float32) - ground, axis=2) * (rgba[..., 3] / 255.0)
    most = float(np.percentile(away, 99.5))
    if most < _CLEAR:
        raise UnusableLogo("nothing in it stands out from its ground")
    # The weaker of two inks still counts as ink: three quarters of the strongest distance are full cover.
    alpha = np.clip((away - _EVEN / 2) / max(0.75 * most - _EVEN / 2, 1.0), 0, 1) * 255
    return np.dstack([rgba[..., :3], alpha.astype(np.uint8)])


def _without_plate(rgba: Pixels) -> Pixels:
    """A plate (disc, square) that another ink is drawn on is ground for it, if the ink is inside; else as it is.

    On transparency a two-coloured emblem would otherwise be its outline only: a disc like any other.
    """
    ink = rgba[..., :3][rgba[..., 3] > 200].astype(np.float32)
    if len(ink) < 64:
        return rgba
    common = np.median(ink, axis=0)
    apart = np.linalg.norm(ink - common, axis=1)
    if float((apart > 80).mean()) < 0.04:
        return rgba
    away = np.linalg.norm(rgba[..., :3].astype(np.float32) - common, axis=2)
    carved = rgba.copy()
    carved[..., 3] = (rgba[..., 3] * (1 - np.clip((away - 40) / 80, 0, 1))).astype(np.uint8)
    return carved
