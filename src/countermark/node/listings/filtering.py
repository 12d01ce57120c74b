"""The queries behind lists of listings."""

from django.db.models import QuerySet

from countermark.node.kernel.folding import fold, is_storable
from countermark.node.listings.models import Listing
from countermark.node.listings.shown import ListingFilters
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Words of one search that count; more would only cost.
MOST_WORDS = 8


def matching(member: Member, filters: ListingFilters) -> QuerySet[Listing]:
    """The listings of the member's organisation under the filters, in no order.

    Raises NotPermitted (LISTINGS_VIEW; PERSONAL_DATA_VIEW to search by a shop's name).
    """
    member.require(Permission.LISTINGS_VIEW)
    found = Listing.objects.filter(organisation_id=member.organisation_id)
    texts = (filters.words, filters.marketplace, filters.seller, filters.seller_name, filters.brand_text)
    if not is_storable(*texts, filters.currency, filters.import_id):
        return found.none()
    exact = {
        "marketplace": filters.marketplace,
        "seller__core_id": filters.seller,
        "source_import__public_id": filters.import_id,
        "price_currency": filters.currency.upper(),
    }
    found = found.filter(**{field: value for field, value in exact.items() if value})
    for word in fold(filters.words).split()[:MOST_WORDS]:
        found = found.filter(search_text__contains=word)
    if filters.brand_text:
        found = found.filter(brand_text__icontains=filters.brand_text)
    if filters.seller_name:
        member.require(Permission.PERSONAL_DATA_VIEW)
        found = found.filter(seller__search_text__contains=fold(filters.seller_name))
    return _ranges(found, filters)


def _ranges(found: QuerySet[Listing], filters: ListingFilters) -> QuerySet[Listing]:
    if filters.has_picture is not None:
        found = found.filter(picture_count__gt=0) if filters.has_picture else found.filter(picture_count=0)
    if filters.currency and filters.price_low is not None:
        found = found.filter(price_amount__gte=filters.price_low)
    if filters.currency and filters.price_high is not None:
        found = found.filter(price_amount__lte=filters.price_high)
    if filters.captured_since:
        found = found.filter(captured_at__gte=filters.captured_since)
    return found.filter(captured_at__lt=filters.captured_until) if filters.captured_until else found
