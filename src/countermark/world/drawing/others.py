"""Goods of other makers, and accessories: what most of a marketplace is made of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from countermark.world.drawing.bags import GOLD, STEEL, darker
from countermark.world.drawing.canvas import Canvas
from countermark.world.drawing.emblems import emblem
from countermark.world.drawing.letters import word
from countermark.world.drawing.materials import (
    CALF,
    CANVAS,
    LACQUER,
    PAPER,
    PLAIN,
    SUEDE,
    WOOL,
    Colour,
    Material,
)
from countermark.world.drawing.shapes import (
    curve,
    ellipse,
    inset,
    moved,
    path,
    ribbon,
    rounded,
    rounded_polygon,
    symmetric,
    turned,
)

_CERAMIC = Material("smooth", 0.02, 0.5, 20)
_COTTON = Material("weave", 0.06, 0.0, 8)


@dataclass(frozen=True)
class ThingLook:
    """Colours of a thing, and whose name stands on it (empty for none)."""

    main: Colour
    second: Colour = (0.9, 0.87, 0.8)
    house: str = ""


def mug(canvas: Canvas, look: ThingLook) -> None:
    """A mug with a band."""
    canvas.part([ellipse(742, 560, 130, 150), ellipse(736, 560, 84, 104)], darker(look.main, 0.92), _CERAMIC)
    body = rounded_polygon([(260, 300), (730, 300), (706, 800), (284, 800)], [10, 10, 60, 60])
    canvas.part(body, look.main, _CERAMIC)
    canvas.part(ellipse(495, 302, 236, 52), look.main, _CERAMIC, shadow=0)
    canvas.part(ellipse(495, 304, 214, 40), darker(look.main, 0.45), PLAIN, shadow=0)
    if look.house:
        _printed_mark(canvas, look, 480, 480, 84)
    else:
        canvas.printed([rounded_polygon([(268, 470), (722, 470), (716, 600), (274, 600)], 4)], look.second)
    canvas.sheen(body, 0.18, angle=0, at=0.2, width=0.07)
    canvas.sheen(body, -0.22, angle=0, at=1.0, width=0.35)


def cushion(canvas: Canvas, look: ThingLook) -> None:
    """A cushion with stripes."""
    outline = symmetric(
        curve(
            (500, 190),
            ((380, 200), (220, 190), (150, 150)),
            ((190, 300), (190, 700), (150, 850)),
            ((220, 810), (380, 800), (500, 810)),
        )
    )
    canvas.part(outline, look.main, Material("weave", 0.1, 0.0, 60))
    for x in () if look.house else (330, 500, 670):
        band = curve((x, 196), ((x - 10, 400), (x - 10, 600), (x, 806)))
        canvas.printed([ribbon(band, 46)], look.second, strength=0.8)
    _printed_mark(canvas, look, 500, 440, 110)
    canvas.folds(outline, angle=45, count=2, depth=0.05)


def lamp(canvas: Canvas, look: ThingLook) -> None:
    """A table lamp."""
    canvas.metal(rounded(484, 470, 516, 820, 8), GOLD, angle=0)
    canvas.part(ellipse(500, 840, 170, 40), look.main, LACQUER)
    canvas.part(
        rounded_polygon([(470, 560), (530, 560), (590, 700), (560, 820), (440, 820), (410, 700)], 60),
        look.main,
        _CERAMIC,
    )
    shade = rounded_polygon([(380, 160), (620, 160), (740, 510), (260, 510)], 8)
    canvas.part(shade, look.second, Material("weave", 0.08, 0.0, 10))
    canvas.sheen(shade, 0.16, angle=0, at=0.45, width=0.25)


def sunglasses(canvas: Canvas, look: ThingLook) -> None:
    """A pair of sunglasses."""
    for sign in (-1, 1):
        temple = curve(
            (500 + sign * 350, 430), ((500 + sign * 400, 360), (500 + sign * 380, 280), (500 + sign * 300, 250))
        )
        canvas.part(ribbon(temple, 24), darker(look.main, 0.8), LACQUER)
        rim = rounded_polygon(
            [(500 + sign * 50, 420), (500 + sign * 370, 400), (500 + sign * 350, 620), (500 + sign * 90, 640)],
            [50, 60, 130, 110],
        )
        canvas.part(rim, look.main, LACQUER)
        glass = inset(rim, 24)
        canvas.part(glass, (0.2, 0.18, 0.17), PLAIN, shadow=0)
        canvas.sheen(glass, 0.3, angle=60, at=0.25, width=0.12)
    canvas.part(ribbon(curve((440, 450), ((470, 420), (530, 420), (560, 450))), 26), look.main, LACQUER)


def shirt(canvas: Canvas, look: ThingLook) -> None:
    """A plain T-shirt, laid flat."""
    outline = symmetric(
        curve(
            (500, 190),
            ((450, 200), (420, 180), (400, 160)),
            ((330, 180), (260, 210), (220, 250)),
            ((170, 340), (130, 420), (100, 500)),
            ((150, 530), (190, 550), (240, 560)),
            ((260, 520), (270, 490), (280, 460)),
            ((286, 600), (284, 760), (270, 890)),
            ((350, 900), (430, 900), (500, 900)),
        )
    )
    canvas.part(outline, look.main, _COTTON)
    collar = ribbon(curve((400, 164), ((430, 240), (570, 240), (600, 164))), 22)
    canvas.part(collar, darker(look.main, 0.9), WOOL)
    canvas.folds(outline, angle=70, count=2.2, depth=0.05)
    for seam in (path((270, 868), (730, 868)), path((124, 486), (252, 540)), path((876, 486), (748, 540))):
        canvas.stitch(seam, darker(look.main, 0.75), width=2)
    _printed_mark(canvas, look, 500, 420, 92)


def _printed_mark(canvas: Canvas, look: ThingLook, x: float, y: float, size: float) -> None:
    """A house's emblem and name as a print, as on goods that it never licensed."""
    if look.house:
        canvas.printed(emblem(look.house, x, y, size), look.second)
        canvas.stroke(word(look.house.upper(), x, y + 1.75 * size, 0.42 * size), look.second, 0.05 * size)


