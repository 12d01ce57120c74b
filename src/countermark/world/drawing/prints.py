"""Prints for silk: borders, medallions, waves and gardens in the colours of a palette."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from countermark.world.drawing.canvas import SCALE, SIZE
from countermark.world.drawing.emblems import emblem
from countermark.world.drawing.materials import Colour
from countermark.world.drawing.shapes import (
    UNITS,
    Path,
    arc,
    curve,
    ellipse,
    path,
    rounded,
    scaled,
    turned,
)

#: Ground, two inks, an accent.
Palette = tuple[Colour, Colour, Colour, Colour]
Image = npt.NDArray[np.float32]
_MIDDLE = (UNITS / 2, UNITS / 2)


class Sheet:
    """A sheet of silk, seen flat: areas of flat ink one over another."""

    def __init__(self, ground: Colour) -> None:
        self._pixels = np.empty((SIZE, SIZE, 3), np.uint8)
        self._pixels[:] = _ink(ground)

    def area(self, outlines: Path | Sequence[Path], colour: Colour) -> None:
        """Print an area; a hole is an outline inside another."""
        several = [outlines] if isinstance(outlines, np.ndarray) else list(outlines)
        points = [np.rint(outline * SCALE * 16).astype(np.int32) for outline in several]
        cv2.fillPoly(self._pixels, points, _ink(colour), cv2.LINE_AA, 4)

    def lines(self, lines: Sequence[Path], colour: Colour, width: float) -> None:
        """Print lines."""
        points = [np.rint(line * SCALE * 16).astype(np.int32) for line in lines]
        thick = max(1, round(width * SCALE))
        cv2.polylines(self._pixels, points, False, _ink(colour), thick, cv2.LINE_AA, 4)  # noqa: FBT003 - OpenCV's own

    def image(self) -> Image:
        """The sheet as red, green, blue from 0 to 1."""
        return np.asarray(self._pixels / np.float32(255), np.float32)

    def crossed(self) -> None:
        """Weave the sheet with itself, laid across: stripes become checks."""
        across = self._pixels.transpose(1, 0, 2)
        self._pixels = ((self._pixels.astype(np.uint16) + across) // 2).astype(np.uint8)


def _ink(colour: Colour) -> tuple[int, int, int]:
    return (round(colour[0] * 255), round(colour[1] * 255), round(colour[2] * 255))


def silk_print(style: str, palette: Palette, house: str = "", seed: int = 0) -> Image:
    """A print by style; with a house, its emblem is worked into it."""
    return PRINTS[style](palette, house, np.random.default_rng(seed)).image()


def _bordered(palette: Palette, bands: Sequence[tuple[float, int]]) -> Sheet:
    sheet = Sheet(palette[0])
    for inset, ink in bands:
        sheet.area(rounded(inset, inset, UNITS - inset, UNITS - inset, 10), palette[ink])
    return sheet


def _star(x: float, y: float, radius: float, rays: int, *, slim: float = 0.5) -> Path:
    angle = np.arange(2 * rays) * np.pi / rays
    reach = np.where(np.arange(2 * rays) % 2, slim, 1.0) * radius
    return np.stack([x + reach * np.cos(angle), y + reach * np.sin(angle)], axis=1)


def _petals(x: float, y: float, radius: float, count: int, wide: float = 0.5) -> list[Path]:
    petal = curve(
        (x, y),
        ((x - wide * radius, y - 0.3 * radius), (x - 0.5 * wide * radius, y - radius), (x, y - radius)),
        ((x + 0.5 * wide * radius, y - radius), (x + wide * radius, y - 0.3 * radius), (x, y)),
    )
    return [turned(petal, 360 * number / count, (x, y)) for number in range(count)]


def _centre(sheet: Sheet, palette: Palette, house: str, radius: float) -> None:
    sheet.area(ellipse(*_MIDDLE, radius), palette[0])
    if house:
        sheet.area(emblem(house, *_MIDDLE, 0.72 * radius), palette[3])
    else:
        for petal in _petals(*_MIDDLE, 0.8 * radius, 6):
            sheet.area(petal, palette[3])


def _medallion(palette: Palette, house: str, _dice: np.random.Generator) -> Sheet:
    _, one, two, accent = palette
    sheet = _bordered(palette, ((24, 1), (70, 3), (80, 0), (112, 2), (122, 0)))
    for x, y in ((122, 122), (878, 122), (122, 878), (878, 878)):
        for petal in _petals(x, y, 190, 12, 0.34):
            sheet.area(petal, two)
        sheet.area(ellipse(x, y, 70), accent)
    sheet.area([rounded(0, 0, 1000, 1000, 5), rounded(70, 70, 930, 930, 10)], one)
    for place in range(100, 920, 50):
        for x, y in ((place, 47), (place, 953), (47, place), (953, place)):
            sheet.area(ellipse(x, y, 11), accent)
    for radius, count, colour in ((330, 24, one), (270, 16, two), (215, 24, accent), (170, 12, one)):
        for petal in _petals(*_MIDDLE, radius, count, 0.26):
            sheet.area(petal, colour)
    sheet.lines([ellipse(*_MIDDLE, r) for r in (345, 356)], two, 4)
    _centre(sheet, palette, house, 105)
    return sheet


def _waves(palette: Palette, house: str, _: np.random.Generator) -> Sheet:
    sheet = _bordered(palette, ((30, 2), (42, 0)))
    for row, y in enumerate(range(960, 60, -62)):
        shift = 62 if row % 2 else 0
        for x in range(-60 + shift, 1080, 124):
            for ring, ink in ((66, 1 + row % 2), (50, 0), (36, 3), (20, 0)):
                sheet.area(ellipse(x, y, ring, ring * 0.92), palette[ink])
    sheet.area([rounded(0, 0, 1000, 1000, 4), rounded(44, 44, 956, 956, 8)], palette[1])
    sheet.lines([rounded(58, 58, 942, 942, 6)], palette[3], 6)
    if house:
        _centre(sheet, palette, house, 130)
    return sheet


def _garden(palette: Palette, house: str, dice: np.random.Generator) -> Sheet:
    sheet = _bordered(palette, ((36, 1), (48, 0)))
    for _ in range(46):
        x, y = (float(v) for v in dice.uniform(90, 910, 2))
        bend = float(dice.uniform(-120, 120))
        stem = curve((x, y), ((x + bend, y + 60), (x - bend, y + 120), (x + bend / 2, y + 190)))
        sheet.lines([stem], palette[2], 5)
        leaf = curve(
            (x + bend / 3, y + 80),
            ((x + 30, y + 40), (x + 80, y + 50), (x + 96, y + 90)),
            ((x + 60, y + 100), (x + 30, y + 100), (x + bend / 3, y + 80)),
        )
        sheet.area(leaf, palette[2])
    for _ in range(34):
        x, y = (float(v) for v in dice.uniform(80, 920, 2))
        radius, count = float(dice.uniform(34, 74)), int(dice.integers(5, 9))
        for petal in _petals(x, y, radius, count, 0.5):
            sheet.area(turned(petal, float(dice.uniform(0, 60)), (x, y)), palette[int(dice.choice([1, 3]))])
        sheet.area(ellipse(x, y, radius * 0.22), palette[0])
    sheet.area([rounded(0, 0, 1000, 1000, 4), rounded(52, 52, 948, 948, 8)], palette[1])
    if house:
        _centre(sheet, palette, house, 120)
    return sheet


def _tiles(palette: Palette, house: str, _: np.random.Generator) -> Sheet:
    sheet = _bordered(palette, ((26, 3), (36, 0)))
    for row in range(8):
        for column in range(8):
            x, y = 125 + 107 * column, 125 + 107 * row
            sheet.area(rounded(x - 46, y - 46, x + 46, y + 46, 8), palette[1 + (row + column) % 2])
            mark = emblem(house, x, y, 32) if house and (row + column) % 2 == 0 else [_star(x, y, 32, 8)]
            sheet.area(mark, palette[3 if (row + column) % 2 else 0])
    return sheet


def _rays(palette: Palette, house: str, _: np.random.Generator) -> Sheet:
    sheet = Sheet(palette[0])
    for number in range(48):
        ray = path(_MIDDLE, (1300, 455), (1300, 545))
        sheet.area(turned(ray, 7.5 * number, _MIDDLE), palette[1 + number % 2])
    for radius in (300, 290, 220, 208):
        sheet.area(ellipse(*_MIDDLE, radius), palette[3 if radius in (300, 220) else 0])
    for number in range(24):
        sheet.area(turned(ellipse(500, 246, 15), 15 * number, _MIDDLE), palette[2])
    sheet.area([rounded(0, 0, 1000, 1000, 4), rounded(40, 40, 960, 960, 8)], palette[2])
    sheet.lines([scaled(rounded(40, 40, 960, 960, 8), 0.985, _MIDDLE)], palette[3], 5)
    _centre(sheet, palette, house, 180)
    return sheet


def _stripes(palette: Palette, house: str, dice: np.random.Generator) -> Sheet:
    sheet = Sheet(palette[0])
    at = 0.0
    while at < UNITS:
        wide = float(dice.choice([8, 14, 26, 48, 70]))
        sheet.area(path((at, 0), (at + wide, 0), (at + wide, 1000), (at, 1000)), palette[int(dice.integers(0, 4))])
        at += wide + float(dice.choice([0, 10, 22]))
    for y in range(60, 1000, 180):
        for x in range(60, 1000, 180):
            if house:
                sheet.area(emblem(house, x, y, 30), palette[3])
    return sheet


def _checks(palette: Palette, house: str, _: np.random.Generator) -> Sheet:
    sheet = Sheet(palette[0])
    for at, wide, ink in (
        (80, 120, 1),
        (300, 16, 3),
        (340, 16, 3),
        (430, 150, 2),
        (680, 16, 3),
        (740, 120, 1),
        (920, 20, 3),
    ):
        sheet.area(path((at, 0), (at + wide, 0), (at + wide, 1000), (at, 1000)), palette[ink])
    sheet.crossed()
    if house:
        sheet.area(emblem(house, 860, 860, 60), palette[3])
    return sheet


def _bridle(palette: Palette, house: str, _: np.random.Generator) -> Sheet:
    """Belts and rings laid over one another, as saddlers draw them."""
    sheet = _bordered(palette, ((30, 1), (60, 0), (76, 2), (84, 0)))
    for angle in (0, 90, 45, 135):
        for offset in (-130, 130):
            strap = turned(rounded(60, 500 + offset - 26, 940, 500 + offset + 26, 26), angle, _MIDDLE)
            sheet.area(strap, palette[1])
            sheet.lines(
                [turned(path((90, 500 + offset + s), (910, 500 + offset + s)), angle, _MIDDLE) for s in (-16, 16)],
                palette[3],
                3,
            )
    for number in range(8):
        x, y = turned(path((500.0, 240.0)), 45 * number, _MIDDLE)[0]
        sheet.area([ellipse(float(x), float(y), 62), ellipse(float(x), float(y), 42)], palette[3])
    sheet.lines([arc(_MIDDLE, (395, 395), 0, 360, 120)], palette[2], 10)
    sheet.area([rounded(0, 0, 1000, 1000, 4), rounded(66, 66, 934, 934, 8)], palette[1])
    _centre(sheet, palette, house, 116)
    return sheet


PRINTS: dict[str, Callable[[Palette, str, np.random.Generator], Sheet]] = {
    "medallion": _medallion,
    "waves": _waves,
    "garden": _garden,
    "tiles": _tiles,
    "rays": _rays,
    "stripes": _stripes,
    "checks": _checks,
    "bridle": _bridle,
}
