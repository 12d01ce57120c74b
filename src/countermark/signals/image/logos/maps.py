"""What the verdict network sees of a place: edges of photo and drawing, and ink told from ground without its colour."""

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.edges import Field, edge_field
from countermark.signals.image.logos.templates import Pixels

NAMES = (
    "edges along", "edges across", "edges", "drawn along", "drawn across", "drawn", "ink", "agreement", "mix",
    "mix without shade", "mix nearby", "nearby share", "ink colour",
)  # fmt: skip
_NEARBY = (11, 11)  # pixels about each that the mix nearby is fitted on: a change of cloth further off is out of it
_SHADE = 7.0  # sigma in pixels of the mean that is taken off, as in evidence.py
_NOISE = 20.0  # variance in grey levels that colours count as having
_FAINT = 0.01  # variance of ink that a neighbourhood counts as having
_LEAST_SPREAD = 14.0  # grey levels by which one ink may differ from itself

Plane = npt.NDArray[np.float32]


def verdict_maps(window: Pixels, field: Field, ink: Plane, shift: tuple[int, int]) -> Plane:
    """Maps (len(NAMES), 56, 56) of an upright window beside a drawing.

    Args:
        window: (56, 56, 3).
        field: the drawing's edge field (3, 56, 56).
        ink: the drawing's alpha (56, 56), 0 to 1.
        shift: how far (down, right) the drawing lies best, in pixels.
    """
    seen = edge_field(window)
    drawn, laid = np.roll(field, shift, axis=(1, 2)), np.roll(ink, shift, axis=(0, 1))
    pixels = window.astype(np.float32)
    nearby, share = _mixed_nearby(pixels, laid)
    planes = [
        *seen,
        *drawn,
        laid,
        _agreement(seen, drawn),
        _mixed(pixels, laid),
        2 * _mixed(_without_shade(pixels), _without_shade(laid)),
        nearby,
        share,
        _ink_colour(pixels, laid),
    ]
    return np.stack(planes).astype(np.float32)


def _agreement(seen: Field, drawn: Field) -> Plane:
    """Where the drawing has an edge: how much of it the photo has in that direction, within a pixel, 0 to 1."""
    best = np.zeros_like(drawn[2])
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            there = np.roll(seen, (down, right), axis=(1, 2))
            np.maximum(best, drawn[0] * there[0] + drawn[1] * there[1], out=best)
    return np.asarray(np.sqrt(best), np.float32)


def _mixed(pixels: Plane, ink: Plane) -> Plane:
    """The ink that one mix of red, green and blue tells for the whole window (least squares); of mean 0."""
    colours = pixels.reshape(-1, 3) - pixels.reshape(-1, 3).mean(axis=0)
    spread = colours.T @ colours / len(colours) + _NOISE * np.eye(3, dtype=np.float32)
    mix = np.linalg.solve(spread, colours.T @ (ink.ravel() - ink.mean()) / len(colours))
    return np.asarray((colours @ mix).reshape(ink.shape), np.float32)


def _without_shade(plane: Plane) -> Plane:
    return np.asarray(plane - cv2.GaussianBlur(plane, (0, 0), _SHADE), np.float32)


def _mixed_nearby(pixels: Plane, ink: Plane) -> tuple[Plane, Plane]:
    """The same with another mix about each pixel (a guided filter, He, Sun and Tang 2010), and R squared about each."""
    means, ink_mean = cv2.blur(pixels, _NEARBY), cv2.blur(ink, _NEARBY)
    spread_of = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    squares = np.dstack([pixels[..., one] * pixels[..., other] for one, other in spread_of])
    blurred = np.dstack([cv2.blur(np.ascontiguousarray(part), _NEARBY) for part in np.split(squares, 2, axis=2)])
    rr, rg, rb, gg, gb, bb = (
        blurred[..., at] - means[..., one] * means[..., other] + (_NOISE if one == other else 0.0)
        for at, (one, other) in enumerate(spread_of)
    )
    r, g, b = np.moveaxis(cv2.blur(pixels * ink[..., None], _NEARBY) - means * ink_mean[..., None], 2, 0)
    # The inverse of a symmetric 3 x 3 matrix by its cofactors, for all pixels at once.
    crr, crg, crb = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
    cgg, cgb, cbb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    whole = rr * crr + rg * crg + rb * crb
    mix = np.dstack([crr * r + crg * g + crb * b, crg * r + cgg * g + cgb * b, crb * r + cgb * g + cbb * b])
    mix /= whole[..., None]
    told = (mix * np.dstack([r, g, b])).sum(axis=2)
    variance = np.maximum(cv2.blur(ink * ink, _NEARBY) - ink_mean * ink_mean, 0)
    added = ink_mean - (mix * means).sum(axis=2)
    shown = (cv2.blur(mix, _NEARBY) * pixels).sum(axis=2) + cv2.blur(added, _NEARBY)
    return np.clip(shown, -0.5, 1.5), np.clip(told / (variance + _FAINT), 0, 1)


def _ink_colour(pixels: Plane, ink: Plane) -> Plane:
    """How near each pixel is to the colour that most of the ink has, 0 to 1: merged ground has it too."""
    inked = pixels[ink > 0.7 * ink.max()]
    colour = np.median(inked, axis=0)
    spread = np.maximum(_LEAST_SPREAD, 1.5 * np.median(np.abs(inked - colour), axis=0))
    return np.asarray(np.exp(-np.square((pixels - colour) / spread).sum(axis=2) / 6.0), np.float32)