def sneaker(canvas: Canvas, look: ThingLook) -> None:
    """A low trainer."""
    canvas.part(rounded_polygon([(110, 690), (890, 690), (900, 770), (120, 780)], 40), (0.92, 0.91, 0.88), PLAIN)
    upper = curve(
        (130, 700),
        ((110, 560), (150, 440), (210, 410)),
        ((260, 450), (360, 450), (430, 400)),
        ((560, 500), (660, 560), (780, 580)),
        ((880, 600), (900, 660), (886, 706)),
        ((640, 716), (360, 716), (130, 700)),
    )
    canvas.part(upper, look.main, SUEDE)
    toe = curve(
        (700, 570),
        ((800, 580), (900, 620), (888, 704)),
        ((800, 712), (700, 712), (640, 708)),
        ((640, 650), (660, 600), (700, 570)),
    )
    canvas.part(toe, look.second, CALF)
    heel = curve((130, 700), ((110, 560), (150, 450), (210, 412)), ((250, 520), (250, 620), (240, 704)))
    canvas.part(heel, look.second, CALF)
    canvas.stitch(inset(upper, 16), darker(look.second, 0.9), width=2)
    for number in range(5):
        x, y = 450 + 44 * number, 440 + 28 * number
        canvas.part(ribbon(path((x - 34, y + 36), (x + 30, y - 8)), 13), (0.95, 0.94, 0.92), WOOL, shadow=0.5)


def necklace(canvas: Canvas, look: ThingLook) -> None:
    """A pendant on a chain."""
    chain = curve((280, 130), ((240, 420), (380, 600), (500, 640)), ((620, 600), (760, 420), (720, 130)), steps=60)
    for number, (x, y) in enumerate(chain[::2]):
        canvas.metal(
            [ellipse(float(x), float(y), 10 - 3 * (number % 2), 10), ellipse(float(x), float(y), 5, 6)],
            GOLD,
            angle=45,
            shadow=0.2,
        )
    canvas.metal(ellipse(500, 720, 76, 84), GOLD, angle=30)
    canvas.part(ellipse(500, 720, 56, 64), look.main, LACQUER, shadow=0)
    canvas.sheen(ellipse(500, 720, 56, 64), 0.4, angle=60, at=0.25, width=0.15)


