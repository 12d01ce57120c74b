"""Counterfeit rings: shops that look like strangers and share pictures, wording, names, prices and birthdays."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from countermark.world.people import Part, Registry, Shop, Trade


@dataclass
class Ring:
    """One ring.

    Attributes:
        name: `ring-1`, …
        houses: whose goods it copies.
        shops: the producers first, then distributors, then sellers.
        phrase: that its shops put at the end of what they write, by language.
        code: prefix of the stock numbers in its titles.
        cents: that its prices end on.
        room: seed of the floor on which it photographs.
        pool: pictures that its shops share, by model name; filled as they are taken.
    """

    name: str
    houses: tuple[str, ...]
    shops: list[Shop]
    phrase: dict[str, str]
    code: str
    cents: str
    room: int
    pool: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Plan:
    houses: tuple[str, ...]
    shops: int
    names: dict[str, str]
    phrase: dict[str, str]
    code: str
    cents: str
    ships_from: str
    languages: tuple[str, ...]


_PLANS = (
    _Plan(
        ("Corvane",),
        9,
        {"en": "luxebag_zone{n}", "fr": "sac-chic-{n}", "zh": "奢包汇{n}店"},
        {
            "en": "Fast line 7-12 days, tracked.",
            "fr": "Ligne rapide 7-12 jours, suivi.",
            "zh": "专线7-12天，可查物流。",
        },
        "VQ",
        ".88",
        "CN",
        ("en", "fr", "en", "zh"),
    ),
    _Plan(
        ("Halcyr",),
        6,
        {"en": "time.dealer.{n}", "fr": "heure-direct-{n}", "zh": "名表工坊{n}号"},
        {
            "en": "Movement tested 48 h before shipping.",
            "fr": "Mouvement testé 48 h avant envoi.",
            "zh": "发货前走时测试48小时。",
        },
        "TK",
        ".50",
        "HK",
        ("en", "en", "zh"),
    ),
    _Plan(
        ("Ondrelle", "Corvane"),
        12,
        {"en": "silk&more {n}", "fr": "Foulards & Co {n}", "zh": "丝语阁{n}分店"},
        {
            "en": "Gift box on request, see our other items.",
            "fr": "Coffret sur demande, voyez nos articles.",
            "zh": "可选礼盒，更多款式进店看。",
        },
        "SL",
        ".66",
        "CN",
        ("fr", "en", "zh", "fr"),
    ),
    _Plan(
        ("Corvane", "Halcyr"),
        5,
        {"en": "EU-outlet-{n}", "fr": "destock-eu-{n}", "zh": "欧尚尾货{n}"},
        {"en": "Customs handled by us.", "fr": "Douane prise en charge.", "zh": "包清关。"},
        "EO",
        ".90",
        "TR",
        ("en", "fr"),
    ),
    _Plan(
        ("Halcyr", "Ondrelle"),
        4,
        {"en": "giftlane {n}", "fr": "cadeau-lane {n}", "zh": "礼遇{n}"},
        {
            "en": "Nice for birthdays and weddings!",
            "fr": "Idéal anniversaires et mariages !",
            "zh": "生日婚礼送礼佳品！",
        },
        "GL",
        ".99",
        "CN",
        ("en", "zh"),
    ),
)
_CLAIMED = {
    "en": (("GB", "GBP"), ("US", "USD"), ("DE", "EUR")),
    "fr": (("FR", "EUR"), ("BE", "EUR")),
    "zh": (("CN", "CNY"),),
}


def draw_rings(registry: Registry, listings: int) -> list[Ring]:
    """Three to five rings, more and larger ones in larger markets."""
    count = 3 if listings < 800 else 4 if listings < 3000 else 5
    return [_ring(registry, number + 1, plan, small=listings < 800) for number, plan in enumerate(_PLANS[:count])]


def _ring(registry: Registry, number: int, plan: _Plan, *, small: bool) -> Ring:
    size = 4 if small else plan.shops
    opening = registry.day_before(45, 240)
    room = int(registry.dice.integers(1, 2**30))
    first = int(registry.dice.integers(11, 60))
    shops = []
    for place in range(size):
        part = Part.PRODUCER if place == 0 else Part.DISTRIBUTOR if place <= size // 4 else Part.SELLER
        shops.append(
            _shop(registry, f"ring-{number}", plan, part, first + place * int(registry.dice.integers(1, 4)), opening)
        )
    return Ring(f"ring-{number}", plan.houses, shops, plan.phrase, plan.code, plan.cents, room)


def _shop(registry: Registry, ring: str, plan: _Plan, part: Part, number: int, opening: date) -> Shop:
    dice = registry.dice
    language = "zh" if part is Part.PRODUCER else plan.languages[int(dice.integers(len(plan.languages)))]
    places = _CLAIMED[language]
    country, currency = places[int(dice.integers(len(places)))]
    since = opening + timedelta(days=int(dice.integers(0, 11)))
    sales = {Part.PRODUCER: (300, 2500), Part.DISTRIBUTOR: (80, 700), Part.SELLER: (0, 160)}[part]
    seller = registry.seller(plan.names[language].format(n=number), country, since, int(dice.integers(*sales)))
    ships_from = country if dice.random() < 0.25 else plan.ships_from
    return Shop(seller, Trade.COUNTERFEITER, language, currency, ships_from, plan.houses, ring=ring, part=part)


_ALONE = {
    "en": ("bestdeal{n}", "Style Corner {n}", "trendhouse_{n}", "Bella {n} Boutique", "dailyfinds{n}"),
    "fr": ("bonplan{n}", "Mode & Style {n}", "chez-{n}-tendance", "La Belle Affaire {n}"),
    "zh": ("潮流小铺{n}", "精品女包{n}", "时尚优选{n}", "品质生活{n}"),
}


def lone_counterfeiters(registry: Registry, count: int) -> list[Shop]:
    """Shops that sell copies and belong to nobody."""
    shops = []
    for _ in range(count):
        dice = registry.dice
        language = registry.language()
        places = _CLAIMED[language]
        country, currency = places[int(dice.integers(len(places)))]
        name = registry.pick(_ALONE[language]).format(n=int(dice.integers(2, 999)))
        old = dice.random() < 0.25
        since = registry.day_before(500, 2000) if old else registry.day_before(6, 260)
        seller = registry.seller(name, country, since, int(dice.integers(200, 3000) if old else dice.integers(0, 120)))
        ships_from = country if dice.random() < 0.45 else ("CN", "HK", "TR", "MA")[int(dice.integers(4))]
        shops.append(Shop(seller, Trade.COUNTERFEITER, language, currency, ships_from))
    return shops


def all_shops(rings: list[Ring]) -> list[Shop]:
    """Every shop of every ring."""
    return [shop for ring in rings for shop in ring.shops]
