"""The price bands of all houses, made ready: which one applies to a listing."""

import math
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from countermark.model import Listing, Portfolio, PriceBand
from countermark.model.text import haystack, holds_all, needle
from countermark.signals.price.rates import Rates

#: Ends of a band are taken no further than this: no currency has such prices, and a file may hold anything.
SMALLEST, LARGEST = Decimal("1E-9"), Decimal("1E+18")
#: Up to this amount, in any currency, it is a placeholder ("ask me"), not a price.
PLACEHOLDER = Decimal(1)
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
        converted: in words, from which amounts and by whose rates; empty for a band in the currency of the price.
    """

    low: Decimal
    high: Decimal
    low_float: float
    middle: float
    low_text: str
    high_text: str
    category: str
    needles: tuple[str, ...]
    converted: str = ""


class Bands:
    """All bands by house and currency, the most specific first.

    A house's own bands in the currency of the price are always preferred. Only where it has none there, and rates are
    given, its bands in one other currency are converted: those in the base of the rates, else the first by code.
    """

    def __init__(self, portfolio: Portfolio, rates: Rates | None = None) -> None:
        self._rates = rates
        found: dict[tuple[str, str], list[Band]] = {}
        for brand in portfolio.brands:
            for band in brand.price_bands:
                if (ready := _made_ready(band)) is not None:
                    found.setdefault((brand.name, band.currency), []).append(ready)
        self._bands = {key: tuple(sorted(bands, key=_rank)) for key, bands in found.items()}
        self._currencies: dict[str, tuple[str, ...]] = {}
        for brand_name, currency in sorted(found):
            self._currencies[brand_name] = (*self._currencies.get(brand_name, ()), currency)

    def currencies(self) -> frozenset[str]:
        """Every currency in which a price can be compared with at least one house."""
        own = frozenset(currency for _, currency in self._bands)
        if self._rates is None or own.isdisjoint(self._rates.rates):
            return own
        return own | frozenset(self._rates.rates)

    def applying(self, listing: Listing, brand: str, currency: str) -> Band | None:
        """The most specific band of a house whose category words all occur in the listing's category or title."""
        bands = self._bands.get((brand, currency)) or self._converted(brand, currency, listing.captured_at.date())
        hay = ""
        for band in bands:
            if not band.needles:
                return band
            hay = hay or haystack(listing.category, listing.title.value)
            if holds_all(hay, band.needles):
                return band
        return None

    def _converted(self, brand: str, currency: str, day: date) -> tuple[Band, ...]:
        rates = self._rates
        if rates is None or currency not in rates.rates or not rates.hold_on(day):
            return ()
        known = [code for code in self._currencies.get(brand, ()) if code in rates.rates]
        if not known:
            return ()
        source = rates.base if rates.base in known else known[0]
        bands = (_in_currency(band, source, currency, rates) for band in self._bands[brand, source])
        return tuple(band for band in bands if band is not None)


def _in_currency(band: Band, source: str, currency: str, rates: Rates) -> Band | None:
    low, high = (rates.convert(end, source, currency) for end in (band.low, band.high))
    if low is None or high is None or not 0 < low <= high:
        return None
    return replace(
        band,
        low=low,
        high=high,
        low_float=float(low),
        middle=min(math.sqrt(low) * math.sqrt(high), float(high)),
        low_text=plain(low),
        high_text=plain(high),
        converted=f" (from {band.low_text} to {band.high_text} {source}, {rates.source}, {rates.date.isoformat()})",
    )


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
