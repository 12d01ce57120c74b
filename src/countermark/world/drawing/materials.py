"""What things are made of: grain, weave, brushed metal and printed patterns, as tiles that repeat without a seam."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

Tile = npt.NDArray[np.float32]
Colour = tuple[float, float, float]

#: Pixels of a tile, each side.
TILE = 256


@dataclass(frozen=True)
class Material:
    """How a surface takes light.

    Attributes:
        tile: name of its texture.
        depth: how much the texture darkens and lightens, as a share of the colour.
        gloss: strength of the highlight along lit edges.
        softness: width of the rounded edge, in units of the drawing.
    """

    tile: str = "smooth"
    depth: float = 0.05
    gloss: float = 0.25
    softness: float = 10.0


CALF = Material("smooth", 0.05, 0.35, 11)
GRAINED = Material("pebble", 0.11, 0.22, 14)
CANVAS = Material("weave", 0.12, 0.08, 9)
SUEDE = Material("nap", 0.16, 0.0, 14)
SILK = Material("twill", 0.06, 0.3, 5)
WOOL = Material("knit", 0.2, 0.0, 9)
PLAIN = Material("smooth", 0.02, 0.15, 8)
PAPER = Material("nap", 0.05, 0.0, 3)
LACQUER = Material("smooth", 0.0, 0.6, 14)


@cache
def tile(name: str) -> Tile:
    """A texture of shape (TILE, TILE), mean 0, about ±1."""
    made = _MAKERS[name](np.random.default_rng(len(name) * 1009 + 17))
    made = made - made.mean()
    texture = np.asarray(made / max(float(made.std()) * 2, 1e-6), np.float32)
    texture.flags.writeable = False
    return texture


def tiled(name: str, height: int, width: int, offset: tuple[int, int] = (0, 0), zoom: float = 1.0) -> Tile:
    """The texture laid over an area; `zoom` above 1 makes it coarser."""
    source = tile(name)
    rows = ((np.arange(height) + offset[0]) / zoom).astype(int) % TILE
    columns = ((np.arange(width) + offset[1]) / zoom).astype(int) % TILE
    return np.asarray(source[np.ix_(rows, columns)], np.float32)


def _blurred(noise: npt.NDArray[np.float64], sigma: tuple[float, float]) -> npt.NDArray[np.float64]:
    pad = TILE // 2
    wrapped = np.pad(noise, pad, mode="wrap")
    blurred = cv2.GaussianBlur(wrapped, (0, 0), sigmaX=sigma[0], sigmaY=sigma[1])
    return np.asarray(blurred, np.float64)[pad:-pad, pad:-pad]


def _smooth(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    noise = dice.normal(size=(TILE, TILE))
    return _blurred(noise, (1.2, 1.2)) + 3 * _blurred(noise, (14, 14))


def _pebble(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    """Cells round random points, raised in the middle: grained calf."""
    count = 1500
    points = dice.uniform(0, TILE, (count, 2))
    seen = np.concatenate([points + np.array([dx, dy]) for dx in (-TILE, 0, TILE) for dy in (-TILE, 0, TILE)])
    near = seen[((seen > -24) & (seen < TILE + 24)).all(axis=1)]
    mask = np.full((TILE + 48, TILE + 48), 255, np.uint8)
    for x, y in (near + 24).astype(int):
        mask[min(y, TILE + 47), min(x, TILE + 47)] = 0
    far = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[24:-24, 24:-24]
    raised = -far.astype(np.float64)
    return raised + _blurred(raised, (1, 1)) - _blurred(raised, (10, 10)) * 1.6


def _weave(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    y, x = np.mgrid[0:TILE, 0:TILE]
    over = np.sin(x * np.pi / 2) * np.where((y // 2) % 2, 1, -1) + np.sin(y * np.pi / 2) * np.where((x // 2) % 2, 1, -1)
    return np.asarray(over + 0.7 * dice.normal(size=(TILE, TILE)))


def _nap(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    noise = dice.normal(size=(TILE, TILE))
    return _blurred(noise, (0.8, 0.8)) + 1.5 * _blurred(noise, (4, 2)) + 4 * _blurred(noise, (18, 18))


def _twill(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    y, x = np.mgrid[0:TILE, 0:TILE]
    return np.asarray(np.sin((x + y) * np.pi / 2) + 0.5 * dice.normal(size=(TILE, TILE)))


def _knit(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    y, x = np.mgrid[0:TILE, 0:TILE]
    loops = np.sin(x * np.pi / 4) + 0.8 * np.abs(np.sin((y + 2 * np.sin(x * np.pi / 4)) * np.pi / 8))
    return np.asarray(loops + 1.5 * _blurred(dice.normal(size=(TILE, TILE)), (1, 1)))


def _brushed(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    return _blurred(dice.normal(size=(TILE, TILE)), (22, 0.7)) * 6


def _wood(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    noise = dice.normal(size=(TILE, TILE))
    rings = np.sin(np.arange(TILE)[:, None] * 2 * np.pi * 6 / TILE + 9 * _blurred(noise, (40, 10)))
    return rings + 9 * _blurred(noise, (26, 0.8)) + 0.4 * _blurred(noise, (4, 0.6))


def _marble(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    slow = _blurred(dice.normal(size=(TILE, TILE)), (16, 16)) * 32
    finer = _blurred(dice.normal(size=(TILE, TILE)), (5, 5)) * 9
    veins = -np.exp(-((slow + 0.35 * finer) ** 2) * 40)
    return veins + 0.3 * finer + 0.3 * slow


_MAKERS: dict[str, Callable[[np.random.Generator], npt.NDArray[np.float64]]] = {
    "smooth": _smooth,
    "pebble": _pebble,
    "weave": _weave,
    "nap": _nap,
    "twill": _twill,
    "knit": _knit,
    "brushed": _brushed,
    "wood": _wood,
    "marble": _marble,
}
