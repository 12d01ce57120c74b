"""The pictures of listings on their way in: read, looked at and put in the store before any transaction begins."""

from collections.abc import Callable
from dataclasses import dataclass, field

from countermark import model
from countermark.formats.picture import RefusedPicture
from countermark.model import ImageSource, ImageUnavailable
from countermark.node.evidence.keeping import SafePicture, put_in_store

#: Results kept in memory: pictures that several listings name are decoded once.
REMEMBERED = 10_000


class NoImages:
    """An `ImageSource` for a file that came alone."""

    def read(self, uri: str) -> bytes:
        """Never has anything."""
        raise ImageUnavailable("no pictures came with the file.")


@dataclass(frozen=True, slots=True)
class Gathered:
    """One picture that a listing names: its safe bytes in the store, or why there are none."""

    uri: str
    picture: SafePicture | None
    problem: str = ""


@dataclass
class Gatherer:
    """Gets the pictures of one file of listings.

    Attributes:
        images: where their bytes are.
        beat: called before each picture, so that a claim is prolonged while decoding takes long.
    """

    images: ImageSource
    beat: Callable[[], None] = lambda: None
    _known: dict[str, Gathered] = field(default_factory=dict, repr=False)

    def gather(self, record: model.Listing) -> tuple[Gathered, ...]:
        """The pictures of one listing, in order."""
        return tuple(self._one(image) for image in record.images)

    def _one(self, image: model.ImageRef) -> Gathered:
        known = self._known.get(image.uri)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[image.uri] = self._fetch(image)
        return known

    def _fetch(self, image: model.ImageRef) -> Gathered:
        self.beat()
        try:
            picture = put_in_store(self.images.read(image.uri))
        except (ImageUnavailable, RefusedPicture) as error:
            return Gathered(image.uri, None, str(error)[:300])
        if image.sha256 and image.sha256 != picture.sha256:
            return Gathered(image.uri, None, "its bytes are not those that the list names by their hash.")
        return Gathered(image.uri, picture)
