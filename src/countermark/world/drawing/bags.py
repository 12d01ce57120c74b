"""Bags: drawn from the outside in, in the colours and with the hardware they are asked for."""

from dataclasses import dataclass

import numpy as np

from countermark.world.drawing.canvas import Canvas, Print
from countermark.world.drawing.emblems import emblem, monogram
from countermark.world.drawing.letters import word
from countermark.world.drawing.materials import CALF, GRAINED, Colour, Material
from countermark.world.drawing.shapes import (
    Path,
    curve,
    ellipse,
    evenly,
    inset,
    mirrored,
    path,
    ribbon,
    rounded,
    rounded_polygon,
    symmetric,
)

GOLD: Colour = (0.86, 0.7, 0.42)
STEEL: Colour = (0.8, 0.81, 0.83)


@dataclass(frozen=True)
class Look:
    """What differs between two pieces of one model.

    Attributes:
        body: colour of the leather.
        trim: colour of handles, edges and straps.
        thread: colour of the seams.
        metal: colour of the hardware.
        house: whose marks it carries; empty for none.
        material: of the body.
        patterned: whether the house's pattern is printed on the body.
        crooked: how far marks sit askew, in units; a sign of poor copies.
    """

    body: Colour
    trim: Colour
    thread: Colour
    metal: Colour = GOLD
    house: str = ""
    material: Material = GRAINED
    patterned: bool = False
    crooked: float = 0.0


def darker(colour: Colour, by: float) -> Colour:
    """The colour with this share of its light."""
    return (colour[0] * by, colour[1] * by, colour[2] * by)


def pattern_of(look: Look) -> Print | None:
    """The house's pattern in an ink that reads on the leather; None for plain pieces."""
    if not (look.patterned and look.house):
        return None
    light = sum(look.body) > 1.2
    ink = darker(look.body, 0.55) if light else tuple(min(1.0, c * 1.5 + 0.12) for c in look.body)
    mask = monogram(look.house)
    if look.crooked:
        mask = np.roll(mask, round(look.crooked), axis=(0, 1))
    return Print(mask, (ink[0], ink[1], ink[2]), 0.8)


def body(canvas: Canvas, outline: Path, look: Look, *, shadow: float = 0.3, seam: float = 16) -> None:
    """The body of a piece, its pattern and its seam."""
    canvas.part(outline, look.body, look.material, pattern=pattern_of(look), shadow=shadow)
    if seam:
        canvas.stitch(inset(outline, seam), look.thread)


def stamp(canvas: Canvas, look: Look, x: float, y: float, size: float) -> None:
    """The house's emblem and name in metal foil."""
    if not look.house:
        return
    x, y = x + look.crooked * 0.6, y + look.crooked * 0.3
    if look.patterned:
        patch = rounded(x - 3.1 * size, y - 1.5 * size, x + 3.1 * size, y + 2.4 * size, 16)
        canvas.part(patch, look.trim, CALF, shadow=0.3)
        canvas.stitch(inset(patch, 8), look.thread, every=9, length=5.5, width=2)
    canvas.printed(emblem(look.house, x, y, size), look.metal, strength=0.92)
    canvas.stroke(word(look.house.upper(), x, y + 1.75 * size, 0.5 * size), look.metal, max(2.0, 0.09 * size))


def strap(canvas: Canvas, middle: Path, width: float, look: Look, *, stitched: bool = True) -> None:
    """A strap along a path, sewn at both edges."""
    smooth, _ = evenly(middle, 8)
    outline = ribbon(smooth, width)
    canvas.part(outline, look.trim, CALF, shadow=0.4)
    if stitched:
        for side in (-1, 1):
            ahead = np.gradient(smooth, axis=0)
            normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / np.hypot(*ahead.T)[:, None]
            canvas.stitch(smooth + normal * side * (width / 2 - 6), look.thread, every=9, length=5.5, width=2)


def _ring(canvas: Canvas, x: float, y: float, radius: float, look: Look, *, thick: float = 8) -> None:
    canvas.metal([ellipse(x, y, radius), ellipse(x, y, radius - thick)], look.metal, angle=50)


def _rivet(canvas: Canvas, x: float, y: float, radius: float, look: Look) -> None:
    canvas.metal(ellipse(x, y, radius), look.metal, angle=60, shadow=0.6)


