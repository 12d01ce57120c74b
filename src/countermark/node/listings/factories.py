"""Listings for tests."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from django.db import transaction

from countermark import model
from countermark.model import ImageRef, Price, Text
from countermark.node.listings.models import Listing
from countermark.node.listings.pictures import Gathered
from countermark.node.listings.storing import Incoming, store
from countermark.node.parties.access import Member

_numbers = count(1)

CAPTURED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_record(**more: object) -> model.Listing:
    """A listing as the core's record; without an `external_id`, a new one each time."""
    number = next(_numbers)
    marketplace = str(more.get("marketplace", "Bazaar"))
    given: dict[str, object] = {
        "marketplace": marketplace,
        "external_id": f"item-{number}",
        "title": Text("Corvane leather tote, brown", "en"),
        "seller": model.Seller(marketplace=marketplace, external_id="shop-1", name="Shop of Mira Vale", country="FR"),
        "captured_at": CAPTURED,
        "price": Price(Decimal("129.00"), "EUR"),
        "brand_text": "Corvane",
    }
    return model.Listing(**(given | more))  # type: ignore[arg-type]


def make_listing(member: Member, *, pictures: tuple[Gathered, ...] = (), **more: object) -> Listing:
    """A stored listing of the member's organisation; `more` as in `make_record`; `seller` loaded."""
    record = make_record(**more)
    if pictures:
        record = model.Listing(
            **{name: getattr(record, name) for name in record.__struct_fields__ if name != "images"},
            images=tuple(ImageRef(uri=picture.uri) for picture in pictures),
        )
    with transaction.atomic():
        store(member.organisation_id, [Incoming(record, pictures)], None)
    return Listing.objects.select_related("seller").get(organisation_id=member.organisation_id, core_id=record.id)
