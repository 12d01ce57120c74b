"""Read scans and findings, always as one member sees them."""

from countermark.node.findings.explaining import Explanation
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.shown import Capped, FindingDetail, FindingPage, ScanShown
from countermark.node.parties.access import Member
from countermark.model import Level


def findings(
    member: Member, filters: FindingFilters = FindingFilters(), cursor: str = "", size: int = 50
) -> FindingPage:
    """One page of findings, most expected harm first, among equals the older first."""
    raise NotImplementedError


def queue_page(member: Member, filters: FindingFilters, cursor: str = "", size: int = 50) -> FindingPage:
    """One page of findings that wait for a person: `findings` with `filters.states` narrowed to the queues."""
    raise NotImplementedError


def finding(member: Member, core_id: str) -> FindingDetail:
    """One finding with its listing, seller, right and pictures; NotFound when the organisation has none of that id."""
    raise NotImplementedError


def explanation(detail: FindingDetail) -> Explanation:
    """The finding in words: summary, reasons for and against, versions."""
    raise NotImplementedError


def level_counts(member: Member, filters: FindingFilters) -> dict[Level, Capped]:
    """How many findings there are at each level, counted up to a cap (10,000)."""
    raise NotImplementedError


def brands_and_marketplaces(member: Member) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values that filters may take: every house and every marketplace with a current finding, sorted."""
    raise NotImplementedError


def scans(member: Member, before: str = "", size: int = 50) -> tuple[ScanShown, ...]:
    """Scans, newest first; `before` is the id of the last one on the page before."""
    raise NotImplementedError


def scan(member: Member, scan_id: str) -> ScanShown:
    """One scan with its progress and the parts that were given up; NotFound."""
    raise NotImplementedError
