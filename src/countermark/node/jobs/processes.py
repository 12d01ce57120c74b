"""Several workers as processes of one command: raised again when one is killed, stopped together."""

import multiprocessing
import signal
import threading
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

#: A worker that dies at once, again and again, is raised ever more slowly, up to this many seconds apart.
SLOWEST_RAISE = 30.0
#: How long a stopping worker may take to reach its next slice before it is killed (nothing is lost when it is).
GRACE_SECONDS = 30.0


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
    """Body of one worker process; imports Django afresh, so that no connection is shared with the parent."""
    import django  # noqa: PLC0415 - a spawned process starts empty

    django.setup()
    from countermark.node.jobs.worker import work  # noqa: PLC0415 - models exist only after setup

    work(stop_on_signals(), once=once, poll_seconds=poll_seconds)


def run_workers(count: int, stop: threading.Event, *, once: bool = False, poll_seconds: float = 1.0) -> None:
    """Keep `count` workers running until `stop` is set; with `once`, until each has ended by itself."""
    context = multiprocessing.get_context("spawn")
    places = [_Place(context, poll_seconds, once=once) for _ in range(count)]
    try:
        while not stop.is_set() and any([place.tend() for place in places]):  # noqa: C419 - tend every one of them
            stop.wait(0.2)
    finally:
        for place in places:
            place.process.terminate()
        for place in places:
            place.process.join(GRACE_SECONDS)
            if place.process.is_alive():
                place.process.kill()
                place.process.join()


class _Place:
    """One worker's place: the process in it, and how often it had to be raised."""

    def __init__(self, context: multiprocessing.context.SpawnContext, poll_seconds: float, *, once: bool) -> None:
        self._context, self._poll_seconds, self._once = context, poll_seconds, once
        self._deaths = 0
        self._wait = 0.0
        self.process = self._start()

    def _start(self) -> multiprocessing.context.SpawnProcess:
        process = self._context.Process(target=run_worker, args=(self._poll_seconds,), kwargs={"once": self._once})
        process.start()
        return process

    def tend(self) -> bool:
        """Raise the process when it died; says whether there is still something to tend."""
        if self.process.is_alive():
            return True
        if self._once and self.process.exitcode == 0:
            return False
        if self._wait <= 0:
            self._deaths += 1
            self._wait = min(SLOWEST_RAISE, 2.0 ** min(self._deaths, 5) - 2)
            log.warning("work.worker_died", exit_code=self.process.exitcode, deaths=self._deaths)
        self._wait -= 0.2
        if self._wait <= 0:
            self.process = self._start()
        return True
