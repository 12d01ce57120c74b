"""Read scans and findings, always as one member sees them."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet

from countermark.model import Level
from countermark.node.findings import counting, detailing, paging
from countermark.node.findings.beside import choices_in
from countermark.node.findings.detailing_many import details_of_many
from countermark.node.findings.engine import policy_in_use
from countermark.node.findings.explaining import Explanation
from countermark.node.findings.explaining import explanation as _explanation
from countermark.node.findings.filters import FindingFilters, ScanScope
from countermark.node.findings.models import Scan, ScanPart, UnusablePicture
from countermark.node.findings.querying import matching, named
from countermark.node.findings.shown import Capped, FindingDetail, FindingPage, PartProblem, ScanShown, UnusableShown
from countermark.node.findings.states import ENDED, WAITING, ScanState
from countermark.node.findings.unusable import told
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Counts of findings stop here.
COUNT_CAP = 10_000
#: Parts that were given up, shown on a scan's page.
PROBLEMS_SHOWN = 20
#: Pictures that could not be used, shown on a scan's page and on a listing's.
PICTURES_SHOWN = 50
#: Scans that are under way at once are few; a list of them is never cut in practice.
UNDER_WAY_SHOWN = 100

ANY = FindingFilters()


def findings(member: Member, filters: FindingFilters = ANY, cursor: str = "", size: int = 50) -> FindingPage:
    """One page of findings, most expected harm first, among equals the older first.

    An empty or unreadable `cursor` begins at the start. Raises NotPermitted (Permission.FINDINGS_VIEW).
    """
    member.require(Permission.FINDINGS_VIEW)
    return paging.page_of(matching(member, filters), cursor, size)


def queue_page(member: Member, filters: FindingFilters = ANY, cursor: str = "", size: int = 50) -> FindingPage:
    """One page of findings that wait for a person: `findings`, narrowed to the queues.

    Which of them the member may take now is for `review.selectors.queue` to say.
    """
    member.require(Permission.FINDINGS_VIEW)
    waiting = matching(member, filters)
    if not filters.states or not filters.states <= WAITING:
        waiting = waiting.filter(state__in=sorted(WAITING))
    return paging.page_of(waiting, cursor, size)


def finding(member: Member, core_id: str) -> FindingDetail:
    """One finding with its listing, seller, right and pictures, superseded ones included.

    Seeing the seller's name is written to the audit trail. Raises NotPermitted (Permission.FINDINGS_VIEW), NotFound.
    """
    member.require(Permission.FINDINGS_VIEW)
    row = detailing.with_sides(named(member, core_id)).first()
    if row is None:
        raise NotFound("finding", core_id)
    return detailing.detail_of(member, row)


def findings_named(member: Member, core_ids: Sequence[str]) -> dict[str, FindingDetail]:
    """Findings by id for a batch of work, at most 1,000; those that are not there are not in the answer.

    No name of a seller is in it. Raises NotPermitted (Permission.FINDINGS_VIEW).
    """
    return details_of_many(member, core_ids)


def explanation(member: Member, detail: FindingDetail) -> Explanation:
    """The finding in the reader's language: summary, reasons for and against, what would change the word, versions."""
    return _explanation(detail.record, member.organisation_id)


def is_judged_as_now(detail: FindingDetail) -> bool:
    """Whether a scan of this moment would judge by the policy that made the finding."""
    return detail.record.policy_hash == policy_in_use().digest


def policy_hash() -> str:
    """SHA-256 of the policy that a scan of this moment would judge by, in hex."""
    return policy_in_use().digest


def policy_facts() -> dict[str, object]:
    """The policy in use, for whoever looks after the node: hash, whence, and the figures it was learned with."""
    policy, learned = policy_in_use(), policy_in_use().learned
    facts: dict[str, object] = {
        "policy": policy.digest,
        "from": "COUNTERMARK_POLICY" if settings.COUNTERMARK_POLICY else "shipped with the engine",
    }
    if learned is None:
        return facts | {"learned_from": "nothing: set by hand"}
    before, after = learned.before.calibration_error, learned.after.calibration_error
    return facts | {
        "learned_from": f"{learned.decisions:,} decisions, {learned.first[:10]} to {learned.last[:10]}",
        "calibration_error": f"{before:.3f} before, {after:.3f} after",
        "measured_on": f"{learned.after.decisions:,} newest decisions",
    }


def level_counts(member: Member, filters: FindingFilters = ANY) -> dict[Level, Capped]:
    """How many findings each level has under the other filters, highest first; counted up to a cap (10,000)."""
    member.require(Permission.FINDINGS_VIEW)
    queries = [matching(member, filters).filter(level=level) for level in Level]
    return dict(zip(Level, counting.count_up_to(COUNT_CAP, queries), strict=True))


def scans(member: Member, before: str = "", size: int = 50) -> tuple[ScanShown, ...]:
    """Scans, newest first; `before` is the id of the last one on the page before. Raises NotPermitted (SCANS_VIEW)."""
    member.require(Permission.SCANS_VIEW)
    rows = _scans(Scan.objects.filter(organisation_id=member.organisation_id))
    if is_id("scn", before):
        last = Scan.objects.filter(organisation_id=member.organisation_id, public_id=before).values("pk")
        rows = rows.filter(pk__lt=last[:1])
    return tuple(_scan_shown(row) for row in rows[: max(1, min(size, 200))])


