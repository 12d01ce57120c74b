"""Measure a listing's price against the band of one house and against its market. No rate given, none used."""

import math
from decimal import ROUND_DOWN, Decimal

from countermark.model import Condition, Listing, Portfolio, Price, Signal
from countermark.signals.price.bands import PLACEHOLDER, Band, Bands, plain
from countermark.signals.price.market import MarketPrices
from countermark.signals.price.rates import Rates

#: At this share of the lowest usual price (and below) the price says all that a price can say.
SATURATES_AT = 0.1
#: Used goods usually cost half and refurbished ones three quarters: a low price says that much less about them.
#: A claimed condition costs a counterfeiter nothing, so it softens and never silences.
SOFTENED = {Condition.USED: 0.5, Condition.REFURBISHED: 0.75}
#: Percent of the lowest usual price beyond which no figure is worth showing.
LARGEST_SHARE = 1_000_000


class PriceSignals:
    """Compares prices with the bands of all houses; built once, sent to every worker.

    Args:
        portfolio: houses with their price bands.
        market: usual prices of the same goods, learnt before the scan; without it nothing is said about the market.
        rates: convert bands into currencies in which a house has none.
    """

    def __init__(self, portfolio: Portfolio, market: MarketPrices | None = None, rates: Rates | None = None) -> None:
        self._bands = Bands(portfolio, rates)
        self._market = market or MarketPrices()

    def measure(self, listing: Listing, brand: str) -> list[Signal]:
        """`price.below_band` or `price.within_band`, and `price.below_market`; or nothing.

        No band signal when the listing shows no price, when the amount is at most 1 (a placeholder), when the house
        has no band in the currency that fits the goods, or when the price is above the band.
        """
        price = listing.price
        if price is None or price.amount <= PLACEHOLDER:
            return []
        return [*self._against_band(listing, brand, price), *self._market.below(listing, brand)]

    def currencies(self) -> frozenset[str]:
        """Every currency in which a price can be compared with a band; what is asked in others says nothing."""
        return self._bands.currencies()

    def _against_band(self, listing: Listing, brand: str, price: Price) -> list[Signal]:
        band = self._bands.applying(listing, brand, price.currency)
        if band is None or price.amount > band.high:
            return []
        if price.amount < band.low:
            return _below(listing.condition, price, band, brand)
        return [_signal("price.within_band", _depth(price, band), price, band, brand)]


def _below(condition: Condition, price: Price, band: Band, brand: str) -> list[Signal]:
    times_lower = math.log(band.low_float) - math.log(float(price.amount))
    value = min(1.0, times_lower / -math.log(SATURATES_AT))
    factor = SOFTENED.get(condition)
    if factor is None:
        measured = round(value, 6)
        return [_signal("price.below_band", measured, price, band, brand)] if measured > 0 else []
    softened = round(value * factor, 6)
    facts = {"condition": condition.value, "softened": f"{factor:g}"}
    return [_signal("price.below_band", softened, price, band, brand, facts)] if softened > 0 else []


def _depth(price: Price, band: Band) -> float:
    """0.5 at the lowest usual price, 1 from the geometric middle on."""
    if float(price.amount) >= band.middle:
        return 1.0
    climbed = math.log(float(price.amount) / band.low_float) / math.log(band.middle / band.low_float)
    return round(0.5 + 0.5 * min(1.0, max(0.0, climbed)), 6)


def _signal(
    name: str, value: float, price: Price, band: Band, brand: str, more: dict[str, str] | None = None
) -> Signal:
    facts = {
        "price": plain(price.amount),
        "currency": price.currency,
        "low": band.low_text,
        "high": band.high_text,
        "share": _share(price.amount, band.low),
        # A converted amount must not read as the house's own.
        "band_currency": price.currency + band.converted,
    }
    if band.category:
        facts["category"] = band.category
    return Signal(name=name, value=value, brand=brand, facts=facts | more if more else facts)


def _share(amount: Decimal, low: Decimal) -> str:
    """Percent of the lowest usual price, rounded down: 99.97 % must not read as 100."""
    percent = amount * 100 / low
    if percent > LARGEST_SHARE:
        return f"more than {LARGEST_SHARE}"
    step = Decimal("0.1") if percent < 10 else Decimal(1)
    return f"{percent.quantize(step, ROUND_DOWN).normalize():f}"
