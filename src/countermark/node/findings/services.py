"""Start, cancel and run scans. Pages call the first three; workers call the rest."""

from django.db import transaction

from countermark.model import RightStatus
from countermark.node.audit import services as audit
from countermark.node.findings import selectors
from countermark.node.findings.beside import can_read
from countermark.node.findings.engine import ENGINE_VERSION
from countermark.node.findings.filters import ScanChoices, ScanScope
from countermark.node.findings.models import Scan, ScanPart
from countermark.node.findings.parts import ClaimedPart, claim_part, release_claims, run_part, workers_claiming
from countermark.node.findings.progress import settle
from countermark.node.findings.shown import ScanShown
from countermark.node.findings.snapshots import choices_of_the_last_scan, snapshot_now
from countermark.node.findings.states import ENDED, ScanState
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.listings.models import Import, Listing
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights.models import Right

__all__ = [
    "ClaimedPart",
    "can_read",
    "cancel_scan",
    "claim_part",
    "look_back",
    "release_claims",
    "request_scan",
    "retry_failed",
    "run_part",
    "workers_claiming",
]

EVERYTHING = ScanScope()
AS_USUAL = ScanChoices()


def request_scan(member: Member, scope: ScanScope = EVERYTHING, choices: ScanChoices = AS_USUAL) -> str:
    """Order a scan of the listings in scope with the rights and the policy of this moment; gives its id (`scn_…`).

    Raises NotPermitted (Permission.SCANS_RUN), Invalid (unknown marketplace or import; no rights to compare with;
    words in pictures cannot be read here).
    """
    member.require(Permission.SCANS_RUN)
    if choices.reading and not can_read():
        raise Invalid.of(
            "reading", "cannot-read", "Words in pictures cannot be read here.", 'Install "countermark[pictures]".'
        )
    with transaction.atomic():
        source = _check_scope(member, scope)
        scan = Scan.objects.create(
            organisation_id=member.organisation_id,
            public_id=new_id("scn"),
            requested_by_id=member.user_id,
            scope_marketplace=scope.marketplace,
            scope_import=source,
            snapshot=snapshot_now(member, choices),
            engine_version=ENGINE_VERSION,
        )
        ScanPart.objects.create(scan=scan, number=0)
        detail: dict[str, str | int] = {"marketplace": scope.marketplace, "import": scope.import_id}
        detail |= {"logos": int(choices.logos), "reading": int(choices.reading)}
        _record(member, scan, "scan.requested", {key: value for key, value in detail.items() if value})
    return scan.public_id


def look_back(member: Member, right_id: str) -> str:
    """Order a look at every listing held, for what one right (`rgt_…`) changes; gives the id of the scan (`scn_…`).

    One that is under way with the same rights is not ordered again: its id is given. One that began before the rights
    changed is asked to stop, as the new one looks at everything it would have looked at.
    Raises NotPermitted (Permission.SCANS_RUN), NotFound, Conflict (nothing relies on the right, or it has neither
    words nor pictures to look for).
    """
    member.require(Permission.SCANS_RUN)
    with transaction.atomic():
        right = _right_to_look_for(member, right_id)
        snapshot = snapshot_now(member, choices_of_the_last_scan(member))
        earlier = Scan.objects.select_for_update().filter(scope_right=right).exclude(state__in=sorted(ENDED))
        for scan in earlier.order_by("pk"):
            if (scan.snapshot_id, scan.engine_version, scan.cancel_requested) == (snapshot.pk, ENGINE_VERSION, False):
                return scan.public_id
            if not scan.cancel_requested:
                _ask_to_stop(member, scan)
        scan = Scan.objects.create(
            organisation_id=member.organisation_id,
            public_id=new_id("scn"),
            requested_by_id=member.user_id,
            scope_right=right,
            snapshot=snapshot,
            engine_version=ENGINE_VERSION,
        )
        ScanPart.objects.create(scan=scan, number=0)
        _record(member, scan, "scan.requested", {"right": right_id})
    return scan.public_id


