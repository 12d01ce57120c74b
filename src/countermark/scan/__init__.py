"""Scan: one pure function from listings to findings, and drivers that run it."""

from countermark.scan.folders import Engine, FolderTally, problems_of, scan_folder
from countermark.scan.journal import Journal, JournalMismatch
from countermark.scan.local import ScanTally, WorkerLost, scan_batches
from countermark.scan.look_back import LookBack
from countermark.scan.market import MarketTable, learn_market
from countermark.scan.parts import PartRunner, currencies_of
from countermark.scan.pictures import in_words
from countermark.scan.places import PlaceRefused, is_remote, shown, why
from countermark.scan.plan import ScanPlan, all_specs, reference_hash_of

__all__ = [
    "Engine",
    "FolderTally",
    "Journal",
    "JournalMismatch",
    "LookBack",
    "MarketTable",
    "PartRunner",
    "PlaceRefused",
    "ScanPlan",
    "ScanTally",
    "WorkerLost",
    "all_specs",
    "currencies_of",
    "in_words",
    "is_remote",
    "learn_market",
    "problems_of",
    "reference_hash_of",
    "scan_batches",
    "scan_folder",
    "shown",
    "why",
]
