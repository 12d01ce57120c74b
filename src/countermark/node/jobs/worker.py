"""The worker loop: claims what waits, in turn, until it is told to stop."""

import threading
import time
from collections.abc import Callable

import structlog
from django.db import DatabaseError, close_old_connections, connection

from countermark.node.findings import selectors as findings
from countermark.node.jobs.desk import Desk
from countermark.node.jobs.identity import my_name

log = structlog.get_logger(__name__)

#: Turns between two looks for workers that died, while there is no lack of work.
TURNS_BETWEEN_RESCUES = 20
#: Longest wait after errors of the database that come one after another, in seconds.
LONGEST_WAIT = 30.0
#: Wait between two looks at what other workers still have in hand, in seconds.
OTHERS_SECONDS = 0.5

Progress = Callable[[float, float | None], None]


def work(stop: threading.Event, *, once: bool = False, poll_seconds: float = 1.0) -> None:
    """Do what waits until `stop` is set (or, with `once`, until nothing waits).

    A bad part ends as failed with its reason. An error of the database is logged and tried again later, ever more
    slowly; with `once` it is raised. When `stop` is set in the middle of a part, the part is given back at its next
    slice.
    """
    desk = Desk(my_name(), lambda: not stop.is_set())
    errors = turns = 0
    log.info("work.started", worker=desk.worker)
    while not stop.is_set():
        try:
            if turns % TURNS_BETWEEN_RESCUES == 0:
                desk.rescue()
                desk.tidy()
            busy = desk.turn()
            turns, errors = turns + 1, 0
        except DatabaseError as error:
            if once:
                raise
            busy, turns, errors = False, 0, errors + 1
            log.exception("work.database_error", error=type(error).__name__)
            _tidy_connection(broken=True)
        if busy:
            continue
        if once:
            break
        turns = 0
        _tidy_connection(broken=False)
        stop.wait(min(LONGEST_WAIT, poll_seconds * 2 ** min(errors, 10)))
    log.info("work.stopped", worker=desk.worker)


def work_until_idle(
    progress: Progress = lambda _done, _total: None, *, pause: Callable[[float], None] = time.sleep
) -> None:
    """Do everything that waits, here and now, telling how far the scans are: (listings looked at, listings in all).

    Returns when no scan is under way any more, also in the hands of other workers; `pause` waits for those.
    An error of the database is raised; what was done is kept, and a further call goes on.
    """
    desk = Desk(my_name(), lambda: True)
    before = findings.last_ended_scan()
    while True:
        desk.rescue()
        progress(*findings.listings_done(before))
        while desk.turn():
            progress(*findings.listings_done(before))
        if not findings.any_under_way():
            return
        # The rest is in the hands of other workers; should one be lost, its claim ends and the part comes here.
        pause(OTHERS_SECONDS)


def _tidy_connection(*, broken: bool) -> None:
    """Close a connection that is broken or too old; the next question opens another."""
    if connection.in_atomic_block:
        return  # only under a test, whose transaction it is
    if broken:
        connection.close()
    else:
        close_old_connections()
