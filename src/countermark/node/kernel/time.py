"""The one clock of the node: aware, in UTC, and replaceable in tests."""

from collections.abc import Callable
from datetime import UTC, datetime


def _wall_clock() -> datetime:
    return datetime.now(UTC)


_clock: Callable[[], datetime] = _wall_clock


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return _clock()


def set_clock(clock: Callable[[], datetime] | None) -> None:
    """Put another clock in place of the wall clock (tests); None puts the wall clock back."""
    global _clock  # noqa: PLW0603 - one clock a process is the point
    _clock = clock or _wall_clock