def cancel_scan(member: Member, scan_id: str) -> ScanShown:
    """Ask a scan to stop: parts not begun are cancelled, a running one stops at its next slice.

    Findings already committed stay. Raises NotPermitted (Permission.SCANS_CANCEL), NotFound, Conflict (it has ended).
    """
    member.require(Permission.SCANS_CANCEL)
    with transaction.atomic():
        scan = _lock(member, scan_id)
        if scan.state in ENDED:
            raise Conflict(f"This scan has already ended ({scan.state}).", code="scan-ended")
        _ask_to_stop(member, scan)
    return selectors.scan(member, scan_id)


def retry_failed(member: Member, scan_id: str) -> ScanShown:
    """Put the parts that were given up back into the queue, with the same references.

    Raises NotPermitted (Permission.SCANS_RUN), NotFound, Conflict (no part of it has failed).
    """
    member.require(Permission.SCANS_RUN)
    with transaction.atomic():
        scan = _lock(member, scan_id)
        failed = scan.parts.filter(state=ScanPart.State.FAILED)
        again = failed.update(state=ScanPart.State.QUEUED, attempts=0, reason="", claimed_by="", claimed_until=None)
        if not again:
            raise Conflict("No part of this scan has failed.", code="nothing-failed")
        scan.state = ScanState.RUNNING if scan.parts_total else ScanState.QUEUED
        scan.cancel_requested, scan.ended_at, scan.reason = False, None, ""
        scan.save(update_fields=["state", "cancel_requested", "ended_at", "reason"])
        _record(member, scan, "scan.retried", {"parts": again})
    return selectors.scan(member, scan_id)


def _ask_to_stop(member: Member, scan: Scan) -> None:
    scan.cancel_requested = True
    scan.save(update_fields=["cancel_requested"])
    scan.parts.filter(state=ScanPart.State.QUEUED).update(state=ScanPart.State.CANCELLED)
    _record(member, scan, "scan.cancel_requested")
    settle(scan)


def _right_to_look_for(member: Member, right_id: str) -> Right:
    """The right, locked so that two people who press the button order one look-back."""
    # No key of it changes: a worker that stores a finding of the right meanwhile need not wait, and nor must we.
    rows = Right.objects.select_for_update(no_key=True).filter(organisation_id=member.organisation_id)
    right = rows.filter(core_id=right_id).first() if is_storable(right_id) else None
    if right is None:
        raise NotFound("right", right_id)
    if right.withdrawn_at or right.status == RightStatus.LAPSED:
        raise Conflict("Nothing relies on this right: it is withdrawn or lapsed.", code="right-not-relied-on")
    if not (right.mark or right.aliases or right.references.exists()):
        raise Conflict(
            "This right has neither words nor pictures to look for. Add some first.", code="nothing-to-look-for"
        )
    return right


def _check_scope(member: Member, scope: ScanScope) -> Import | None:
    """The import of the scope, if any; Invalid when the organisation has no such import or marketplace."""
    own = Listing.objects.filter(organisation_id=member.organisation_id)
    known = is_storable(scope.marketplace) and own.filter(marketplace=scope.marketplace).exists()
    if scope.marketplace and not known:
        raise Invalid.of(
            "marketplace", "marketplace-unknown", "No listing here is from that marketplace.", "Choose one."
        )
    if not scope.import_id:
        return None
    imports = Import.objects.filter(organisation_id=member.organisation_id, public_id=scope.import_id)
    found = imports.first() if is_id("imp", scope.import_id) else None
    if found is None:
        raise Invalid.of("import", "import-unknown", "There is no such import here.", "Choose one from the list.")
    return found


def _lock(member: Member, scan_id: str) -> Scan:
    scans = Scan.objects.select_for_update().filter(organisation_id=member.organisation_id, public_id=scan_id)
    scan = scans.first() if is_id("scn", scan_id) else None
    if scan is None:
        raise NotFound("scan", scan_id)
    return scan


def _record(member: Member, scan: Scan, action: str, detail: dict[str, str | int] | None = None) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=scan.public_id,
        detail=detail or {},
    )
