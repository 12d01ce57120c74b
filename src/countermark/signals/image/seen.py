"""One picture of a listing as the stages of the family see it, and what a stage is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from countermark.formats.picture import RefusedPicture
from countermark.model import Signal
from countermark.signals.image.borders import Box
from countermark.signals.image.dct256 import GreyPixels
from countermark.signals.image.panels import panels
from countermark.signals.image.pixels import colour_pixels, detail_pixels, grey_pixels, orientation

Colours = npt.NDArray[np.uint8]


@dataclass(eq=False, slots=True)
class SeenPicture:
    """A picture of a listing, decoded when somebody asks and at most once in each form.

    Attributes:
        row: the listing's row in the batch; of a picture that several listings show, the first.
        uri: the picture's, as the listing gives it.
        data: its bytes.
        found: signals that earlier stages gave for this picture; a stage that can add nothing to them need not look.
    """

    row: int
    uri: str
    data: bytes
    found: list[Signal] = field(default_factory=list)
    _grey: GreyPixels | RefusedPicture | None = field(default=None, init=False, repr=False)
    _colours: dict[int, Colours | RefusedPicture] = field(default_factory=dict, init=False, repr=False)
    _details: dict[int, GreyPixels | RefusedPicture] = field(default_factory=dict, init=False, repr=False)
    _panels: list[Box] | None = field(default=None, init=False, repr=False)
    _orientation: int = field(default=0, init=False, repr=False)

    def grey(self) -> GreyPixels:
        """A grey picture of at most 256 pixels a side, as stored (EXIF not applied); see `pixels.grey_pixels`.

        Raises:
            RefusedPicture: not a picture we know, too large, or beyond decoding.
        """
        if self._grey is None:
            try:
                self._grey = grey_pixels(self.data)
            except RefusedPicture as refused:
                self._grey = refused
        if isinstance(self._grey, RefusedPicture):
            raise self._grey
        return self._grey

    def colour(self, longest: int) -> Colours:
        """The upright picture in blue, green, red, the longer side at most `longest`; see `pixels.colour_pixels`.

        The array is shared: do not write into it.

        Raises:
            RefusedPicture: not a picture we know, too large, or beyond decoding.
        """
        return _kept(self._colours, colour_pixels, self.data, longest)

    def detail(self, longest: int) -> GreyPixels:
        """A grey picture of its own shape, as stored, the longer side at most `longest`; see `pixels.detail_pixels`.

        The array is shared: do not write into it.

        Raises:
            RefusedPicture: not a picture we know, too large, or beyond decoding.
        """
        return _kept(self._details, detail_pixels, self.data, longest)

    def panels(self) -> list[Box]:
        """Pictures within it, in pixels of `grey()`; see `panels.panels`."""
        if self._panels is None:
            self._panels = panels(self.grey())
        return self._panels

    def orientation(self) -> int:
        """EXIF orientation, 1 to 8."""
        self._orientation = self._orientation or orientation(self.data)
        return self._orientation


def _kept(
    forms: dict[int, Colours | RefusedPicture],
    decode: Callable[[bytes, int], Colours],
    data: bytes,
    longest: int,
) -> Colours:
    """A form that was decoded before, or decoded now; a refusal is kept as well."""
    if longest not in forms:
        try:
            forms[longest] = decode(data, longest)
        except RefusedPicture as refused:
            forms[longest] = refused
    found = forms[longest]
    if isinstance(found, RefusedPicture):
        raise found
    return found


class Stage(Protocol):
    """A way of looking at pictures that runs after the fingerprints; prepared from a portfolio, then read only.

    Stages travel to worker processes: they are picklable and small, and give the same signals for the same bytes.
    """

    def look(self, picture: SeenPicture) -> list[Signal]:
        """Signals of one picture, with brand, right, reference and listing image filled in.

        A `RefusedPicture` that a form of the picture raises may pass through: it counts as no signal.
        """
        ...
