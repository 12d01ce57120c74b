"""Which days rest, in China and elsewhere, with the name of the reason and whether it is published yet."""

from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from typing import Protocol

import chinese_calendar
import msgspec

from countermark.model import InvalidRecord

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SATURDAY = 5
#: Only to see whether a place is known.
_ANY_YEAR = 2026


class Day(msgspec.Struct, frozen=True):
    """One day of a calendar.

    Attributes:
        day: the date.
        rests: weekend or public holiday.
        why: the name of the holiday, `Saturday`, or why a day that looks free is worked; empty on a plain working day.
        published: False when the authority has not yet said, so that this is our best guess.
    """

    day: date
    rests: bool
    why: str
    published: bool = True


class Calendar(Protocol):
    """Tells of each day whether it rests."""

    @property
    def name(self) -> str:
        """Place, and the version of the table behind it: `DE (holidays 0.109)`."""

    def look(self, day: date) -> Day:
        """What the day is."""


class China:
    """Mainland China: statutory holidays, weekends, and the weekends that the State Council has people work.

    The State Council publishes the shifted days each autumn for the next year. Before that, the fixed statutory
    holidays are known but not the shifts: the answer is then marked as not published.
    """

    @property
    def name(self) -> str:
        """With the version of chinesecalendar."""
        return f"CN (chinesecalendar {_version_of('chinesecalendar')})"

    def look(self, day: date) -> Day:
        """What the day is in the State Council's notice of its year."""
        try:
            rests = chinese_calendar.is_holiday(day)
        except NotImplementedError:
            return self._guess(day)
        _, name = chinese_calendar.get_holiday_detail(day)
        if rests:
            return Day(day, rests=True, why=str(name) if name else _WEEKDAYS[day.weekday()])
        worked = f"{_WEEKDAYS[day.weekday()]}, worked in exchange for {name}" if name else ""
        return Day(day, rests=False, why=worked)

    def _guess(self, day: date) -> Day:
        named, weekend = _public_holidays("CN", day.year).get(day), day.weekday() >= _SATURDAY
        why = named or (_WEEKDAYS[day.weekday()] if weekend else "")
        return Day(day, rests=bool(why), why=why, published=False)


class Place:
    """Weekends and public holidays of a country (`FR`) or a part of one (`DE-BY`).

    Args:
        place: ISO 3166-1 alpha-2, or 3166-2. `US` alone means the federal holidays.

    Raises:
        InvalidRecord: no calendar of that place is known.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        _public_holidays(place, _ANY_YEAR)

    @property
    def name(self) -> str:
        """With the version of holidays."""
        return f"{self._place} (holidays {_version_of('holidays')})"

    def look(self, day: date) -> Day:
        """What the day is. A holiday set by sighting a moon is not published, nor are the days beside it."""
        named, weekend = _public_holidays(self._place, day.year).get(day), day.weekday() >= _SATURDAY
        why = named or (_WEEKDAYS[day.weekday()] if weekend else "")
        return Day(day, rests=bool(why), why=why, published=not self._may_move(day))

    def _may_move(self, day: date) -> bool:
        beside = (day + timedelta(days=shift) for shift in (-1, 0, 1))
        return any("estimated" in _public_holidays(self._place, one.year).get(one, "") for one in beside)


class Weekends:
    """Saturdays and Sundays alone, for when nobody has said where: every answer is a guess."""

    name = "weekends only (no place was named)"

    def look(self, day: date) -> Day:
        """Whether it is a weekend."""
        weekend = day.weekday() >= _SATURDAY
        return Day(day, rests=weekend, why=_WEEKDAYS[day.weekday()] if weekend else "", published=False)


@cache
def _version_of(package: str) -> str:
    """Of an installed package; reading it from disk once is enough."""
    return version(package)


@cache
def _public_holidays(place: str, year: int) -> dict[date, str]:
    """The holidays of one year, by date.

    A table of its own for each year, made whole before anybody sees it: the library fills its own while it is read,
    so that two threads could get two answers.
    """
    # Calendars of the whole world are slow to load, and most processes count no day.
    import holidays  # noqa: PLC0415

    country, _, part = place.partition("-")
    try:
        # The language is fixed: with none, names would follow the environment and no two machines would agree.
        found = holidays.country_holidays(country, subdiv=part or None, years=year, language="en_US")
    except (NotImplementedError, KeyError) as error:
        raise InvalidRecord(
            "place",
            f"no calendar of {place[:20]!r} is known.",
            "Write a country of ISO 3166-1 such as FR, or a part of one such as DE-BY.",
        ) from error
    return {day: str(name) for day, name in found.items()}


def calendar_of(place: str) -> Calendar:
    """The calendar of a place; `CN` is the one of the State Council.

    Raises:
        InvalidRecord: no such place.
    """
    if not place:
        return Weekends()
    return China() if place == "CN" else Place(place)
