"""Pages of findings: fifty rows in two questions, however many there are."""

from decimal import Decimal

from django.db.models import F, QuerySet

from countermark.model import Kind, Level, Price
from countermark.node.findings.cursor import Cursor
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import ORDER, after
from countermark.node.findings.shown import FindingPage, FindingRow
from countermark.node.findings.states import FindingState
from countermark.node.listings.models import ListingPicture

#: Rows on one page at most.
LONGEST_PAGE = 200


def page_of(found: QuerySet[Finding], cursor: str, size: int) -> FindingPage:
    """The rows after a cursor, in the order of the queue; one row more tells whether there is a next page."""
    size = max(1, min(size, LONGEST_PAGE))
    wanted = after(found, Cursor.read(cursor)).order_by(*ORDER)
    rows = list(
        wanted.select_related("listing").defer("record", "listing__description", "listing__search_text")[: size + 1]
    )
    shown = rows[:size]
    thumbs = _first_pictures(shown)
    more = len(rows) > size
    return FindingPage(
        rows=tuple(row_of(row, thumbs.get(row.listing_id)) for row in shown),
        next_cursor=Cursor(shown[-1].expected_harm, shown[-1].pk).token() if more else None,
    )


def row_of(finding: Finding, capture_id: str | None) -> FindingRow:
    """A finding (with its listing loaded) as a line of a list."""
    listing = finding.listing
    return FindingRow(
        core_id=finding.core_id,
        listing_id=listing.core_id,
        title=listing.title,
        title_language=listing.title_language,
        brand=finding.brand,
        marketplace=finding.marketplace,
        external_id=listing.external_id,
        kind=Kind(finding.kind),
        level=Level(finding.level),
        expected_harm=finding.expected_harm,
        state=FindingState(finding.state),
        found_at=finding.found_at,
        price=Price(Decimal(listing.price_exact), listing.price_currency) if listing.price_currency else None,
        capture_id=capture_id,
    )


def _first_pictures(rows: list[Finding]) -> dict[int, str]:
    """The first picture kept of each listing, as a capture id, by the listing's row."""
    pictures = ListingPicture.objects.filter(listing_id__in={row.listing_id for row in rows}, capture__isnull=False)
    first: dict[int, str] = {}
    ordered = pictures.order_by("listing_id", "position").values_list("listing_id", F("capture__public_id"))
    for listing, capture in ordered:
        first.setdefault(listing, capture)
    return first
