"""Which listings one right concerns: asked of listings seen before, when a right comes in or is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import pyarrow as pa

from countermark.model import ImageSource, Portfolio, Signal
from countermark.signals.image import RADIUS, FingerprintIndex
from countermark.signals.image.gallery import Gallery
from countermark.signals.text import TextSignals


@dataclass(frozen=True)
class LookBack:
    """One right turned round: instead of listings streaming past all rights, the right is held against listings.

    Attributes:
        house: the house that the right belongs to.

    It says which listings are worth a look, never what they are: `ScanPlan.run` over those, with the whole portfolio,
    makes the findings, the same that a scan of everything would make of them.
    """

    house: str
    _with: TextSignals
    _without: TextSignals
    _hashes: tuple[bytes, ...]

    @classmethod
    def prepare(cls, portfolio: Portfolio, right_id: str, references: ImageSource) -> Self:
        """Hold one right of a portfolio ready, with its official pictures in every position.

        Raises:
            KeyError: the portfolio has no right of that id.
        """
        right = next((one for one in portfolio.rights if one.id == right_id), None)
        if right is None:
            raise KeyError(right_id)
        house = tuple(one for one in portfolio.rights if one.brand == right.brand)
        brands = tuple(one for one in portfolio.brands if one.name == right.brand)
        others = tuple(one for one in house if one.id != right_id)
        gallery = Gallery(Portfolio(brands=brands, rights=(right,)), references)
        return cls(
            right.brand,
            TextSignals(Portfolio(brands=brands, rights=house)),
            TextSignals(Portfolio(brands=brands, rights=others)),
            gallery.hashes(),
        )

    def named(self, batch: pa.RecordBatch) -> list[int]:
        """Rows whose words say something else with the right than without it, in order.

        Reads the text columns of `formats.arrow.LISTING_SCHEMA`. A mark that must not fire alone finds its context in
        the other rights of the house; a listing that names the house and not this right is left out.
        """
        found = {row: own for row, signals in enumerate(self._with.measure(batch)) if (own := self._of_house(signals))}
        if not found:
            return []
        before = self._without.measure(batch.take(pa.array(list(found), pa.int64())))
        pairs = zip(found.items(), before, strict=True)
        return [row for (row, own), signals in pairs if own != self._of_house(signals)]

    def shown(self, keys: Sequence[int], hashes: Sequence[bytes]) -> set[int]:
        """Keys of stored fingerprints (32 bytes each) that lie within the radius of a reference of the right."""
        if not hashes or not self._hashes:
            return set()
        index = FingerprintIndex()
        index.add_many(keys, hashes)
        return set(index.search_many(self._hashes, RADIUS).key.tolist())

    def _of_house(self, signals: Sequence[Signal]) -> list[Signal]:
        return [signal for signal in signals if signal.brand == self.house]
