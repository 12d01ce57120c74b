"""The price bands of all houses, made ready: which one applies to a listing."""

import math
from dataclasses import dataclass
from decimal import Decimal

from countermark.model import Listing, Portfolio, PriceBand
from countermark.model.text import haystack, holds_all, needle

#: Ends of a band are taken no further than this: no currency has such prices, and a file may hold anything.
SMALLEST, LARGEST = Decimal("1E-9"), Decimal("1E+18")
#: Longest plain amount shown in full; no price has more digits, an attack may.
LONGEST_AMOUNT = 24


def plain(amount: Decimal) -> str:
    """An amount as a plain decimal (`129.00`); shortened to six figures when it is absurdly long."""
    # The exponent is looked at first: writing out 1E-999999 would itself be the attack.
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and abs(exponent) <= LONGEST_AMOUNT and len(text := f"{amount:f}") <= LONGEST_AMOUNT:
        return text
    return f"{float(amount):.6g}"


@dataclass(frozen=True, slots=True)
class Band:
    """One price band, with what would otherwise be worked out for every listing.

    Attributes:
        low, high: in units of the currency, exact.
        low_float, middle: the lowest usual price and the geometric middle of the band.
        low_text, high_text: as plain decimals.
        category: as the house wrote it.
        needles: what must be found in category or title; empty when the band applies to everything.
    """

    low: Decimal
    high: Decimal
    low_float: float
    middle: float
    low_text: str
    high_text: str
    category: str
    needles: tuple[str, ...]


class Bands:
    """All bands by house and currency, the most specific first."""

    def __init__(self, portfolio: Portfolio) -> None:
        found: dict[tuple[str, str], list[Band]] = {}
        for brand in portfolio.brands:
            for band in brand.price_bands:
                if (ready := _made_ready(band)) is not None:
                    found.setdefault((brand.name, band.currency), []).append(ready)
        self._bands = {key: tuple(sorted(bands, key=_rank)) for key, bands in found.items()}

    def applying(self, listing: Listing, brand: str, currency: str) -> Band | None:
        """The most specific band of a house whose category words all occur in the listing's category or title."""
        bands = self._bands.get((brand, currency), ())
        hay = ""
        for band in bands:
            if not band.needles:
                return band
            hay = hay or haystack(listing.category, listing.title.value)
            if holds_all(hay, band.needles):
                return band
        return None


def _rank(band: Band) -> tuple[int, Decimal, Decimal]:
    # Among equally specific bands the cheapest comes first: what is unclear counts for the seller.
    return -len(band.needles), band.low, band.high


def _made_ready(band: PriceBand) -> Band | None:
    needles = tuple(dict.fromkeys(filter(None, map(needle, band.category.split()))))
    if band.category.strip() and not needles:
        # A category of signs only can be found nowhere; to apply the band everywhere would be a guess.
        return None
    low, high = (min(max(end, SMALLEST), LARGEST) for end in (band.low, band.high))
    return Band(
        low=low,
        high=high,
        low_float=float(low),
        middle=min(math.sqrt(low) * math.sqrt(high), float(high)),
        low_text=plain(low),
        high_text=plain(high),
        category=band.category,
        needles=needles,
    )
