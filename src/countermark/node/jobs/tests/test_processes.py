import signal
import threading

from countermark.node.jobs import processes
from countermark.node.jobs.processes import Place, run_workers, stop_on_signals


class Process:
    """Stands for a process: alive until it is told how it ended."""

    def __init__(self):
        self.exitcode = None
        self.told = []

    def is_alive(self):
        return self.exitcode is None

    def terminate(self):
        self.told.append("terminate")

    def join(self, _seconds=None):
        self.told.append("join")

    def kill(self):
        self.told.append("kill")
        self.exitcode = -9


def place(*, once=False):
    started, clock = [], [0.0]

    def start():
        started.append(Process())
        return started[-1]

    return Place(start, once=once, clock=lambda: clock[0]), started, clock


def test_a_worker_that_is_killed_is_raised_at_once():
    one, started, _clock = place()
    assert one.tend()
    started[0].exitcode = -9
    assert one.tend()
    assert len(started) == 2


def test_a_worker_that_keeps_dying_is_raised_ever_more_slowly():
    one, started, clock = place()
    waits = []
    for _ in range(8):
        started[-1].exitcode = 1
        before, raised = clock[0], len(started)
        one.tend()
        while len(started) == raised:
            clock[0] += 1.0
            one.tend()
        waits.append(clock[0] - before)
    assert waits == [0, 1, 3, 7, 15, 30, 30, 30]


def test_with_once_a_worker_that_ended_well_is_not_raised():
    one, started, _clock = place(once=True)
    started[0].exitcode = 0
    assert not one.tend()
    assert len(started) == 1


def test_stopping_ends_every_worker_and_kills_one_that_does_not_listen(monkeypatch):
    started = []

    def spawn(_poll, *, once):
        started.append(Process())
        return started[-1]

    monkeypatch.setattr(processes, "spawn_worker", spawn)
    stop = threading.Event()
    stop.set()
    run_workers(2, stop)
    assert [process.told for process in started] == [["terminate", "join", "kill", "join"]] * 2


def test_a_signal_asks_to_stop_and_a_second_interrupt_ends_at_once():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        stop = stop_on_signals()
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
