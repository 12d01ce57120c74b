"""One machine: a pool of processes, a bounded window of batches in flight, answers in order."""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field

import cv2
import pyarrow as pa

from countermark.model import ImageSource
from countermark.scan.parts import Plan

#: Batches in flight for each worker: one computing, one waiting, so that no worker starves and memory stays bounded.
WINDOW_PER_WORKER = 2


class WorkerLost(RuntimeError):
    """The same batch killed its worker twice: it is not tried a third time."""


@dataclass
class ScanTally:
    """What a scan has done so far, for whoever watches it.

    Attributes:
        listings: rows looked at.
        findings: findings made.
        batches: batches done.
        retried: batches run again after a worker died.
    """

    listings: int = 0
    findings: int = 0
    batches: int = 0
    retried: int = 0


_worker_plan: Plan
_worker_images: ImageSource | None


def _start_worker(plan: Plan, images: ImageSource | None) -> None:
    global _worker_plan, _worker_images
    _worker_plan, _worker_images = plan, images
    # The pool already uses every core; threads inside a worker would only fight over them.
    cv2.setNumThreads(1)
    pa.set_cpu_count(1)
    # The plan stays as long as the process: without it the collector has a tenth less to do.
    gc.freeze()


def _run_in_worker(batch: pa.RecordBatch) -> pa.RecordBatch:
    return _worker_plan.run_arrow(batch, _worker_images)


@dataclass
class _Pool:
    """A process pool that can be raised from the dead."""

    plan: Plan
    images: ImageSource | None
    workers: int
    executor: ProcessPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        # Read when a worker imports numpy, so it must stand in the environment before: see `_start_worker`.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # spawn: Arrow and OpenCV hold threads and locks that a fork would copy in the middle of their work.
        self.executor = ProcessPoolExecutor(
            self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(self.plan, self.images),
        )

    def submit(self, batch: pa.RecordBatch) -> "Future[pa.RecordBatch]":
        return self.executor.submit(_run_in_worker, batch)

    def close(self) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)


@dataclass
class _Asked:
    batch: pa.RecordBatch
    answer: "Future[pa.RecordBatch]"
    tries: int = 1


def scan_batches(
    plan: Plan,
    batches: Iterable[pa.RecordBatch],
    images: ImageSource | None,
    *,
    workers: int = 1,
    tally: ScanTally | None = None,
) -> Iterator[pa.RecordBatch]:
    """Run the plan over a stream of listing batches and give one batch of findings for each, in the same order.

    At most `WINDOW_PER_WORKER * workers` batches are in memory. When a worker dies its batches run again, once.

    Raises:
        WorkerLost: when a batch kills its worker twice.
    """
    tally = tally if tally is not None else ScanTally()
    answers = _alone(plan, batches, images) if workers <= 1 else _pooled(plan, batches, images, workers, tally)
    for rows, findings in answers:
        tally.listings += rows
        tally.findings += findings.num_rows
        tally.batches += 1
        yield findings


def _alone(
    plan: Plan, batches: Iterable[pa.RecordBatch], images: ImageSource | None
) -> Iterator[tuple[int, pa.RecordBatch]]:
    for batch in batches:
        yield batch.num_rows, plan.run_arrow(batch, images)


def _pooled(
    plan: Plan,
    batches: Iterable[pa.RecordBatch],
    images: ImageSource | None,
    workers: int,
    tally: ScanTally,
) -> Iterator[tuple[int, pa.RecordBatch]]:
    pool = _Pool(plan, images, workers)
    asked: deque[_Asked] = deque()
    try:
        for batch in batches:
            asked.append(_ask(pool, asked, batch, tally))
            if len(asked) >= WINDOW_PER_WORKER * workers:
                yield _next_answer(pool, asked, tally)
        while asked:
            yield _next_answer(pool, asked, tally)
    finally:
        pool.close()


def _ask(pool: _Pool, asked: "deque[_Asked]", batch: pa.RecordBatch, tally: ScanTally) -> _Asked:
    try:
        return _Asked(batch, pool.submit(batch))
    except BrokenProcessPool:
        _restart(pool, asked, tally)
        return _Asked(batch, pool.submit(batch))


def _next_answer(pool: _Pool, asked: "deque[_Asked]", tally: ScanTally) -> tuple[int, pa.RecordBatch]:
    while True:
        try:
            findings = asked[0].answer.result()
        except BrokenProcessPool:
            if asked[0].tries > 1:
                raise WorkerLost(
                    f"A batch of {asked[0].batch.num_rows} listings killed its worker twice; the scan stopped there."
                ) from None
            _restart(pool, asked, tally)
            continue
        return asked.popleft().batch.num_rows, findings


def _restart(pool: _Pool, asked: "deque[_Asked]", tally: ScanTally) -> None:
    """Start a new pool and ask again everything that has no answer yet; a done answer is kept, nothing is doubled."""
    pool.close()
    pool.start()
    for number, question in enumerate(asked):
        if question.answer.done() and question.answer.exception() is None:
            continue
        # Which of the batches in flight killed the worker is not known; only the oldest is charged with a try.
        if number == 0:
            question.tries += 1
        tally.retried += 1
        with suppress(BrokenProcessPool):
            question.answer = pool.submit(question.batch)