def _handle_path(left: float, right: float, foot: float, top: float) -> Path:
    middle = (left + right) / 2
    return curve(
        (left, foot),
        ((left + 6, foot - 0.55 * (foot - top)), (middle - 0.62 * (right - left) / 2, top), (middle, top)),
        ((middle + 0.62 * (right - left) / 2, top), (right - 6, foot - 0.55 * (foot - top)), (right, foot)),
        steps=40,
    )


def tote(canvas: Canvas, look: Look) -> None:
    """A wide open tote with two handles."""
    back = Look(darker(look.body, 0.62), darker(look.trim, 0.72), darker(look.thread, 0.7), look.metal)
    strap(canvas, _handle_path(360, 640, 430, 120), 30, back)
    canvas.part(rounded_polygon([(214, 372), (786, 372), (770, 430), (230, 430)], 10), darker(look.body, 0.45), CALF)
    outline = rounded_polygon([(178, 392), (822, 392), (866, 850), (134, 850)], [14, 14, 58, 58])
    body(canvas, outline, look)
    canvas.part(rounded_polygon([(176, 388), (824, 388), (829, 438), (171, 438)], 10), look.trim, CALF, shadow=0.3)
    canvas.stitch(path((186, 427), (814, 427)), look.thread)
    for x in (330, 670):
        tab = rounded_polygon([(x - 34, 400), (x + 34, 400), (x + 26, 560), (x, 590), (x - 26, 560)], 12)
        canvas.part(tab, look.trim, CALF, shadow=0.4)
        canvas.stitch(inset(tab, 8), look.thread, every=9, length=5.5, width=2)
        _rivet(canvas, x, 540, 9, look)
    strap(canvas, _handle_path(330, 670, 440, 96), 32, look)
    stamp(canvas, look, 500, 590, 40)


def saddle(canvas: Canvas, look: Look) -> None:
    """A crossbody bag with a round flap and a turn lock."""
    strap(
        canvas,
        curve((238, 470), ((60, 250), (200, 60), (500, 60)), ((800, 60), (940, 250), (762, 470)), steps=60),
        24,
        look,
    )
    lower = symmetric(
        curve(
            (500, 400),
            ((340, 400), (196, 396), (190, 480)),
            ((176, 640), (180, 840), (330, 858)),
            ((400, 866), (450, 866), (500, 866)),
        )
    )
    body(canvas, lower, look)
    flap = symmetric(curve((500, 372), ((330, 372), (190, 368), (182, 470)), ((176, 610), (290, 720), (500, 724))))
    body(canvas, flap, look, shadow=0.55)
    for x in (226, 774):
        canvas.part(rounded_polygon([(x - 22, 420), (x + 22, 420), (x + 18, 500), (x - 18, 500)], 10), look.trim, CALF)
        _ring(canvas, x, 418, 26, look)
    canvas.metal(rounded(452, 664, 548, 742, 22), look.metal, angle=25)
    canvas.metal(rounded(486, 672, 514, 734, 12), darker(look.metal, 0.9), angle=80)
    stamp(canvas, look, 500, 520, 38)


def satchel(canvas: Canvas, look: Look) -> None:
    """A structured top-handle bag: flap, belt through two loops, lock."""
    strap(canvas, _handle_path(356, 644, 400, 150), 38, look)
    for x in (356, 644):
        _ring(canvas, x, 398, 24, look)
    for sign in (-1, 1):
        gusset = path(
            (500 + sign * 330, 430), (500 + sign * 366, 470), (500 + sign * 372, 830), (500 + sign * 334, 852)
        )
        canvas.part(gusset, darker(look.body, 0.7), look.material)
    body(canvas, rounded_polygon([(176, 410), (824, 410), (842, 862), (158, 862)], [18, 18, 30, 30]), look)
    flap = rounded_polygon(
        [(168, 392), (832, 392), (826, 620), (690, 690), (310, 690), (174, 620)], [26, 26, 40, 60, 60, 40]
    )
    body(canvas, flap, look, shadow=0.55)
    canvas.part(rounded(180, 598, 820, 640, 14), look.trim, CALF, shadow=0.45)
    canvas.stitch(path((192, 607), (808, 607)), look.thread, every=9, length=5.5, width=2)
    canvas.stitch(path((192, 631), (808, 631)), look.thread, every=9, length=5.5, width=2)
    for x in (320, 680):
        canvas.metal(
            [rounded(x - 26, 588, x + 26, 650, 10), rounded(x - 16, 598, x + 16, 640, 6)], look.metal, angle=30
        )
    canvas.metal(ellipse(500, 622, 40), look.metal, angle=40)
    if look.house:
        canvas.printed(emblem(look.house, 500 + look.crooked * 0.4, 622, 24), darker(look.metal, 0.35))
    canvas.metal(rounded(480, 664, 520, 722, 8), look.metal, angle=15)
    stamp(canvas, look, 500, 470, 34)


