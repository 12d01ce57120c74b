"""Expected harm: what orders the queue. It changes no risk."""

import math

from countermark.judge.policy import Harm
from countermark.model import Kind, Listing, Signal

#: Points of a certain finding of full kind weight with nothing measurable at stake.
POINTS = 100.0


def expected_harm(risk: float, kind: Kind, listing: Listing, price_signal: Signal | None, harm: Harm) -> float:
    """Harm points: risk x kind x 100 x (1 + log2(1 + u)), rounded to 6 places.

    `u` is what would change hands, counted in genuine items: price / middle of the house's band x units in stock. Price
    and band stand in the same currency, so no exchange rate is needed.

    Args:
        risk: probability in [0, 1].
        kind: weighs by `harm.kinds`.
        listing: gives price and stock.
        price_signal: the price signal that counted, whose facts `low` and `high` are the band; None when unknown.
        harm: numbers of the policy.
    """
    units = min(max(listing.stock or 1, 1), harm.largest_stock)
    at_stake = units * _price_share(listing, price_signal, harm)
    return round(risk * harm.kinds[kind] * POINTS * (1 + math.log2(1 + at_stake)), 6)


def _price_share(listing: Listing, price_signal: Signal | None, harm: Harm) -> float:
    if price_signal is None or listing.price is None:
        return harm.unknown_price_share
    try:
        low, high = float(price_signal.facts["low"]), float(price_signal.facts["high"])
        share = float(listing.price.amount) / (math.sqrt(low) * math.sqrt(high))
    except (KeyError, ValueError, ZeroDivisionError):
        return harm.unknown_price_share
    return share if math.isfinite(share) else harm.unknown_price_share
