"""Lengths of time as norms write them: `15 days`, `20 working days`, `6 months`, `48 hours`."""

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from countermark.model import InvalidRecord


class Unit(StrEnum):
    """What is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    MONTHS = "months"
    YEARS = "years"


#: Nothing in the catalogue is longer; beyond this it is a slip.
LONGEST = {Unit.HOURS: 240, Unit.DAYS: 3660, Unit.WORKING_DAYS: 1000, Unit.MONTHS: 120, Unit.YEARS: 20}
SAME_DAY = "same day"
_PATTERN = re.compile(r"(\d{1,4}) (hour|day|working day|month|year)s?")


class Period(msgspec.Struct, frozen=True):
    """A number of units.

    Attributes:
        number: at least 1; 0 days is the day of the event itself.
        unit: of what.
    """

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        least = 0 if self.unit is Unit.DAYS else 1
        if not least <= self.number <= LONGEST[self.unit]:
            raise InvalidRecord(
                "period", f"{self.number} {self.unit} is out of range.", f"Write 1 to {LONGEST[self.unit]}."
            )
        if self.unit is Unit.HOURS and self.number % 24:
            raise InvalidRecord("period", f"{self.number} hours are no whole days.", "Write a multiple of 24 hours.")

    def __str__(self) -> str:
        if self.number == 0:
            return SAME_DAY
        words = str(self.unit)
        return f"{self.number} {words[:-1] if self.number == 1 else words}"


def read_period(text: str) -> Period:
    """Read `20 working days`, or `same day`.

    Raises:
        InvalidRecord: no such period, or one out of range.
    """
    if text == SAME_DAY:
        return Period(0, Unit.DAYS)
    found = _PATTERN.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise InvalidRecord(
            "period",
            f"{text[:40]!r} is not a number of days.",
            "Write for example `15 days`, `20 working days`, `6 months` or `48 hours`.",
        )
    return Period(int(found[1]), Unit(f"{found[2]}s"))


def months_later(start: date, months: int) -> tuple[date, bool]:
    """The same day of a later month, or its last day where that is missing; and whether it was missing."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    last = monthrange(year, month)[1]
    return date(year, month, min(start.day, last)), start.day > last


def days_later(start: date, days: int) -> date:
    """Plain addition."""
    return start + timedelta(days=days)
