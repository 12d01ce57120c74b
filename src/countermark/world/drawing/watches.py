"""Watches: case, dial, hands, strap or bracelet, from a table of what each model has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countermark.world.drawing.bags import GOLD, STEEL, darker
from countermark.world.drawing.canvas import Canvas
from countermark.world.drawing.emblems import emblem
from countermark.world.drawing.letters import width_of, word
from countermark.world.drawing.materials import CALF, GRAINED, LACQUER, Colour, Material
from countermark.world.drawing.shapes import (
    Path,
    arc,
    curve,
    ellipse,
    inset,
    moved,
    path,
    ribbon,
    rounded,
    rounded_polygon,
    scaled,
    turned,
)

#: Middle of the dial.
X, Y = 500.0, 500.0
MIDDLE = (X, Y)
ROSE_GOLD: Colour = (0.86, 0.62, 0.5)


@dataclass(frozen=True)
class WatchModel:
    """What a model has, whatever its colours.

    Attributes:
        shape: `round` or `square`.
        radius: of the case, in units.
        bezel: `plain`, `diver` (minutes on a dark ring) or `stones`.
        indices: `bars`, `dots`, `roman` (long bars in twos) or `none`.
        subdials: small dials, as (dx, dy, radius).
        moon: whether a moon phase shows at six.
        bracelet: metal links instead of a strap.
        crown: buttons beside the crown.
    """

    shape: str = "round"
    radius: float = 205
    bezel: str = "plain"
    indices: str = "bars"
    subdials: Sequence[tuple[float, float, float]] = ()
    moon: bool = False
    bracelet: bool = False
    pushers: bool = False


@dataclass(frozen=True)
class WatchLook:
    """What differs between two pieces of one model.

    Attributes:
        dial, strap, metal: colours.
        house: whose name is on the dial; empty for none.
        ink: colour of indices and name; None for what reads well.
        crooked: how far the name sits askew, in units; a sign of poor copies.
        time: minutes after twelve that the hands show.
    """

    dial: Colour
    strap: Colour
    metal: Colour = STEEL
    house: str = ""
    ink: Colour | None = None
    crooked: float = 0.0
    time: float = 10 * 60 + 9

    def reads(self) -> Colour:
        """A colour that stands out on the dial."""
        if self.ink is not None:
            return self.ink
        return (0.13, 0.13, 0.15) if sum(self.dial) > 1.5 else (0.94, 0.92, 0.88)


MODELS: dict[str, WatchModel] = {
    "three_hands": WatchModel(),
    "chronograph": WatchModel(radius=220, subdials=((-88, 0, 46), (88, 0, 46), (0, 88, 46)), pushers=True),
    "diver": WatchModel(radius=222, bezel="diver", indices="dots", bracelet=True),
    "moon": WatchModel(radius=200, indices="roman", moon=True),
    "square": WatchModel(shape="square", radius=172, indices="roman"),
    "bracelet": WatchModel(radius=196, bracelet=True),
    "stones": WatchModel(radius=168, bezel="stones", indices="dots"),
    "small_seconds": WatchModel(radius=200, indices="none", subdials=((0, 84, 58),)),
}


def watch(canvas: Canvas, model: WatchModel, look: WatchLook) -> None:
    """A whole watch, seen from above."""
    if model.bracelet:
        _bracelet(canvas, model, look)
    else:
        _strap(canvas, model, look)
    _lugs_and_crown(canvas, model, look)
    _case(canvas, model, look)
    _dial(canvas, model, look)
    _hands(canvas, model, look)
    glass = _face(model, model.radius * 0.84)
    canvas.sheen(glass, 0.09, angle=38, at=0.27, width=0.09)
    canvas.sheen(glass, 0.05, angle=38, at=0.46, width=0.03)


def strap_alone(canvas: Canvas, look: WatchLook) -> None:
    """A strap without a watch: what makers of accessories sell."""
    for left, top, bottom, holes in ((300, 150, 850, False), (560, 100, 880, True)):
        outline = rounded_polygon(
            [(left, top), (left + 150, top), (left + 136, bottom), (left + 14, bottom)], [8, 8, 60, 60]
        )
        canvas.part(outline, look.strap, GRAINED)
        canvas.stitch(inset(outline, 13), _thread(look.strap))
        if holes:
            for y in range(560, 820, 44):
                canvas.part(ellipse(left + 75, y, 8, 12), darker(look.strap, 0.3), CALF, shadow=0)
    canvas.metal([rounded(290, 120, 460, 176, 16), rounded(306, 134, 444, 162, 8)], look.metal, angle=20)


def _thread(strap: Colour) -> Colour:
    return (
        darker(strap, 0.6)
        if sum(strap) > 1.4
        else (min(1, strap[0] + 0.3), min(1, strap[1] + 0.28), min(1, strap[2] + 0.25))
    )


def _face(model: WatchModel, radius: float) -> Path:
    if model.shape == "round":
        return ellipse(X, Y, radius)
    return rounded(X - radius, Y - 1.16 * radius, X + radius, Y + 1.16 * radius, 0.24 * radius)


def _strap(canvas: Canvas, model: WatchModel, look: WatchLook) -> None:
    wide = 0.57 * model.radius
    for sign in (-1, 1):
        end = Y + sign * 470
        outline = rounded_polygon(
            [(X - wide, Y + sign * 0.7 * model.radius), (X + wide, Y + sign * 0.7 * model.radius),
             (X + 0.74 * wide, end), (X - 0.74 * wide, end)], [4, 4, 50, 50]
        )  # fmt: skip
        canvas.part(outline, look.strap, GRAINED)
        canvas.stitch(inset(outline, 13), _thread(look.strap))
        canvas.sheen(outline, -0.3, angle=90, at=1.0 if sign > 0 else 0.0, width=0.3)
    canvas.part(
        rounded(X - 0.8 * wide, Y - 392, X + 0.8 * wide, Y - 362, 8), darker(look.strap, 0.85), CALF, shadow=0.5
    )
    for y in (820, 858, 896):
        canvas.part(ellipse(X, y, 7, 11), darker(look.strap, 0.3), CALF, shadow=0)
    canvas.metal(
        [rounded(X - 0.86 * wide, 8, X + 0.86 * wide, 66, 16), rounded(X - 0.7 * wide, 22, X + 0.7 * wide, 54, 8)],
        look.metal, angle=15,
    )  # fmt: skip


def _bracelet(canvas: Canvas, model: WatchModel, look: WatchLook) -> None:
    wide = 0.56 * model.radius
    for sign in (-1, 1):
        for row in range(9):
            y = Y + sign * (0.84 * model.radius + row * 38)
            narrow = wide * (1 - 0.035 * row)
            for left, right, tone in ((-1, -0.42, 0.92), (-0.4, 0.4, 1.06), (0.42, 1, 0.92)):
                link = rounded(X + left * narrow, y - 18, X + right * narrow, y + 18, 9)
                canvas.metal(link, darker(look.metal, tone), angle=75 + 10 * (row % 2), shadow=0.3)


def _lugs_and_crown(canvas: Canvas, model: WatchModel, look: WatchLook) -> None:
    r = model.radius
    for sign_x in (-1, 1):
        for sign_y in (-1, 1):
            lug = curve(
                (X + sign_x * 0.8 * r, Y + sign_y * 0.44 * r),
                ((X + sign_x * 0.76 * r, Y + sign_y * 0.78 * r), (X + sign_x * 0.71 * r, Y + sign_y * 1.0 * r),
                 (X + sign_x * 0.66 * r, Y + sign_y * 1.2 * r)),
            )  # fmt: skip
            canvas.metal(ribbon(lug, np.linspace(0.3 * r, 0.13 * r, len(lug))), look.metal, angle=30 + 40 * sign_x)
    canvas.metal(rounded(X + 1.0 * r, Y - 20, X + 1.16 * r, Y + 20, 8), look.metal, angle=90)
    canvas.pressed([path((X + 1.04 * r, y), (X + 1.15 * r, y)) for y in np.arange(Y - 14, Y + 16, 6)], 2, depth=0.4)
    if model.pushers:
        for angle in (-28, 28):
            pusher = turned(rounded(X + 0.98 * r, Y - 14, X + 1.13 * r, Y + 14, 6), angle, MIDDLE)
            canvas.metal(pusher, look.metal, angle=90 + angle)


def _case(canvas: Canvas, model: WatchModel, look: WatchLook) -> None:
    r = model.radius
    canvas.metal(_face(model, 1.04 * r), look.metal, angle=35)
    canvas.metal([_face(model, r), _face(model, 0.97 * r)], darker(look.metal, 0.8), angle=125, shadow=0)
    if model.bezel == "diver":
        canvas.part([ellipse(X, Y, 1.0 * r), ellipse(X, Y, 0.8 * r)], darker(look.dial, 0.8), LACQUER, shadow=0.2)
        for minute in range(0, 60, 1):
            long = minute % 5 == 0
            tick = turned(path((X, Y - 0.96 * r), (X, Y - (0.86 if long else 0.92) * r)), 6 * minute, MIDDLE)
            canvas.stroke([tick], (0.95, 0.94, 0.9), 6 if long else 2.4)
    if model.bezel == "stones":
        for stone in range(44):
            place = turned(path((X, Y - 0.93 * r)), stone * 360 / 44, MIDDLE)[0]
            canvas.metal(
                ellipse(float(place[0]), float(place[1]), 9.5), (1.0, 1.0, 1.06), angle=stone * 47.0, shadow=0.3
            )


def _dial(canvas: Canvas, model: WatchModel, look: WatchLook) -> None:
    inner = (0.79 if model.bezel == "diver" else 0.85) * model.radius
    face = _face(model, inner)
    canvas.part(face, look.dial, Material("brushed", 0.05, 0.1, 14), shadow=0)
    for angle in (35, 215):
        canvas.sheen(face, 0.1, angle=angle, at=0.12, width=0.25)
    rim = [_face(model, inner), _face(model, 0.97 * inner)]
    canvas.printed(rim, darker(look.dial, 0.7), strength=0.6)
    ink = look.reads()
    _indices(canvas, model, look, inner, ink)
    for dx, dy, radius in model.subdials:
        _subdial(canvas, look, (X + dx, Y + dy), radius, ink)
    if model.moon:
        _moon(canvas, look, inner)
    if look.house:
        size = 0.145 * inner
        askew = (look.crooked * 0.35, look.crooked * 0.2)
        canvas.printed([moved(a, *askew) for a in emblem(look.house, X, Y - 0.5 * inner, size)], ink)
        height = 0.085 * inner
        if width_of(look.house.upper(), height) < 1.2 * inner:
            canvas.stroke(
                [moved(line, *askew) for line in word(look.house.upper(), X, Y - 0.28 * inner, height)], ink, 2.2
            )


def _indices(canvas: Canvas, model: WatchModel, look: WatchLook, inner: float, ink: Colour) -> None:
    minutes = [minute for minute in range(60) if minute % 5 and model.bezel != "diver"]
    ticks = [_tick(model, minute, 0.93 * inner, 0.96 * inner) for minute in minutes]
    canvas.stroke(ticks, ink, 1.6, strength=0.8)
    for hour in range(12):
        if model.indices == "none" and hour % 3:
            continue
        if model.indices == "dots":
            place = turned(path((X, Y - 0.82 * inner)), 30 * hour, MIDDLE)[0]
            canvas.metal(ellipse(float(place[0]), float(place[1]), 11 if hour % 3 else 14), ink, angle=40, shadow=0.3)
            continue
        middle = _tick(model, 5 * hour, 0.74 * inner, 0.9 * inner)
        if model.indices == "roman":
            spread = [turned(middle, angle, MIDDLE) for angle in ((-2.2, 2.2) if hour % 2 else (-4, 0, 4))]
            canvas.stroke(spread, ink, 3.4)
        else:
            canvas.metal(ribbon(middle, 11 if hour % 3 == 0 else 7), look.metal, angle=30 * hour + 45, shadow=0.45)


def _tick(model: WatchModel, minute: int, start: float, end: float) -> Path:
    line = turned(path((X, Y - start), (X, Y - end)), 6 * minute, MIDDLE)
    return scaled(line, (0.98, 1.14), MIDDLE) if model.shape == "square" else line


def _subdial(canvas: Canvas, look: WatchLook, middle: tuple[float, float], radius: float, ink: Colour) -> None:
    canvas.part(ellipse(*middle, radius), darker(look.dial, 0.88), Material("brushed", 0.04, 0.1, 5), shadow=0)
    canvas.stroke([ellipse(*middle, radius)], ink, 1.6, strength=0.7)
    spokes = [
        turned(path((middle[0], middle[1] - 0.72 * radius), (middle[0], middle[1] - 0.9 * radius)), 30 * n, middle)
        for n in range(12)
    ]
    canvas.stroke(spokes, ink, 1.8)
    hand = turned(
        path((middle[0], middle[1] + 0.2 * radius), (middle[0], middle[1] - 0.66 * radius)), 40 + middle[0], middle
    )
    canvas.stroke([hand], ink, 3)


def _moon(canvas: Canvas, look: WatchLook, inner: float) -> None:
    middle, radius = (X, Y + 0.44 * inner), 0.26 * inner
    window = np.concatenate(
        [
            arc(middle, (radius, radius), 180, 360),
            arc((X + radius / 2, middle[1]), (radius / 2,) * 2, 0, -180, 30),
            arc((X - radius / 2, middle[1]), (radius / 2,) * 2, 0, -180, 30),
        ]
    )
    canvas.part(window, (0.1, 0.14, 0.3), LACQUER, shadow=0)
    canvas.metal(ellipse(X - 0.12 * radius, middle[1] - 0.66 * radius, 0.27 * radius), GOLD, angle=30, shadow=0.2)
    for dx, dy in ((0.5, -0.6), (0.34, -0.84), (-0.6, -0.5), (0.66, -0.44)):
        canvas.printed([ellipse(X + dx * radius, middle[1] + dy * radius, 3)], GOLD)
    canvas.stroke([window], look.metal, 2.4)


def _hands(canvas: Canvas, model: WatchModel, look: WatchLook) -> None:
    inner = 0.82 * model.radius
    tone = look.metal if sum(look.dial) < 1.5 else darker(look.metal, 0.55)
    if model.indices == "dots":
        tone = (0.93, 0.94, 0.94)
    for degrees, length, width in ((look.time / 2, 0.52, 20), (look.time % 60 * 6, 0.78, 14)):
        blade = path(
            (X - width / 2, Y),
            (X - 0.32 * width, Y - length * 0.92 * inner),
            (X, Y - length * inner),
            (X + 0.32 * width, Y - length * 0.92 * inner),
            (X + width / 2, Y),
            (X, Y + 0.16 * inner),
        )
        canvas.metal(turned(blade, degrees, MIDDLE), tone, angle=degrees + 90, shadow=0.55)
    second = turned(path((X, Y + 0.24 * inner), (X, Y - 0.84 * inner)), 215, MIDDLE)
    canvas.stroke([second], (0.72, 0.2, 0.16), 3)
    canvas.metal(ellipse(X, Y, 11), tone, angle=40)


__all__ = ["MODELS", "ROSE_GOLD", "WatchLook", "WatchModel", "strap_alone", "watch"]