def scan(member: Member, scan_id: str) -> ScanShown:
    """One scan with its progress and the parts that were given up. Raises NotPermitted (SCANS_VIEW), NotFound."""
    member.require(Permission.SCANS_VIEW)
    own = _scans(Scan.objects.filter(organisation_id=member.organisation_id, public_id=scan_id))
    row = own.first() if is_id("scn", scan_id) else None
    if row is None:
        raise NotFound("scan", scan_id)
    failed = row.parts.filter(state=ScanPart.State.FAILED).order_by("number")[:PROBLEMS_SHOWN]
    return _scan_shown(row, tuple(PartProblem(number=p.number, listings=p.listings, reason=p.reason) for p in failed))


def pictures_of_scan(member: Member, scan_id: str) -> tuple[UnusableShown, ...]:
    """Pictures that a scan could not use and no later scan looked at since, at most 50. Raises NotPermitted."""
    member.require(Permission.SCANS_VIEW)
    if not is_id("scn", scan_id):
        return ()
    of_scan = UnusablePicture.objects.filter(scan__public_id=scan_id, scan__organisation_id=member.organisation_id)
    return told(of_scan, PICTURES_SHOWN)


def pictures_of_listing(member: Member, listing_id: str) -> tuple[UnusableShown, ...]:
    """Pictures of a listing that the last scan to look at it could not use, in their order. Raises NotPermitted."""
    member.require(Permission.SCANS_VIEW)
    if not is_id("lst", listing_id):
        return ()
    own = UnusablePicture.objects.filter(picture__listing__organisation_id=member.organisation_id)
    return told(own.filter(picture__listing__core_id=listing_id), PICTURES_SHOWN)


def under_way(member: Member) -> tuple[ScanShown, ...]:
    """Scans that have not ended, oldest first. Raises NotPermitted (SCANS_VIEW)."""
    member.require(Permission.SCANS_VIEW)
    rows = Scan.objects.filter(organisation_id=member.organisation_id).exclude(state__in=sorted(ENDED))
    return tuple(_scan_shown(row) for row in _scans(rows).order_by("pk")[:UNDER_WAY_SHOWN])


def look_back(member: Member, right_id: str) -> ScanShown | None:
    """The newest look-back for a right (`rgt_…`), None when there was none. Raises NotPermitted (SCANS_VIEW)."""
    member.require(Permission.SCANS_VIEW)
    if not is_storable(right_id):
        return None
    own = Scan.objects.filter(organisation_id=member.organisation_id, scope_right__core_id=right_id)
    row = _scans(own.filter(scope_right__organisation_id=member.organisation_id)).first()
    return _scan_shown(row) if row else None


def listings_done(since: int = 0) -> tuple[int, int]:
    """For a worker that shows its progress: (listings looked at, listings in all) of the scans after a row number."""
    rows = Scan.objects.filter(pk__gt=since).values_list("listings_done", "listings_total")
    done = total = 0
    for looked_at, in_all in rows:
        done += looked_at
        total += in_all or 0
    return done, total


def any_under_way() -> bool:
    """For a worker: whether any scan of the node has not ended."""
    return Scan.objects.exclude(state__in=sorted(ENDED)).exists()


def last_ended_scan() -> int:
    """Row number of the newest scan before which all have ended; 0 when there is none."""
    first = Scan.objects.exclude(state__in=sorted(ENDED)).order_by("pk").values_list("pk", flat=True).first()
    if first is not None:
        return first - 1
    return Scan.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _scans(rows: QuerySet[Scan]) -> QuerySet[Scan]:
    return (
        rows.select_related("snapshot__market", "requested_by", "scope_import", "scope_right")
        .defer("snapshot__portfolio", "snapshot__policy", "snapshot__market__table")
        .order_by("-pk")
    )


def _scan_shown(row: Scan, problems: tuple[PartProblem, ...] = ()) -> ScanShown:
    source, right, who = row.scope_import, row.scope_right, row.requested_by
    return ScanShown(
        id=row.public_id,
        state=ScanState(row.state),
        scope=ScanScope(
            marketplace=row.scope_marketplace,
            import_id=source.public_id if source else "",
            right_id=right.core_id if right else "",
        ),
        scope_name=right.title if right else source.name if source else row.scope_marketplace,
        requested_by=(who.name or who.email) if who else "",
        requested_at=row.requested_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        listings_total=row.listings_total,
        listings_done=row.listings_done,
        findings_made=row.findings_made,
        findings_lapsed=row.findings_lapsed,
        pictures_unreadable=row.pictures_unreadable,
        parts_total=row.parts_total,
        parts_done=row.parts_done,
        cancel_requested=row.cancel_requested,
        reason=row.reason,
        engine_version=row.engine_version,
        policy_hash=row.snapshot.policy_hash,
        reference_hash=row.snapshot.reference_hash,
        choices=choices_in(row.snapshot),
        market_learnt_at=row.snapshot.market.learnt_at if row.snapshot.market else None,
        problems=problems,
    )
