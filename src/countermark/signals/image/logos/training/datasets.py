"""Marks and photographs, split by a hash of their names before anybody looks at them."""

import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from countermark.signals.image.logos.svg import draw_svg
from countermark.signals.image.logos.templates import Mark, Pixels, cut

Split = Literal["train", "dev", "test"]


def split_of(name: str) -> Split:
    """60 % train, 15 % dev, 25 % test, by SHA-256 of the file name without folder and suffix."""
    value = int(hashlib.sha256(Path(name).stem.encode()).hexdigest()[:8], 16) % 100
    return "train" if value < 60 else "dev" if value < 75 else "test"


def mark_sources(archive: Path, split: Split) -> dict[str, bytes]:
    """SVG documents of the marks of one split, by name, from an archive (.tar.gz) of single-path icons."""
    sources: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.name.endswith(".svg") or split_of(member.name) != split:
                continue
            opened = tar.extractfile(member)
            if opened is not None:
                sources[Path(member.name).stem] = opened.read()
    return dict(sorted(sources.items()))


def drawn_mark(source: bytes, side: int = 256) -> Mark:
    """The mark that an SVG document draws."""
    return cut(draw_svg(source, side)[..., 3])


def read_marks(archive: Path, split: Split) -> dict[str, Mark]:
    """Marks of one split, by name."""
    return {name: drawn_mark(source) for name, source in mark_sources(archive, split).items()}


def photo_paths(folder: Path, split: Split) -> list[Path]:
    """JPEG files of one split under a folder, sorted."""
    return sorted(path for path in folder.rglob("*.jpg") if split_of(path.name) == split)


def read_photo(path: Path) -> Pixels:
    """RGB pixels; raises ValueError when the file is no picture."""
    bgr = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise ValueError(f"{path} is no picture OpenCV can read")
    return np.ascontiguousarray(bgr[..., ::-1])


def read_photos(folder: Path, split: Split, limit: int | None = None) -> Iterator[tuple[str, Pixels]]:
    """Name and RGB pixels of the photos of one split, in the order of a hash, so that a limit takes a fair sample."""
    paths = sorted(photo_paths(folder, split), key=lambda path: hashlib.sha256(path.name.encode()).digest())
    for path in paths[:limit]:
        yield path.name, read_photo(path)
