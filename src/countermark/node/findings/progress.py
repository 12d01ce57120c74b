"""Keep a scan's sums and its end in step with its parts. Everything here runs inside the caller's transaction."""

from countermark.node.audit import services as audit
from countermark.node.findings.models import Scan, ScanPart
from countermark.node.findings.states import ScanState
from countermark.node.kernel.time import now


def is_mine(part: ScanPart, worker: str) -> bool:
    """Whether the worker still holds the part; locks the part, so that the answer stays true until commit."""
    held = ScanPart.objects.select_for_update().filter(pk=part.pk, state=ScanPart.State.RUNNING, claimed_by=worker)
    return held.exists()


def settle(scan: Scan) -> None:
    """End the scan when no part is left to do. The caller holds the scan's row, so only one worker ends it."""
    left = scan.parts.filter(state__in=[ScanPart.State.QUEUED, ScanPart.State.RUNNING])
    if left.exists():
        return
    failed = scan.parts.filter(state=ScanPart.State.FAILED).count()
    if scan.cancel_requested:
        scan.state = ScanState.CANCELLED
    elif failed:
        scan.state = ScanState.FAILED
        scan.reason = (
            f"{failed} of {max(scan.parts_total, 1)} parts could not be scanned; what the others found is kept."
        )
    else:
        scan.state = ScanState.DONE
    scan.ended_at = now()
    # The sums stay; of the parts only those given up are of use. A short table keeps claims fast.
    scan.parts.exclude(state=ScanPart.State.FAILED).delete()
    scan.save(update_fields=["state", "ended_at", "reason"])
    audit.record(
        actor="worker",
        organisation=scan.organisation_id,
        action=f"scan.{scan.state}",
        target=scan.public_id,
        detail={"listings": scan.listings_done, "findings": scan.findings_made, "parts_failed": failed},
    )
