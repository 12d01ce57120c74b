"""Shapes beside the marks of the train split: icons and words, so that the networks learn shapes, not a list of marks.

Icons come from Iconify sets (`npm pack @iconify-json/NAME`), words and monograms are drawn with fonts (`npm pack
@fontsource/NAME`, as TrueType). Neither is shipped. An icon of whose name a word, or neighbouring words, are in
`unwanted` is left out: these sets hold a few logos of houses, and none of dev or test may be seen in training.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from countermark.signals.image.logos.svg import draw_svg
from countermark.signals.image.logos.templates import Mark, Pixels, cut

_SIDE = 160
_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"


def icon_sources(sets: list[Path], unwanted: set[str]) -> Iterator[str]:
    """SVG documents of all icons of Iconify sets (`icons.json`) that show no unwanted name."""
    for path in sets:
        known = json.loads(path.read_text(encoding="utf-8"))
        for name, icon in known["icons"].items():
            if unwanted.isdisjoint(_runs(name)) and not name.endswith(("-thin", "-light", "-duotone")):
                width, height = (icon.get(side, known.get(side, 16)) for side in ("width", "height"))
                yield (
                    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
                    f"{icon['body'].replace('currentColor', '#000')}</svg>"
                )


def _runs(name: str) -> set[str]:
    """The words of a name and what neighbours of them make when written together: `visual-studio` is `visualstudio`."""
    words = name.split("-")
    return {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}


def icon(source: str) -> Mark | None:
    """The mark of one SVG document; None when it cannot be drawn, is hair-thin or fills its box."""
    try:
        mark = cut(draw_svg(source.encode(), _SIDE)[..., 3])
    except ValueError:
        return None
    inked = float(mark.alpha.mean()) / 255
    return mark if 0.06 < inked < 0.92 and min(mark.alpha.shape) > 20 else None


def word(fonts: list[Path], rng: np.random.Generator) -> Mark | None:
    """An invented word, initials or a monogram in one of the fonts, sometimes under a line, in a box or in a ring."""
    font = ImageFont.truetype(str(fonts[int(rng.integers(len(fonts)))]), 96)
    kind = rng.random()
    if kind < 0.2:
        letters = _letters(rng, 2)
        page = np.maximum(_written(letters[0], font, 0), _written(letters[1], font, int(rng.integers(20, 70))))
    else:
        text = _letters(rng, int(rng.integers(2, 4))) if kind < 0.4 else _invented(rng)
        page = _written(text, font, 0)
    if not page.any():
        return None
    mark = cut(page)
    return _framed(mark, rng) if rng.random() < 0.25 else mark


def _letters(rng: np.random.Generator, count: int) -> str:
    return "".join(rng.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), count))


def _invented(rng: np.random.Generator) -> str:
    text = "".join(
        str(rng.choice(list(_CONSONANTS))) + str(rng.choice(list(_VOWELS))) for _ in range(rng.integers(2, 5))
    )
    if rng.random() < 0.4:
        text += str(rng.choice(list(_CONSONANTS)))
    way = rng.random()
    return text.upper() if way < 0.4 else text.capitalize() if way < 0.8 else text


def _written(text: str, font: ImageFont.FreeTypeFont, at: int) -> Pixels:
    page = Image.new("L", (140 * max(4, len(text)) + 200, 260))
    ImageDraw.Draw(page).text((40 + at, 60), text, fill=255, font=font)
    return np.asarray(page, np.uint8)


def _framed(mark: Mark, rng: np.random.Generator) -> Mark:
    height, width = mark.alpha.shape
    pad, line = (
        round(max(height, width) * rng.uniform(0.08, 0.2)),
        max(3, round(max(height, width) * rng.uniform(0.02, 0.06))),
    )
    page = np.asarray(cv2.copyMakeBorder(mark.alpha, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0), np.uint8)
    tall, wide = page.shape
    way = rng.random()
    if way < 0.4:
        cv2.rectangle(page, (0, 0), (wide - 1, tall - 1), 255, line)
    elif way < 0.7:
        page[-max(2, line) :] = 255
    else:
        side = max(tall, wide)
        square = np.zeros((side, side), np.uint8)
        square[(side - tall) // 2 : (side - tall) // 2 + tall, (side - wide) // 2 : (side - wide) // 2 + wide] = page
        cv2.circle(square, (side // 2, side // 2), side // 2 - line, 255, line)
        page = square
    return cut(page)
