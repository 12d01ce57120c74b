"""Scan: one pure function from listings to findings, and drivers that run it."""

from countermark.scan.journal import Journal, JournalMismatch
from countermark.scan.local import ScanTally, WorkerLost, scan_batches
from countermark.scan.plan import ScanPlan, all_specs

__all__ = ["Journal", "JournalMismatch", "ScanPlan", "ScanTally", "WorkerLost", "all_specs", "scan_batches"]
