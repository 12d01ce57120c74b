"""What goes wrong inside a node's process in a test: it is killed at a point, its clock is wrong, its version another.

The product knows nothing of this: functions are replaced in a process that a test forked.
"""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from countermark.node.exchange import answering, appending, pages, receiving
from countermark.node.exchange.applying import Arrived
from countermark.node.jobs import handlers
from countermark.node.kernel import time as kernel_time

EFFECTS = "test_effect"
_WRITES = ("INSERT", "UPDATE", "DELETE")
_met: Counter[str] = Counter()


def apply(twists: dict[str, str]) -> None:
    """Put the asked faults in place.

    Args:
        twists: `points`: a file to which each commit point is written. `kill`: `POINT@MOMENT` or `POINT@MOMENT:NTH`,
            with MOMENT before or after. `clock`: seconds by which the clock is wrong. `version`: older or newer.
    """
    handlers.HANDLERS = {**handlers.HANDLERS, "case.commented": _effect}  # type: ignore[misc]
    for name, value in twists.items():
        _TWISTS[name](value)


def _effect(arrived: Arrived) -> None:
    """What a room would do: one row for each comment, in the transaction that marks it as applied."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {EFFECTS} (entry_id, subject, seq, at) VALUES (%s, %s, %s, %s)",
            [arrived.entry_id, arrived.entry.subject, arrived.entry.seq, time.time_ns()],
        )


# --- Commit points ---


def _note_points(file: str) -> None:
    def note(point: str, moment: str) -> None:
        if moment == "before":
            with Path(file).open("a") as notes:
                notes.write(f"{point}\n")

    _at_each_point(note)


def _kill_at(where: str) -> None:
    wanted, _, rest = where.partition("@")
    moment, _, nth = rest.partition(":")

    def die(point: str, now: str) -> None:
        if (point, now) == (wanted, moment):
            _met[point] += 1
            if _met[point] == int(nth or 1):
                os.kill(os.getpid(), signal.SIGKILL)

    _at_each_point(die)


def _at_each_point(act: Callable[[str, str], None]) -> None:
    """Call at each commit, each single write, and each step of `_STEPS`."""
    for module, name in _STEPS:
        _around(module, name, lambda name=name: f"step:{name}", act)
    _around(BaseDatabaseWrapper, "_commit", _caller, act)

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        alone = not context["connection"].in_atomic_block and sql.lstrip().startswith(_WRITES)
        point = f"{_caller()}!" if alone else ""
        if point:
            act(point, "before")
        result = execute(sql, params, many, context)
        if point:
            act(point, "after")
        return result

    def install(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(watch)

    connection_created.connect(install, weak=False)


#: Moments that are no commit: the page is written and not sent yet; an entry is verified, all are and none is stored.
_STEPS: tuple[tuple[Any, str], ...] = (
    (answering, "write_page"),
    (receiving, "open_entry"),
    (receiving, "store"),
    (appending, "record"),
)


def _around(owner: Any, name: str, point: Callable[[], str], act: Callable[[str, str], None]) -> None:
    inner = getattr(owner, name)

    @wraps(inner)
    def outer(*args: Any, **kwargs: Any) -> Any:
        here = point()
        act(here, "before")
        result = inner(*args, **kwargs)
        act(here, "after")
        return result

    setattr(owner, name, outer)


def _caller() -> str:
    """The function of the node that commits, such as `exchange.receiving.receive`."""
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("countermark.node."):
            return f"{module.removeprefix('countermark.node.')}.{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
    return "elsewhere"


# --- Clocks and versions ---


def _wrong_clock(seconds: str) -> None:
    off = timedelta(seconds=float(seconds))
    kernel_time.set_clock(lambda: datetime.now(UTC) + off)


def _version(which: str) -> None:
    """Older: knows no comments. Newer: its pages are of a format to come."""
    if which == "older":
        handlers.HANDLERS = {}  # type: ignore[misc]
    else:
        pages.FORMAT = "countermark-page/2"
        inner = pages.write_page
        answering.write_page = lambda page: inner(page).replace(b"countermark-page/1", b"countermark-page/2")


_TWISTS: dict[str, Callable[[str], None]] = {
    "points": _note_points,
    "kill": _kill_at,
    "clock": _wrong_clock,
    "version": _version,
}
