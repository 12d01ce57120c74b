"""What screens are given: frozen records, complete, with nothing left to fetch."""

from dataclasses import dataclass
from datetime import date, datetime

from countermark.model import Finding, Kind, Level, Listing, Price
from countermark.node.findings.filters import ScanChoices, ScanScope
from countermark.node.findings.states import FindingState, ScanState


@dataclass(frozen=True, slots=True)
class Capped:
    """A count that stops counting where people stop caring.

    Attributes:
        value: the count, at most the cap.
        more: the true count is above `value`.
    """

    value: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.value:,}+" if self.more else f"{self.value:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding as a line of a list. Holds no seller name: lists spread no personal data.

    Attributes:
        core_id: `fnd_…`, in addresses.
        listing_id: the listing's id in addresses of the listings pages.
        title, title_language: as the listing shows it.
        brand: the house whose rights may be infringed.
        marketplace, external_id: where the listing is.
        kind, level: what sort of finding, and its risk as a word.
        expected_harm: harm points; orders the queue.
        state: where it stands.
        found_at: when it was first found (UTC).
        price: as asked, None when the listing shows none.
        capture_id: the first picture kept, None when there is none.
    """

    core_id: str
    listing_id: str
    title: str
    title_language: str | None
    brand: str
    marketplace: str
    external_id: str
    kind: Kind
    level: Level
    expected_harm: float
    state: FindingState
    found_at: datetime
    price: Price | None
    capture_id: str | None


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One page of a list; `next_cursor` is None on the last."""

    rows: tuple[FindingRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture on either side of the pair.

    Attributes:
        capture_id: `cap_…`; None when the bytes were never had: the page then says so.
        uri: as the records name it; reasons refer to it.
        matched: some reason of the finding rests on this picture.
        width, height: in pixels, 0 when unknown.
    """

    capture_id: str | None
    uri: str
    matched: bool
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RightShown:
    """The right a finding rests on, as far as a reviewer needs it; `withdrawn`: nothing may rely on it any more."""

    id: str
    title: str
    kind: str
    mark: str
    mark_language: str | None
    office: str
    number: str
    territories: tuple[str, ...]
    classes: tuple[int, ...]
    status: str
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerShown:
    """The shop that offers the listing. Its name may be a person's: seeing it needs a permission and is logged.

    Attributes:
        id: `slr_…`.
        external_id: the marketplace's own id of the shop.
        name: empty when `name_hidden`.
        name_hidden: the member lacks Permission.PERSONAL_DATA_VIEW.
        country: ISO 3166-1 alpha-2, None when not said.
        since: day the shop opened.
        sales: completed sales the marketplace reports.
    """

    id: str
    external_id: str
    name: str
    name_hidden: bool
    country: str | None
    since: date | None
    sales: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDetail:
    """Everything a page about one finding needs.

    Attributes:
        row: the finding as a list shows it.
        record: the finding as the engine made it; never changes.
        listing: the listing as last captured; its seller's name is empty where `seller.name_hidden`.
        listing_changed: the listing was captured again with other content after this finding was made.
        seller: the shop.
        right: the right that carries most weight; None when only the house is known or the right is gone.
        offered, protected: pictures on either side; the matched ones first.
        scan_id: `scn_…`, the scan that first made it; None for findings loaded otherwise.
        superseded_by: `fnd_…` that took its place.
        reviewed_by: user who decided last, None when nobody has.
    """

    row: FindingRow
    record: Finding
    listing: Listing
    listing_changed: bool
    seller: SellerShown
    right: RightShown | None
    offered: tuple[Picture, ...]
    protected: tuple[Picture, ...]
    scan_id: str | None
    superseded_by: str | None
    reviewed_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartProblem:
    """A part of a scan that was given up, and why."""

    number: int
    listings: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusableShown:
    """A picture of a listing that a scan could not use.

    Attributes:
        listing_id: `lst_…`, in addresses; external_id as its marketplace calls it.
        position: which of its pictures, from 0; named as the file named it.
        lack: `never_came` (its bytes were never given), `lost` (the store no longer has them) or `refused`.
        why: one sentence; mend: one sentence of a refused one, otherwise the lack says what to do.
        scan_id: `scn_…` that saw it.
    """

    listing_id: str
    marketplace: str
    external_id: str
    position: int
    named: str
    lack: str
    why: str
    mend: str
    scan_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanShown:
    """A scan as its page shows it.

    Attributes:
        id: `scn_…`.
        scope: which listings; `scope_name` in words a person chose (marketplace, name of the imported file, title of
            the right).
        listings_total: None until counted.
        findings_made: new findings; findings that an earlier scan already had are not counted again.
        findings_lapsed: findings of earlier scans that this one no longer finds.
        pictures_unreadable: pictures of its listings that it could not use; those on the web are not among them.
        problems: parts given up, at most 20.
        reason: why it failed, empty otherwise.
        choices: what it did beyond the usual.
        market_learnt_at: when the usual prices it compares with were learnt; None while it has none.
    """

    id: str
    state: ScanState
    scope: ScanScope
    scope_name: str
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    listings_total: int | None
    listings_done: int
    findings_made: int
    findings_lapsed: int
    pictures_unreadable: int
    parts_total: int
    parts_done: int
    cancel_requested: bool
    reason: str
    engine_version: str
    policy_hash: str
    reference_hash: str
    choices: ScanChoices
    market_learnt_at: datetime | None
    problems: tuple[PartProblem, ...] = ()

    @property
    def share_done(self) -> float:
        """Progress in [0, 1]; 0 until the listings are counted."""
        return min(1.0, self.listings_done / self.listings_total) if self.listings_total else 0.0