def _drawstring(canvas: Canvas, look: Look) -> None:
    for x in (316, 396, 500, 604, 684):
        canvas.metal([ellipse(x, 506, 15), ellipse(x, 506, 7)], look.metal, angle=45)
    cord = curve((250, 500), ((330, 520), (420, 516), (470, 520)), steps=30)
    for line in (cord, mirrored(cord)):
        canvas.part(ribbon(line, 12), look.trim, CALF, shadow=0.5)
    for x, foot in ((474, 690), (530, 664)):
        canvas.part(
            ribbon(curve((500, 516), ((x, 540), (x - 6, 600), (x, foot)), steps=30), 12), look.trim, CALF, shadow=0.5
        )
        canvas.metal(rounded(x - 12, foot - 6, x + 12, foot + 44, 8), look.metal, angle=10)


def bucket(canvas: Canvas, look: Look) -> None:
    """A drawstring bucket bag."""
    strap(
        canvas,
        curve((262, 380), ((210, 90), (420, 40), (500, 40)), ((580, 40), (790, 90), (738, 380)), steps=60),
        28,
        look,
    )
    neck = symmetric(
        curve(
            (500, 330),
            ((400, 330), (280, 318), (252, 352)),
            ((268, 400), (258, 430), (236, 470)),
            ((330, 500), (420, 500), (500, 500)),
        )
    )
    canvas.part(neck, darker(look.body, 0.75), look.material)
    for x in np.linspace(290, 710, 9):
        canvas.pressed([curve((x, 336), ((x + 6, 380), (x - 6, 420), (x + (x - 500) * 0.05, 480)))], 9, depth=0.3)
    outline = symmetric(
        curve(
            (500, 452),
            ((380, 452), (262, 448), (240, 460)),
            ((206, 600), (196, 760), (216, 846)),
            ((300, 880), (420, 884), (500, 884)),
        )
    )
    body(canvas, outline, look)
    _drawstring(canvas, look)
    canvas.part(
        rounded_polygon([(214, 790), (786, 790), (784, 850), (500, 886), (216, 850)], [8, 8, 40, 400, 40]),
        look.trim,
        CALF,
        shadow=0.3,
    )
    canvas.stitch(path((222, 802), (778, 802)), look.thread)
    stamp(canvas, look, 500 + 120, 640, 34)


def hobo(canvas: Canvas, look: Look) -> None:
    """A crescent shoulder bag."""
    outer = symmetric(
        curve(
            (500, 880),
            ((300, 880), (130, 800), (130, 560)),
            ((140, 340), (300, 200), (420, 120)),
            ((450, 100), (480, 96), (500, 96)),
        )
    )
    hole = symmetric(
        curve(
            (500, 560),
            ((380, 560), (250, 540), (252, 470)),
            ((270, 340), (380, 230), (440, 180)),
            ((464, 160), (484, 158), (500, 158)),
        )
    )
    canvas.part([outer, hole], look.body, look.material, pattern=pattern_of(look))
    canvas.stitch(inset(outer, 15), look.thread)
    mouth = symmetric(curve((500, 556), ((380, 556), (258, 540), (250, 486)), ((244, 520), (262, 610), (500, 612))))
    canvas.part(mouth, darker(look.body, 0.86), look.material, shadow=0.3)
    zip_line = curve((262, 520), ((340, 590), (420, 592), (500, 592)), ((580, 592), (660, 590), (738, 520)), steps=40)
    canvas.stitch(zip_line, look.metal, every=7, length=4, width=7)
    canvas.metal(rounded(716, 520, 742, 590, 10), look.metal, angle=20)
    for fold in ((300, 660, 420, 720), (700, 650, 580, 730), (420, 790, 560, 810)):
        canvas.pressed(
            [curve(fold[:2], ((fold[0] + 30, fold[1] + 40), (fold[2] - 30, fold[3] + 10), fold[2:]))], 14, depth=0.13
        )
    for x in (250, 750):
        _ring(canvas, x, 470, 30, look, thick=9)
    stamp(canvas, look, 500, 690, 38)


