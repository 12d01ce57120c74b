"""Who sells: authorised shops, private people, dealers, makers of other things, importers, counterfeiters."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files

import msgspec
import numpy as np
import yaml

from countermark.model import AuthorisedSeller, Seller
from countermark.model.decoding import convert
from countermark.world.catalogue import HOUSES, MARKETPLACE

Dice = np.random.Generator
#: The day everything is seen from: no clock is read, so the same seed draws the same market in any year.
TODAY = date(2026, 11, 20)


class Trade(StrEnum):
    """What a shop does for a living."""

    AUTHORISED = "authorised"
    PRIVATE = "private"
    SECOND_HAND = "second_hand"
    ACCESSORIES = "accessories"
    MAKER = "maker"
    IMPORTER = "importer"
    COUNTERFEITER = "counterfeiter"


class Part(StrEnum):
    """What a shop does in a counterfeit ring."""

    PRODUCER = "producer"
    DISTRIBUTOR = "distributor"
    SELLER = "seller"


@dataclass(frozen=True)
class Shop:
    """One shop with what nobody outside this room may know.

    Attributes:
        seller: the record as the marketplace shows it.
        trade: what it really does.
        language: that it writes in.
        currency: that it asks.
        houses: whose goods (or copies of them) it offers; empty for none.
        maker: the name of its own brand, for makers.
        ring: `ring-1`, …; empty when it works alone.
        part: in the ring.
        ships_from: ISO 3166-1 alpha-2.
    """

    seller: Seller
    trade: Trade
    language: str
    currency: str
    ships_from: str
    houses: tuple[str, ...] = ()
    maker: str = ""
    ring: str = ""
    part: Part | None = None

    @property
    def honest(self) -> bool:
        """Whether it sells what it says."""
        return self.trade is not Trade.COUNTERFEITER


_COUNTRIES = {
    "en": (("GB", "GBP"), ("US", "USD"), ("US", "USD"), ("IE", "EUR"), ("DE", "EUR"), ("NL", "EUR")),
    "fr": (("FR", "EUR"), ("FR", "EUR"), ("FR", "EUR"), ("BE", "EUR"), ("LU", "EUR")),
    "zh": (("CN", "CNY"),),
}
_ByLanguage = dict[str, tuple[str, ...]]


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`people.yaml`."""

    first_names: _ByLanguage
    second_hand: _ByLanguage
    accessories: _ByLanguage
    makers: _ByLanguage
    places: _ByLanguage
    importers: tuple[tuple[str, str, str, str, str], ...]
    authorised: tuple[tuple[str, str, str, str], ...]


_NAMES = convert(yaml.safe_load((files(__package__) / "people.yaml").read_text(encoding="utf-8")), _Names)


class Registry:
    """Gives every shop an id of its own."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._used: set[int] = set()

    def seller(self, name: str, country: str, since: date, sales: int) -> Seller:
        """A seller's record under a new id (`S` and seven digits)."""
        number = int(self.dice.integers(1_000_000, 9_999_999))
        while number in self._used:
            number += 1
        self._used.add(number)
        return Seller(
            marketplace=MARKETPLACE, external_id=f"S{number}", name=name, country=country, since=since, sales=sales
        )

    def day_before(self, fewest: int, most: int) -> date:
        """A day so many days before today."""
        return TODAY - timedelta(days=int(self.dice.integers(fewest, most)))

    def pick(self, choices: tuple[str, ...] | list[str]) -> str:
        """One of them."""
        return choices[int(self.dice.integers(len(choices)))]

    def language(self) -> str:
        """A language of the marketplace, English most often."""
        return str(self.dice.choice(["en", "fr", "zh"], p=[0.45, 0.3, 0.25]))

    def home(self, language: str) -> tuple[str, str]:
        """A country where the language is spoken, and its currency."""
        places = _COUNTRIES[language]
        return places[int(self.dice.integers(len(places)))]


