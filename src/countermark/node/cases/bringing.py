"""A listing that a partner gave, as a listing of ours, so that the next scan looks at it."""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
from django.db import transaction

from countermark.formats.arrow import LISTING_SCHEMA, listing_at
from countermark.formats.listing_row import Place, RowRules
from countermark.model import Listing as Record
from countermark.node.cases.models import SharedItem
from countermark.node.exchange.applying import CannotApply
from countermark.node.kernel.time import now
from countermark.node.listings.models import Listing
from countermark.node.listings.services import forget_shared, keep_shared

#: Field of the exchange -> column of a file of listings; all others have the same name.
_COLUMNS = {
    "seller_shop_id": "seller_external_id",
    "picture_hashes": "image_hashes",
}
#: Listings that forget in one round.
_AT_ONCE = 1000


def bring(item: SharedItem, fields: Mapping[str, object], happened_at: datetime) -> None:
    """Keep a shared listing as ours, unless we hold it from elsewhere: what we saw ourselves is never overwritten.

    Args:
        item: the row of what was shared, saved by the caller afterwards.
        fields: as they were kept.
        happened_at: stands in for a missing time of capture.

    Raises:
        CannotApply: it is no listing: the first thing that is wrong, in words.
    """
    record = record_of(fields, happened_at)
    known = find(item.organisation_id, record.marketplace, record.external_id)
    if known is not None and not _brought_by(item, known):
        item.listing = known
        return
    item.listing = keep_shared(item.organisation_id, record)
    item.brought_listing = True


def forget_deleted() -> int:
    """Let listings that partners gave forget what they said, once the bytes were deleted that said it.

    A listing that we have seen ourselves since is ours, and stays as it is.

    Returns:
        How many lost what they said.
    """
    due = SharedItem.objects.filter(
        ours=False, brought_listing=True, forgotten_at=None, entry__deletion__isnull=False, listing__isnull=False
    )
    forgotten = 0
    for key in due.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]:
        with transaction.atomic():
            item = due.select_for_update(of=("self",)).select_related("listing__seller").filter(pk=key).first()
            if item is None or item.listing is None:
                continue
            if item.listing.source_import_id is None:
                forget_shared(item.listing)
                forgotten += 1
            item.forgotten_at = now()
            item.save(update_fields=["forgotten_at"])
    return forgotten


def find(organisation: int, marketplace: object, external_id: object) -> Listing | None:
    """The listing that we hold under a marketplace's own id."""
    rows = Listing.objects.filter(
        organisation_id=organisation, marketplace=str(marketplace)[:200], external_id=str(external_id)[:300]
    )
    found: Listing | None = rows.first()
    return found


def record_of(fields: Mapping[str, object], happened_at: datetime) -> Record:
    """Fields of the exchange as a listing, checked like a row of a file.

    Raises:
        CannotApply: what a listing cannot be without is missing or broken.
    """
    raw = {_COLUMNS.get(name, name): value for name, value in fields.items()}
    # A shop that is not named is a shop of its own: two are two until links are proven.
    raw.setdefault("seller_external_id", fields.get("seller_token") or f"not-said:{fields.get('external_id', '')}")
    hashes = raw.get("image_hashes")
    raw["images"] = [f"sha256:{one}" for one in hashes] if isinstance(hashes, list) else None
    columns, problems = RowRules(now=now()).read(raw, 1, Place("exchange", happened_at))
    if columns is None:
        first = problems[0]
        raise CannotApply(first.code, f"{first.field}: {first.message}")
    batch = pa.RecordBatch.from_pylist([columns], schema=LISTING_SCHEMA)
    return listing_at(batch, 0)


def _brought_by(item: SharedItem, known: Listing) -> bool:
    """Whether we hold a listing only because this partner gave it to us."""
    brought = SharedItem.objects.filter(organisation_id=item.organisation_id, listing=known, brought_listing=True)
    return known.source_import_id is None and brought.filter(agreement=item.agreement).exists()
