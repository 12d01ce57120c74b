"""The reference side: official photos and logos of all houses, as hashes to look others up among."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageRole, ImageSource, ImageUnavailable, Portfolio, Right, RightKind
from countermark.signals.image.borders import inside_borders
from countermark.signals.image.dct256 import (
    LEAST_SIDE,
    TURNS,
    USABLE_QUALITY,
    Coefficients,
    Dct256,
    GreyPixels,
    coefficients,
    hash_coefficients,
    turned,
)
from countermark.signals.image.index import FingerprintIndex
from countermark.signals.image.pixels import grey_pixels, light_pixels

#: A logo is a drawing: it has few frequencies, and symmetric ones have half of those.
LOGO_QUALITY = 20
_INVERTED = "colours inverted"
#: Ways a reference may lie in a picture; logos are looked for in inverted colours as well.
VARIANTS: tuple[str, ...] = (*TURNS, *(f"{name}, {_INVERTED}" for name in TURNS))

#: A variant by its place in VARIANTS, and whether the reference's own border was cut.
_Form = tuple[int, bool]


@dataclass(frozen=True, slots=True)
class Known:
    """One reference picture in the service of one right."""

    brand: str
    right_id: str
    uri: str
    role: ImageRole


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A reference that nothing is compared with, and why, in words fit for a report."""

    uri: str
    right_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A reference seen in a picture.

    Attributes:
        query: number of the query.
        known: the reference.
        variant: how it lay.
        distance: how many bits differed.
        tight: the reference was compared without its own border, such as the white round a product.
    """

    query: int
    known: Known
    variant: str
    distance: int
    tight: bool


@dataclass(frozen=True, slots=True)
class _Hashes:
    """Hashes of one reference in every form: of its luma, and for a photo of its lightness."""

    grey: dict[_Form, Dct256]
    light: dict[_Form, Dct256]


class Gallery:
    """All references of a portfolio, hashed in eight positions, with and without their borders.

    Args:
        portfolio: rights with their references; only official photos and logos are taken.
        references: where their bytes come from. A picture that cannot be had or used is left out, never an error.

    Attributes:
        left_out: what was left out, in the order of the rights.
    """

    def __init__(self, portfolio: Portfolio, references: ImageSource) -> None:
        self._known: list[Known] = []
        self._index = FingerprintIndex()
        self._light = FingerprintIndex()
        self.left_out: list[LeftOut] = []
        seen: dict[tuple[str, ImageRole], _Hashes | str] = {}
        for right in _strongest_first(portfolio.rights):
            for reference in right.references:
                if reference.role is ImageRole.OFFERED:
                    continue
                place = reference.uri, reference.role
                if place not in seen:
                    seen[place] = _hashes_of(references, *place)
                self._take(Known(right.brand, right.id, *place), seen[place])

    def __len__(self) -> int:
        return len(self._known)

    def find(self, queries: Sequence[bytes], radius: int, *, light: bool = False) -> Iterator[Sight]:
        """Every reference within `radius` bits of a query, by query and then nearest first.

        With `light` the queries are hashes of lightness (`pixels.light_pixels`), and so is what they are compared with:
        official photos only.
        """
        hits = (self._light if light else self._index).search_many(queries, radius)
        for query, key, distance in zip(hits.query.tolist(), hits.key.tolist(), hits.distance.tolist(), strict=True):
            number, form = divmod(key, 2 * len(VARIANTS))
            variant, tight = divmod(form, 2)
            yield Sight(query, self._known[number], VARIANTS[variant], distance, bool(tight))

    def hashes(self) -> tuple[bytes, ...]:
        """Every hash of every reference (32 bytes each): to search stored pictures for the references."""
        return tuple(row.tobytes() for _, words in self._index.arrays() for row in words)

    def _take(self, known: Known, hashes: _Hashes | str) -> None:
        if isinstance(hashes, str):
            self.left_out.append(LeftOut(known.uri, known.right_id, hashes))
            return
        number = len(self._known)
        self._known.append(known)
        for index, forms in ((self._index, hashes.grey), (self._light, hashes.light)):
            keys = [(number * len(VARIANTS) + variant) * 2 + tight for variant, tight in forms]
            index.add_many(keys, [one.bits for one in forms.values()])


def _strongest_first(rights: Iterable[Right]) -> list[Right]:
    """Copyright first: of two rights in one photograph it is the one a copy infringes by itself."""
    return sorted(rights, key=lambda right: right.kind is not RightKind.COPYRIGHT)


def _hashes_of(references: ImageSource, uri: str, role: ImageRole) -> _Hashes | str:
    """Hashes of one reference in every form, or why there are none."""
    try:
        data = references.read(uri)
        grey = grey_pixels(data)
        light = light_pixels(data) if role is ImageRole.OFFICIAL else None
    except (ImageUnavailable, RefusedPicture) as error:
        return str(error)
    if min(grey.shape) < LEAST_SIDE:
        return f"it is smaller than {LEAST_SIDE} pixels on one side"
    hashes = _forms(grey, role)
    if not hashes:
        return "it is too plain to be told apart from other pictures"
    return _Hashes(hashes, {} if light is None else _forms(light, role))


def _forms(grey: GreyPixels, role: ImageRole) -> dict[_Form, Dct256]:
    parts = [(grey, False), *((box.cut(grey), True) for box in inside_borders(grey)[-1:])]
    least = LOGO_QUALITY if role is ImageRole.LOGO else USABLE_QUALITY
    hashes: dict[_Form, Dct256] = {}
    for part, tight in parts:
        for variant, one in enumerate(_variants(coefficients(part), inverted=role is ImageRole.LOGO)):
            if one.quality >= least and one not in hashes.values():
                hashes[variant, tight] = one
    return hashes


def _variants(found: Coefficients, *, inverted: bool) -> Iterator[Dct256]:
    """The hashes of a reference in the order of VARIANTS."""
    laid = [turned(found, quarters, mirrored=mirrored) for quarters, mirrored in TURNS.values()]
    yield from map(hash_coefficients, laid)
    if inverted:
        yield from (hash_coefficients(-one) for one in laid)
