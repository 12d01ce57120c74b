"""What other shops ask for the same goods: a table learnt once from a stated set of listings, never from the batch."""

import math
from collections import defaultdict
from collections.abc import Iterable
from statistics import median

import msgspec

from countermark.model import Listing, Signal
from countermark.model.text import fold_plain
from countermark.signals.price.bands import PLACEHOLDER, plain

#: Prices are held to a step of one percent: the median of millions is then a median of whole numbers, in any order.
STEP = 0.01
#: Different offers (shop and price) and different shops below which a market says nothing.
FEWEST_OFFERS, FEWEST_SHOPS = 20, 5
#: Turns a median absolute deviation into a standard deviation (normal law; Rousseeuw and Croux, 1993).
MAD_TO_SIGMA = 1.4826
#: Narrowest spread taken for real, as a logarithm: where everybody asks the same, a quarter less is one deviation.
NARROWEST = math.log(1.25)
#: Deviations below the median where a price begins to say something, and where it says all it can.
FROM, TO = 2.0, 6.0
#: Longest family name kept.
LONGEST_FAMILY = 80


class Observation(msgspec.Struct, frozen=True):
    """One offer, as the market table counts it.

    Attributes:
        brand, family, currency, condition: which market it belongs to.
        step: logarithm of its price, in steps of `STEP`.
        shop: hash of the shop, so that no name is kept.
    """

    brand: str
    family: str
    currency: str
    condition: str
    step: int
    shop: int


class Usual(msgspec.Struct, frozen=True):
    """What is usual on one market: median and spread of log-price, in steps, and what they rest on."""

    median: float
    mad: float
    offers: int
    shops: int


class MarketPrices(msgspec.Struct, frozen=True):
    """Usual prices by house, family of goods, currency and condition (joined with NUL)."""

    usual: dict[str, Usual] = {}

    @classmethod
    def learnt(cls, observations: Iterable[Observation]) -> "MarketPrices":
        """Median and median absolute deviation of each market; order and repetition change nothing.

        A shop counts once at each price, so that a thousand copies of one offer do not move the market.
        """
        markets: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for seen in observations:
            markets[_key(seen.brand, seen.family, seen.currency, seen.condition)].add((seen.shop, seen.step))
        usual = {}
        for key in sorted(markets):
            offers, shops = markets[key], len({shop for shop, _ in markets[key]})
            if len(offers) >= FEWEST_OFFERS and shops >= FEWEST_SHOPS:
                steps = [step for _, step in offers]
                middle = median(steps)
                spread = median(abs(step - middle) for step in steps)
                usual[key] = Usual(float(middle), float(spread), len(offers), shops)
        return cls(usual)

    def below(self, listing: Listing, brand: str) -> list[Signal]:
        """`price.below_market`, when the market of the same goods is known and the price lies far below it."""
        price = listing.price
        family = family_of(listing)
        if price is None or not family or not self.usual:
            return []
        usual = self.usual.get(_key(brand, family, price.currency, listing.condition.value))
        if usual is None:
            return []
        sigma = max(MAD_TO_SIGMA * usual.mad * STEP, NARROWEST)
        deviations = (usual.median * STEP - math.log(price.amount)) / sigma
        value = round(min(1.0, (deviations - FROM) / (TO - FROM)), 6)
        if value <= 0:
            return []
        facts = {
            "price": plain(price.amount),
            "currency": price.currency,
            "usual": f"{math.exp(usual.median * STEP):.3g}" if usual.median * STEP < 6.9 else _large(usual),
            "family": family,
            "condition": listing.condition.value,
            "offers": str(usual.offers),
            "shops": str(usual.shops),
            "deviations": f"{math.floor(deviations * 10) / 10:g}",
        }
        return [Signal(name="price.below_market", value=value, brand=brand, facts=facts)]


def family_of(listing: Listing) -> str:
    """Which goods count as the same: product code when shown, else the last step of the category; may be empty."""
    if listing.product_code:
        return f"product {listing.product_code}"
    last = listing.category.replace("/", ">").rsplit(">", 1)[-1]
    return fold_plain(last)[:LONGEST_FAMILY]


def observe(listing: Listing, brand: str, shop: int) -> Observation | None:
    """What the market table takes from a listing; None when it has no price above a placeholder, or no family."""
    price, family = listing.price, family_of(listing)
    if price is None or price.amount <= PLACEHOLDER or not family:
        return None
    step = round(math.log(price.amount) / STEP)
    return Observation(brand, family, price.currency, listing.condition.value, step, shop)


def _key(*parts: str) -> str:
    return "\0".join(parts)


def _large(usual: Usual) -> str:
    return f"{round(math.exp(usual.median * STEP)):d}"
