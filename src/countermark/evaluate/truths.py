"""The truth of a market, looked up by listing and house."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from countermark.formats.truth import Truth
from countermark.model import InvalidRecord, Kind


@dataclass(slots=True)
class Infringement:
    """One listing that infringes rights of one house, and how well it was found.

    Attributes:
        brand: the house; empty when every house is meant.
        kind: in which way, None when nobody said.
        found: rank of the highest level of a finding that names it: 0 none, 1 low, 2 medium, 3 high.
        mistaken: a finding of its listing names another house.
    """

    brand: str
    kind: Kind | None
    found: int = 0
    mistaken: bool = False


class Truths:
    """What is true of each listing. Grows with the truth, never with the findings.

    Raises:
        InvalidRecord: when the truth contradicts itself.
    """

    def __init__(self, truth: Iterable[Truth]) -> None:
        self._listings: dict[str, tuple[Infringement, ...]] = {}
        said: dict[tuple[str, str], tuple[bool, Kind | None]] = {}
        for row in truth:
            told = (row.infringing, row.kind)
            earlier = said.setdefault((row.listing_id, row.brand), told)
            if earlier != told:
                raise InvalidRecord(
                    "truth", f"{row.listing_id} is told twice, in two ways.", "Keep one row for a listing and a house."
                )
            infringements = self._listings.setdefault(row.listing_id, ())
            if row.infringing and all(known.brand != row.brand for known in infringements):
                self._listings[row.listing_id] = (*infringements, Infringement(row.brand, row.kind))

    def __len__(self) -> int:
        return len(self._listings)

    def of_listing(self, listing_id: str) -> tuple[Infringement, ...] | None:
        """The infringements of a listing, none when it is honest; None when the truth does not know the listing."""
        return self._listings.get(listing_id)

    def infringements(self) -> Iterator[Infringement]:
        """Every infringement."""
        return chain.from_iterable(self._listings.values())

    def honest(self) -> int:
        """How many listings infringe nothing."""
        return sum(not infringements for infringements in self._listings.values())
