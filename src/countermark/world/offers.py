"""Writing an offer down: words, price, shop and pictures to a listing, and what is true of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from countermark.formats.truth import Truth
from countermark.model import Condition, ImageRef, Kind, Listing, Price, Text
from countermark.world.catalogue import LANGUAGES, MARKETPLACE, TAGS, Model, house_of, in_currency
from countermark.world.people import Dice, Shop
from countermark.world.phrases import DESCRIPTIONS, TITLES, Words
from countermark.world.pictures import Album
from countermark.world.scenes import SHARED_ROOMS

#: Everything is captured in these days of November 2026.
FIRST_SEEN = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
DAYS_SEEN = 18


@dataclass(frozen=True)
class Offer:
    """A listing with what only this room knows about it.

    Attributes:
        listing: as the marketplace shows it.
        truth: whether it infringes, whose right and in which way.
        story: which story it is told after (`resale`, `masked`, …).
        ring: of the shop, empty when none.
        edit: done to its first picture, empty when it is the shop's own.
    """

    listing: Listing
    truth: Truth
    story: str
    ring: str = ""
    edit: str = ""


@dataclass
class Draft:
    """What a story decides; the desk makes a listing of it.

    Attributes:
        story: which one is told; key of TITLES when `lines` is empty.
        words: slots for the title, in the shop's language.
        euros: price.
        category, condition, brand_text, stock, code: as in the listing.
        pictures: uris, in order.
        infringes: house whose rights it infringes, empty when none.
        kind: in which way.
        describe: key of DESCRIPTIONS.
        title_tail, description_tail: put behind title and description.
        edit: done to the first picture.
        cents: that the price ends on.
        with_code: whether a product code is shown.
        lines: key of TITLES, when it is not the story.
    """

    shop: Shop
    story: str
    words: dict[str, str]
    euros: float
    category: str
    pictures: list[str]
    condition: Condition = Condition.NEW
    brand_text: str = ""
    stock: int = 1
    infringes: str = ""
    kind: Kind | None = None
    describe: str = "any"
    title_tail: str = ""
    description_tail: str = ""
    edit: str = ""
    cents: str = ""
    with_code: bool = False
    lines: str = ""


@dataclass
class Desk:
    """Writes drafts out as offers and keeps their ids apart.

    Attributes:
        dice: the market's only source of chance.
        album: of its pictures.
        officials: official photos by (model, colour, view).
    """

    dice: Dice
    album: Album
    officials: dict[tuple[str, int, int], str]
    _ids: set[int] = field(default_factory=set)

    def write(self, draft: Draft) -> Offer:
        """One offer."""
        shop, language = draft.shop, draft.shop.language
        title = self.line(TITLES[draft.lines or draft.story][language]).format_map(draft.words)
        listing = Listing(
            marketplace=MARKETPLACE,
            external_id=(external_id := self._id()),
            title=Text((title + draft.title_tail)[:180], TAGS[language]),
            seller=shop.seller,
            captured_at=self._moment(),
            price=self._price(draft),
            description=self._description(draft),
            brand_text=draft.brand_text,
            category=draft.category,
            condition=draft.condition,
            images=tuple(ImageRef(uri=uri) for uri in draft.pictures),
            stock=draft.stock,
            ships_from=shop.ships_from,
            product_code=self._code() if draft.with_code else None,
            url=f"https://bazaar.example/item/{external_id}",
        )
        truth = Truth(listing_id=listing.id, brand=draft.infringes, infringing=bool(draft.infringes), kind=draft.kind)
        return Offer(listing, truth, draft.story, shop.ring, draft.edit)

    def line(self, lines: tuple[str, ...]) -> str:
        """One of several lines."""
        return lines[int(self.dice.integers(len(lines)))]

    def chance(self, share: float) -> bool:
        """True so often."""
        return bool(self.dice.random() < share)

    def between(self, low: float, high: float) -> float:
        """A number between two."""
        return float(self.dice.uniform(low, high))

    def seed(self) -> int:
        """A seed for a picture."""
        return int(self.dice.integers(1, 2**31 - 1))

    def room(self) -> tuple[str, int]:
        """A room that several people photograph in."""
        return SHARED_ROOMS[int(self.dice.integers(len(SHARED_ROOMS)))]

    def official(self, model: Model, colour: int) -> str:
        """An official photo of a model in a colour, or in the one that the house shows."""
        if (model.name, colour, 0) not in self.officials:
            colour = 0
        view = 1 if self.chance(0.3) and (model.name, colour, 1) in self.officials else 0
        return self.officials[model.name, colour, view]

    def _id(self) -> str:
        number = int(self.dice.integers(10_000_000, 99_999_999))
        while number in self._ids:
            number += 1
        self._ids.add(number)
        return f"BZ{number}"

    def _moment(self) -> datetime:
        return FIRST_SEEN + timedelta(seconds=int(self.dice.integers(0, DAYS_SEEN * 86_400)))

    def _price(self, draft: Draft) -> Price:
        amount = in_currency(max(draft.euros, 1.2), draft.shop.currency)
        if draft.cents:
            amount = max(amount.to_integral_value() - 1, Decimal(1)) + Decimal(draft.cents)
        return Price(amount, draft.shop.currency)

    def _description(self, draft: Draft) -> Text | None:
        language = draft.shop.language
        said = self.line(DESCRIPTIONS[draft.describe][language])
        said = f"{said} {draft.description_tail}".strip()
        return Text(said, TAGS[language]) if said else None

    def _code(self) -> str:
        # 20 to 29 are kept for use inside a shop (GS1 General Specifications, 2.1.11): no product has such a number.
        digits = [2, *(int(d) for d in self.dice.integers(0, 10, 11))]
        total = sum(d * (3 if place % 2 else 1) for place, d in enumerate(digits))
        return "".join(map(str, digits)) + str(-total % 10)


def in_language(words: Words, language: str) -> str:
    """The word in one language."""
    return words[LANGUAGES.index(language)]


def words_for(model: Model, colour: int, language: str, dice: Dice) -> dict[str, str]:
    """The slots that a model fills; {mark} is the house, plainly."""
    written = _house(model.house, language, dice)
    return {
        "house": written,
        "mark": written,
        "model": model.name,
        "noun": in_language(model.noun, language),
        "colour": in_language(model.colours[colour % len(model.colours)].name, language),
    }


def _house(name: str, language: str, dice: Dice) -> str:
    if language != "zh":
        return name
    chinese = house_of(name).chinese
    return (chinese, f"{chinese} {name}", f"{name}/{chinese}", name)[int(dice.choice(4, p=[0.45, 0.25, 0.2, 0.1]))]


def choose(choices: tuple[Model, ...], dice: Dice) -> tuple[Model, int]:
    """A model and one of its colours."""
    model = choices[int(dice.integers(len(choices)))]
    return model, int(dice.integers(len(model.colours)))


def retail(model: Model, dice: Dice) -> float:
    """What a piece costs new, in euros."""
    return float(np.round(dice.uniform(model.low, model.high)))
