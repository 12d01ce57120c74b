"""Listings as screens are given them: frozen, complete, with nothing left to fetch."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from countermark.model import Condition, Listing, Price
from countermark.node.listings.states import ImportState


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFilters:
    """Conditions that must all hold; an empty one holds always.

    Attributes:
        words: each must occur in the title, the brand field or the id; capitals and widths do not count.
        marketplace: exact name.
        seller: `slr_…`.
        seller_name: a part of the shop's name; needs PERSONAL_DATA_VIEW.
        brand_text: a part of the listing's own brand field.
        has_picture: with at least one picture whose bytes are here (True), or without any (False).
        currency: ISO 4217; needed for a range of prices.
        price_low, price_high: both included, in units of the currency.
        captured_since, captured_until: the first included, the second not.
        import_id: `imp_…`, last brought in by it.
    """

    words: str = ""
    marketplace: str = ""
    seller: str = ""
    seller_name: str = ""
    brand_text: str = ""
    has_picture: bool | None = None
    currency: str = ""
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    captured_since: datetime | None = None
    captured_until: datetime | None = None
    import_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """One listing as a line of a list. Holds no seller name: lists spread no personal data.

    Attributes:
        id: `lst_…`, in addresses.
        seller_id: `slr_…`.
        capture_id: `cap_…` of the first picture whose bytes are here, None when there is none.
        pictures: how many pictures it names.
    """

    id: str
    marketplace: str
    external_id: str
    title: str
    title_language: str | None
    brand_text: str
    condition: Condition
    price: Price | None
    seller_id: str
    captured_at: datetime
    capture_id: str | None
    pictures: int


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of listings; `next_cursor` is None on the last."""

    rows: tuple[ListingRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShown:
    """One picture of a listing.

    Attributes:
        capture_id: `cap_…`; None when its bytes are not here, then `problem` says why.
        uri: as findings name it: `sha256:…` when its bytes are here.
        named: as the file named it.
        width, height: pixels, 0 when its bytes are not here.
    """

    capture_id: str | None
    uri: str
    named: str
    problem: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerShown:
    """A shop as last seen. Its name may be a person's: seeing it is logged.

    Attributes:
        id: `slr_…`.
        name: empty when `name_hidden`.
        name_hidden: the member may not see personal data.
        listings: how many of its listings are here, counted up to a cap; None where it was not counted.
    """

    id: str
    marketplace: str
    external_id: str
    name: str
    name_hidden: bool
    country: str | None
    since: date | None
    sales: int | None
    seen_at: datetime
    listings: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingShown:
    """Everything a page about one listing needs.

    Attributes:
        row: the listing as a list shows it.
        record: the core's record; the seller's name left out when the member may not see it.
        import_id: `imp_…` that brought it last, None when it came otherwise.
        first_seen_at: when it was first brought in; updated_at: when its content last changed (UTC).
    """

    row: ListingRow
    record: Listing
    seller: SellerShown
    pictures: tuple[PictureShown, ...]
    import_id: str | None
    first_seen_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportShown:
    """One file of listings, and how far it is.

    Attributes:
        id: `imp_…`.
        name: the file as its owner calls it.
        size, bytes_done: bytes of the file, and how many were read.
        rows_good: rows that were kept; of them `rows_new` were not known, `rows_changed` changed what was known,
            `rows_older` were older than what was known and left it as it is.
        problems_total: rows set aside and fields left out.
        pictures_kept, pictures_missing: pictures whose bytes came with the file, and those that did not.
        reason: why it failed, empty otherwise.
    """

    id: str
    name: str
    state: ImportState
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    size: int
    bytes_done: int
    rows_good: int
    rows_new: int
    rows_changed: int
    rows_older: int
    problems_total: int
    pictures_kept: int
    pictures_missing: int
    cancel_requested: bool
    reason: str

    @property
    def share_done(self) -> float:
        """Progress in [0, 1]."""
        if self.state is ImportState.DONE:
            return 1.0
        return min(1.0, self.bytes_done / self.size) if self.size else 0.0


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One page of imports, newest first; `next_cursor` is None on the last."""

    rows: tuple[ImportShown, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemShown:
    """A row that was set aside, or a field that was left out: row 0 is the file as a whole."""

    row: int
    field: str
    code: str
    message: str
    mend: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """An import with one page of what was wrong.

    Attributes:
        problems: in file order.
        next_cursor: None on the last page.
        problems_kept: how many of `problems_total` were kept in detail.
    """

    summary: ImportShown
    problems: tuple[ProblemShown, ...]
    next_cursor: str | None
    problems_kept: int
