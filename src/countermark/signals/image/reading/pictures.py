"""The pictures of a batch of listings, each asked once and read once."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageSource, ImageUnavailable
from countermark.signals.image.family import pictures_shown
from countermark.signals.image.pixels import colour_pixels
from countermark.signals.image.reading.gate import looks_written
from countermark.signals.image.reading.reader import READ_AT, PictureReader, ReadLine, reader_digest

#: Readings remembered from batch to batch, by the bytes of the picture.
MOST_REMEMBERED = 10_000


class Reader(Protocol):
    """What reads a picture."""

    def read(self, picture: npt.NDArray[np.uint8]) -> tuple[ReadLine, ...]:
        """Its lines."""
        ...


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture with words in it: its uri as the listing gives it, and its lines from top to bottom."""

    uri: str
    lines: tuple[ReadLine, ...]


class PictureReading:
    """Words in the pictures of listings.

    Picklable: models and memory stay behind. What it remembers only saves work; the same batch and pictures give the
    same words in any process.

    Args:
        reader: reads one picture; rapidocr unless given.
    """

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader: Reader = reader or PictureReader()
        self._remembered: OrderedDict[bytes, tuple[ReadLine, ...]] = OrderedDict()

    def __reduce__(self) -> tuple[type[Self], tuple[Reader]]:
        return type(self), (self._reader,)

    def digest(self) -> str:
        """SHA-256 in hex of what the words depend on besides the pictures; part of the reference hash of a scan."""
        return reader_digest()

    def read(self, batch: pa.RecordBatch, images: ImageSource) -> list[tuple[ReadPicture, ...]]:
        """For every row the pictures in which words were read, in the order of the listing; empty for most.

        Args:
            batch: column `images` of `formats.arrow.LISTING_SCHEMA`; a missing column counts as no pictures.
            images: where the bytes come from. A picture that cannot be had or decoded has no words.
        """
        read: list[list[ReadPicture]] = [[] for _ in range(batch.num_rows)]
        seen: dict[str, tuple[ReadLine, ...]] = {}
        for row, uri in dict.fromkeys(pictures_shown(batch)):
            if uri not in seen:
                seen[uri] = self._lines(uri, images)
            if seen[uri]:
                read[row].append(ReadPicture(uri, seen[uri]))
        return [tuple(pictures) for pictures in read]

    def _lines(self, uri: str, images: ImageSource) -> tuple[ReadLine, ...]:
        try:
            data = images.read(uri)
            key = hashlib.sha256(data).digest()
            if key not in self._remembered:
                picture = colour_pixels(data, READ_AT)
                self._remembered[key] = self._reader.read(picture) if looks_written(picture) else ()
        except (ImageUnavailable, RefusedPicture):
            return ()
        self._remembered.move_to_end(key)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return self._remembered[key]
