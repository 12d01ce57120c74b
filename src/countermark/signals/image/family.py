"""The image family: every image signal of a batch of listings."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import cv2
import pyarrow as pa

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageRole, ImageSource, ImageUnavailable, Portfolio, Signal
from countermark.signals.image.borders import Box, inside_borders
from countermark.signals.image.dct256 import ALGORITHM, BITS, LEAST_SIDE, USABLE_QUALITY, GreyPixels, hash_grey
from countermark.signals.image.gallery import LOGO_QUALITY, Gallery, LeftOut, Sight
from countermark.signals.image.pixels import light_pixels
from countermark.signals.image.regions import WHOLE, written
from countermark.signals.image.seen import SeenPicture, Stage

#: Bits of 256 that may differ between a photo and its copy. Measured: docs/reference/signals/image.md.
RADIUS = 31
#: The same where both were cut out of their ground: outlines of one product on plain grounds resemble one another.
TIGHT_RADIUS = 15
#: Name and version of the same hash taken of the lightness, and the mean difference from luma, in grey levels, below
#: which a picture has no colours whose hues could have been turned.
LIGHT_ALGORITHM, LEAST_COLOUR = "dct256-light/1", 1.0
#: Value of a match at the radius itself; a copy without any difference has 1.
VALUE_AT_RADIUS = 0.5
#: Pictures of one listing that are looked at; nobody shows more, and a hostile row might.
MOST_PICTURES = 12
#: Pictures, and bytes of them, that are held at once.
BLOCK, BLOCK_BYTES = 64, 64 << 20

_NAMES = {ImageRole.OFFICIAL: "image.copied_photo", ImageRole.LOGO: "image.logo_file"}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A picture of a listing that could not be looked at, and why, in words fit for a report."""

    row: int
    uri: str
    why: str
    mend: str = "Give a JPEG, PNG or WebP beside the list."


@dataclass(frozen=True, slots=True)
class _Query:
    picture: SeenPicture
    box: Box
    bits: bytes
    border_cut: bool
    quality: int
    light: bool = False