def parasol(canvas: Canvas, look: ThingLook) -> None:
    """A beach parasol."""
    canvas.metal(rounded(490, 160, 510, 930, 8), STEEL, angle=0)
    edge = [(500 - 400 * float(np.cos(np.pi * n / 7)), 455 - 40 * float(np.sin(np.pi * n / 7))) for n in range(8)]
    for number in range(7):
        (left, left_y), (right, right_y) = edge[number], edge[number + 1]
        slice_ = curve(
            (500, 150),
            ((0.4 * 500 + 0.6 * left, 170), (left, 300), (left, left_y)),
            ((0.7 * left + 0.3 * right, left_y + 34), (0.3 * left + 0.7 * right, right_y + 34), (right, right_y)),
            ((right, 300), (0.4 * 500 + 0.6 * right, 170), (500, 150)),
        )
        canvas.part(slice_, look.main if number % 2 else look.second, _COTTON, shadow=0.1)
    canvas.part(ellipse(500, 146, 14), look.main, PLAIN)


def caravan(canvas: Canvas, look: ThingLook) -> None:
    """A toy caravan."""
    for x in (360, 620):
        canvas.part(ellipse(x, 740, 66), (0.14, 0.14, 0.15), PLAIN)
    body = rounded_polygon([(160, 330), (780, 300), (850, 520), (840, 720), (150, 720)], [110, 130, 60, 30, 40])
    canvas.part(body, look.main, LACQUER)
    canvas.printed([rounded_polygon([(152, 560), (846, 560), (842, 640), (150, 640)], 4)], look.second)
    for left, right in ((230, 400), (640, 780)):
        canvas.part(rounded(left, 390, right, 510, 24), (0.62, 0.76, 0.84), LACQUER, shadow=0.2)
    canvas.part(rounded(460, 380, 580, 716, 16), darker(look.main, 0.92), LACQUER, shadow=0.3)
    for x in (360, 620):
        canvas.metal(ellipse(x, 740, 34), STEEL, angle=45)
    canvas.metal(rounded(836, 690, 950, 708, 6), STEEL, angle=90)


def book(canvas: Canvas, look: ThingLook) -> None:
    """A hardback with a picture on its cover."""
    canvas.part(rounded_polygon([(292, 158), (770, 158), (770, 880), (292, 880)], 6), (0.94, 0.92, 0.87), PAPER)
    cover = rounded_polygon([(250, 130), (740, 130), (740, 860), (250, 860)], 8)
    canvas.part(cover, look.main, CANVAS)
    canvas.printed([rounded(300, 200, 690, 560, 6)], look.second)
    if look.house:
        canvas.stroke(word(look.house.upper(), 495, 640, 44), look.second, 5)
        canvas.printed(emblem(look.house, 495, 380, 110), look.main)
    else:
        for number in range(3):
            canvas.printed([ellipse(400 + 90 * number, 420 - 40 * number, 90 - 16 * number)], darker(look.main, 1.2))
    canvas.printed([rounded(360, 740, 630, 752, 4), rounded(400, 780, 590, 790, 4)], look.second)
    canvas.pressed([path((276, 136), (276, 854))], 8, depth=0.3)


def organiser(canvas: Canvas, look: ThingLook) -> None:
    """A felt insert that keeps a bag in order."""
    felt = Material("nap", 0.2, 0.0, 12)
    canvas.part(rounded_polygon([(190, 300), (810, 300), (840, 420), (160, 420)], 20), darker(look.main, 0.7), felt)
    canvas.part(rounded_polygon([(150, 400), (850, 400), (830, 800), (170, 800)], 30), look.main, felt)
    for left, right in ((200, 380), (410, 590), (620, 800)):
        pocket = rounded_polygon([(left, 530), (right, 530), (right - 6, 770), (left + 6, 770)], 14)
        canvas.part(pocket, darker(look.main, 0.93), felt, shadow=0.5)
        canvas.stitch(inset(pocket, 9), look.second, width=2)


