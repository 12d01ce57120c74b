"""A canvas on which parts of a product are laid one over another, each with its material, light and edge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.world.drawing.materials import PLAIN, Colour, Material, tiled
from countermark.world.drawing.shapes import UNITS, Path, evenly

#: Pixels of a canvas, each side. Photographs are smaller, so that every edge is averaged once more.
SIZE = 720
SCALE = SIZE / UNITS
#: Where light comes from, x and y: above, a little from the left.
LIGHT = (-0.45, -0.9)

Plane = npt.NDArray[np.float32]
Image = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Print:
    """A pattern printed on a part: ink over the material's colour.

    Attributes:
        mask: shape (height, width), 0 to 1, as large as the canvas.
        colour: of the ink.
        strength: how much it covers.
    """

    mask: Plane
    colour: Colour
    strength: float = 1.0


@dataclass(frozen=True)
class _Box:
    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left


class Canvas:
    """Colour and cover of a product cut out of any ground.

    Attributes:
        colour: shape (3, SIZE, SIZE), red, green, blue from 0 to 1, multiplied with the cover.
        cover: shape (SIZE, SIZE), 0 where nothing was drawn.
    """

    def __init__(self) -> None:
        self.colour = np.zeros((3, SIZE, SIZE), np.float32)
        self.cover = np.zeros((SIZE, SIZE), np.float32)

    # --- areas ---------------------------------------------------------------------------------------------------

    def part(
        self,
        outline: Path | Sequence[Path],
        colour: Colour,
        material: Material = PLAIN,
        *,
        pattern: Print | None = None,
        cloth: Image | None = None,
        shadow: float = 0.35,
        zoom: float = 1.0,
    ) -> None:
        """Lay a part of one material over what is there: rounded at the edge, with a soft shadow on what lies below.

        Args:
            outline: closed path, or several (a hole is a path inside another).
            colour: of the material in even light.
            material: texture, gloss and roundness.
            pattern: what is printed on it, in one ink.
            cloth: what it shows in all colours, as large as the canvas; then `colour` does not matter.
            shadow: how dark its shadow on parts below is, 0 for none.
            zoom: how coarse the texture is.
        """
        outlines = [outline] if isinstance(outline, np.ndarray) else list(outline)
        margin = int(material.softness * SCALE * 3) + 12
        box = _around(outlines, margin)
        mask = _filled(outlines, box)
        if shadow:
            self._cast(mask, box, shadow)
        base = _planes(colour) if cloth is None else cloth[box.area].transpose(2, 0, 1)
        if pattern is not None:
            ink = pattern.mask[box.area] * pattern.strength
            base = base * (1 - ink) + _planes(pattern.colour) * ink
        light, shine = _rounded_light(mask, material.softness * SCALE)
        if material.depth:
            grain = tiled(material.tile, box.height, box.width, (box.top, box.left), zoom)
            light = light * (1 + material.depth * grain)
        lit = base * light + material.gloss * shine
        self._lay(mask, lit, box)

    def metal(self, outline: Path | Sequence[Path], tone: Colour, *, angle: float = 20, shadow: float = 0.45) -> None:
        """Lay a polished metal part: bands of light and dark across it at an angle in degrees."""
        outlines = [outline] if isinstance(outline, np.ndarray) else list(outline)
        box = _around(outlines, 10)
        mask = _filled(outlines, box)
        self._cast(mask, box, shadow)
        light, shine = _rounded_light(mask, 3 * SCALE)
        self._lay(mask, _planes(tone) * (_metal_bands(box, angle) * light) + 0.5 * shine, box)

    def sheen(
        self, outline: Path, strength: float, *, angle: float = 100, at: float = 0.3, width: float = 0.18
    ) -> None:
        """Brighten (or with a negative strength darken) a soft band across an outline, as light on glass or silk."""
        box = _around([outline], 2)
        mask = _filled([outline], box)
        along = _along(box, angle)
        band = np.exp(-(((along - at) / width) ** 2)) * mask * self.cover[box.area]
        if strength > 0:
            self._colour(box)[:] += strength * band
        else:
            self._colour(box)[:] *= 1 + strength * band

    def folds(self, outline: Path, *, angle: float, count: float, depth: float, phase: float = 0.0) -> None:
        """Let cloth fall in folds across a direction in degrees: uneven waves of light and dark."""
        box = _around([outline], 2)
        mask = _filled([outline], box)
        along = _along(box, angle) * 2 * np.pi * count + phase
        across = _along(box, angle + 90)
        wave = np.sin(along + 1.1 * np.sin(across * 5 + phase)) + 0.5 * np.sin(2.3 * along + 2 + across * 3)
        part = self._colour(box)
        part *= 1 + depth * wave * mask
        np.clip(part, 0, self.cover[box.area], out=part)

    # --- lines ---------------------------------------------------------------------------------------------------

    def stroke(self, lines: Iterable[Path], colour: Colour, width: float, *, strength: float = 1.0) -> None:
        """Draw lines of a width in units, evenly coloured."""
        drawn = list(lines)
        if drawn:
            box = _around(drawn, _margin(width))
            mask = _stroked(drawn, width, box)
            self._lay(mask * strength * (self.cover[box.area] > 0), _planes(colour), box)

    def pressed(self, lines: Iterable[Path], width: float, *, depth: float = 0.35) -> None:
        """Press lines into what is there: dark on the lit side, bright on the other."""
        drawn = list(lines)
        if not drawn:
            return
        box = _around(drawn, _margin(width))
        mask = _stroked(drawn, width, box)
        below = np.roll(mask, max(1, round(0.5 * width * SCALE)), axis=0)
        part = self._colour(box)
        part *= 1 - depth * mask
        part += 0.35 * depth * np.clip(below - mask, 0, 1) * self.cover[box.area]

    def stitch(
        self, line: Path, colour: Colour, *, every: float = 11.0, length: float = 7.0, width: float = 2.6
    ) -> None:
        """Sew a seam along a path: dashes with their small shadow."""
        if len(line) < 2:
            return
        self.pressed([line], width * 1.5, depth=0.14)
        places, ahead = evenly(line, every)
        dashes = [np.stack([p - d * length / 2, p + d * length / 2]) for p, d in zip(places, ahead, strict=True)]
        box = _around([line], _margin(width + length))
        mask = _stroked(dashes, width, box)
        self._colour(box)[:] *= 1 - 0.4 * np.roll(mask, 1, axis=0)
        self._lay(mask * (self.cover[box.area] > 0), _planes(colour), box)

    def printed(self, areas: Sequence[Path], colour: Colour, *, strength: float = 1.0) -> None:
        """Print flat areas on what is there; holes as in `part`."""
        box = _around(list(areas), 2)
        mask = _filled(list(areas), box)
        self._lay(mask * strength * (self.cover[box.area] > 0), _planes(colour), box)

    # --- light ---------------------------------------------------------------------------------------------------

    def light_from_above(self, strength: float = 0.16) -> None:
        """Let everything fall off towards the lower right, as in the light of one window."""
        share = np.linspace(0, 1, SIZE, dtype=np.float32)
        self.colour *= 1 + strength * (0.5 - 0.7 * share[:, None] - 0.3 * share[None, :])

    def pixels(self) -> npt.NDArray[np.uint8]:
        """Red, green, blue and cover, 0 to 255, shape (SIZE, SIZE, 4)."""
        inside = [np.clip(plane, 0, self.cover) for plane in self.colour]
        planes = [cv2.convertScaleAbs(plane, alpha=255) for plane in (*inside, self.cover)]
        return np.asarray(cv2.merge(planes), np.uint8)

    def _colour(self, box: _Box) -> Image:
        return self.colour[(slice(None), *box.area)]

    def _lay(self, mask: Plane, lit: Image, box: _Box) -> None:
        part, cover = self._colour(box), self.cover[box.area]
        part += (np.minimum(lit, 1) - part) * mask
        cover += (1 - cover) * mask

    def _cast(self, mask: Plane, box: _Box, strength: float) -> None:
        """Shadow of a part on what is already there, never beyond it."""
        half = _halved(mask)
        soft = cv2.GaussianBlur(half, (0, 0), 2.5 * SCALE)
        moved = cv2.warpAffine(soft, np.array([[1.0, 0, 1.5 * SCALE], [0, 1.0, 3 * SCALE]]), half.shape[::-1])
        fallen = cv2.resize(moved, mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
        self._colour(box)[:] *= 1 - strength * np.asarray(fallen, np.float32)


def _planes(colour: Colour) -> Image:
    """One colour, ready to be spread over an area."""
    return np.array(colour, np.float32)[:, None, None]


def _around(outlines: Sequence[Path], margin: int) -> _Box:
    points = np.concatenate(outlines) * SCALE
    low = np.clip(np.floor(points.min(axis=0)).astype(int) - margin, 0, SIZE - 1)
    high = np.clip(np.ceil(points.max(axis=0)).astype(int) + margin, low + 1, SIZE)
    return _Box(int(low[1]), int(high[1]), int(low[0]), int(high[0]))


def _filled(outlines: Sequence[Path], box: _Box) -> Plane:
    mask = np.zeros((box.height, box.width), np.uint8)
    shifted = [np.rint((o * SCALE - (box.left, box.top)) * 16).astype(np.int32) for o in outlines]
    cv2.fillPoly(mask, shifted, 255, cv2.LINE_AA, 4)
    return np.asarray(mask / np.float32(255), np.float32)


def _margin(width: float) -> int:
    return int(width * SCALE) + 4


def _stroked(lines: Iterable[Path], width: float, box: _Box) -> Plane:
    """Lines as cover, drawn at twice the size so that thin ones stay even."""
    mask = np.zeros((2 * box.height, 2 * box.width), np.uint8)
    thick = max(1, round(2 * width * SCALE))
    points = [np.rint((line * SCALE - (box.left, box.top)) * 2 * 16).astype(np.int32) for line in lines]
    cv2.polylines(mask, points, False, 255, thick, cv2.LINE_AA, 4)  # noqa: FBT003 - OpenCV's own signature
    small = cv2.resize(mask, (box.width, box.height), interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255), np.float32)


def _halved(mask: Plane) -> Plane:
    size = ((mask.shape[1] + 1) // 2, (mask.shape[0] + 1) // 2)
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32)


def _rounded_light(mask: Plane, softness: float) -> tuple[Plane, Plane]:
    """How light falls on a part that is rounded at its edge: a factor, and the highlight to add."""
    if softness >= 6:  # what is soft loses nothing at half the size
        smaller = _edge_light(_halved(mask), softness / 2)
        height, facing = (cv2.resize(one, mask.shape[::-1], interpolation=cv2.INTER_LINEAR) for one in smaller)
    else:
        height, facing = _edge_light(mask, softness)
    light = 0.82 + 0.18 * height + 0.55 * facing
    shine = np.maximum(facing - 0.12, 0)
    return np.asarray(light, np.float32), np.asarray(shine * np.sqrt(shine), np.float32)


def _edge_light(mask: Plane, softness: float) -> tuple[Plane, Plane]:
    """A part as a hill: how high each place is, 0 to 1, and how much it faces the light."""
    height = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.6, softness / 2)), np.float32)
    slope_x = np.asarray(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3))
    slope_y = np.asarray(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3))
    facing = (slope_x * -LIGHT[0] + slope_y * -LIGHT[1]) * (softness * 0.2)
    return height, np.asarray(facing, np.float32)


def _along(box: _Box, angle: float) -> Plane:
    """How far each pixel of a box lies along a direction, 0 to 1."""
    y = np.arange(box.top, box.bottom, dtype=np.float32)[:, None]
    x = np.arange(box.left, box.right, dtype=np.float32)[None, :]
    radians = np.radians(angle)
    along = x * np.float32(np.cos(radians)) + y * np.float32(np.sin(radians))
    low, high = float(along.min()), float(along.max())
    return np.asarray((along - low) / max(high - low, 1e-6), np.float32)


def _metal_bands(box: _Box, angle: float) -> Plane:
    stops = (0.0, 0.16, 0.3, 0.42, 0.56, 0.7, 0.84, 1.0)
    tones = (0.55, 0.95, 0.7, 1.12, 0.62, 0.9, 1.05, 0.5)
    return np.interp(_along(box, angle), stops, tones).astype(np.float32)
