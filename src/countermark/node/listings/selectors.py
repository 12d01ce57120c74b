"""Read listings, shops and imports, as one member sees them."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from django.db.models import Model, Prefetch, QuerySet

from countermark import model
from countermark.model import Condition
from countermark.node.audit import services as audit
from countermark.node.evidence.purchases.paper_facts import Offer
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.pages import page_by_row
from countermark.node.listings.filtering import matching
from countermark.node.listings.models import Import, ImportProblem, Listing, ListingPicture, Seller
from countermark.node.listings.records import as_record, image_of, price_of
from countermark.node.listings.shown import (
    ImportPage,
    ImportReport,
    ImportShown,
    ListingFilters,
    ListingPage,
    ListingRow,
    ListingShown,
    PictureShown,
    ProblemShown,
    SellerShown,
)
from countermark.node.listings.states import ImportState
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

__all__ = [
    "ListingFilters",
    "any_listing",
    "as_record",
    "batches",
    "count",
    "import_report",
    "import_summary",
    "imports",
    "listing",
    "listings",
    "marketplaces",
    "seller",
]

EVERYTHING = ListingFilters()
#: A count stops here: beyond it nobody reads on.
COUNT_CAP = 10_000

_PICTURES = Prefetch("pictures", ListingPicture.objects.select_related("capture").order_by("position"))


def listings(member: Member, filters: ListingFilters = EVERYTHING, cursor: str = "", size: int = 50) -> ListingPage:
    """One page of listings, the latest brought in first. Raises NotPermitted (LISTINGS_VIEW)."""
    # First which rows, then the rows: the first question is answered from an index alone, however rare the words.
    found, following = page_by_row(matching(member, filters).only("pk"), cursor, size)
    rows = Listing.objects.filter(pk__in=[row.pk for row in found]).select_related("seller").order_by("-pk")
    shown = rows.defer("description", "search_text", "category", "url").prefetch_related(_PICTURES)
    return ListingPage(tuple(_row(row) for row in shown), following)


def count(member: Member, filters: ListingFilters = EVERYTHING) -> int:
    """How many listings there are under the filters, counted up to COUNT_CAP + 1. Raises NotPermitted."""
    return _capped(matching(member, filters))


def seller_country(member: Member, listing_id: str) -> str:
    """Country where the shop of a listing says to be, empty when not said or not known. Raises NotPermitted."""
    member.require(Permission.LISTINGS_VIEW)
    rows = Listing.objects.filter(organisation_id=member.organisation_id, core_id=listing_id[:30])
    return str(rows.values_list("seller__country", flat=True).first() or "")


def listing(member: Member, listing_id: str) -> ListingShown:
    """One listing with its shop and pictures; seeing the shop's name is written to the trail.

    Raises NotPermitted (LISTINGS_VIEW), NotFound.
    """
    member.require(Permission.LISTINGS_VIEW)
    rows = Listing.objects.filter(organisation_id=member.organisation_id, core_id=listing_id)
    rows = rows.select_related("seller", "source_import").prefetch_related(_PICTURES)
    row = rows.first() if is_storable(listing_id) else None
    if row is None:
        raise NotFound("listing", listing_id)
    shown = _seller(member, row.seller, {"listing": row.core_id})
    record = as_record(row)
    if shown.name_hidden:
        record = msgspec.structs.replace(record, seller=msgspec.structs.replace(record.seller, name=""))
    return ListingShown(
        row=_row(row),
        record=record,
        seller=shown,
        pictures=tuple(_picture(picture) for picture in row.pictures.all()),
        import_id=row.source_import.public_id if row.source_import else None,
        first_seen_at=row.first_seen_at,
        updated_at=row.updated_at,
    )


def offer_of(member: Member, listing_id: str) -> Offer | None:
    """A listing as the exhibit of a purchase from it shows it; None where it is not known, or not to this member."""
    if not member.may(Permission.LISTINGS_VIEW):
        return None
    try:
        found = listing(member, listing_id).record
    except NotFound:
        return None
    return Offer(str(found.title), found.marketplace, found.seller.name, found.url or "")


def seller(member: Member, seller_id: str) -> SellerShown:
    """One shop; seeing its name is written to the trail. Raises NotPermitted (LISTINGS_VIEW), NotFound."""
    member.require(Permission.LISTINGS_VIEW)
    rows = Seller.objects.filter(organisation_id=member.organisation_id, core_id=seller_id)
    row = rows.first() if is_storable(seller_id) else None
    if row is None:
        raise NotFound("seller", seller_id)
    return _seller(member, row, {}, listings=_capped(Listing.objects.filter(seller=row)))


def any_listing(member: Member) -> bool:
    """Whether the organisation has any listing. Raises NotPermitted (LISTINGS_VIEW)."""
    member.require(Permission.LISTINGS_VIEW)
    return Listing.objects.filter(organisation_id=member.organisation_id).exists()


def marketplaces(member: Member) -> tuple[str, ...]:
    """Every marketplace that a listing is from, sorted: the choices of a filter. Raises NotPermitted."""
    member.require(Permission.LISTINGS_VIEW)
    own = Listing.objects.filter(organisation_id=member.organisation_id).order_by("marketplace")
    names = own.values_list("marketplace", flat=True)
    found: list[str] = []
    # One step in the index for each name, where DISTINCT would read every listing.
    while (name := names.filter(marketplace__gt=found[-1] if found else "").first()) is not None:
        found.append(name)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some listings as the core's records, and the row to go on from."""

    last_row: int
    records: list[model.Listing]