def clutch(canvas: Canvas, look: Look) -> None:
    """A box clutch on a chain."""
    chain, _ = evenly(
        curve((150, 470), ((30, 250), (260, 150), (420, 230)), ((600, 320), (760, 130), (850, 470)), steps=60), 21
    )
    for number, (x, y) in enumerate(chain):
        wide = 13 if number % 2 else 8
        canvas.metal(
            [ellipse(float(x), float(y), wide, 10), ellipse(float(x), float(y), wide - 4, 6)], look.metal, angle=40
        )
    outline = rounded(130, 420, 870, 800, 40)
    body(canvas, outline, look, seam=0)
    quilt = [path((x, 430), (x + 370, 800)) for x in range(-240, 860, 74)] + [
        path((x, 430), (x - 370, 800)) for x in range(140, 1240, 74)
    ]
    inside = inset(outline, 14)
    low, high = inside.min(axis=0), inside.max(axis=0)
    lines = [
        np.stack(
            [np.clip(evenly(line, 6)[0][:, 0], low[0], high[0]), np.clip(evenly(line, 6)[0][:, 1], low[1], high[1])],
            axis=1,
        )
        for line in quilt
    ]
    canvas.pressed(lines, 5, depth=0.28)
    canvas.metal([rounded(124, 414, 876, 806, 44), rounded(138, 428, 862, 792, 34)], look.metal, angle=12)
    canvas.part(path((140, 596), (860, 596), (860, 604), (140, 604)), darker(look.metal, 0.5), CALF, shadow=0.2)
    canvas.metal(ellipse(500, 600, 44), look.metal, angle=40)
    if look.house:
        canvas.printed(emblem(look.house, 500 + look.crooked * 0.4, 600, 27), darker(look.metal, 0.3))


def backpack(canvas: Canvas, look: Look) -> None:
    """A small backpack with a flap and one front pocket."""
    for sign in (-1, 1):
        side = curve(
            (500 + sign * 90, 210),
            ((500 + sign * 300, 150), (500 + sign * 400, 420), (500 + sign * 352, 700)),
            steps=40,
        )
        strap(canvas, side, 44, Look(look.body, darker(look.trim, 0.8), look.thread, look.metal))
    strap(canvas, _handle_path(430, 570, 220, 90), 26, look)
    outline = symmetric(
        curve(
            (500, 180),
            ((360, 176), (236, 200), (212, 330)),
            ((186, 520), (180, 760), (206, 850)),
            ((300, 886), (410, 890), (500, 890)),
        )
    )
    body(canvas, outline, look)
    pocket = rounded_polygon([(282, 610), (718, 610), (730, 838), (270, 838)], [20, 20, 46, 46])
    body(canvas, pocket, look, shadow=0.5)
    canvas.stitch(path((296, 640), (704, 640)), look.metal, every=7, length=4, width=7)
    canvas.metal(rounded(690, 640, 712, 704, 9), look.metal, angle=10)
    flap = symmetric(curve((500, 172), ((350, 168), (232, 196), (210, 330)), ((200, 440), (260, 520), (500, 540))))
    body(canvas, flap, look, shadow=0.55)
    for x in (380, 620):
        canvas.part(
            rounded_polygon([(x - 18, 430), (x + 18, 430), (x + 16, 600), (x, 622), (x - 16, 600)], 10),
            look.trim,
            CALF,
            shadow=0.5,
        )
        canvas.metal([rounded(x - 28, 540, x + 28, 586, 8), rounded(x - 18, 550, x + 18, 576, 4)], look.metal, angle=25)
    stamp(canvas, look, 500, 340, 42)
