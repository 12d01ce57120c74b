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
    coefficients,
    hash_coefficients,
    turned,
)
from countermark.signals.image.index import FingerprintIndex
from countermark.signals.image.pixels import grey_pixels

#: A logo is a drawing: it has few frequencies, and symmetric ones have half of those.
LOGO_QUALITY = 20
_INVERTED = "colours inverted"
#: Ways a reference may lie in a picture, by number; logos are looked for in inverted colours as well.
VARIANTS: tuple[str, ...] = (*TURNS, *(f"{name}, {_INVERTED}" for name in TURNS))
_VARIANT_NUMBERS = {name: number for number, name in enumerate(VARIANTS)}


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
    """A reference seen in a picture: which query, which reference, how it lay, how many bits differed."""

    query: int
    known: Known
    variant: str
    distance: int


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
        self.left_out: list[LeftOut] = []
        seen: dict[tuple[str, ImageRole], list[tuple[int, Dct256]] | str] = {}
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

    def find(self, queries: Sequence[bytes], radius: int) -> Iterator[Sight]:
        """Every reference within `radius` bits of a query, by query and then nearest first."""
        hits = self._index.search_many(queries, radius)
        for query, key, distance in zip(hits.query.tolist(), hits.key.tolist(), hits.distance.tolist(), strict=True):
            number, variant = divmod(key, len(VARIANTS))
            yield Sight(query, self._known[number], VARIANTS[variant], distance)

    def _take(self, known: Known, hashes: list[tuple[int, Dct256]] | str) -> None:
        if isinstance(hashes, str):
            self.left_out.append(LeftOut(known.uri, known.right_id, hashes))
            return
        number = len(self._known)
        self._known.append(known)
        keys = [number * len(VARIANTS) + variant for variant, _ in hashes]
        self._index.add_many(keys, [one.bits for _, one in hashes])


def _strongest_first(rights: Iterable[Right]) -> list[Right]:
    """Copyright first: of two rights in one photograph it is the one a copy infringes by itself."""
    return sorted(rights, key=lambda right: right.kind is not RightKind.COPYRIGHT)


def _hashes_of(references: ImageSource, uri: str, role: ImageRole) -> list[tuple[int, Dct256]] | str:
    """Hashes of one reference with the number of their variant, or why there are none."""
    try:
        grey = grey_pixels(references.read(uri))
    except (ImageUnavailable, RefusedPicture) as error:
        return str(error)
    if min(grey.shape) < LEAST_SIDE:
        return f"it is smaller than {LEAST_SIDE} pixels on one side"
    box = inside_borders(grey)
    parts = [grey] if box is None else [grey, box.cut(grey)]
    least = LOGO_QUALITY if role is ImageRole.LOGO else USABLE_QUALITY
    hashes: dict[bytes, tuple[int, Dct256]] = {}
    for part in parts:
        for name, one in _variants(coefficients(part), inverted=role is ImageRole.LOGO):
            if one.quality >= least:
                hashes.setdefault(one.bits, (_VARIANT_NUMBERS[name], one))
    return list(hashes.values()) or "it is too plain to be told apart from other pictures"


def _variants(found: Coefficients, *, inverted: bool) -> Iterator[tuple[str, Dct256]]:
    for name, (quarters, mirrored) in TURNS.items():
        yield name, hash_coefficients(turned(found, quarters, mirrored=mirrored))
    if inverted:
        for name, (quarters, mirrored) in TURNS.items():
            yield f"{name}, {_INVERTED}", hash_coefficients(-turned(found, quarters, mirrored=mirrored))
