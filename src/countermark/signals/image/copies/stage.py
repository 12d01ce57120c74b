"""The stage that finds parts of official photos, as the image family runs it."""

from typing import Self

import numpy as np

from countermark.model import ImageSource, Portfolio, Signal
from countermark.signals.image.borders import Box
from countermark.signals.image.copies.finder import Match, find
from countermark.signals.image.copies.references import References
from countermark.signals.image.regions import Corners, written
from countermark.signals.image.seen import SeenPicture

#: Name and version of the corners, as findings carry it.
ALGORITHM = "orb256/3"
#: Longer side at which a picture is looked at; a panel of it still has the pixels it needs.
LOOKED_AT = 640
#: Panels that are looked at by themselves when nothing was found in the whole picture.
MOST_PANELS = 3
#: Corners that make a shared scene certain.
CERTAIN_CORNERS = 40


class CopyStage:
    """Finds official photos that were cropped, turned, pasted, painted over or photographed from a screen.

    It does not look at a picture whose fingerprint already is that of an official photo: it could not change the word.
    """

    def __init__(self, references: References) -> None:
        self._references = references

    @classmethod
    def prepare(cls, portfolio: Portfolio, references: ImageSource) -> Self:
        """Read every official photo of a portfolio once; one that cannot be read or is too plain is left out."""
        return cls(References(portfolio, references))

    def __len__(self) -> int:
        """How many official photos it knows."""
        return len(self._references)

    def look(self, picture: SeenPicture) -> list[Signal]:
        """`image.copied_photo` for each house whose photo lies in the picture, else `image.shared_scene`."""
        if any(signal.name == "image.copied_photo" for signal in picture.found):
            return []
        whole = Box(0, picture.grey().shape[0], 0, picture.grey().shape[1])
        found = self._found(picture, whole)
        # A panel may be goods whose plain ground was cut away: only with the photo's own ground is it the photo.
        for panel in picture.panels()[:MOST_PANELS]:
            if any(signal.name == "image.copied_photo" for signal in found):
                break
            found += self._found(picture, panel, with_ground=True)
        return found

    def _found(self, picture: SeenPicture, box: Box, *, with_ground: bool = False) -> list[Signal]:
        """Signals of one part of a picture; `with_ground` takes only copies that show the ground of the photo."""
        grey = picture.detail(LOOKED_AT)
        corners = box.shares(*picture.grey().shape)
        start, size = corners[0], corners[2] - corners[0]
        (left, top), (right, bottom) = (np.rint(corners[[0, 2]] * grey.shape[::-1])).astype(int).tolist()
        part = np.ascontiguousarray(grey[top:bottom, left:right])
        return [
            signal
            for match in find(self._references, part)
            if match.surrounded or not (match.copied and with_ground)
            for signal in self._signals(picture, match, match.region * size + start)
        ]

    def _signals(self, picture: SeenPicture, match: Match, region: Corners) -> list[Signal]:
        photo = self._references.photos[match.number]
        facts = {
            "agreement": str(int(100 * match.share)),
            "threshold": str(round(100 * match.asked)),
            "corners": str(match.corners),
            "variant": "a part, mirrored" if match.mirrored else "a part",
            "reference": photo.uri,
            "algorithm": ALGORITHM,
            "region": written(region, picture.orientation()),
            "reference_region": written(match.reference_region, photo.orientation),
        }
        scene = min(match.corners / CERTAIN_CORNERS, 1.0)
        return [
            Signal(
                name="image.copied_photo" if match.copied else "image.shared_scene",
                value=round(0.5 + match.share / 2 if match.copied else scene, 6),
                brand=brand,
                right_id=right_id,
                reference=photo.uri,
                listing_image=picture.uri,
                facts=facts,
            )
            for brand, right_id in photo.owners
        ]