class ImageSignals:
    """Measures what the pictures of listings share with the official photos and logos of all houses.

    Built once from a portfolio and the bytes of its references, then read only. Picklable: fingerprints and features
    travel, bytes do not. The same batch and pictures give the same signals in any process.

    Args:
        portfolio: rights with their official photos and logos.
        references: where the bytes of those come from.
        radius: bits of 256 that may differ in a copy.
        stages: what looks at each picture after its fingerprint, in this order.
    """

    def __init__(
        self,
        portfolio: Portfolio,
        references: ImageSource,
        *,
        radius: int = RADIUS,
        stages: Sequence[Stage] = (),
    ) -> None:
        self._gallery = Gallery(portfolio, references)
        self._radius = radius
        self._stages = tuple(stages)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """References that could not be used, with the reason; for whoever reports on a portfolio."""
        return tuple(self._gallery.left_out)

    def measure(
        self,
        batch: pa.RecordBatch,
        images: ImageSource,
        rows: Sequence[int] | None = None,
        *,
        unreadable: list[Unreadable] | None = None,
    ) -> list[list[Signal]]:
        """Image signals of every row: at most one a name and house, the strongest; an empty list for most rows.

        Args:
            batch: column `images` of `formats.arrow.LISTING_SCHEMA`; a missing column counts as no pictures.
            images: where the bytes come from; each picture of the batch is read once, and decoded once in each form.
            rows: the rows to look at, all when None; the others get an empty list.
            unreadable: collects the pictures that could not be had or decoded. They give no signal: their absence is
                never a reason for anything.
        """
        signals: list[list[Signal]] = [[] for _ in range(batch.num_rows)]
        if not len(self._gallery) and not self._stages:
            return signals
        shown = list(pictures_shown(batch, rows))
        seen = self._seen(shown, images)
        best: dict[tuple[int, str, str], Signal] = {}
        for row, uri in shown:
            found = seen[uri]
            if isinstance(found, Unreadable):
                if unreadable is not None:
                    unreadable.append(replace(found, row=row))
                continue
            for signal in found:
                place = row, signal.brand, signal.name
                if place not in best or signal.value > best[place].value:
                    best[place] = signal
        for (row, _, _), signal in sorted(best.items()):
            signals[row].append(signal)
        return signals

    def _seen(self, shown: Iterable[tuple[int, str]], images: ImageSource) -> dict[str, list[Signal] | Unreadable]:
        """By picture: what was found in it, or why it could not be looked at. Blocks bound what is held at once."""
        seen: dict[str, list[Signal] | Unreadable] = {}
        block: list[SeenPicture] = []
        held = 0
        for row, uri in shown:
            if uri in seen:
                continue
            try:
                picture = SeenPicture(row, uri, images.read(uri))
                picture.grey()
            except ImageUnavailable as error:
                seen[uri] = Unreadable(row, uri, str(error))
                continue
            except RefusedPicture as error:
                seen[uri] = Unreadable(row, uri, error.message, error.mend)
                continue
            seen[uri] = picture.found
            block.append(picture)
            held += len(picture.data)
            if len(block) >= BLOCK or held >= BLOCK_BYTES:
                self._look(block)
                block, held = [], 0
        self._look(block)
        return seen

    def _look(self, block: list[SeenPicture]) -> None:
        """Fill `found` of every picture: fingerprints of the whole block at once, then stage by stage."""
        self._compare([query for picture in block for query in _queries(picture, _outer(picture.grey()))])
        left = [picture for picture in block if not picture.found]
        self._compare([query for picture in left for query in _queries(picture, picture.panels())])
        left = [picture for picture in block if not picture.found]
        self._compare([query for picture in left for query in _light_queries(picture)], light=True)
        for picture in block:
            for stage in self._stages:
                # A form of a picture that cannot be had is no signal, as an unreadable picture is none.
                with suppress(RefusedPicture):
                    picture.found += stage.look(picture)

    def _compare(self, queries: list[_Query], *, light: bool = False) -> None:
        for sight in self._gallery.find([query.bits for query in queries], self._radius, light=light):
            query = queries[sight.query]
            if sight.distance > self._allowed(sight, query):
                continue
            if sight.known.role is ImageRole.OFFICIAL and query.quality < USABLE_QUALITY:
                continue
            query.picture.found.append(self._signal(sight, query))

    def _allowed(self, sight: Sight, query: _Query) -> int:
        return min(self._radius, TIGHT_RADIUS) if sight.tight and query.border_cut else self._radius

    def _signal(self, sight: Sight, query: _Query) -> Signal:
        known, allowed = sight.known, self._allowed(sight, query)
        value = 1.0 - (1.0 - VALUE_AT_RADIUS) * sight.distance / max(self._radius, 1)
        return Signal(
            name=_NAMES[known.role],
            value=round(value, 6),
            brand=known.brand,
            right_id=known.right_id,
            reference=known.uri,
            listing_image=query.picture.uri,
            facts={
                "agreement": str(100 * (BITS - sight.distance) // BITS),
                "threshold": str(100 * (BITS - allowed) // BITS),
                "distance": str(sight.distance),
                "allowed": str(allowed),
                "variant": _variant(sight, query),
                "reference": known.uri,
                "algorithm": LIGHT_ALGORITHM if query.light else ALGORITHM,
                "region": written(query.box.shares(*query.picture.grey().shape), query.picture.orientation()),
                "reference_region": written(WHOLE),
            },
        )


def pictures_shown(batch: pa.RecordBatch, rows: Sequence[int] | None = None) -> Iterator[tuple[int, str]]:
    """Row and uri of every picture to look at, in order."""
    column = batch.schema.get_field_index("images")
    if column < 0:
        return
    lists = batch.column(column)
    wanted = range(batch.num_rows) if rows is None else rows
    for row in wanted:
        for uri in (lists[row].as_py() or [])[:MOST_PICTURES]:
            if uri:
                yield row, uri


def _variant(sight: Sight, query: _Query) -> str:
    ways = [sight.variant, "border cut" if query.border_cut else "", "hues turned" if query.light else ""]
    return ", ".join(way for way in ways if way)


def _outer(grey: GreyPixels) -> list[Box]:
    """The whole picture, and what is left inside each of its borders."""
    return [Box(0, grey.shape[0], 0, grey.shape[1]), *inside_borders(grey)]


def _queries(picture: SeenPicture, boxes: Iterable[Box]) -> Iterator[_Query]:
    grey = picture.grey()
    for box in boxes:
        part = box.cut(grey)
        if min(part.shape) < LEAST_SIDE:
            continue
        one = hash_grey(part)
        if one.quality >= LOGO_QUALITY:
            yield _Query(picture, box, one.bits, part.shape != grey.shape, one.quality)


def _light_queries(picture: SeenPicture) -> Iterator[_Query]:
    """The same of its lightness; none for a picture without colours, whose lightness is its luma."""
    grey = picture.grey()
    with suppress(RefusedPicture):
        light = light_pixels(picture.data)
        if light.shape != grey.shape or cv2.norm(light, grey, cv2.NORM_L1) < LEAST_COLOUR * grey.size:
            return
        for box in _outer(light):
            part = box.cut(light)
            if min(part.shape) >= LEAST_SIDE and (one := hash_grey(part)).quality >= USABLE_QUALITY:
                yield _Query(picture, box, one.bits, part.shape != grey.shape, one.quality, light=True)
