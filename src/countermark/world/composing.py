"""Several things in one picture: a collage, a photo pasted on another ground, words written into a photo."""

import cv2
import numpy as np
import numpy.typing as npt

from countermark.world.drawing.grounds import AT_HOME, PHOTO, ground

#: Red, green, blue, shape (height, width, 3).
Photo = npt.NDArray[np.uint8]
Dice = np.random.Generator

_FACES = (cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX)
_INKS = ((255, 255, 255), (20, 20, 20), (214, 40, 40), (240, 196, 64))
#: Side of a collage in pixels, and of the white between its pictures.
_SHEET, _GAP = 960, 8


def collage(photo: Photo, dice: Dice, others: tuple[Photo, ...] = ()) -> Photo:
    """The photo in one field of two or four; details of it, or of the others, in the rest."""
    sheet = np.full((_SHEET, _SHEET, 3), 255, np.uint8)
    if dice.random() < 0.5:
        fields = [(0, 0, _SHEET // 2, _SHEET), (_SHEET // 2, 0, _SHEET // 2, _SHEET)]
    else:
        half = _SHEET // 2
        fields = [(x, y, half, half) for y in (0, half) for x in (0, half)]
    first = int(dice.integers(len(fields)))
    for number, (x, y, wide, tall) in enumerate(fields):
        shown = photo if number == first else _other(photo, dice, others)
        inner = _filled(shown, wide - _GAP, tall - _GAP)
        sheet[y + _GAP // 2 : y + tall - _GAP // 2, x + _GAP // 2 : x + wide - _GAP // 2] = inner
    return sheet


def _other(photo: Photo, dice: Dice, others: tuple[Photo, ...]) -> Photo:
    if others:
        return others[int(dice.integers(len(others)))]
    height, width = photo.shape[:2]
    y, x = int(dice.integers(0, height // 2)), int(dice.integers(0, width // 2))
    return photo[y : y + height // 2, x : x + width // 2]


def _filled(photo: Photo, wide: int, tall: int) -> Photo:
    """Cut to the shape of a field and made as large."""
    height, width = photo.shape[:2]
    across, down = min(width, height * wide // tall), min(height, width * tall // wide)
    left, top = (width - across) // 2, (height - down) // 2
    cut = photo[top : top + down, left : left + across]
    return np.asarray(cv2.resize(cut, (wide, tall), interpolation=cv2.INTER_AREA), np.uint8)


def pasted(photo: Photo, dice: Dice) -> Photo:
    """The photo as a print on another ground, 35 to 65 % of its width, with a thin white edge."""
    name = AT_HOME[int(dice.integers(len(AT_HOME)))]
    drawn = np.clip(ground(name, dice) * 255, 0, 255).astype(np.uint8).transpose(1, 2, 0)
    scene = np.ascontiguousarray(drawn)
    share = float(dice.uniform(0.35, 0.65)) * PHOTO / max(photo.shape[:2])
    small = cv2.resize(photo, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    small = cv2.copyMakeBorder(small, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    tall, wide = small.shape[:2]
    y, x = int(dice.integers(0, PHOTO - tall)), int(dice.integers(0, PHOTO - wide))
    scene[y : y + tall, x : x + wide] = small
    return scene


def lettered(photo: Photo, words: str, dice: Dice) -> Photo:
    """Words (ASCII; no font is needed) across the upper or lower part, on a band or on the photo itself."""
    written, (height, width) = photo.copy(), photo.shape[:2]
    face = _FACES[int(dice.integers(len(_FACES)))]
    ink = _INKS[int(dice.integers(len(_INKS)))]
    (wide, tall), _ = cv2.getTextSize(words, face, 1.0, 2)
    size = min(width * float(dice.uniform(0.5, 0.85)) / wide, height * 0.14 / tall)
    x = int((width - wide * size) * dice.uniform(0.2, 0.8))
    y = int(height * (dice.uniform(0.1, 0.2) if dice.random() < 0.5 else dice.uniform(0.84, 0.95)))
    paper = (20, 20, 20) if sum(ink) > 330 else (248, 248, 246)
    if dice.random() < 0.5:
        edge = int(tall * size * 0.5)
        cv2.rectangle(written, (0, y - int(tall * size) - edge), (width, y + edge), paper, -1)
    else:
        cv2.putText(written, words, (x, y), face, size, paper, max(int(size * 6), 3), cv2.LINE_AA)
    cv2.putText(written, words, (x, y), face, size, ink, max(int(size * 2), 1), cv2.LINE_AA)
    return written
