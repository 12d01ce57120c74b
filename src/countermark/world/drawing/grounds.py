"""What goods lie on or stand before when they are photographed."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from countermark.world.drawing.materials import Colour, tiled

Image = npt.NDArray[np.float32]
Dice = np.random.Generator

#: Pixels of a photograph, each side.
PHOTO = 640


def ground(name: str, dice: Dice) -> Image:
    """A ground by name, shape (3, PHOTO, PHOTO), red, green, blue from 0 to 1; chance decides its shade."""
    return GROUNDS[name](dice)


def _flat(colour: Colour) -> Image:
    return np.broadcast_to(np.array(colour, np.float32)[:, None, None], (3, PHOTO, PHOTO)).copy()


def _glow(x: float, y: float, reach: float) -> npt.NDArray[np.float32]:
    """A soft pool of light, 0 to 1, centred in shares of the picture."""
    across = ((np.arange(PHOTO, dtype=np.float32) / PHOTO - x) / reach) ** 2
    down = ((np.arange(PHOTO, dtype=np.float32) / PHOTO - y) / reach) ** 2
    return np.exp(-(down[:, None] + across[None, :]))


def _shade(colour: Colour, dice: Dice, spread: float = 0.05) -> Colour:
    bright = float(dice.normal(0, spread))
    r, g, b = (float(np.clip(c + bright + dice.normal(0, spread / 5), 0.03, 0.98)) for c in colour)
    return r, g, b


def _backdrop(wall: Colour, floor: Colour, horizon: float, bend: float) -> Image:
    """A studio roll: wall and floor that run into one another."""
    y = np.arange(PHOTO, dtype=np.float32) / PHOTO
    share = 0.5 + 0.5 * np.tanh((y - horizon) / (2 * bend))
    column = np.outer(wall, 1 - share) + np.outer(floor, share)
    return np.repeat(column[:, :, None].astype(np.float32), PHOTO, axis=2)


def _studio_sand(dice: Dice) -> Image:
    image = _backdrop((0.86, 0.8, 0.72), (0.93, 0.885, 0.82), 0.7, 0.05)
    return image * (0.9 + 0.14 * _glow(0.5 + float(dice.normal(0, 0.03)), 0.45, 0.6))


def _studio_blush(dice: Dice) -> Image:
    image = _backdrop((0.955, 0.91, 0.89), (0.975, 0.945, 0.925), 0.75, 0.07)
    return image * (0.93 + 0.08 * _glow(0.42 + float(dice.normal(0, 0.03)), 0.4, 0.7))


def _studio_slate(dice: Dice) -> Image:
    image = _backdrop((0.12, 0.13, 0.155), (0.2, 0.215, 0.24), 0.72, 0.06)
    return image * (0.75 + 0.75 * _glow(0.5, 0.46 + float(dice.normal(0, 0.02)), 0.42))


def _studio_white(dice: Dice) -> Image:
    tone = 0.95 + float(dice.uniform(-0.03, 0.03))
    image = _flat((tone, tone, tone * float(dice.uniform(0.97, 1.0))))
    return image * (0.94 + 0.06 * _glow(float(dice.uniform(0.3, 0.7)), float(dice.uniform(0.3, 0.6)), 0.7))


def _paper(dice: Dice) -> Image:
    colours: tuple[Colour, ...] = (
        (0.8, 0.72, 0.7),
        (0.62, 0.7, 0.7),
        (0.78, 0.78, 0.66),
        (0.84, 0.8, 0.74),
        (0.55, 0.58, 0.66),
    )
    image = _flat(_shade(colours[int(dice.integers(len(colours)))], dice))
    image *= 1 + 0.03 * tiled("nap", PHOTO, PHOTO, _offset(dice))
    return image * (0.86 + 0.2 * _glow(float(dice.uniform(0, 1)), float(dice.uniform(0, 0.6)), 0.8))


def _offset(dice: Dice) -> tuple[int, int]:
    return int(dice.integers(256)), int(dice.integers(256))


def _wood(dice: Dice) -> Image:
    colours: tuple[Colour, ...] = ((0.55, 0.38, 0.24), (0.72, 0.56, 0.38), (0.36, 0.25, 0.18), (0.66, 0.6, 0.52))
    image = _flat(_shade(colours[int(dice.integers(len(colours)))], dice))
    planks = int(dice.integers(3, 6))
    height = PHOTO // planks + 1
    for number in range(planks):
        rows = slice(number * height, min((number + 1) * height, PHOTO))
        count = rows.stop - rows.start
        grain = tiled("wood", count, PHOTO, _offset(dice), zoom=float(dice.uniform(1.4, 2.4)))
        image[:, rows] *= float(dice.uniform(0.9, 1.08)) * (1 + 0.13 * grain)
        image[:, rows.start : rows.start + 2] *= 0.55
    return image if dice.random() < 0.6 else np.ascontiguousarray(image.transpose(0, 2, 1))


def _parquet(dice: Dice) -> Image:
    image = _flat(_shade((0.62, 0.46, 0.3), dice))
    wide = int(dice.integers(60, 90))
    for row in range(0, PHOTO, wide):
        for column in range(0, PHOTO, wide):
            part = image[:, row : row + wide, column : column + wide]
            grain = tiled("wood", part.shape[1], part.shape[2], _offset(dice), zoom=1.3)
            if (row // wide + column // wide) % 2:
                grain = tiled("wood", part.shape[2], part.shape[1], _offset(dice), zoom=1.3).T
            part *= float(dice.uniform(0.85, 1.1)) * (1 + 0.1 * grain)
            part[:, :2] *= 0.6
            part[:, :, :2] *= 0.6
    return image


def _linen(dice: Dice) -> Image:
    colours: tuple[Colour, ...] = ((0.84, 0.81, 0.75), (0.7, 0.72, 0.74), (0.9, 0.89, 0.88), (0.62, 0.55, 0.5))
    image = _flat(_shade(colours[int(dice.integers(len(colours)))], dice))
    image *= 1 + 0.05 * tiled("weave", PHOTO, PHOTO, _offset(dice), zoom=1.5)
    return image * _creases(dice)


def _creases(dice: Dice) -> npt.NDArray[np.float32]:
    """Light on a sheet that does not lie flat."""
    coarse = cv2.resize(dice.normal(size=(9, 9)).astype(np.float32), (PHOTO, PHOTO), interpolation=cv2.INTER_CUBIC)
    slope = np.gradient(np.asarray(coarse, np.float32), axis=0) + np.gradient(np.asarray(coarse, np.float32), axis=1)
    return np.asarray(1 + 2.2 * slope, np.float32)


def _marble(dice: Dice) -> Image:
    image = _flat(_shade((0.9, 0.89, 0.88), dice, 0.02))
    veins = tiled("marble", PHOTO, PHOTO, _offset(dice), zoom=2.5)
    return image * (1 + 0.09 * np.clip(veins, -3, 0.5))


def _carpet(dice: Dice) -> Image:
    colours: tuple[Colour, ...] = ((0.46, 0.3, 0.28), (0.4, 0.42, 0.44), (0.58, 0.52, 0.44), (0.28, 0.33, 0.4))
    base = _shade(colours[int(dice.integers(len(colours)))], dice)
    image = _flat(base)
    step = int(dice.integers(60, 120))
    y, x = np.mgrid[0:PHOTO, 0:PHOTO]
    lozenge = (np.abs((x % step) - step / 2) + np.abs((y % step) - step / 2)) < step * 0.28
    image[:, lozenge] = np.array(_shade((0.75, 0.66, 0.52), dice), np.float32)[:, None]
    return image * (1 + 0.16 * tiled("nap", PHOTO, PHOTO, _offset(dice)))


def _floor_tiles(dice: Dice) -> Image:
    image = _flat(_shade((0.72, 0.73, 0.73), dice))
    wide = int(dice.integers(110, 190))
    for row in range(0, PHOTO, wide):
        for column in range(0, PHOTO, wide):
            image[:, row : row + wide, column : column + wide] *= float(dice.uniform(0.93, 1.05))
    image *= 1 + 0.05 * tiled("marble", PHOTO, PHOTO, _offset(dice), zoom=1.7)
    start = int(dice.integers(wide))
    for at in range(start, PHOTO, wide):
        image[:, at : at + 4] *= 0.62
        image[:, :, at : at + 4] *= 0.62
    return image


def _shelf(dice: Dice) -> Image:
    """A wall and a board."""
    image = _backdrop(_shade((0.72, 0.7, 0.68), dice), _shade((0.5, 0.38, 0.28), dice), 0.74, 0.003)
    low = int(0.74 * PHOTO)
    image[:, low:] *= 1 + 0.1 * tiled("wood", PHOTO - low, PHOTO, _offset(dice), zoom=2)
    image[:, :low] *= 1 + 0.025 * tiled("smooth", low, PHOTO, _offset(dice))
    return image * (0.82 + 0.26 * _glow(float(dice.uniform(0, 1)), 0.2, 0.8))


def _wrapping(dice: Dice) -> Image:
    """Clear wrapping on a bench: glints everywhere."""
    image = _flat(_shade((0.6, 0.63, 0.66), dice))
    coarse = dice.normal(size=(26, 26)).astype(np.float32)
    smooth = np.asarray(cv2.resize(coarse, (PHOTO, PHOTO), interpolation=cv2.INTER_CUBIC), np.float32)
    glint = np.clip(smooth - 1.5, 0, 1)
    image *= 1 + 0.1 * smooth
    return np.asarray(image + 0.35 * glint, np.float32)


#: Grounds by name; those of studios first.
GROUNDS: dict[str, Callable[[Dice], Image]] = {
    "studio_sand": _studio_sand,
    "studio_blush": _studio_blush,
    "studio_slate": _studio_slate,
    "studio_white": _studio_white,
    "paper": _paper,
    "wood": _wood,
    "parquet": _parquet,
    "linen": _linen,
    "marble": _marble,
    "carpet": _carpet,
    "floor_tiles": _floor_tiles,
    "shelf": _shelf,
    "wrapping": _wrapping,
}
#: Where people photograph their own things.
AT_HOME = ("wood", "parquet", "linen", "marble", "carpet", "shelf", "paper")
#: Where shops without a studio photograph stock.
IN_STOCK = ("floor_tiles", "wrapping", "carpet", "paper", "shelf")