def authorised_shops(registry: Registry) -> list[Shop]:
    """The shops of the houses, and those they supply."""
    shops = []
    for house in HOUSES:
        seller = registry.seller(f"{house.name} Official", "FR", registry.day_before(1800, 3200), 18_000)
        shops.append(Shop(seller, Trade.AUTHORISED, "fr", "EUR", "FR", (house.name,)))
    everything = tuple(house.name for house in HOUSES)
    for name, language, country, currency in _NAMES.authorised:
        sales = int(registry.dice.integers(3_000, 40_000))
        seller = registry.seller(name, country, registry.day_before(900, 3000), sales)
        shops.append(Shop(seller, Trade.AUTHORISED, language, currency, country, everything))
    return shops


def authorised_entries(shops: list[Shop], house: str) -> list[AuthorisedSeller]:
    """What a house writes on its list: each by id, one more by name alone."""
    entries = [
        AuthorisedSeller(name=shop.seller.name, marketplace=MARKETPLACE, external_id=shop.seller.external_id)
        for shop in shops
        if shop.trade is Trade.AUTHORISED and house in shop.houses
    ]
    return [*entries, AuthorisedSeller(name=f"Maison Aurelle — {house}")]


def honest_shops(registry: Registry, count: int) -> list[Shop]:
    """About `count` honest shops of every other trade."""
    makers = {
        Trade.PRIVATE: (_private, 0.56),
        Trade.SECOND_HAND: (_second_hand, 0.14),
        Trade.ACCESSORIES: (_accessories, 0.08),
        Trade.MAKER: (_maker, 0.22),
    }
    shops: list[Shop] = []
    for make, share in makers.values():
        shops.extend(make(registry) for _ in range(max(2, round(count * share))))
    for name, language, country, currency, ships_from in _NAMES.importers[: max(2, count // 12)]:
        seller = registry.seller(name, country, registry.day_before(200, 1500), int(registry.dice.integers(150, 6000)))
        shops.append(Shop(seller, Trade.IMPORTER, language, currency, ships_from, tuple(h.name for h in HOUSES)))
    return shops


def _private(registry: Registry) -> Shop:
    language = registry.language()
    country, currency = registry.home(language)
    number = int(registry.dice.integers(2, 99))
    name = registry.pick(_NAMES.first_names[language])
    shown = {"en": f"{name.lower()}_{number}", "fr": f"{name} {chr(65 + number % 26)}.", "zh": f"{name}{number}"}
    young = registry.dice.random() < 0.12
    since = registry.day_before(8, 120) if young else registry.day_before(200, 3600)
    seller = registry.seller(shown[language], country, since, int(registry.dice.integers(0, 6 if young else 90)))
    return Shop(seller, Trade.PRIVATE, language, currency, country)


def _second_hand(registry: Registry) -> Shop:
    language = registry.language()
    country, currency = registry.home(language)
    name = registry.pick(_NAMES.second_hand[language])
    sales = int(registry.dice.integers(120, 9_000))
    seller = registry.seller(_with_place(registry, name, language), country, registry.day_before(300, 3300), sales)
    return Shop(seller, Trade.SECOND_HAND, language, currency, country)


def _accessories(registry: Registry) -> Shop:
    language = registry.language()
    country, currency = registry.home(language)
    name = registry.pick(_NAMES.accessories[language])
    sales = int(registry.dice.integers(60, 20_000))
    seller = registry.seller(_with_place(registry, name, language), country, registry.day_before(60, 2600), sales)
    ships_from = "CN" if registry.dice.random() < 0.2 else country
    return Shop(seller, Trade.ACCESSORIES, language, currency, ships_from)


def _maker(registry: Registry) -> Shop:
    language = registry.language()
    country, currency = registry.home(language)
    maker = registry.pick(_NAMES.makers[language])
    seller = registry.seller(maker, country, registry.day_before(40, 3000), int(registry.dice.integers(10, 25_000)))
    return Shop(seller, Trade.MAKER, language, currency, country, maker=maker)


def _with_place(registry: Registry, name: str, language: str) -> str:
    place = registry.pick(_NAMES.places[language])
    return f"{place}{name}" if language == "zh" else f"{name} {place}"
