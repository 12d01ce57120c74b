"""How far back a duty reaches: whole months before a day."""

from calendar import monthrange
from datetime import date

#: DSA art. 32(1): buyers of the six months before the marketplace became aware.
MONTHS_OF_BUYERS = 6


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; where that month has no such day, its last one.

    Counting backwards shortens no right here: the day itself belongs to the time (Reg. 1182/71 counts forward only).
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
