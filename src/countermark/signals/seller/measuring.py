"""Measure who offers a listing: against the list of one house, and by itself."""

import math
from dataclasses import dataclass

from countermark.model import Condition, Listing, Portfolio, Signal
from countermark.signals.seller.authorised import AuthorisedList
from countermark.signals.seller.copies import ORDINARY, Copies
from countermark.signals.seller.never_made import Rule, made_ready, rule_that_holds, spans_of

#: Days of age up to which a shop is as new as can be, and from which it is new no more.
NEWEST, NEW_NO_MORE = 30, 180
#: Years between which age counts for a shop: none at the first, all at the second.
YEARS_FROM, YEARS_TO = 1.0, 6.0
#: Sales between which they count for a shop, by their logarithm.
SALES_FROM, SALES_TO = 100, 10_000
DAYS_IN_A_YEAR = 365.25
#: Offers of one title by one shop at which the count says all it can.
COPIES_TO = 50
#: Units in stock between which a large stock counts, by their logarithm.
STOCK_FROM, STOCK_TO = 50, 1_000
#: From here on a stock is a filler ("99999"), not a count.
STOCK_FILLER = 9_999
#: Units of one second-hand thing between which the claim to be second-hand wears out.
USED_FROM, USED_TO = 3, 30
#: Strength of a shop of a listed name on a marketplace where it is not listed: a name can be copied.
ELSEWHERE = 0.5
#: Countries inside which goods and warehouses move freely and a mark is exhausted for all at once (ISO 3166-1 alpha-2):
#: a house cannot forbid what it sold in one to be sold in another.
#: - European Economic Area with the parts of the Union that have a code of their own, and Monaco. Sources: Court of
#:   Justice, C-355/96 Silhouette; EEA Agreement, Annex XVII point 4; Regulation (EU) 952/2013, article 4.
#: - United Kingdom, Isle of Man, Jersey, Guernsey: one customs territory since 2021 (their customs arrangements).
#: - Switzerland and Liechtenstein: customs treaty of 1923. United States and Puerto Rico: 19 CFR 101.1.
_EUROPE = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"),
    *("LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "MC", "IS", "LI", "NO"),
    *("AX", "GF", "GP", "MF", "MQ", "RE", "YT"),
)
ONE_MARKETS = tuple(map(frozenset, (_EUROPE, ("GB", "IM", "JE", "GG"), ("CH", "LI"), ("US", "PR"))))


@dataclass(frozen=True, slots=True)
class _House:
    authorised: AuthorisedList
    never_made: tuple[Rule, ...]


class SellerSignals:
    """Compares sellers with the lists of all houses; built once, sent to every worker.

    Args:
        portfolio: houses with their authorised sellers and what they never made.
        copies: how often each shop offers the same title, counted before the scan; without it nothing is said of it.
    """

    def __init__(self, portfolio: Portfolio, copies: Copies | None = None) -> None:
        self._copies = copies or Copies()
        self._houses = {
            brand.name: _House(AuthorisedList(brand.authorised_sellers), made_ready(brand.never_made))
            for brand in portfolio.brands
        }

    def measure(self, listing: Listing, brand: str) -> list[Signal]:
        """Every `seller.…` and `listing.never_made` signal that is not zero; what is not known gives none."""
        signals = []
        house = self._houses.get(brand)
        if house is not None:
            signals += _against_house(listing, brand, house)
        signals += _age_and_sales(listing)
        signals += _way_of_the_goods(listing)
        signals += _stock(listing)
        signals += self._many_copies(listing)
        return signals

    def _many_copies(self, listing: Listing) -> list[Signal]:
        count = self._copies.of(listing)
        value = _by_logarithm(count, ORDINARY, COPIES_TO)
        return [Signal(name="seller.many_copies", value=value, facts={"count": f"{count:,}"})] if value > 0 else []


def _against_house(listing: Listing, brand: str, house: _House) -> list[Signal]:
    signals = []
    match = house.authorised.match(listing.seller)
    if match is not None:
        value, how = match
        signals.append(Signal(name="seller.authorised", value=value, brand=brand, facts={"how": how}))
    elif (place := house.authorised.match_elsewhere(listing.seller)) is not None:
        facts = {"place": place}
        signals.append(Signal(name="seller.authorised_elsewhere", value=ELSEWHERE, brand=brand, facts=facts))
    rule = rule_that_holds(house.never_made, listing.title.value)
    if rule is not None:
        facts = {
            "words": ", ".join(rule.words),
            "explanation": rule.explanation.strip().rstrip(".。") or "no explanation is on file",
        }
        spans = spans_of(rule, listing.title)
        signals.append(Signal(name="listing.never_made", value=1.0, brand=brand, spans=spans, facts=facts))
    return signals


def _age_and_sales(listing: Listing) -> list[Signal]:
    since = listing.seller.since
    if since is None:
        return []
    days = (listing.captured_at.date() - since).days
    if days < 0:
        # A shop that opens after it was seen: the date is wrong, and a wrong date accuses nobody.
        return []
    if days < NEW_NO_MORE:
        value = min(1.0, (NEW_NO_MORE - days) / (NEW_NO_MORE - NEWEST))
        return [Signal(name="seller.new_shop", value=round(value, 6), facts={"days": str(days)})]
    return _established(days / DAYS_IN_A_YEAR, listing.seller.sales)


def _established(years: float, sales: int | None) -> list[Signal]:
    if years <= YEARS_FROM:
        return []
    by_years = min(1.0, (years - YEARS_FROM) / (YEARS_TO - YEARS_FROM))
    by_sales = 0.0
    if sales is not None and sales > SALES_FROM:
        by_sales = math.log(min(sales, SALES_TO) / SALES_FROM) / math.log(SALES_TO / SALES_FROM)
    value = round((by_years + by_sales) / 2, 6)
    facts = {"years": f"{math.floor(years * 10) / 10:g}", "sales": "no count of" if sales is None else f"{sales:,}"}
    return [Signal(name="seller.established", value=value, facts=facts)] if value > 0 else []


def _way_of_the_goods(listing: Listing) -> list[Signal]:
    ships_from, country = listing.ships_from, listing.seller.country
    if not ships_from or not country or ships_from == country:
        return []
    if any(ships_from in market and country in market for market in ONE_MARKETS):
        return []
    facts = {"ships_from": ships_from, "country": country}
    return [Signal(name="seller.ships_from_elsewhere", value=1.0, facts=facts)]


def _stock(listing: Listing) -> list[Signal]:
    stock = listing.stock
    if stock is None or stock >= STOCK_FILLER:
        return []
    facts = {"stock": f"{stock:,}"}
    large = _by_logarithm(stock, STOCK_FROM, STOCK_TO)
    signals = [Signal(name="listing.large_stock", value=large, facts=facts)] if large > 0 else []
    if listing.condition is Condition.USED and (worn := _by_logarithm(stock, USED_FROM, USED_TO)) > 0:
        signals.append(Signal(name="listing.used_in_numbers", value=worn, facts=facts))
    return signals


def _by_logarithm(count: int, nothing: int, everything: int) -> float:
    """0 up to one count, 1 from another, in between by the logarithm, 6 places."""
    if count <= nothing:
        return 0.0
    return round(math.log(min(count, everything) / nothing) / math.log(everything / nothing), 6)
