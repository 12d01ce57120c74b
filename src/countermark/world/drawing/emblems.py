"""The figurative marks of the three houses, and the patterns made of them."""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from countermark.world.drawing.canvas import SIZE
from countermark.world.drawing.letters import word
from countermark.world.drawing.shapes import (
    Path,
    arc,
    closed,
    curve,
    ellipse,
    path,
    scaled,
    turned,
)


def emblem(house: str, x: float, y: float, radius: float) -> list[Path]:
    """The emblem as closed areas (a hole is an area inside another), centred, reaching `radius` units."""
    unit = {"Corvane": _raven, "Ondrelle": _wave_rose, "Halcyr": _kingfisher_hour}[house]()
    return [area * radius + (x, y) for area in unit]


def _raven() -> list[Path]:
    """Corvane: a raven's head and three feathers that close into a C."""
    head = np.concatenate(
        [
            arc((0, 0), (1, 1), 60, 276, 80),
            curve((0.105, -0.995), ((0.46, -0.96), (0.78, -0.78), (1.06, -0.34))),
            curve((1.06, -0.34), ((0.8, -0.56), (0.52, -0.66), (0.24, -0.64))),
            curve((0.24, -0.64), ((0.12, -0.66), (0.02, -0.74), (-0.1, -0.815))),
            arc((0, 0), (0.82, 0.82), 262, 66, 80),
        ]
    )
    feathers = []
    for number, (outer, inner) in enumerate(((0.74, 0.58), (0.5, 0.36), (0.28, 0.16))):
        start, end = 72 + 10 * number, 268 - 20 * number
        tip = ((outer + inner) / 2 * np.cos(np.radians(end + 22)), (outer + inner) / 2 * np.sin(np.radians(end + 22)))
        feathers.append(
            closed(
                np.concatenate(
                    [arc((0, 0), (outer,) * 2, start, end), [tip], arc((0, 0), (inner,) * 2, end, start + 8)]
                )
            )
        )
    return [closed(head), *feathers, ellipse(0.3, -0.82, 0.055)]


def _wave_rose() -> list[Path]:
    """Ondrelle: eight waves that turn round an open middle, as a rose seen from above."""
    wave = curve(
        (0.16, -0.06),
        ((0.3, -0.5), (0.62, -0.62), (0.98, -0.16)),
        ((0.74, -0.34), (0.56, -0.3), (0.5, -0.02)),
        ((0.42, -0.2), (0.3, -0.2), (0.16, -0.06)),
    )
    petals = [turned(wave, 45 * number, (0, 0)) for number in range(8)]
    return [*petals, closed(ellipse(0, 0, 0.1))]


def _kingfisher_hour() -> list[Path]:
    """Halcyr: an H whose bar is the hour, a kingfisher's beak as its hand."""
    left = path((-0.78, -1), (-0.5, -1), (-0.5, 1), (-0.78, 1))
    hand = curve((-0.5, 0.1), ((-0.1, 0.02), (0.2, -0.16), (0.98, -0.62)), ((0.5, -0.1), (0.2, 0.12), (-0.5, 0.3)))
    right_top = path((0.5, -1), (0.78, -1), (0.78, -0.66), (0.5, -0.5))
    right_bottom = path((0.5, 0.02), (0.78, -0.2), (0.78, 1), (0.5, 1))
    return [closed(left), closed(hand), closed(right_top), closed(right_bottom), ellipse(0.1, -0.42, 0.085)]


def lockup(house: str, x: float, y: float, height: float) -> tuple[list[Path], list[Path]]:
    """Emblem above the name: areas and lines; `height` from the top of the one to the foot of the other."""
    areas = emblem(house, x, y - 0.2 * height, 0.3 * height)
    return areas, word(house.upper(), x, y + 0.37 * height, 0.15 * height)


@cache
def monogram(house: str, step: int = 56) -> npt.NDArray[np.float32]:
    """The house's pattern as a mask of the size of a canvas: emblems and small signs in offset rows."""
    cell = np.zeros((2 * step * 2, 2 * step * 2), np.uint8)
    size = 2 * step
    for x, y in ((size / 2, size / 2), (size * 1.5, size * 1.5)):
        _fill(cell, emblem(house, x, y, 0.36 * size))
    for x, y in ((size * 1.5, size / 2), (size / 2, size * 1.5)):
        _fill(cell, _small_sign(house, x, y, 0.2 * size))
    small = cv2.resize(cell, (2 * step, 2 * step), interpolation=cv2.INTER_AREA) / np.float32(255)
    count = SIZE // (2 * step) + 1
    mask = np.array(np.tile(small, (count, count))[:SIZE, :SIZE], np.float32, order="C")
    mask.flags.writeable = False
    return mask


def _small_sign(house: str, x: float, y: float, radius: float) -> list[Path]:
    if house == "Halcyr":
        return [ellipse(x, y, radius * 0.5)]
    lozenge = path((x, y - radius), (x + 0.7 * radius, y), (x, y + radius), (x - 0.7 * radius, y))
    return [lozenge, scaled(lozenge, 0.45, (x, y))]


def _fill(mask: npt.NDArray[np.uint8], areas: list[Path]) -> None:
    cv2.fillPoly(mask, [np.rint(area * 16).astype(np.int32) for area in areas], 255, cv2.LINE_AA, 4)
