"""Stand-in plans for the drivers: they must be importable by a spawned worker."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from countermark.formats.arrow import FINDING_SCHEMA, findings_to_batch
from countermark.model import Finding, ImageSource, Kind, Level


def finding(number: int) -> Finding:
    """A finding that only its number tells apart."""
    return Finding(
        id=f"fnd_{number:026d}",
        listing_id="",
        marketplace="Bazaar",
        external_id=str(number),
        seller_id="",
        brand="Corvane",
        right_id="",
        kind=Kind.MASKED_MARK,
        risk=0.5,
        level=Level.MEDIUM,
        expected_harm=1.0,
        base=0.0,
        reasons=(),
        engine_version="test",
        policy_hash="",
        reference_hash="",
        listing_hash="",
    )


def numbers(first: int, count: int) -> pa.RecordBatch:
    """A batch of listings, as far as a stand-in plan needs one."""
    return pa.RecordBatch.from_pydict({"number": list(range(first, first + count))})


@dataclass(frozen=True)
class EchoPlan:
    """Finds every even number."""

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        even = [n for n in batch.column("number").to_pylist() if n % 2 == 0]
        return findings_to_batch([finding(n) for n in even]) if even else FINDING_SCHEMA.empty_table().to_batches()[0]


@dataclass(frozen=True)
class DyingPlan(EchoPlan):
    """Kills its own process at one number, as often as there are marks left in a folder."""

    folder: Path
    at: int

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        if self.at in batch.column("number").to_pylist():
            for mark in sorted(self.folder.glob("die-*")):
                mark.unlink()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().run_arrow(batch, images)


@dataclass(frozen=True)
class ListingPlan:
    """Finds every listing; kills its process at the listing `at`, as often as there are marks in a folder."""

    folder: Path
    at: str = ""

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        ids = batch.column("external_id").to_pylist()
        if self.at in ids:
            for mark in sorted(self.folder.glob("die-*")):
                mark.unlink()
                os.kill(os.getpid(), signal.SIGKILL)
            for mark in sorted(self.folder.glob("orphan-*")):
                mark.unlink()
                # The process that holds the pool: on a cluster, all of a machine that Ray knows.
                os.kill(os.getppid(), signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)
        return findings_to_batch([finding(int(one)) for one in ids])


@dataclass(frozen=True)
class ThreadsPlan:
    """Finds the number of threads that numpy's matrix products may use in its process."""

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        return findings_to_batch([finding(int(os.environ.get("OPENBLAS_NUM_THREADS", "0")))])
