"""The queries behind lists of listings: quick with a million of them, whatever the filter."""

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from countermark.node.kernel.folding import fold, is_storable
from countermark.node.listings.models import Import, Listing, Seller
from countermark.node.listings.shown import ListingFilters
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Words of one search that count; more would only cost.
MOST_WORDS = 8
#: Shops that a part of a name may stand for; beyond them the name says too little.
MOST_SHOPS = 1000
#: A range that holds more rows than this is wide.
WIDE = 5000


def matching(member: Member, filters: ListingFilters) -> QuerySet[Listing]:
    """The listings of the member's organisation under the filters, in no order.

    Raises NotPermitted (LISTINGS_VIEW; PERSONAL_DATA_VIEW to search by a shop's name).
    """
    member.require(Permission.LISTINGS_VIEW)
    own = Listing.objects.filter(organisation_id=member.organisation_id)
    texts = (filters.words, filters.marketplace, filters.seller, filters.seller_name, filters.brand_text)
    if not is_storable(*texts, filters.currency, filters.import_id):
        return own.none()
    found = _of_shops(_of_import(own, filters), member, filters)
    if filters.marketplace:
        found = found.filter(marketplace=filters.marketplace)
    if filters.has_picture is not None:
        # IN, as Django writes a bare column for True, which SQLite does not look up in an index.
        found = found.filter(has_picture__in=[filters.has_picture])
    found = _in_ranges(found, own, filters)
    for word in fold(filters.words).split()[:MOST_WORDS]:
        found = found.filter(search_text__contains=word)
    if filters.brand_text:
        # The first condition alone is read from an index, and leaves few rows for the second.
        found = found.filter(search_text__contains=fold(filters.brand_text), brand_text__icontains=filters.brand_text)
    return found


def _of_import(found: QuerySet[Listing], filters: ListingFilters) -> QuerySet[Listing]:
    if not filters.import_id:
        return found
    # By row number, not by a join: the database then sees how few (or many) rows there are.
    row = Import.objects.filter(public_id=filters.import_id).values_list("pk", flat=True).first()
    return found.filter(source_import_id=row) if row else found.none()


def _of_shops(found: QuerySet[Listing], member: Member, filters: ListingFilters) -> QuerySet[Listing]:
    shops = Seller.objects.filter(organisation_id=member.organisation_id)
    if filters.seller:
        found = found.filter(seller_id__in=_rows(shops.filter(core_id=filters.seller)))
    if filters.seller_name:
        member.require(Permission.PERSONAL_DATA_VIEW)
        found = found.filter(seller_id__in=_rows(shops.filter(search_text__contains=fold(filters.seller_name))))
    return found


def _rows(shops: QuerySet[Seller]) -> list[int]:
    return list(shops.order_by("-pk").values_list("pk", flat=True)[:MOST_SHOPS])


def _in_ranges(found: QuerySet[Listing], own: QuerySet[Listing], filters: ListingFilters) -> QuerySet[Listing]:
    if filters.currency:
        currency = filters.currency.upper()
        found, own_prices = found.filter(price_currency=currency), own.filter(price_currency=currency)
        found = _between(found, own_prices, "price_amount", gte=filters.price_low, lte=filters.price_high)
    return _between(found, own, "captured_at", gte=filters.captured_since, lt=filters.captured_until)


def _between(found: QuerySet[Listing], indexed: QuerySet[Listing], column: str, **bounds: object) -> QuerySet[Listing]:
    """Rows within bounds, read from the index of the column when they are few, in the order of the page otherwise.

    SQLite would take the index of the column even when half of all rows lie in the range, and then sort them all.
    """
    given = {bound: value for bound, value in bounds.items() if value is not None}
    if not given:
        return found
    inside = indexed.filter(**{f"{column}__{bound}": value for bound, value in given.items()})
    if inside.order_by().values("pk")[: WIDE + 1].count() <= WIDE:
        return found.filter(**{f"{column}__{bound}": value for bound, value in given.items()})
    hidden = found.alias(unindexed=Coalesce(F(column), F(column)))
    return hidden.filter(**{f"unindexed__{bound}": value for bound, value in given.items()})
