"""The edits that counterfeiters make to stolen photographs, as functions from a BGR picture to JPEG bytes.

The list is the one our recall figures are stated for; each edit is deterministic for a given picture and
random generator. What is exactly the same in the drawn market is taken from there; the others only look alike: here
their strength and place are fixed, there they are drawn, and neither may move when the other does.
"""

from collections.abc import Callable

import cv2
import numpy as np

from countermark.world.edits import EDITS as THEFTS
from countermark.world.edits import quality, scaled

Picture = np.ndarray
Edit = Callable[[Picture, np.random.Generator], Picture]


def encode(picture: Picture, quality: int = 85) -> bytes:
    """A BGR picture as JPEG bytes."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _grey(p: Picture, _: np.random.Generator) -> Picture:
    return cv2.cvtColor(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


def _linear(gain: float, bias: float = 0) -> Edit:
    return lambda p, _: cv2.convertScaleAbs(p, alpha=gain, beta=bias)


def _hue(p: Picture, _: np.random.Generator) -> Picture:
    hsv = cv2.cvtColor(p, cv2.COLOR_BGR2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + 25) % 180
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)


def _text_band(p: Picture, _: np.random.Generator) -> Picture:
    out, (h, w) = p.copy(), p.shape[:2]
    cv2.rectangle(out, (0, int(h * 0.8)), (w, int(h * 0.94)), (255, 255, 255), -1)
    cv2.putText(
        out, "BEST PRICE", (w // 12, int(h * 0.9)), cv2.FONT_HERSHEY_DUPLEX, w / 300, (0, 0, 200), 2, cv2.LINE_AA
    )
    return out


def _stickers(p: Picture, g: np.random.Generator) -> Picture:
    out, (h, w) = _text_band(p, g), p.shape[:2]
    for x, y in ((0.2, 0.2), (0.8, 0.25), (0.25, 0.65)):
        colour = tuple(int(v) for v in g.integers(0, 255, 3))
        cv2.circle(out, (int(w * x), int(h * y)), int(w * 0.09), colour, -1, cv2.LINE_AA)
    return out


def _watermark(p: Picture, _: np.random.Generator) -> Picture:
    layer, (h, w) = p.copy(), p.shape[:2]
    for y in range(20, h, 70):
        for x in range(-40, w, 150):
            cv2.putText(layer, "shop88", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2, cv2.LINE_AA)
    return cv2.addWeighted(layer, 0.35, p, 0.65, 0)


def _pad_square(p: Picture, _: np.random.Generator) -> Picture:
    h, w = p.shape[:2]
    side = max(h, w)
    top, left = (side - h) // 2, (side - w) // 2
    return cv2.copyMakeBorder(p, top, side - h - top, left, side - w - left, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def _border(share: float) -> Edit:
    def edit(p: Picture, _: np.random.Generator) -> Picture:
        n = int(min(p.shape[:2]) * share)
        return cv2.copyMakeBorder(p, n, n, n, n, cv2.BORDER_CONSTANT, value=(30, 30, 200))

    return edit


def _rotate(degrees: float) -> Edit:
    def edit(p: Picture, _: np.random.Generator) -> Picture:
        h, w = p.shape[:2]
        matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
        return cv2.warpAffine(p, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE)

    return edit


def _perspective(p: Picture, _: np.random.Generator) -> Picture:
    h, w = p.shape[:2]
    d = 0.08
    source = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    target = np.float32([[w * d, h * d / 2], [w, 0], [w * (1 - d), h], [0, h * (1 - d)]])
    return cv2.warpPerspective(p, cv2.getPerspectiveTransform(source, target), (w, h), borderMode=cv2.BORDER_REPLICATE)


def _crop(area: float) -> Edit:
    def edit(p: Picture, g: np.random.Generator) -> Picture:
        h, w = p.shape[:2]
        ch, cw = int(h * area**0.5), int(w * area**0.5)
        y, x = (int(g.integers(0, n + 1)) for n in (h - ch, w - cw))
        return p[y : y + ch, x : x + cw].copy()

    return edit


def _screenshot(p: Picture, _: np.random.Generator) -> Picture:
    screen = np.full((1280, 640, 3), 250, np.uint8)
    h = int(p.shape[0] * 600 / p.shape[1])
    h = min(h, 900)
    screen[:60] = 40
    cv2.putText(screen, "9:41", (30, 42), cv2.FONT_HERSHEY_DUPLEX, 1, (255, 255, 255), 2, cv2.LINE_AA)
    screen[120 : 120 + h, 20:620] = cv2.resize(p, (600, h), interpolation=cv2.INTER_AREA)
    for i, line in enumerate(("Nice item, as new", "only today", "message me")):
        y = 170 + h + i * 50
        cv2.putText(screen, line, (30, y), cv2.FONT_HERSHEY_SIMPLEX, 1, (60, 60, 60), 2, cv2.LINE_AA)
    return screen


def _collage(p: Picture, g: np.random.Generator) -> Picture:
    canvas = g.integers(0, 255, (2, 2, 3)).astype(np.uint8)
    canvas = cv2.resize(canvas, (800, 800), interpolation=cv2.INTER_NEAREST)
    canvas[:400, :400] = cv2.resize(p, (400, 400), interpolation=cv2.INTER_AREA)
    return canvas


def _pasted(p: Picture, g: np.random.Generator) -> Picture:
    ground = cv2.resize(g.integers(60, 200, (9, 7, 3)).astype(np.uint8), p.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    small = cv2.resize(p, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    y, x = (ground.shape[0] - small.shape[0]) // 2, (ground.shape[1] - small.shape[1]) // 2
    ground[y : y + small.shape[0], x : x + small.shape[1]] = small
    return ground


EDITS: dict[str, Edit] = {
    "JPEG q30": quality(30),
    "JPEG q10": quality(10),
    "resize 50 %": scaled(0.5),
    "resize 25 %": scaled(0.25),
    "grey": _grey,
    "blur": lambda p, _: cv2.GaussianBlur(p, (0, 0), 2),
    "brighter": _linear(1.4),
    "darker": _linear(0.6),
    "contrast": _linear(1.6, -75),
    "hue": _hue,
    "text band": _text_band,
    "stickers": _stickers,
    "watermark": _watermark,
    "pad to square": _pad_square,
    "border 5 %": _border(0.05),
    "border 15 %": _border(0.15),
    "mirror": THEFTS["mirrored"],
    "rotate 2": _rotate(2),
    "rotate 5": _rotate(5),
    "rotate 15": _rotate(15),
    "rotate 90": lambda p, _: cv2.rotate(p, cv2.ROTATE_90_CLOCKWISE),
    "perspective": _perspective,
    "crop 90 %": _crop(0.9),
    "crop 75 %": _crop(0.75),
    "crop 50 %": _crop(0.5),
    "crop 30 %": _crop(0.3),
    "crop 15 %": _crop(0.15),
    "screenshot": _screenshot,
    "collage": _collage,
    "pasted": _pasted,
    "resize and JPEG": lambda p, g: quality(50)(scaled(0.6)(p, g), g),
}
