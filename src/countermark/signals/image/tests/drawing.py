"""Pictures for the tests: drawn, so that they belong to nobody, and edited as copies are."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]


def photo(seed: int, height: int = 480, width: int = 360) -> Picture:
    """Something with the frequencies of a photograph: soft light, shapes with edges, some texture. BGR."""
    dice = np.random.default_rng(seed)
    light = cv2.resize(
        dice.integers(60, 220, (5, 4, 3)).astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC
    )
    canvas = np.ascontiguousarray(light)
    for _ in range(14):
        x, y = (int(v) for v in dice.integers(0, (width, height)))
        axes = tuple(int(v) for v in dice.integers(12, 110, 2))
        colour = tuple(int(v) for v in dice.integers(0, 256, 3))
        cv2.ellipse(canvas, (x, y), axes, float(dice.integers(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    noise = dice.normal(0, 4, canvas.shape)
    return np.clip(canvas + noise, 0, 255).astype(np.uint8)


def logo(kind: str = "ours") -> Picture:
    """A flat drawing on white, symmetric from left to right as marks often are. BGR, 400 x 400."""
    canvas = np.full((400, 400, 3), 255, np.uint8)
    if kind == "ours":
        cv2.circle(canvas, (200, 190), 120, (20, 20, 20), 22, cv2.LINE_AA)
        cv2.fillPoly(canvas, [np.array([[200, 100], [255, 250], [145, 250]], np.int32)], (20, 20, 20), cv2.LINE_AA)
        cv2.rectangle(canvas, (120, 330), (280, 345), (20, 20, 20), -1)
    else:
        cv2.rectangle(canvas, (80, 120), (320, 280), (20, 20, 20), 20)
        cv2.line(canvas, (80, 120), (320, 280), (20, 20, 20), 16, cv2.LINE_AA)
    return canvas


def _bytes(picture: npt.NDArray[Any]) -> Picture:
    return np.asarray(picture, np.uint8)


def jpeg(picture: npt.NDArray[Any], quality: int = 85) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def png(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])


def _frame(picture: Picture) -> Picture:
    side = int(0.15 * min(picture.shape[:2]))
    return _bytes(cv2.copyMakeBorder(picture, side, side, side, side, cv2.BORDER_CONSTANT, value=(30, 30, 200)))


def _square(picture: Picture) -> Picture:
    bar = (picture.shape[0] - picture.shape[1]) // 2
    return _bytes(cv2.copyMakeBorder(picture, 0, 0, bar, bar, cv2.BORDER_CONSTANT, value=(255, 255, 255)))


def _watermark(picture: Picture) -> Picture:
    layer = picture.copy()
    for y in range(20, picture.shape[0], 70):
        for x in range(-40, picture.shape[1], 150):
            cv2.putText(layer, "shop88", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2, cv2.LINE_AA)
    return _bytes(cv2.addWeighted(layer, 0.35, picture, 0.65, 0))


def _wide_ground(picture: Picture) -> Picture:
    return _bytes(cv2.copyMakeBorder(picture, 60, 140, 200, 90, cv2.BORDER_CONSTANT, value=(255, 255, 255)))


def _small_on_photo(picture: Picture) -> Picture:
    canvas = photo(71)
    canvas[300:400, 200:300] = cv2.resize(picture, (100, 100), interpolation=cv2.INTER_AREA)
    return canvas


def _middle_half(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    return picture[height // 4 : -height // 4, width // 4 : -width // 4]


def _turned(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1.0)
    return _bytes(cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _screenshot(picture: Picture) -> Picture:
    screen = np.full((1280, 640, 3), 250, np.uint8)
    screen[:60] = 40
    cv2.putText(screen, "9:41", (30, 42), cv2.FONT_HERSHEY_DUPLEX, 1, (255, 255, 255), 2, cv2.LINE_AA)
    screen[120:920, 20:620] = cv2.resize(picture, (600, 800), interpolation=cv2.INTER_AREA)
    for line, text in enumerate(("Nice item, as new", "only today", "message me")):
        at = (30, 970 + 50 * line)
        cv2.putText(screen, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1, (60, 60, 60), 2, cv2.LINE_AA)
    return screen


def _collage(picture: Picture) -> Picture:
    shown = [picture, photo(81), photo(82), photo(83)]
    quarters = [cv2.resize(one, (300, 400), interpolation=cv2.INTER_AREA) for one in shown]
    return _bytes(np.vstack([np.hstack(quarters[:2]), np.hstack(quarters[2:])]))


def hues_turned(picture: Picture) -> Picture:
    """Red becomes green and green blue, as a slider in any program for pictures does it."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + 60) % 180
    return _bytes(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR))


