"""What is offered, and by whom."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from countermark.model.ids import derive_id
from countermark.model.image import ImageRef
from countermark.model.money import Price
from countermark.model.problem import InvalidRecord
from countermark.model.text import Text


class Condition(StrEnum):
    """State of the goods as the listing claims it."""

    NEW = "new"
    USED = "used"
    REFURBISHED = "refurbished"
    UNKNOWN = "unknown"


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """A shop on one marketplace. Two shops of one person are two sellers until links are proven.

    Attributes:
        marketplace: the marketplace's name, as agreed between the parties.
        external_id: the marketplace's own id of the shop.
        name: shop name as shown to buyers; may be a person's name, so it is personal data.
        country: ISO 3166-1 alpha-2, where the seller says to be; None when not said.
        since: day the shop opened, None when not known.
        sales: completed sales the marketplace reports, None when not known.
    """

    marketplace: str
    external_id: str
    name: str = ""
    country: str | None = None
    since: date | None = None
    sales: int | None = None

    @property
    def id(self) -> str:
        """`slr_…`, from the marketplace and its own id of the shop."""
        return derive_id("slr", self.marketplace, self.external_id)


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One offer on one marketplace, as captured at one moment.

    Attributes:
        marketplace: the marketplace's name, as agreed between the parties.
        external_id: the marketplace's own id of the listing.
        title: as shown to buyers.
        seller: the shop that offers it.
        price: for one unit; None when the listing shows none.
        description: as shown to buyers.
        brand_text: what the listing's own brand field says; often empty, often untrue.
        category: the marketplace's own category path.
        condition: as claimed.
        images: in the order shown.
        stock: units offered, None when not shown.
        ships_from: ISO 3166-1 alpha-2, None when not shown.
        product_code: GTIN, EAN, UPC or ISBN digits when shown.
        url: where a person can look at it.
        captured_at: when it was seen, aware and in UTC.
    """

    marketplace: str
    external_id: str
    title: Text
    seller: Seller
    captured_at: datetime
    price: Price | None = None
    description: Text | None = None
    brand_text: str = ""
    category: str = ""
    condition: Condition = Condition.UNKNOWN
    images: tuple[ImageRef, ...] = ()
    stock: int | None = None
    ships_from: str | None = None
    product_code: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if not self.external_id:
            raise InvalidRecord("id", "the listing has no id.", "Give the marketplace's own id.")
        if self.captured_at.utcoffset() is None:
            raise InvalidRecord("captured_at", "the time has no zone.", "Write it with Z or an offset.")

    @property
    def id(self) -> str:
        """`lst_…`, from the marketplace and its own id of the listing."""
        return derive_id("lst", self.marketplace, self.external_id)

    def expected_value(self) -> Decimal | None:
        """Price times stock (at least one unit): what the listing could turn over, in the price's currency."""
        return self.price.amount * max(self.stock or 1, 1) if self.price else None
