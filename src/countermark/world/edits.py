"""What is done to a photograph before it is shown as one's own."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from countermark.world.composing import collage, pasted

#: Red, green, blue, shape (height, width, 3).
Photo = npt.NDArray[np.uint8]
Dice = np.random.Generator
Edit = Callable[[Photo, Dice], Photo]


def quality(level: int) -> Edit:
    """JPEG of this quality."""

    def edit(photo: Photo, _: Dice) -> Photo:
        data = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, level])[1]
        return _photo(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)))

    return edit


def scaled(share: float) -> Edit:
    """Both sides this share of what they were."""
    return lambda photo, _: _photo(cv2.resize(photo, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))


def part(share: float) -> Edit:
    """A part of this share of the area, with the shape of the whole, near the middle, where the goods are."""

    def edit(photo: Photo, dice: Dice) -> Photo:
        height, width = photo.shape[:2]
        tall, wide = (max(int(side * share**0.5), 8) for side in (height, width))
        y, x = (int((side - small) * dice.uniform(0.25, 0.75)) for side, small in ((height, tall), (width, wide)))
        return np.ascontiguousarray(photo[y : y + tall, x : x + wide])

    return edit


def turned(degrees: float) -> Edit:
    """Turned to either side, the corners cut off as phones do it; quarters and halves whole."""

    def edit(photo: Photo, dice: Dice) -> Photo:
        side = 1 if dice.random() < 0.5 else -1
        if degrees % 90 == 0:
            return np.ascontiguousarray(np.rot90(photo, side * int(degrees // 90)))
        height, width = photo.shape[:2]
        zoom = np.cos(np.radians(degrees)) + np.sin(np.radians(degrees)) * max(height / width, width / height)
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), side * degrees, float(zoom))
        return _photo(cv2.warpAffine(photo, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))

    return edit


def leaning(share: float) -> Edit:
    """Seen from one side, as when a screen or a page is photographed; the far edge is shorter by twice this share."""

    def edit(photo: Photo, dice: Dice) -> Photo:
        height, width = photo.shape[:2]
        near = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        far = near.copy()
        far[0 if dice.random() < 0.5 else 1, 1] += height * share
        far[3, 1] -= height * share * float(dice.uniform(0.5, 1))
        far[0, 0] += width * share * float(dice.uniform(0.3, 1))
        matrix = cv2.getPerspectiveTransform(near, far)
        return _photo(cv2.warpPerspective(photo, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))

    return edit


def framed(share: float) -> Edit:
    """A frame of one colour around it, this share of the height wide."""

    def edit(photo: Photo, dice: Dice) -> Photo:
        side = max(int(photo.shape[0] * share), 1)
        colour = _FRAMES[int(dice.integers(4))]
        return _photo(cv2.copyMakeBorder(photo, side, side, side, side, cv2.BORDER_CONSTANT, value=colour))

    return edit


def hue(degrees: int) -> Edit:
    """All colours moved round the wheel."""

    def edit(photo: Photo, _: Dice) -> Photo:
        hsv = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2HSV), np.uint8).copy()
        hsv[..., 0] = (hsv[..., 0].astype(int) + degrees // 2) % 180
        return _photo(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))

    return edit


def blurred(share: float) -> Edit:
    """Out of focus by this share of the width."""
    return lambda photo, _: _photo(cv2.GaussianBlur(photo, (0, 0), max(photo.shape[1] * share, 0.3)))


_FRAMES = ((214, 40, 40), (20, 20, 20), (240, 196, 64), (255, 255, 255))


def _photo(picture: npt.NDArray[np.generic]) -> Photo:
    return np.asarray(picture, np.uint8)


def _none(photo: Photo, _: Dice) -> Photo:
    return photo


def _resized(photo: Photo, dice: Dice) -> Photo:
    return scaled(float(dice.uniform(0.5, 0.8)))(photo, dice)


def _recompressed(photo: Photo, dice: Dice) -> Photo:
    return quality(int(dice.integers(18, 45)))(photo, dice)


def _mirrored(photo: Photo, _: Dice) -> Photo:
    return np.ascontiguousarray(photo[:, ::-1])


def _framed(photo: Photo, dice: Dice) -> Photo:
    return framed(float(dice.uniform(0.04, 0.12)))(photo, dice)


def _padded(photo: Photo, dice: Dice) -> Photo:
    bar = int(photo.shape[0] * dice.uniform(0.12, 0.3))
    white = (255, 255, 255)
    if dice.random() < 0.5:
        return _photo(cv2.copyMakeBorder(photo, bar, bar, 0, 0, cv2.BORDER_CONSTANT, value=white))
    return _photo(cv2.copyMakeBorder(photo, 0, 0, bar, bar, cv2.BORDER_CONSTANT, value=white))


def _watermarked(photo: Photo, dice: Dice) -> Photo:
    layer, (height, width) = photo.copy(), photo.shape[:2]
    text = f"shop{int(dice.integers(10, 99))}"
    for y in range(30, height + 40, 96):
        for x in range(-60 + (y * 3) % 90, width, 190):
            cv2.putText(layer, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2, cv2.LINE_AA)
    return _photo(cv2.addWeighted(layer, 0.34, photo, 0.66, 0))


def _text_band(photo: Photo, dice: Dice) -> Photo:
    banded, (height, width) = photo.copy(), photo.shape[:2]
    top = int(height * dice.uniform(0.76, 0.84))
    cv2.rectangle(banded, (0, top), (width, top + height // 8), (200, 30, 40), -1)
    words = ("BEST PRICE TODAY", "TOP QUALITY", "FREE SHIPPING", "-80 % ONLY TODAY")[int(dice.integers(4))]
    at = (width // 14, top + height // 12)
    cv2.putText(banded, words, at, cv2.FONT_HERSHEY_DUPLEX, width / 520, (255, 255, 255), 2, cv2.LINE_AA)
    return banded


def _cropped(photo: Photo, dice: Dice) -> Photo:
    height, width = photo.shape[:2]
    share = float(dice.uniform(0.9, 0.97))
    tall, wide = int(height * share), int(width * share)
    y, x = int(dice.integers(0, height - tall + 1)), int(dice.integers(0, width - wide + 1))
    return np.ascontiguousarray(photo[y : y + tall, x : x + wide])


def _brightened(photo: Photo, dice: Dice) -> Photo:
    return _photo(cv2.convertScaleAbs(photo, alpha=float(dice.uniform(1.05, 1.25)), beta=float(dice.uniform(0, 12))))


def _darkened(photo: Photo, dice: Dice) -> Photo:
    return _photo(cv2.convertScaleAbs(photo, alpha=float(dice.uniform(0.6, 0.85))))


def _tilted(photo: Photo, dice: Dice) -> Photo:
    height, width = photo.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(dice.uniform(-2, 2)), 1.03)
    return _photo(cv2.warpAffine(photo, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _grey(photo: Photo, _: Dice) -> Photo:
    return _photo(cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


def _stickers(photo: Photo, dice: Dice) -> Photo:
    """Round stickers in the middle, where the mark would be."""
    covered, (height, width) = photo.copy(), photo.shape[:2]
    colours = ((255, 255, 255), (250, 214, 90), (236, 120, 140))
    for number in range(int(dice.integers(1, 3))):
        x, y = int(width * dice.uniform(0.4, 0.6)), int(height * dice.uniform(0.45, 0.62))
        cv2.circle(covered, (x, y), int(width * 0.07), colours[number], -1, cv2.LINE_AA)
        cv2.circle(covered, (x, y), int(width * 0.07), (120, 120, 120), 2, cv2.LINE_AA)
    return covered


def _smeared(photo: Photo, dice: Dice) -> Photo:
    """The middle, where the mark would be, made unreadable."""
    covered, (height, width) = photo.copy(), photo.shape[:2]
    half = int(width * dice.uniform(0.07, 0.11))
    y, x = int(height * dice.uniform(0.45, 0.58)), width // 2
    part = covered[y - half : y + half, x - half : x + half]
    coarse = cv2.resize(part, (6, 6), interpolation=cv2.INTER_AREA)
    covered[y - half : y + half, x - half : x + half] = cv2.resize(
        coarse, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_NEAREST
    )
    return covered


def _screenshot(photo: Photo, _: Dice) -> Photo:
    screen = np.full((1000, 640, 3), 248, np.uint8)
    screen[:56] = 30
    cv2.putText(screen, "9:41", (30, 38), cv2.FONT_HERSHEY_DUPLEX, 0.8, (255, 255, 255), 1, cv2.LINE_AA)
    height, width = photo.shape[:2]
    wide, tall = (600, 600 * height // width) if height <= width else (600 * width // height, 600)
    left, top = 20 + (600 - wide) // 2, 120 + (600 - tall) // 2
    screen[top : top + tall, left : left + wide] = cv2.resize(photo, (wide, tall), interpolation=cv2.INTER_AREA)
    for number, wide in enumerate((420, 300, 520)):
        cv2.rectangle(screen, (30, 770 + 50 * number), (30 + wide, 790 + 50 * number), (205, 205, 210), -1)
    return screen


#: Edits by name.
EDITS: dict[str, Edit] = {
    "none": _none,
    "resized": _resized,
    "recompressed": _recompressed,
    "mirrored": _mirrored,
    "framed": _framed,
    "padded": _padded,
    "watermarked": _watermarked,
    "text band": _text_band,
    "cropped": _cropped,
    "brightened": _brightened,
    "darkened": _darkened,
    "tilted": _tilted,
    "grey": _grey,
    "stickers": _stickers,
    "smeared": _smeared,
    "screenshot": _screenshot,
    "part 75": part(0.75),
    "part 50": part(0.5),
    "part 30": part(0.3),
    "turned 5": turned(5),
    "leaning": leaning(0.08),
    "hue": hue(36),
    "pasted": pasted,
    "collage": collage,
}
#: How often a thief uses each on an official photo; most do little.
THEFT = {
    "none": 14, "resized": 16, "recompressed": 18, "mirrored": 12, "framed": 8, "padded": 6, "watermarked": 8,
    "brightened": 5, "darkened": 3, "text band": 4, "cropped": 3, "tilted": 2, "screenshot": 3,
    "part 75": 3, "part 50": 3, "part 30": 1, "turned 5": 1, "leaning": 2, "hue": 1, "pasted": 2, "collage": 3,
}  # fmt: skip


def stolen(dice: Dice) -> str:
    """An edit as a thief would choose it."""
    weights = np.array(list(THEFT.values()), float)
    return list(THEFT)[int(dice.choice(len(weights), p=weights / weights.sum()))]
