"""What a worker does in one turn: kinds of work take turns, and so do scans, so that nobody waits behind a giant."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from countermark.node.channels import sending as channels
from countermark.node.evidence import collecting as evidence
from countermark.node.evidence import retaining
from countermark.node.evidence.purchases import stamps
from countermark.node.findings import services as findings
from countermark.node.findings.states import PartOutcome
from countermark.node.jobs.identity import surely_dead
from countermark.node.kernel.time import now
from countermark.node.listings import services as listings
from countermark.node.listings.states import ImportOutcome
from countermark.node.notices import reported, sending, statements
from countermark.node.notices.bulk import filing as notices

log = structlog.get_logger(__name__)

#: Seconds after which a timestamp authority that was away is asked again.
STAMP_PAUSE = 300.0
#: Seconds between two looks for statements that were decided before there was a channel for them.
_SWEEP_EVERY = 60.0


@dataclass
class Desk:
    """One worker's place: its name, when to stop, and whose turn it is.

    Attributes:
        worker: name under which it claims.
        keep_going: says no once the worker was told to stop.
    """

    worker: str
    keep_going: Callable[[], bool]
    _last_scan: int = 0
    _stamp_after: float = 0.0
    _kinds: deque[Callable[["Desk"], bool]] = field(
        default_factory=lambda: deque([Desk._import, Desk._part, Desk._capture, Desk._notices, Desk._channel])
    )
    _swept: float = float("-inf")

    def turn(self) -> bool:
        """Do one piece of work; says whether there was any."""
        for _ in range(len(self._kinds)):
            kind = self._kinds[0]
            self._kinds.rotate(-1)
            if kind(self):
                return True
        return False

    def rescue(self) -> int:
        """Give back what workers of this machine held when they were killed; says how many pieces."""
        rescued = 0
        for room in (findings, listings, evidence, channels):
            for worker in room.workers_claiming():
                if surely_dead(worker):
                    rescued += room.release_claims(worker)
        if rescued:
            log.warning("work.rescued", pieces=rescued)
        return rescued

    def tidy(self) -> int:
        """Delete the files of evidence whose time is over, and have purchases stamped; says how many were deleted."""
        self._stamp()
        deleted = retaining.delete_due(now().date())
        if deleted:
            log.info("work.retention", evidence=deleted)
        return deleted

    def _stamp(self) -> None:
        """Ask for the timestamps that purchases lack; after a refusal, not again for a while: others wait for us."""
        if time.monotonic() < self._stamp_after:
            return
        problems = stamps.stamp_waiting()
        if problems:
            self._stamp_after = time.monotonic() + STAMP_PAUSE
            log.warning("work.not_stamped", problems=len(problems))

    def _part(self) -> bool:
        claimed = findings.claim_part(self.worker, self._last_scan)
        if claimed is None:
            return False
        self._last_scan = claimed.scan
        outcome = findings.run_part(claimed, self.worker, self.keep_going)
        level = log.info if outcome in {PartOutcome.DONE, PartOutcome.CANCELLED} else log.warning
        level("work.part", scan=claimed.scan, number=claimed.number, outcome=outcome.value)
        return True

    def _import(self) -> bool:
        claimed = listings.claim_import(self.worker)
        if claimed is None:
            return False
        outcome = listings.run_import(claimed, self.worker, self.keep_going)
        level = log.info if outcome in {ImportOutcome.DONE, ImportOutcome.CANCELLED} else log.warning
        level("work.import", import_id=claimed, outcome=outcome.value)
        return True

    def _notices(self) -> bool:
        rows = notices.file_waiting()
        if rows:
            log.info("work.notices", rows=rows)
        return bool(rows)

    def _capture(self) -> bool:
        claimed = evidence.claim_capture(self.worker)
        if claimed is None:
            return False
        sealed = evidence.run_capture(claimed, self.worker)
        level = log.info if sealed else log.warning
        level("work.capture", evidence=claimed, sealed=sealed)
        return True

    def _channel(self) -> bool:
        """One batch through one channel, or one look at how things stand there; and what both mean for notices."""
        sending.send_due()
        if time.monotonic() - self._swept >= _SWEEP_EVERY:
            statements.hand_over_missed()
            self._swept = time.monotonic()
        claimed = channels.claim_channel(self.worker)
        went_well = claimed is not None and channels.run_channel(claimed, self.worker)
        reported.apply_all()
        if claimed is None:
            return False
        level = log.info if went_well else log.warning
        level("work.channel", channel=claimed, well=went_well)
        return True
