"""The letters that exhibits are set in: Noto Sans SC, shipped, so that a paper looks alike on every machine.

`fonts/noto-sans-sc.zip` holds slices of the npm packages `@fontsource/noto-sans-sc`, `noto-sans`, `noto-sans-mono`
(5.3.0, weight 400, SIL Open Font License 1.1), and `coverage.json`: for each slice the code points it draws.
"""

import json
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ARCHIVE = Path(__file__).with_name("fonts") / "noto-sans-sc.zip"
#: Slice that every paper needs, the one for hashes, and those that come first where the paper is not Chinese: Noto Sans
#: SC draws an apostrophe as wide as a character.
_ALWAYS, MONO, _WESTERN = ("latin",), "mono", ("text-latin", "text-latin-ext")


@dataclass(frozen=True, slots=True)
class Face:
    """One slice: the family that the style sheet names, and the bytes (TrueType)."""

    family: str
    data: bytes


def faces_for(text: str, language: str) -> list[Face]:
    """The slices that draw a text, in the order in which they are asked; Latin first, the one for hashes last."""
    needed = {_slice_of().get(ord(one)) for one in set(text)}
    names = [*_ALWAYS, *(name for name in _coverage() if name in needed and name not in _ALWAYS)]
    if language != "zh":
        names = [*_WESTERN, *names]
    with zipfile.ZipFile(ARCHIVE) as archive:
        return [Face(f"cm-{name}", archive.read(f"{name}.ttf")) for name in (*names, MONO)]


def drawable(text: str) -> str:
    """The text with every letter that the font lacks as its code point, such as [U+1F525]: nothing vanishes unseen."""
    known = _slice_of()
    return "".join(one if ord(one) in known or one in "\n\t" else f"[U+{ord(one):04X}]" for one in text)


@lru_cache(maxsize=1)
def _coverage() -> dict[str, list[tuple[int, int]]]:
    with zipfile.ZipFile(ARCHIVE) as archive:
        found: dict[str, list[tuple[int, int]]] = json.loads(archive.read("coverage.json"))
    return found


@lru_cache(maxsize=1)
def _slice_of() -> dict[int, str]:
    return {
        point: name for name, runs in _coverage().items() for first, last in runs for point in range(first, last + 1)
    }
