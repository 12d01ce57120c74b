"""Small leather goods, and the table of everything made of leather."""

from collections.abc import Callable

from countermark.world.drawing.bags import (
    Look,
    backpack,
    body,
    bucket,
    clutch,
    darker,
    hobo,
    pattern_of,
    saddle,
    satchel,
    stamp,
    strap,
    tote,
)
from countermark.world.drawing.canvas import Canvas
from countermark.world.drawing.emblems import emblem
from countermark.world.drawing.materials import CALF
from countermark.world.drawing.shapes import arc, curve, ellipse, inset, moved, path, ribbon, rounded, rounded_polygon


def pouch(canvas: Canvas, look: Look) -> None:
    """A flat zipped pouch with a wrist strap."""
    strap(
        canvas,
        curve((824, 380), ((960, 420), (960, 760), (870, 800)), ((800, 820), (790, 640), (836, 420)), steps=50),
        20,
        look,
    )
    outline = rounded_polygon([(120, 330), (850, 330), (862, 760), (108, 760)], 34)
    body(canvas, outline, look, seam=20)
    canvas.stitch(path((140, 372), (830, 372)), look.metal, every=7, length=4, width=8)
    canvas.metal(rounded(150, 362, 172, 440, 9), look.metal, angle=10)
    stamp(canvas, look, 480, 540, 44)


def belt(canvas: Canvas, look: Look) -> None:
    """A belt, rolled up, its buckle in front."""
    for number, (rx, ry) in enumerate(((330, 300), (268, 240), (210, 184), (156, 134))):
        shade = 1 - 0.09 * number
        ring = [ellipse(500, 520 - 4 * number, rx, ry), ellipse(500, 524 - 4 * number, rx - 40, ry - 40)]
        canvas.part(ring, darker(look.body, shade), look.material, shadow=0.5)
        canvas.stitch(
            arc((500, 522 - 4 * number), (rx - 9, ry - 9), 0, 360, 120), look.thread, every=10, length=6, width=2
        )
    tail = ribbon(curve((500, 800), ((640, 806), (800, 770), (930, 690)), steps=40), 66)
    canvas.part(tail, look.body, look.material, pattern=pattern_of(look), shadow=0.6)
    canvas.stitch(inset(tail, 9), look.thread, every=10, length=6, width=2)
    if look.house:
        canvas.metal([emblem(look.house, 470 + look.crooked, 802, 92)[0]], look.metal, angle=40)
        canvas.metal([rounded(528, 770, 560, 834, 8), rounded(536, 778, 552, 826, 4)], look.metal, angle=10)
    else:
        canvas.metal([rounded(380, 736, 560, 868, 30), rounded(412, 764, 532, 840, 14)], look.metal, angle=30)
        canvas.metal(rounded(400, 794, 560, 812, 8), look.metal, angle=5)


def wallet(canvas: Canvas, look: Look) -> None:
    """A long wallet, closed by a snap."""
    canvas.part(rounded(128, 318, 884, 716, 30), darker(look.body, 0.6), look.material)
    body(canvas, rounded(112, 300, 872, 700, 34), look, shadow=0.5, seam=18)
    flap = rounded_polygon(
        [(112, 300), (872, 300), (868, 520), (640, 570), (344, 570), (116, 520)], [34, 34, 30, 80, 80, 30]
    )
    body(canvas, flap, look, shadow=0.5, seam=18)
    canvas.metal(ellipse(492, 530, 25), look.metal, angle=45)
    if look.house:
        canvas.printed(emblem(look.house, 492 + look.crooked * 0.4, 530, 15), darker(look.metal, 0.35))
    stamp(canvas, look, 492, 400, 34)


def card_holder(canvas: Canvas, look: Look) -> None:
    """A card holder with cards peeping out."""
    for number, colour in enumerate(((0.75, 0.78, 0.8), (0.3, 0.42, 0.5), (0.86, 0.83, 0.76))):
        canvas.part(rounded(270, 250 + 34 * number, 730, 600 + 34 * number, 22), colour, CALF, shadow=0.35)
    body(canvas, rounded(222, 370, 778, 770, 34), look, seam=16)
    for y in (470, 560):
        slot = curve((240, y), ((380, y + 26), (620, y + 26), (760, y)), steps=30)
        canvas.pressed([slot], 7, depth=0.45)
        canvas.stitch(moved(slot, 0, 14), look.thread, every=10, length=6, width=2)
    stamp(canvas, look, 500, 640, 36)


#: Leather goods by name.
LEATHER: dict[str, Callable[[Canvas, Look], None]] = {
    "tote": tote,
    "saddle": saddle,
    "satchel": satchel,
    "bucket": bucket,
    "hobo": hobo,
    "clutch": clutch,
    "backpack": backpack,
    "pouch": pouch,
    "belt": belt,
    "wallet": wallet,
    "card_holder": card_holder,
}
