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

        Every shop has one voice, the median of the prices it asks: neither a thousand copies of one offer nor offers
        at a thousand prices move the market.
        """
        markets: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for seen in observations:
            markets[_key(seen.brand, seen.family, seen.currency, seen.condition)][seen.shop].add(seen.step)
        usual = {}
        for key in sorted(markets):
            shops = markets[key].values()
            offers = sum(map(len, shops))
            if offers >= FEWEST_OFFERS and len(shops) >= FEWEST_SHOPS:
                voices = [median(steps) for steps in shops]
                middle = median(voices)
                spread = median(abs(voice - middle) for voice in voices)
                usual[key] = Usual(float(middle), float(spread), offers, len(shops))
        return cls(usual)

    def below(self, listing: Listing, brand: str) -> list[Signal]:
        """`price.below_market`, when the market of the same goods is known and the price lies far below it.

        Where the product's own market is not known, that of its category is asked: a code that nobody else shows hides
        no price.
        """
        price = listing.price
        if price is None or not self.usual:
            return []
        place = price.currency, listing.condition.value
        known = ((family, self.usual.get(_key(brand, family, *place))) for family in families_of(listing))
        family, usual = next(((family, usual) for family, usual in known if usual), ("", None))
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


def families_of(listing: Listing) -> tuple[str, ...]:
    """Which goods count as the same, the narrowest first: product code when it is one, last step of the category."""
    last = listing.category.replace("/", ">").rsplit(">", 1)[-1]
    return tuple(filter(None, (_product(listing.product_code or ""), fold_plain(last)[:LONGEST_FAMILY])))


def _product(code: str) -> str:
    """A GTIN in its form of 14 digits, so that UPC and EAN of one product agree; empty when its check digit is wrong.

    Source: GS1 General Specifications, section 7.9 (weights 3 and 1 from the right, sum divisible by ten).
    """
    if len(code) not in (8, 12, 13, 14) or not (code.isascii() and code.isdigit()):
        return ""
    digits = [int(digit) for digit in code.zfill(14)]
    whole = sum(digits[0::2]) * 3 + sum(digits[1::2])
    return "" if whole % 10 else f"product {code.zfill(14)}"


def observations(listing: Listing, brand: str, shop: int) -> list[Observation]:
    """What the market table takes from a listing, one for each family; none without a price above a placeholder."""
    price = listing.price
    if price is None or price.amount <= PLACEHOLDER:
        return []
    step = round(math.log(price.amount) / STEP)
    place = price.currency, listing.condition.value
    return [Observation(brand, family, *place, step, shop) for family in families_of(listing)]


def _key(*parts: str) -> str:
    return "\0".join(parts)


def _large(usual: Usual) -> str:
    return f"{round(math.exp(usual.median * STEP)):d}"
