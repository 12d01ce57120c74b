"""Several workers as processes of one command: raised again when one is killed, stopped together."""

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

#: A worker that keeps dying is raised ever more slowly, up to this many seconds apart.
SLOWEST_RAISE = 30.0
#: How long a stopping worker may take to reach its next slice before it is killed (nothing is lost when it is).
GRACE_SECONDS = 30.0
#: Between two looks at the processes, in seconds.
TEND_SECONDS = 0.2


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set. Call in the main thread. A second SIGINT ends the process at once."""
    stop = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        stop.set()
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop


def run_worker(poll_seconds: float, *, once: bool = False) -> None:
    """Body of one worker process; sets Django up afresh, so that no connection is shared with the parent."""
    import django  # noqa: PLC0415 - a spawned process starts empty

    django.setup()
    from countermark.node.jobs.worker import work  # noqa: PLC0415 - models exist only after setup

    stop = stop_on_signals()
    threading.Thread(target=_stop_when_alone, args=(stop,), daemon=True).start()
    work(stop, once=once, poll_seconds=poll_seconds)


def _stop_when_alone(stop: threading.Event) -> None:
    """A worker whose command was killed would otherwise go on for ever, and nobody would know."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        stop.set()


def spawn_worker(poll_seconds: float, *, once: bool) -> BaseProcess:
    """Start one worker process."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=run_worker, args=(poll_seconds,), kwargs={"once": once})
    process.start()
    return process


def run_workers(count: int, stop: threading.Event, *, once: bool = False, poll_seconds: float = 1.0) -> None:
    """Keep `count` workers running until `stop` is set; with `once`, until each has ended by itself."""
    places = [Place(lambda: spawn_worker(poll_seconds, once=once), once=once) for _ in range(count)]
    try:
        while not stop.is_set() and any([place.tend() for place in places]):  # noqa: C419 - tend each of them
            stop.wait(TEND_SECONDS)
    finally:
        for place in places:
            place.process.terminate()
        for place in places:
            place.process.join(GRACE_SECONDS)
            if place.process.is_alive():
                place.process.kill()
                place.process.join()


class Place:
    """One worker's place: the process in it, and when to raise it again.

    Args:
        start: starts a process.
        once: a process that ends without an error has done its work and is not raised again.
        clock: seconds, only growing.
    """

    def __init__(
        self, start: Callable[[], BaseProcess], *, once: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._start, self._once, self._clock = start, once, clock
        self._deaths = 0
        self._raise_at: float | None = None
        self.process = start()

    def tend(self) -> bool:
        """Raise the process when it died and its time has come; says whether there is still something to tend."""
        if self.process.is_alive():
            return True
        if self._once and self.process.exitcode == 0:
            return False
        if self._raise_at is None:
            self._raise_at = self._clock() + min(SLOWEST_RAISE, 2.0**self._deaths - 1)
            self._deaths = min(self._deaths + 1, 10)
            log.warning("work.worker_died", exit_code=self.process.exitcode, deaths=self._deaths)
        if self._clock() >= self._raise_at:
            self.process, self._raise_at = self._start(), None
        return True
