"""When to ask again: later and later, at a moment that no two nodes share."""

from datetime import UTC, datetime, timedelta
from random import Random

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=5)
#: A partner may ask for more patience than `LONGEST`, up to this.
LONGEST_ASKED = timedelta(hours=1)


def next_try(failures: int, now: datetime, rng: Random, retry_after: timedelta | None = None) -> datetime:
    """The moment of the next try.

    Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015):
    evenly drawn between the shortest wait and min(longest, shortest · 2^failures).

    Args:
        failures: how often it failed in a row, at least 1.
        now: aware.
        rng: draws; give a seeded one in tests.
        retry_after: how long the partner asks us to wait; it is never undercut, up to `LONGEST_ASKED`.

    Raises:
        ValueError: no failure to wait after.
    """
    if failures < 1:
        raise ValueError("There is nothing to wait after.")
    # 2^9 seconds is beyond the longest wait already; the exponent must not grow with a month of failures.
    doubled: int = 2 ** min(failures, 9)
    longest = min(LONGEST, SHORTEST * doubled)
    drawn = SHORTEST + (longest - SHORTEST) * rng.random()
    return now + max(drawn, min(retry_after or timedelta(0), LONGEST_ASKED))


def is_due(moment: datetime | None, now: datetime) -> bool:
    """Whether the time of the next try has come.

    A moment further ahead than any wait was set by a clock that was wrong then; it does not hold a node up for days.
    """
    return moment is None or not now < moment <= now + LONGEST_ASKED


def read_retry_after(written: str, now: datetime) -> timedelta | None:
    """What `Retry-After` (RFC 9110, 10.2.3) asks for: seconds or a date; None when it is neither, or lies behind us."""
    if written.isascii() and written.isdigit():
        return timedelta(seconds=int(written[:9]))
    moment = read_date(written)
    return moment - now if moment is not None and moment > now else None


def read_date(written: str) -> datetime | None:
    """The moment that a date of HTTP (RFC 9110, 5.6.7) gives; None when it is none."""
    try:
        return datetime.strptime(written, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
