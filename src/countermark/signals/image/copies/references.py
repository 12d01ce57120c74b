"""The official photos of all houses, kept as corners to look up and as small grey pictures to compare with."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageRole, ImageSource, ImageUnavailable, Portfolio, Right, RightKind
from countermark.signals.image.copies.features import (
    REFERENCE_SIDE,
    STEP,
    Features,
    Places,
    framed,
    reference_features,
)
from countermark.signals.image.copies.words import WordIndex
from countermark.signals.image.dct256 import LEAST_SIDE, GreyPixels
from countermark.signals.image.pixels import detail_pixels, orientation

#: Longer side of the picture that is kept, and its JPEG quality: a dozen kilobytes each.
KEPT_SIDE, KEPT_QUALITY = 320, 80
#: Corners below which a reference is too plain to be found by them.
LEAST_CORNERS = 12


@dataclass(frozen=True, slots=True)
class Photo:
    """One official photo.

    Attributes:
        uri: as the rights name it.
        owners: each house it belongs to, with the right it is protected by.
        frame: height and width of the framed photo, in which its corners are measured.
        kept: a small grey picture of it, as JPEG.
        orientation: of its EXIF block.
    """

    uri: str
    owners: tuple[tuple[str, str], ...]
    frame: tuple[int, int]
    kept: bytes
    orientation: int

    def grey(self) -> GreyPixels:
        """The small picture that is kept."""
        return np.asarray(cv2.imdecode(np.frombuffer(self.kept, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


class References:
    """All official photos of a portfolio. Picklable; about 110 kB each.

    Attributes:
        photos: in the order of the rights.
        words: the index of their corners.
        owner: photo of each corner.
    """

    def __init__(self, portfolio: Portfolio, references: ImageSource) -> None:
        self.photos: list[Photo] = []
        found: list[Features] = []
        for uri, owners in _official(portfolio.rights).items():
            made = _photo(references, uri, tuple(owners.items()))
            if made is not None:
                self.photos.append(made[0])
                found.append(made[1])
        bits = np.concatenate([one.bits for one in found] or [np.zeros((0, 4), np.uint64)])
        places = np.concatenate([one.places for one in found] or [np.zeros((0, 4), np.float32)])
        counts = [len(one) for one in found]
        self.owner = np.repeat(np.arange(len(found), dtype=np.int32), counts)
        self._first = np.cumsum([0, *counts])
        # Half precision holds a place in a frame of 600 to half a pixel; sizes are kept as steps.
        self._places = places.astype(np.float16)
        self._places[:, 3] = np.rint(np.log(places[:, 3]) / np.log(STEP))
        self.words = WordIndex(bits)

    def __len__(self) -> int:
        return len(self.photos)

    def corners_of(self, number: int) -> npt.NDArray[np.intp]:
        """Numbers of the corners of one photo."""
        return np.arange(self._first[number], self._first[number + 1])

    def places(self, corners: np.ndarray) -> Places:
        """Places of corners by number, as in `Features.places`."""
        places = np.asarray(self._places[corners], np.float32)
        places[:, 3] = STEP ** places[:, 3]
        return places


def _official(rights: Iterable[Right]) -> dict[str, dict[str, str]]:
    """By photo: its houses, each with the right that a copy infringes by itself (copyright first)."""
    found: dict[str, dict[str, str]] = {}
    for right in sorted(rights, key=lambda right: right.kind is not RightKind.COPYRIGHT):
        for reference in right.references:
            if reference.role is ImageRole.OFFICIAL:
                found.setdefault(reference.uri, {}).setdefault(right.brand, right.id)
    return found


def _photo(references: ImageSource, uri: str, owners: tuple[tuple[str, str], ...]) -> tuple[Photo, Features] | None:
    """One photo and its corners; None when it cannot be had or is too plain."""
    try:
        data = references.read(uri)
        grey = detail_pixels(data, REFERENCE_SIDE)
    except (ImageUnavailable, RefusedPicture):
        return None
    frame = framed(grey, REFERENCE_SIDE)
    if min(frame.shape) < LEAST_SIDE:
        return None
    corners = reference_features(frame)
    if len(corners) < LEAST_CORNERS:
        return None
    small = cv2.imencode(".jpg", framed(grey, KEPT_SIDE), [cv2.IMWRITE_JPEG_QUALITY, KEPT_QUALITY])[1]
    return Photo(uri, owners, (frame.shape[0], frame.shape[1]), small.tobytes(), orientation(data)), corners
