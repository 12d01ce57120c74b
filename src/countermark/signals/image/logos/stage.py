"""The logo search as a stage of the image family: rights in, a picture in, signals out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageRole, ImageSource, ImageUnavailable, Portfolio, Right, RightKind, Signal
from countermark.signals.image.logos.finder import MOST_REFERENCES, LogoFinder, LogoMatch, LogoReference, Options
from countermark.signals.image.logos.plain import plain_shape
from countermark.signals.image.logos.references import drawing_of
from countermark.signals.image.logos.templates import cut

_SAYS_ALL = ("image.copied_photo", "image.logo_file")
_LONGEST = 1024  # pixels of the longer side that a picture is looked at in


class ShownPicture(Protocol):
    """A decoded picture of a listing, as the image family hands it to its stages."""

    @property
    def uri(self) -> str:
        """Where the listing has it."""
        ...

    @property
    def found(self) -> Sequence[Signal]:
        """What earlier stages found in it."""
        ...

    def colour(self, longest: int) -> npt.NDArray[np.uint8]:
        """BGR pixels (H, W, 3), the longer side at most `longest`."""
        ...


@dataclass(frozen=True, slots=True)
class LogoLeftOut:
    """A registered logo that is not looked for, and why, in words fit for a report."""

    uri: str
    right_id: str
    why: str


@dataclass(frozen=True, slots=True)
class _Owner:
    brand: str
    right_id: str


class LogoStage:
    """Finds the registered logos of all houses in pictures. Built once, picklable, the same answer anywhere.

    Args:
        portfolio: rights; of trademarks the references with role LOGO are taken. One file of two rights is one logo.
        references: where their bytes come from. A logo that cannot be had or used is left out, never an error.
        options: how hard to look.

    Attributes:
        left_out: what is not looked for.
    """

    def __init__(self, portfolio: Portfolio, references: ImageSource, options: Options | None = None) -> None:
        options = options or Options()
        self.left_out: list[LogoLeftOut] = []
        self._owners: dict[str, list[_Owner]] = {}
        self._threshold = options.threshold
        drawings: list[LogoReference] = []
        for right, uri in _logos(portfolio.rights):
            if uri not in self._owners:
                drawing = self._drawn(uri, references) if len(drawings) < MOST_REFERENCES else _TOO_MANY
                if isinstance(drawing, str):
                    self.left_out.append(LogoLeftOut(uri, right.id, drawing))
                    continue
                drawings.append(drawing)
            self._owners.setdefault(uri, []).append(_Owner(right.brand, right.id))
        self._finder = LogoFinder(drawings, options)

    def __len__(self) -> int:
        return len(self._owners)

    def look(self, picture: ShownPicture) -> list[Signal]:
        """At most one signal a logo and house, strongest first; an empty list for most pictures.

        A picture that is already known as an official one is not looked at: that its goods bear the logo says nothing
        more, and the search costs more than all the rest.
        """
        if not self._owners or any(signal.name in _SAYS_ALL for signal in picture.found):
            return []
        photo = np.ascontiguousarray(picture.colour(_LONGEST)[..., ::-1])
        signals: list[Signal] = []
        said: set[tuple[str, str]] = set()
        for match in self._finder.find(photo):
            for owner in self._owners[match.reference]:
                if (owner.brand, match.reference) not in said:
                    said.add((owner.brand, match.reference))
                    signals.append(self._signal(match, owner, picture.uri, photo))
        return signals

    def _drawn(self, uri: str, references: ImageSource) -> LogoReference | str:
        try:
            drawing = drawing_of(references.read(uri))
            shape = plain_shape(cut(drawing[..., 3]).alpha)
        except (ImageUnavailable, RefusedPicture, ValueError) as error:
            return str(error)
        if shape is not None:
            return f"it is nearly a plain shape ({shape}) that many pictures show by chance; it would accuse anybody"
        return LogoReference(uri, drawing)

    def _signal(self, match: LogoMatch, owner: _Owner, uri: str, photo: npt.NDArray[np.uint8]) -> Signal:
        height, width = photo.shape[:2]
        corners = np.array(match.polygon)
        value = 0.5 + 0.5 * (match.score - self._threshold) / max(1 - self._threshold, 1e-9)
        long = float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).max())
        return Signal(
            name="image.masked_logo" if match.masked else "image.logo_in_photo",
            value=round(min(1.0, max(0.5, value)), 4),
            brand=owner.brand,
            right_id=owner.right_id,
            reference=match.reference,
            listing_image=uri,
            facts={
                "region": _relative(corners, width, height),
                "score": f"{100 * match.score:.1f}",
                "threshold": f"{100 * self._threshold:.1f}",
                "seen": f"{100 * (1 - match.hidden):.0f}",
                "width": f"{100 * long / width:.0f}",
                "polarity": _polarity(photo, corners),
                "reference": match.reference,
            },
        )


_TOO_MANY = f"more than {MOST_REFERENCES} logos are registered; the first are looked for"


def _logos(rights: Iterable[Right]) -> Iterable[tuple[Right, str]]:
    for right in rights:
        if right.kind is RightKind.TRADEMARK:
            for reference in right.references:
                if reference.role is ImageRole.LOGO:
                    yield right, reference.uri


def _relative(corners: npt.NDArray[np.float64], width: int, height: int) -> str:
    """Corners as shares of the picture, "x,y x,y x,y x,y", cut at its edge."""
    shares = np.clip(corners / (width, height), 0, 1)
    return " ".join(f"{x:.4f},{y:.4f}" for x, y in shares.tolist())


def _polarity(photo: npt.NDArray[np.uint8], corners: npt.NDArray[np.float64]) -> str:
    """Whether the rarer of the two greys inside is the lighter one: how a person would say it."""
    mask = np.zeros(photo.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    inside = photo.mean(axis=2)[mask > 0]
    if len(inside) < 16:
        return "polarity unknown"
    middle = (np.percentile(inside, 2) + np.percentile(inside, 98)) / 2
    return "light on dark" if float((inside > middle).mean()) < 0.5 else "dark on light"
