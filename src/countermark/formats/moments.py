"""Times and days as files write them; a time without a zone is nobody's time."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from countermark.formats.problems import Unfit

#: Nothing was sold on a web page before.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: Clocks of two machines, and the date line, may differ by this much.
TOLERANCE = timedelta(days=1)

_LONGEST = 64
_BEGINS_LIKE_ISO = re.compile(r"\d{4}-?\d{2}")
_MAIL = re.compile(r"(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4} ")
_DAY = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:$|[T ])")


def read_moment(value: object, now: datetime | None, *, utc: bool = False) -> datetime:
    """Read a time: ISO 8601 (`2026-03-01T12:00:00Z`, with an offset) or the mail form of RSS.

    Args:
        value: text, or a `datetime` from a typed file.
        now: the moment after which (plus a day) a time is absurd, aware; None lets the future in.
        utc: the column says that all its times are UTC, so that they need no zone.

    Returns:
        The moment in UTC.

    Raises:
        Unfit: time-not-understood, time-without-zone or time-absurd.
    """
    moment = value if isinstance(value, datetime) else _parse(value)
    if moment.tzinfo is None or moment.utcoffset() is None:
        if not utc:
            raise Unfit("time-without-zone", value)
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError as error:
        raise Unfit("time-absurd", value) from error
    if moment < EARLIEST or (now is not None and moment > now + TOLERANCE):
        raise Unfit("time-absurd", value)
    return moment


def _parse(value: object) -> datetime:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise Unfit("time-not-understood", value)
    text = value.strip()
    try:
        if _BEGINS_LIKE_ISO.match(text):
            return datetime.fromisoformat(text)
        if _MAIL.match(text):
            return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise Unfit("time-not-understood", value) from error
    raise Unfit("time-not-understood", value)


def read_day(value: object, now: datetime) -> date:
    """Read a day: `2019-05-14`, or the day of a longer time; raises Unfit (date-not-understood, date-absurd)."""
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, str) and len(value) <= _LONGEST:
        day = _parse_day(value.strip())
    else:
        raise Unfit("date-not-understood", value)
    if not EARLIEST.date() <= day <= (now + TOLERANCE).date():
        raise Unfit("date-absurd", value)
    return day


@lru_cache(maxsize=4096)
def _parse_day(text: str) -> date:
    found = _DAY.match(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Unfit("date-not-understood", text) from error
    raise Unfit("date-not-understood", text)
