"""Pages of findings: fifty rows in one question to the database, however many there are."""

from django.db.models import OuterRef, QuerySet, Subquery

from countermark.model import Kind, Level
from countermark.node.findings.cursor import Cursor
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import ORDER, after
from countermark.node.findings.shown import FindingPage, FindingRow
from countermark.node.findings.states import FindingState
from countermark.node.listings.models import ListingPicture
from countermark.node.listings.records import price_of

#: Rows on one page at most.
LONGEST_PAGE = 200


def page_of(found: QuerySet[Finding], cursor: str, size: int) -> FindingPage:
    """The rows after a cursor, in the order of the queue; one row more tells whether there is a next page."""
    size = max(1, min(size, LONGEST_PAGE))
    wanted = after(found, Cursor.read(cursor)).order_by(*ORDER)
    return shown_page(list(in_rows(wanted)[: size + 1]), size)


def in_rows(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings with what a line of a list shows, the first picture among it, in one question."""
    kept = ListingPicture.objects.filter(listing_id=OuterRef("listing_id"), capture__isnull=False).order_by("position")
    rows = found.select_related("listing").defer("record", "listing__description", "listing__search_text")
    return rows.annotate(thumb=Subquery(kept.values("capture__public_id")[:1]))


def shown_page(rows: list[Finding], size: int) -> FindingPage:
    """Rows of `in_rows`, one more than the page holds when there is a next one, as a page."""
    page = rows[:size]
    return FindingPage(
        rows=tuple(row_of(row, getattr(row, "thumb", None)) for row in page),
        next_cursor=Cursor(page[-1].expected_harm, page[-1].pk).token() if len(rows) > size else None,
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
        price=price_of(listing),
        capture_id=capture_id,
    )