def batches(member: Member, after_id: int = 0, size: int = 1000) -> Iterator[Batch]:
    """Every listing of the organisation as the core's records, in the order of their rows, in bounded memory.

    Args:
        member: who reads; needs LISTINGS_VIEW.
        after_id: row to begin after (`Batch.last_row` of an earlier batch).
        size: listings in one batch.
    """
    member.require(Permission.LISTINGS_VIEW)
    rows = Listing.objects.filter(organisation_id=member.organisation_id).select_related("seller")
    rows = rows.prefetch_related(_PICTURES).order_by("pk")
    while piece := list(rows.filter(pk__gt=after_id)[:size]):
        after_id = piece[-1].pk
        yield Batch(after_id, [as_record(row) for row in piece])


def imports(member: Member, cursor: str = "", size: int = 50) -> ImportPage:
    """One page of imports, newest first. Raises NotPermitted (LISTINGS_VIEW)."""
    member.require(Permission.LISTINGS_VIEW)
    found = Import.objects.filter(organisation_id=member.organisation_id).select_related("requested_by")
    rows, following = page_by_row(found, cursor, size)
    return ImportPage(tuple(summary_of(row) for row in rows), following)


def import_summary(member: Member, import_id: str) -> ImportShown:
    """One import and how far it is, without its problems. Raises NotPermitted (LISTINGS_VIEW), NotFound."""
    return summary_of(_import(member, import_id))


def import_report(member: Member, import_id: str, cursor: str = "", size: int = 50) -> ImportReport:
    """One import with a page of what was wrong with the file, in its order. Raises NotPermitted, NotFound.

    What a problem quotes from the file may name a person, so it is shown only with PERSONAL_DATA_VIEW.
    """
    row = _import(member, import_id)
    problems = ImportProblem.objects.filter(source_import=row)
    page, following = page_by_row(problems, cursor, size, newest_first=False)
    quoted = member.may(Permission.PERSONAL_DATA_VIEW)
    return ImportReport(
        summary=summary_of(row),
        problems=tuple(_problem(problem, quoted=quoted) for problem in page),
        next_cursor=following,
        problems_kept=problems.count(),
    )


def summary_of(row: Import) -> ImportShown:
    """An import row (with `requested_by` loaded) as its record."""
    by = row.requested_by
    return ImportShown(
        id=row.public_id,
        name=row.name,
        state=ImportState(row.state),
        requested_by=(by.name or by.email) if by else "",
        requested_at=row.requested_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        size=row.size,
        bytes_done=row.bytes_done,
        rows_good=row.rows_good,
        rows_new=row.rows_new,
        rows_changed=row.rows_changed,
        rows_older=row.rows_older,
        problems_total=row.problems_total,
        pictures_kept=row.pictures_kept,
        pictures_missing=row.pictures_missing,
        cancel_requested=row.cancel_requested,
        reason=row.reason,
    )


def _import(member: Member, import_id: str) -> Import:
    member.require(Permission.LISTINGS_VIEW)
    rows = Import.objects.select_related("requested_by")
    rows = rows.filter(organisation_id=member.organisation_id, public_id=import_id)
    row = rows.first() if is_id("imp", import_id) else None
    if row is None:
        raise NotFound("import", import_id)
    return row


def _capped(rows: QuerySet[Listing]) -> int:
    inner: QuerySet[Model] = rows.order_by().values("pk")[: COUNT_CAP + 1]  # type: ignore[assignment]
    return inner.count()


def _row(row: Listing) -> ListingRow:
    pictures = list(row.pictures.all())
    return ListingRow(
        id=row.core_id,
        marketplace=row.marketplace,
        external_id=row.external_id,
        title=row.title,
        title_language=row.title_language,
        brand_text=row.brand_text,
        condition=Condition(row.condition),
        price=price_of(row),
        seller_id=row.seller.core_id,
        captured_at=row.captured_at,
        capture_id=next((picture.capture.public_id for picture in pictures if picture.capture), None),
        pictures=len(pictures),
    )


def _picture(picture: ListingPicture) -> PictureShown:
    kept = picture.capture
    return PictureShown(
        capture_id=kept.public_id if kept else None,
        uri=image_of(picture).uri,
        named=picture.uri,
        problem=picture.problem,
        width=kept.width if kept else 0,
        height=kept.height if kept else 0,
    )


def _seller(member: Member, row: Seller, detail: dict[str, str], listings: int | None = None) -> SellerShown:
    named = member.may(Permission.PERSONAL_DATA_VIEW)
    if named:
        audit.record(
            actor=member.actor,
            organisation=member.organisation_id,
            action="seller.viewed",
            target=row.core_id,
            detail=dict(detail),
        )
    return SellerShown(
        id=row.core_id,
        marketplace=row.marketplace,
        external_id=row.external_id,
        name=row.name if named else "",
        name_hidden=not named,
        country=row.country,
        since=row.since,
        sales=row.sales,
        seen_at=row.seen_at,
        listings=listings,
    )


def _problem(problem: ImportProblem, *, quoted: bool) -> ProblemShown:
    return ProblemShown(
        row=problem.row,
        field=problem.field,
        code=problem.code,
        message=problem.message,
        mend=problem.mend,
        excerpt=problem.excerpt if quoted else "",
    )
