"""A moment by which something outside must have answered, however slowly it drips."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_end: ContextVar[float | None] = ContextVar("deadline", default=None)


class TooSlow(Exception):
    """The moment has passed."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Whatever is asked inside ends within so many seconds, counted from here; an outer, nearer end still holds."""
    end = time.monotonic() + seconds
    outer = _end.get()
    token = _end.set(end if outer is None else min(end, outer))
    try:
        yield
    finally:
        _end.reset(token)


def left(at_most: float | None) -> float | None:
    """Seconds for one step, at most `at_most`; None when nothing limits it.

    Raises:
        TooSlow: none are left.
    """
    end = _end.get()
    if end is None:
        return at_most
    remaining = end - time.monotonic()
    if remaining <= 0:
        raise TooSlow
    return remaining if at_most is None else min(remaining, at_most)
