"""Between rows and the core's record of a listing, and the hash that says whether its content changed."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from countermark import model
from countermark.model import Condition, ImageRef, Price, Text, to_json
from countermark.node.evidence.selectors import address_of
from countermark.node.kernel.folding import fold
from countermark.node.listings.models import Listing, ListingPicture

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Bytes of a listing that can be searched for.
SEARCHED = 2000
_PLACES = Decimal("0.0001")


def as_record(listing: Listing, pictures: Iterable[ListingPicture] | None = None) -> model.Listing:
    """A listing row (with `seller` loaded) as the core's record.

    Pictures whose bytes are here are named by content address, so that the engine finds them in the store.

    Args:
        listing: the row.
        pictures: its pictures in order, with `capture` loaded; fetched when not given.
    """
    if pictures is None:
        pictures = sorted(listing.pictures.all(), key=lambda picture: picture.position)
    return model.Listing(
        marketplace=listing.marketplace,
        external_id=listing.external_id,
        title=Text(listing.title, listing.title_language),
        seller=seller_record(listing),
        captured_at=listing.captured_at,
        price=price_of(listing),
        description=None if listing.description is None else Text(listing.description, listing.description_language),
        brand_text=listing.brand_text,
        category=listing.category,
        condition=Condition(listing.condition),
        images=tuple(image_of(picture) for picture in pictures),
        stock=listing.stock,
        ships_from=listing.ships_from,
        product_code=listing.product_code,
        url=listing.url,
    )


def seller_record(listing: Listing) -> model.Seller:
    """The shop of a listing row as the core's record."""
    seller = listing.seller
    return model.Seller(
        marketplace=seller.marketplace,
        external_id=seller.external_id,
        name=seller.name,
        country=seller.country,
        since=seller.since,
        sales=seller.sales,
    )


def price_of(listing: Listing) -> Price | None:
    """What is asked, to the last digit that was written."""
    return Price(Decimal(listing.price_exact), listing.price_currency) if listing.price_exact else None


def image_of(picture: ListingPicture) -> ImageRef:
    """A picture row (with `capture` loaded) as the core names it."""
    if picture.capture is not None:
        return ImageRef(uri=address_of(picture.capture.sha256), sha256=picture.capture.sha256)
    return ImageRef(uri=name_of_unkept(picture.uri))


def name_of_unkept(uri: str) -> str:
    """The name of a picture whose bytes this organisation does not have.

    A file may name a content address that another organisation's picture has; the engine must not find that one.
    """
    return f"not-kept:{uri.removeprefix('sha256:')}" if uri.startswith("sha256:") else uri


def content_hash(record: model.Listing) -> str:
    """SHA-256 in hex over what a person who judges the listing looks at.

    Left out, because they change without the offer changing: the time of capture, the stock, and what the marketplace
    says about the shop (which shop it is counts).
    """
    seller = model.Seller(marketplace=record.seller.marketplace, external_id=record.seller.external_id)
    seen = msgspec.structs.replace(record, captured_at=_EPOCH, stock=None, seller=seller)
    return hashlib.sha256(to_json(seen)).hexdigest()


def fill(row: Listing, record: model.Listing) -> None:
    """Put a record into a row: everything but its id, seller, pictures, hash and where it came from."""
    row.marketplace, row.external_id = record.marketplace, record.external_id
    row.title, row.title_language = record.title.value, record.title.language
    row.description = record.description.value if record.description else None
    row.description_language = record.description.language if record.description else None
    row.brand_text, row.category, row.condition = record.brand_text, record.category, record.condition.value
    row.price_exact = f"{record.price.amount:f}" if record.price else ""
    row.price_amount = record.price.amount.quantize(_PLACES) if record.price else None
    row.price_currency = record.price.currency if record.price else ""
    row.stock, row.ships_from = record.stock, record.ships_from
    row.product_code, row.url = record.product_code, record.url
    row.captured_at = record.captured_at
    row.search_text = _cut(fold(f"{record.external_id} {record.brand_text} {record.title.value}"))


def _cut(text: str) -> str:
    """As much as PostgreSQL takes into an index; a longer title is found by its first 500 characters or more."""
    return text if len(text) <= SEARCHED // 4 else text.encode()[:SEARCHED].decode("utf-8", "ignore")


#: Columns that `fill` and storing write when a listing was there already.
CHANGING = (
    *("seller", "title", "title_language", "description", "description_language", "brand_text", "category"),
    *("condition", "price_exact", "price_amount", "price_currency", "stock", "ships_from", "product_code", "url"),
    *("captured_at", "content_hash", "search_text", "has_picture", "source_import", "updated_at"),
)