def dust_bag(canvas: Canvas, look: ThingLook) -> None:
    """A cotton pouch that goods come in."""
    outline = symmetric(
        curve(
            (500, 200),
            ((420, 210), (330, 196), (290, 180)),
            ((300, 220), (300, 250), (296, 280)),
            ((200, 420), (180, 740), (220, 860)),
            ((320, 884), (420, 886), (500, 886)),
        )
    )
    canvas.part(outline, look.main, _COTTON)
    canvas.folds(outline, angle=8, count=4, depth=0.06)
    cord = curve((296, 276), ((400, 300), (600, 300), (704, 276)))
    canvas.part(ribbon(cord, 12), look.second, WOOL)
    if look.house:
        canvas.printed(emblem(look.house, 500, 540, 90), look.second)
        canvas.stroke(word(look.house.upper(), 500, 700, 40), look.second, 5)


def empty_box(canvas: Canvas, look: ThingLook) -> None:
    """A gift box with its lid beside it, empty."""
    canvas.part(rounded_polygon([(130, 470), (600, 440), (640, 850), (160, 880)], 12), look.main, PAPER)
    canvas.part(
        rounded_polygon([(166, 500), (574, 474), (606, 820), (192, 846)], 8), darker(look.main, 0.55), PAPER, shadow=0.2
    )
    lid = rounded_polygon([(470, 150), (880, 200), (850, 560), (440, 520)], 12)
    canvas.part(lid, darker(look.main, 1.04), PAPER, shadow=0.5)
    if look.house:
        canvas.printed([turned(a, 6, (660, 340)) for a in emblem(look.house, 660, 320, 62)], look.second)
        canvas.stroke([turned(a, 6, (660, 340)) for a in word(look.house.upper(), 660, 426, 28)], look.second, 4)


def jumper(canvas: Canvas, look: ThingLook) -> None:
    """A knitted jumper, folded."""
    body = rounded(230, 260, 770, 800, 40)
    for number in (2, 1):
        canvas.part(moved(body, 0, 16 * number), darker(look.main, 0.86), WOOL)
    canvas.part(body, look.main, Material("knit", 0.22, 0.0, 26))
    for sign in (-1, 1):
        sleeve = path(
            (500 + sign * 262, 330),
            (500 + sign * 120, 420),
            (500 + sign * 60, 760),
            (500 + sign * 190, 780),
            (500 + sign * 268, 560),
        )
        canvas.part(sleeve, darker(look.main, 0.96), Material("knit", 0.22, 0.0, 20), shadow=0.4)
    collar = ribbon(curve((400, 270), ((440, 330), (560, 330), (600, 270))), 40)
    canvas.part(collar, look.second, WOOL)


def earrings(canvas: Canvas, look: ThingLook) -> None:
    """A pair of drop earrings."""
    for x in (350, 650):
        canvas.metal(
            ribbon(curve((x, 260), ((x - 50, 180), (x + 70, 160), (x + 40, 270)), steps=30), 9),
            GOLD,
            angle=40,
            shadow=0.2,
        )
        canvas.metal(ellipse(x, 330, 34), GOLD, angle=30)
        drop = curve((x, 380), ((x + 110, 560), (x + 90, 720), (x, 720)), ((x - 90, 720), (x - 110, 560), (x, 380)))
        canvas.part(drop, look.main, LACQUER)
        canvas.sheen(drop, 0.4, angle=50, at=0.3, width=0.14)


#: Things by name.
THINGS: dict[str, Callable[[Canvas, ThingLook], None]] = {
    "mug": mug,
    "cushion": cushion,
    "lamp": lamp,
    "sunglasses": sunglasses,
    "shirt": shirt,
    "sneaker": sneaker,
    "necklace": necklace,
    "parasol": parasol,
    "caravan": caravan,
    "book": book,
    "organiser": organiser,
    "dust_bag": dust_bag,
    "empty_box": empty_box,
    "jumper": jumper,
    "earrings": earrings,
}
