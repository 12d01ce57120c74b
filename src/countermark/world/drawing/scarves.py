"""Scarves: one sheet of silk, laid flat, folded, knotted, draped, or cut narrow."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from countermark.world.drawing.bags import darker
from countermark.world.drawing.canvas import SIZE, Canvas, Image
from countermark.world.drawing.emblems import emblem
from countermark.world.drawing.letters import word
from countermark.world.drawing.materials import PAPER, SILK, WOOL, Colour, Material
from countermark.world.drawing.prints import Palette, silk_print
from countermark.world.drawing.shapes import (
    Path,
    curve,
    ellipse,
    evenly,
    path,
    ribbon,
    rounded,
    rounded_polygon,
    symmetric,
)


@dataclass(frozen=True)
class ScarfLook:
    """What differs between two pieces of one form.

    Attributes:
        style: of the print, a key of `prints.PRINTS`.
        palette: ground, two inks, an accent.
        house: whose emblem is in the print; empty for none.
        wool: woven wool instead of silk.
        seed: decides what is drawn by chance.
    """

    style: str
    palette: Palette
    house: str = ""
    wool: bool = False
    seed: int = 0

    @property
    def material(self) -> Material:
        """Silk or wool."""
        return WOOL if self.wool else SILK

    def sheet(self) -> Image:
        """The print, flat."""
        return silk_print(self.style, self.palette, self.house, self.seed)


def _bent(sheet: Image, *, zoom: float, turn: float, wave: float = 0.0, shift: tuple[float, float] = (0, 0)) -> Image:
    """The print enlarged, turned and moved, with rows pushed sideways as cloth in folds."""
    matrix = cv2.getRotationMatrix2D((SIZE / 2, SIZE / 2), turn, zoom)
    matrix[:, 2] += np.array(shift) * SIZE
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    inverse = cv2.invertAffineTransform(matrix).astype(np.float32)
    pushed = x + wave * SIZE * np.sin(x / SIZE * 9 + y / SIZE * 3)
    source_x = inverse[0, 0] * pushed + inverse[0, 1] * y + inverse[0, 2]
    source_y = inverse[1, 0] * pushed + inverse[1, 1] * y + inverse[1, 2]
    laid = cv2.remap(sheet, source_x, source_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(laid, np.float32)


def square(canvas: Canvas, look: ScarfLook) -> None:
    """A square, laid flat, its hem rolled."""
    outline = rounded_polygon([(70, 76), (930, 66), (938, 932), (64, 938)], 14)
    matrix = cv2.getPerspectiveTransform(
        np.array([[0, 0], [SIZE, 0], [SIZE, SIZE], [0, SIZE]], np.float32),
        (np.array([[70, 76], [930, 66], [938, 932], [64, 938]], np.float32) * SIZE / 1000),
    )
    cloth = np.asarray(
        cv2.warpPerspective(look.sheet(), matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT), np.float32
    )
    canvas.part(outline, look.palette[0], look.material, cloth=cloth)
    canvas.folds(outline, angle=30 + look.seed % 60, count=1.6, depth=0.035, phase=look.seed)


def folded(canvas: Canvas, look: ScarfLook) -> None:
    """Folded to a flat packet, edges in sight."""
    sheet = look.sheet()
    for number in range(4):
        rim = rounded(176 + 3 * number, 262 + 8 * number, 838 + 3 * number, 788 + 8 * number, 26)
        canvas.part(rim, darker(look.palette[number % 3], 0.9), look.material, shadow=0.3)
    top = rounded(168, 236, 830, 772, 30)
    canvas.part(
        top, look.palette[0], look.material, cloth=_bent(sheet, zoom=1.35, turn=0, shift=(0.3, 0.28)), shadow=0.4
    )
    corner = rounded_polygon([(168, 470), (168, 772), (530, 772)], [20, 30, 60])
    canvas.part(
        corner, look.palette[1], look.material, cloth=_bent(sheet, zoom=1.2, turn=90, shift=(-0.3, 0.2)), shadow=0.5
    )
    canvas.folds(top, angle=80, count=1.2, depth=0.03, phase=look.seed)


def knotted(canvas: Canvas, look: ScarfLook) -> None:
    """Tied as round a neck, tails to the left and right."""
    sheet = look.sheet()
    loop = [ellipse(500, 350, 280, 232), ellipse(500, 318, 196, 150)]
    canvas.part(loop, look.palette[0], look.material, cloth=_bent(sheet, zoom=1.1, turn=20, wave=0.03))
    for count in (5, 9):
        canvas.folds(loop[0], angle=62, count=count, depth=0.08, phase=count)
    left = curve(
        (470, 560),
        ((380, 640), (250, 760), (190, 930)),
        ((320, 900), (420, 920), (470, 950)),
        ((500, 820), (520, 700), (520, 580)),
    )
    right = curve(
        (500, 570),
        ((540, 700), (560, 800), (600, 900)),
        ((680, 860), (760, 850), (830, 850)),
        ((760, 740), (640, 640), (540, 560)),
    )
    for tail, turn, angle in ((left, 60, 20), (right, -40, 150)):
        canvas.part(tail, look.palette[0], look.material, cloth=_bent(sheet, zoom=1.15, turn=turn), shadow=0.5)
        canvas.folds(tail, angle=angle, count=3, depth=0.1, phase=turn)
    knot = rounded_polygon([(424, 506), (566, 496), (592, 560), (556, 640), (446, 640), (410, 572)], 46)
    canvas.part(
        knot, look.palette[0], look.material, cloth=_bent(sheet, zoom=1.3, turn=-25, shift=(0.1, -0.2)), shadow=0.6
    )
    canvas.folds(knot, angle=10, count=3, depth=0.12)


def draped(canvas: Canvas, look: ScarfLook) -> None:
    """Hung from a rail, in long folds."""
    canvas.metal(rounded(150, 96, 850, 116, 10), (0.72, 0.7, 0.66), angle=90)
    foot = np.linspace(0, 1, 60)
    hem = np.stack([780 - 560 * foot, 860 + 34 * np.sin(foot * 15 + look.seed) + 40 * foot], axis=1)
    outline = np.concatenate([curve((240, 104), ((400, 90), (600, 92), (760, 104))), hem])
    cloth = _bent(look.sheet(), zoom=1.25, turn=8, wave=0.035)
    canvas.part(outline, look.palette[0], look.material, cloth=cloth)
    canvas.folds(outline, angle=4, count=6, depth=0.13, phase=look.seed)
    canvas.folds(outline, angle=-3, count=11, depth=0.05, phase=1 + look.seed)
    if look.wool:
        _fringe(canvas, hem, look.palette[0])


def shawl(canvas: Canvas, look: ScarfLook) -> None:
    """A large shawl with a fringe, spread as a triangle."""
    outline = symmetric(curve((500, 930), ((330, 760), (150, 520), (70, 250)), ((200, 220), (360, 206), (500, 206))))
    edge, _ = evenly(np.concatenate([outline[25::-1], symmetric(outline[:1])[:0], outline[-1:-26:-1][::-1]]), 9)
    _fringe(canvas, edge, look.palette[0], outward=(500, 420))
    canvas.part(outline, look.palette[0], look.material, cloth=_bent(look.sheet(), zoom=1.05, turn=45))
    canvas.folds(outline, angle=90, count=1.4, depth=0.07, phase=look.seed)
    canvas.folds(outline, angle=25, count=3, depth=0.05, phase=2)


def _fringe(canvas: Canvas, edge: Path, colour: Colour, outward: tuple[float, float] | None = None) -> None:
    dice = np.random.default_rng(len(edge))
    places, _ = evenly(edge, 8)
    threads = []
    for x, y in places:
        away = np.array([0.0, 1.0]) if outward is None else np.array([x, y]) - outward
        away = away / np.hypot(*away)
        length, sway = dice.uniform(30, 46), dice.uniform(-6, 6)
        threads.append(
            np.array(
                [
                    [x, y],
                    [x + away[0] * length / 2 + sway, y + away[1] * length / 2],
                    [x + away[0] * length, y + away[1] * length],
                ]
            )
        )
    for thread in threads:
        canvas.part(ribbon(thread, 4), colour, WOOL, shadow=0)


def ribbon_scarf(canvas: Canvas, look: ScarfLook) -> None:
    """A narrow ribbon of silk, thrown in loops."""
    sheet = look.sheet()
    middle, _ = evenly(
        curve(
            (140, 250),
            ((420, 120), (860, 190), (820, 400)),
            ((780, 600), (260, 440), (220, 640)),
            ((190, 820), (560, 860), (880, 760)),
            steps=50,
        ),
        7,
    )
    pieces = 3
    for number in range(pieces):
        first, last = number * len(middle) // pieces, (number + 1) * len(middle) // pieces + 2
        piece = ribbon(middle[max(0, first - 2) : last], 74)
        canvas.part(
            piece,
            look.palette[0],
            look.material,
            cloth=_bent(sheet, zoom=0.7, turn=30 * number, shift=(0.1 * number, 0)),
            shadow=0.5,
        )
        canvas.folds(piece, angle=40 + 60 * number, count=3, depth=0.07, phase=number)
    for at, away in ((middle[0], (-60, 40)), (middle[-1], (62, -24))):
        tip = path((at[0], at[1] - 37), (at[0] + away[0], at[1] + away[1]), (at[0], at[1] + 37))
        canvas.part(tip, look.palette[1], look.material, shadow=0.2)


def boxed(canvas: Canvas, look: ScarfLook) -> None:
    """Folded in its open box."""
    lid = rounded_polygon([(176, 110), (824, 110), (848, 330), (152, 330)], 10)
    paper: Colour = (0.93, 0.89, 0.82)
    canvas.part(lid, darker(paper, 0.93), PAPER)
    if look.house:
        canvas.printed(emblem(look.house, 500, 196, 46), (0.62, 0.36, 0.3))
        canvas.stroke(word(look.house.upper(), 500, 276, 24), (0.62, 0.36, 0.3), 3)
    canvas.part(rounded_polygon([(140, 330), (860, 330), (890, 900), (110, 900)], 14), paper, PAPER)
    canvas.part(
        rounded_polygon([(176, 362), (824, 362), (850, 866), (150, 866)], 10), darker(paper, 0.72), PAPER, shadow=0.2
    )
    packet = rounded_polygon([(200, 384), (800, 384), (822, 844), (178, 844)], 26)
    canvas.part(
        packet,
        look.palette[0],
        look.material,
        cloth=_bent(look.sheet(), zoom=1.2, turn=0, shift=(0.2, 0.3)),
        shadow=0.5,
    )
    canvas.folds(packet, angle=86, count=1.4, depth=0.04, phase=look.seed)


#: Scarves by form.
SCARVES: dict[str, Callable[[Canvas, ScarfLook], None]] = {
    "square": square,
    "folded": folded,
    "knotted": knotted,
    "draped": draped,
    "shawl": shawl,
    "ribbon": ribbon_scarf,
    "boxed": boxed,
}
