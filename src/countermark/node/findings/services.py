"""Start, cancel and run scans. Pages call the first three; workers call the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from countermark.node.findings.filters import ScanScope
from countermark.node.findings.shown import ScanShown
from countermark.node.findings.states import PartOutcome
from countermark.node.parties.access import Member


@dataclass(frozen=True, slots=True)
class ClaimedPart:
    """A part of a scan in the hands of one worker."""

    part: int
    scan: int
    number: int


def request_scan(member: Member, scope: ScanScope = ScanScope()) -> str:
    """Order a scan of the listings in scope with the rights and the policy of this moment; gives its id (`scn_…`).

    Raises NotPermitted (Permission.SCANS_RUN), Invalid (unknown marketplace or import; no rights to compare with).
    """
    raise NotImplementedError


def cancel_scan(member: Member, scan_id: str) -> ScanShown:
    """Ask a scan to stop. Findings already committed stay. Cancelling an ended scan is a Conflict."""
    raise NotImplementedError


def retry_failed(member: Member, scan_id: str) -> ScanShown:
    """Put the parts that were given up back into the queue; Conflict when there are none."""
    raise NotImplementedError


def claim_part(worker: str, after_scan: int = 0) -> ClaimedPart | None:
    """Claim the next part that waits, or whose worker's claim has ended; scans take turns (`after_scan` was last)."""
    raise NotImplementedError


def run_part(claimed: ClaimedPart, worker: str, keep_going: Callable[[], bool] = lambda: True) -> PartOutcome:
    """Compute one claimed part and commit all of it in one transaction, or nothing.

    `keep_going` is asked between slices of the part; when it says no, the part is given back.
    """
    raise NotImplementedError


def release_parts(worker: str) -> int:
    """Give back every part that a worker known to be dead still claims; returns how many."""
    raise NotImplementedError


def workers_claiming() -> tuple[str, ...]:
    """Names of the workers that hold a claim right now."""
    raise NotImplementedError