def on_carpet(seed: int, height: int = 480, width: int = 360) -> Picture:
    """A product, another for each seed, lying on one carpet. BGR."""
    dice = np.random.default_rng(7)
    carpet = np.full((height, width, 3), (70, 90, 120), np.uint8)
    for _ in range(260):
        at = tuple(int(v) for v in dice.integers(0, (width, height)))
        axes = tuple(int(v) for v in dice.integers(3, 14, 2))
        colour = tuple(int(v) for v in dice.integers(30, 230, 3))
        cv2.ellipse(carpet, at, axes, float(dice.integers(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(mask, (width // 2, height // 2), (width // 3, height // 3), 0, 0, 360, 255, -1)
    carpet[mask > 0] = photo(seed, height, width)[mask > 0]
    return _bytes(np.clip(carpet + np.random.default_rng(seed).normal(0, 3, carpet.shape), 0, 255))


def placeholder() -> Picture:
    canvas = np.full((480, 480, 3), 250, np.uint8)
    cv2.putText(canvas, "No image", (130, 250), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (150, 150, 150), 3, cv2.LINE_AA)
    return canvas


#: The worked examples of the specs: from the reference picture to the bytes that a listing shows.
EXAMPLES: dict[str, Callable[[Picture], bytes]] = {
    "the official photo itself": jpeg,
    "recompressed at quality 10": lambda p: jpeg(p, 10),
    "resized to 25 %": lambda p: jpeg(cv2.resize(p, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)),
    "in grey": lambda p: jpeg(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY)),
    "with its hues turned": lambda p: jpeg(hues_turned(p)),
    "mirrored": lambda p: jpeg(cv2.flip(p, 1)),
    "turned by 90 degrees": lambda p: jpeg(cv2.rotate(p, cv2.ROTATE_90_COUNTERCLOCKWISE)),
    "in a red frame of 15 %": lambda p: jpeg(_frame(p)),
    "padded to a square": lambda p: jpeg(_square(p)),
    "under a tiled watermark": lambda p: jpeg(_watermark(p)),
    "its middle half": lambda p: jpeg(_middle_half(p)),
    "its middle half, mirrored": lambda p: jpeg(cv2.flip(_middle_half(p), 1)),
    "turned by 15 degrees": lambda p: jpeg(_turned(p)),
    "on a screenshot of a phone": lambda p: jpeg(_screenshot(p)),
    "as a quarter of a collage": lambda p: jpeg(_collage(p)),
    "another product on the same carpet": lambda _: jpeg(on_carpet(91)),
    "another photo": lambda _: jpeg(photo(404)),
    "a blank picture": lambda _: jpeg(np.full((480, 360, 3), 240, np.uint8)),
    "a placeholder that says No image": lambda _: jpeg(placeholder()),
    "the logo itself": jpeg,
    "the logo recompressed at quality 30": lambda p: jpeg(p, 30),
    "the logo in inverted colours": lambda p: jpeg(255 - p),
    "the logo on a wider ground": lambda p: jpeg(_wide_ground(p)),
    "another drawing": lambda _: jpeg(logo("other")),
    "the logo small on a photo": lambda p: jpeg(_small_on_photo(p)),
}


def png_header_only(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds next to none."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def with_orientation(data: bytes, orientation: int) -> bytes:
    """The same JPEG with an EXIF block that asks viewers to turn it."""
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(">HH", orientation, 0) + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def many_scans(picture: Picture, scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    data = bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1])
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]
