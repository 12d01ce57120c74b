"""Listings as Arrow batches: the shape in which they stream past the reference side."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import cast

import pyarrow as pa

from countermark.formats.arrow_findings import FINDING_SCHEMA, batch_to_findings, findings_to_batch
from countermark.model import Condition, ImageRef, ImageRole, Listing, Price, Seller, Text

__all__ = [
    "FINDING_SCHEMA",
    "LISTING_SCHEMA",
    "batch_to_findings",
    "batch_to_listings",
    "findings_to_batch",
    "listing_at",
    "listings_to_batch",
]

#: One row a listing, flat. `price_amount` is a plain decimal (`129.00`), exact; `images` are uris in the order shown;
#: `image_hashes` holds, where any is known, the SHA-256 of each picture in the same order. Empty text says "not said"
#: where a listing's own record says so with empty text; null everywhere else.
LISTING_SCHEMA = pa.schema(
    [
        pa.field("marketplace", pa.string(), nullable=False),
        pa.field("external_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("title_language", pa.string()),
        pa.field("description", pa.string()),
        pa.field("description_language", pa.string()),
        pa.field("brand_text", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("condition", pa.string(), nullable=False),
        pa.field("price_amount", pa.string()),
        pa.field("price_currency", pa.string()),
        pa.field("seller_external_id", pa.string(), nullable=False),
        pa.field("seller_name", pa.string(), nullable=False),
        pa.field("seller_country", pa.string()),
        pa.field("seller_since", pa.date32()),
        pa.field("seller_sales", pa.int64()),
        pa.field("images", pa.list_(pa.string()), nullable=False),
        pa.field("stock", pa.int64()),
        pa.field("ships_from", pa.string()),
        pa.field("product_code", pa.string()),
        pa.field("url", pa.string()),
        pa.field("captured_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("image_hashes", pa.list_(pa.string())),
    ]
)

_COLUMNS = tuple(LISTING_SCHEMA.names)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CONDITIONS = {condition.value: condition for condition in Condition}

_Row = tuple[object, ...]


def listings_to_batch(listings: Sequence[Listing]) -> pa.RecordBatch:
    """Lay listings out as one batch in LISTING_SCHEMA; `batch_to_listings` gives equal listings back.

    Raises:
        ValueError: when a listing's picture has another role than OFFERED, which a batch cannot hold.
    """
    rows = [_to_row(listing) for listing in listings]
    columns: Iterable[Sequence[object]] = zip(*rows, strict=True) if rows else [()] * len(_COLUMNS)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, LISTING_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=LISTING_SCHEMA)


def batch_to_listings(batch: pa.RecordBatch) -> list[Listing]:
    """Read every row of a batch in LISTING_SCHEMA as a record.

    Raises:
        InvalidRecord: when a row could not have been a listing (only for batches made by other hands).
    """
    columns = [_plain_values(batch.column(name), name) for name in _COLUMNS if name != "image_hashes"]
    columns.append(_hashes(batch))
    return [_to_listing(row) for row in zip(*columns, strict=True)]


def listing_at(batch: pa.RecordBatch, row: int) -> Listing:
    """Read one row of a batch (0 for the first) as a record, without touching the others."""
    index = {name: place for place, name in enumerate(batch.schema.names)}
    return _to_listing(tuple(_value_at(batch, index.get(name), row, name) for name in _COLUMNS))


def _value_at(batch: pa.RecordBatch, column: int | None, row: int, name: str) -> object:
    if column is None and name == "image_hashes":
        return None
    scalar = batch.column(name if column is None else column)[row]
    return _EPOCH + scalar.value * _MICROSECOND if name == "captured_at" else scalar.as_py()


def _hashes(batch: pa.RecordBatch) -> list[object]:
    # Batches made before, or by others, may lack the column; nobody knew a hash then.
    if "image_hashes" not in batch.schema.names:
        return [None] * batch.num_rows
    return cast("list[object]", batch.column("image_hashes").to_pylist())


def _plain_values(column: pa.Array, name: str) -> list[object]:
    if name == "captured_at":
        # Through the integer: Arrow would build a zone object for every value.
        return [_EPOCH + micros * _MICROSECOND for micros in column.cast(pa.int64()).to_pylist()]
    return cast("list[object]", column.to_pylist())


def _to_row(listing: Listing) -> _Row:
    title, description, price, seller = listing.title, listing.description, listing.price, listing.seller
    return (
        listing.marketplace,
        listing.external_id,
        title.value,
        title.language,
        description.value if description else None,
        description.language if description else None,
        listing.brand_text,
        listing.category,
        listing.condition.value,
        f"{price.amount:f}" if price else None,
        price.currency if price else None,
        seller.external_id,
        seller.name,
        seller.country,
        seller.since,
        seller.sales,
        [image.uri for image in listing.images],
        listing.stock,
        listing.ships_from,
        listing.product_code,
        listing.url,
        (listing.captured_at.astimezone(UTC) - _EPOCH) // _MICROSECOND,
        _image_hashes(listing.images),
    )


def _image_hashes(images: tuple[ImageRef, ...]) -> list[str | None] | None:
    if any(image.role is not ImageRole.OFFERED for image in images):
        raise ValueError("a listing's pictures are offered ones; references belong to rights")
    hashes = [image.sha256 for image in images]
    return hashes if any(hashes) else None


def _to_listing(row: _Row) -> Listing:
    (
        marketplace, external_id, title, title_language, description, description_language, brand_text, category,
        condition, amount, currency, seller_id, seller_name, seller_country, seller_since, seller_sales, images, stock,
        ships_from, product_code, url, captured_at, hashes,
    ) = row  # fmt: skip
    place = cast("str", marketplace)
    return Listing(
        marketplace=place,
        external_id=cast("str", external_id),
        title=Text(cast("str", title), cast("str | None", title_language)),
        description=None
        if description is None
        else Text(cast("str", description), cast("str | None", description_language)),
        brand_text=cast("str", brand_text),
        category=cast("str", category),
        condition=_CONDITIONS[cast("str", condition)],
        price=None if amount is None else Price(Decimal(cast("str", amount)), cast("str", currency)),
        seller=Seller(
            marketplace=place,
            external_id=cast("str", seller_id),
            name=cast("str", seller_name),
            country=cast("str | None", seller_country),
            since=cast("date | None", seller_since),
            sales=cast("int | None", seller_sales),
        ),
        images=_to_images(cast("list[str]", images), cast("list[str | None] | None", hashes)),
        stock=cast("int | None", stock),
        ships_from=cast("str | None", ships_from),
        product_code=cast("str | None", product_code),
        url=cast("str | None", url),
        captured_at=cast("datetime", captured_at),
    )


def _to_images(uris: list[str], hashes: list[str | None] | None) -> tuple[ImageRef, ...]:
    if hashes is None:
        return tuple(ImageRef(uri=uri) for uri in uris)
    return tuple(ImageRef(uri=uri, sha256=sha256) for uri, sha256 in zip(uris, hashes, strict=True))
