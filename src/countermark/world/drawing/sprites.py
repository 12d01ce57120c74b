"""Goods cut out of any ground: what is drawn, named so that it can be drawn again, and kept for a while."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt

from countermark.world.drawing.bags import Look
from countermark.world.drawing.canvas import Canvas
from countermark.world.drawing.others import THINGS, ThingLook
from countermark.world.drawing.scarves import SCARVES, ScarfLook
from countermark.world.drawing.small_leather import LEATHER
from countermark.world.drawing.watches import MODELS, WatchLook, strap_alone, watch

#: Red, green, blue and cover, 0 to 255, colours multiplied with the cover; shape (SIZE, SIZE, 4).
Cutout = npt.NDArray[np.uint8]
AnyLook = Look | ScarfLook | WatchLook | ThingLook


@dataclass(frozen=True)
class Goods:
    """One piece of goods: its form and its look decide every pixel.

    Attributes:
        form: a key of LEATHER, SCARVES, MODELS or THINGS, or `strap`; which table follows from the look.
        look: colours and marks.
    """

    form: str
    look: AnyLook


@lru_cache(maxsize=24)
def cutout(goods: Goods) -> Cutout:
    """Draw a piece of goods in even light from above."""
    canvas = Canvas()
    _draw(canvas, goods)
    canvas.light_from_above()
    drawn = canvas.pixels()
    drawn.flags.writeable = False
    return drawn


def _draw(canvas: Canvas, goods: Goods) -> None:
    look = goods.look
    if isinstance(look, WatchLook):
        if goods.form == "strap":
            strap_alone(canvas, look)
        else:
            watch(canvas, MODELS[goods.form], look)
        return
    tables: dict[type, dict[str, Callable[[Canvas, AnyLook], None]]] = {
        Look: cast("dict[str, Callable[[Canvas, AnyLook], None]]", LEATHER),
        ScarfLook: cast("dict[str, Callable[[Canvas, AnyLook], None]]", SCARVES),
        ThingLook: cast("dict[str, Callable[[Canvas, AnyLook], None]]", THINGS),
    }
    tables[type(look)][goods.form](canvas, look)
