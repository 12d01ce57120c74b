"""The pool: answers in order, a dead worker costs nothing but time, memory stays bounded."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from countermark.scan.local import WINDOW_PER_WORKER, ScanTally, WorkerLost, scan_batches
from countermark.scan.tests.plans import DyingPlan, EchoPlan, ThreadsPlan, numbers


def found(answers: Iterator[pa.RecordBatch]) -> list[int]:
    return [int(n) for batch in answers for n in batch.column("external_id").to_pylist()]


@pytest.mark.parametrize("workers", [1, 2])
def test_findings_come_in_the_order_of_the_listings(workers: int) -> None:
    tally = ScanTally()
    batches = [numbers(n * 10, 10) for n in range(8)]
    assert found(scan_batches(EchoPlan(), batches, None, workers=workers, tally=tally)) == list(range(0, 80, 2))
    assert (tally.listings, tally.findings, tally.batches, tally.retried) == (80, 40, 8, 0)


def test_no_more_than_the_window_is_read_ahead() -> None:
    read = 0

    def listings() -> Iterator[pa.RecordBatch]:
        nonlocal read
        for n in range(20):
            read += 1
            yield numbers(n, 1)

    answers = scan_batches(EchoPlan(), listings(), None, workers=2)
    next(answers)
    assert read <= WINDOW_PER_WORKER * 2 + 1
    answers.close()  # type: ignore[attr-defined]


def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    (tmp_path / "die-1").touch()
    tally = ScanTally()
    batches = [numbers(n * 10, 10) for n in range(6)]
    plan = DyingPlan(tmp_path, 20)
    assert found(scan_batches(plan, batches, None, workers=2, tally=tally)) == list(range(0, 60, 2))
    assert tally.retried >= 1
    assert tally.listings == 60


def test_a_batch_that_kills_again_and_again_stops_the_scan_with_a_sentence(tmp_path: Path) -> None:
    for n in range(9):
        (tmp_path / f"die-{n}").touch()
    with pytest.raises(WorkerLost, match="killed its worker twice"):
        list(scan_batches(DyingPlan(tmp_path, 0), [numbers(0, 5), numbers(5, 5)], None, workers=2))


def test_workers_multiply_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert found(scan_batches(ThreadsPlan(), [numbers(0, 1)], None, workers=2)) == [1]
