"""Write `shapes.tsv`: which ideographs look alike, measured on the letters themselves, drawn in two fonts.

Run: `python -m countermark.signals.text.build_shapes SANS.ttc SERIF.ttc` with two fonts of simplified Chinese (the
shipped table was made with Noto Sans CJK Regular and Noto Serif CJK Bold, third face of each file). Each of the 6,763
ideographs of GB 2312 is drawn at 40 pixels, blurred as an eye at arm's length does, and compared with every other by
normalised correlation.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

TARGET = Path(__file__).with_name("shapes.tsv")
#: Mean correlation from which two ideographs are taken for each other. 38 of 45 pairs that people do confuse (己 已,
#: 未 末, 士 土 and so on) lie above it; lower down stand characters that only share a frame.
ALIKE = 0.80
#: Of each ideograph, the nearest few: a forger looks for the closest.
MOST = 8
#: Side of a drawing and of the letter in it, in pixels; standard deviation of the blur; side of what is compared.
SIDE, LETTER, BLUR, COMPARED = 48, 40, 1.2, 24
#: The face for simplified Chinese in the collections of Noto CJK.
FACE = 2

HEADER = """\
# Ideographs of GB 2312 and those that look like them, nearest first (`build_shapes.py` says how it is measured).
"""


def ideographs() -> list[str]:
    """The 6,763 ideographs of GB 2312, in its order."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [letter for letter in (row.decode("gb2312", errors="ignore") for row in rows) if letter]


def drawn(letters: list[str], font: Path) -> NDArray[np.float32]:
    """One row a letter: its blurred picture, brought to mean 0 and length 1."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only who builds the table pays for the package

    face = ImageFont.truetype(font, LETTER, index=FACE)
    rows = []
    for letter in letters:
        picture = Image.new("L", (SIDE, SIDE), 0)
        ImageDraw.Draw(picture).text((SIDE / 2, SIDE / 2), letter, font=face, fill=255, anchor="mm")
        blurred = cv2.GaussianBlur(np.asarray(picture, np.float32), (0, 0), BLUR)
        small = cv2.resize(blurred, (COMPARED, COMPARED), interpolation=cv2.INTER_AREA).ravel()
        centred = small - small.mean()
        rows.append(centred / (np.linalg.norm(centred) + 1e-6))
    return np.array(rows, np.float32)


def likeness(letters: list[str], fonts: tuple[Path, ...]) -> NDArray[np.float32]:
    """Mean correlation over the fonts of each letter with each other, square; 0 with itself."""
    pictures = [drawn(letters, font) for font in fonts]
    alike: NDArray[np.float32] = np.mean([one @ one.T for one in pictures], axis=0)
    np.fill_diagonal(alike, 0)
    return alike


def build(sans: Path, serif: Path, target: Path = TARGET) -> int:
    """Write the table; returns how many ideographs have a look-alike."""
    letters = ideographs()
    alike = likeness(letters, (sans, serif))
    rows = []
    for place, letter in enumerate(letters):
        nearest = np.argsort(-alike[place], kind="stable")[:MOST]
        near = "".join(letters[other] for other in nearest if alike[place, other] >= ALIKE)
        if near:
            rows.append(f"{letter}\t{near}\n")
    target.write_text(HEADER + "".join(rows), encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    sys.stderr.write(f"{build(Path(sys.argv[1]), Path(sys.argv[2]))} ideographs written to {TARGET.name}\n")
