"""One engine for every way of counting: from a day and a period to the last day, with each step in words.

Source of the rules: `counting.yaml`, which cites the norms.
"""

from datetime import date
from enum import StrEnum

import msgspec

from countermark.law.calendars import Calendar, Day, calendar_of
from countermark.law.periods import Period, Unit, days_later, months_later
from countermark.law.tags import Source, Tag, weakest
from countermark.law.versions import version_of
from countermark.model import InvalidRecord

#: Starts outside these years are slips; calendars know nothing of them.
FIRST_YEAR, LAST_YEAR = 2004, 2080
#: No calendar rests so long; the loop must end even if a table were broken.
_LONGEST_REST = 60


class Days(StrEnum):
    """Which days a rule counts."""

    CALENDAR = "calendar"
    WORKING = "working"
    NONE = "none"


class Status(StrEnum):
    """Whether a date can change when a calendar is published."""

    FIRM = "firm"
    PROVISIONAL = "provisional"


class CountingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A way of counting.

    Attributes:
        id: `CN-CIV`.
        title, says: for people.
        days: which days are counted.
        calendar: a place, `place` for the one of the case, `none` where no day is looked at.
        rolls: a last day that rests moves to the next day that does not.
        working_least: the period must hold at least so many working days.
        sources: never empty.
    """

    id: str
    title: str
    says: str
    days: Days
    calendar: str
    sources: tuple[Source, ...]
    rolls: bool = False
    working_least: int = 0

    @property
    def tag(self) -> Tag:
        """That of its weakest source."""
        return weakest(self.sources)

    @property
    def version(self) -> str:
        """Hash of its content."""
        return version_of(self)


class Step(msgspec.Struct, frozen=True):
    """One step of a count: the day it reached and what was done, in a sentence."""

    day: date
    words: str


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A last day, and the way to it.

    Attributes:
        rule: id of the counting rule; `version` is the hash of its content.
        period: as written.
        start: the day of the event, itself not counted.
        last: last day of the period; it ends at 24:00 there.
        place: whose calendar was asked for; with rule, period and start it gives the same count again.
        calendar: place and version of the table.
        status: provisional while a year's calendar is missing.
        steps: what was done, in order.
        skipped: days that rest and were left out, or moved away from, with their names.
        alerts: what a person must look at, in sentences.
    """

    rule: str
    version: str
    period: str
    start: date
    last: date
    place: str
    calendar: str
    status: Status
    steps: tuple[Step, ...]
    skipped: tuple[Day, ...]
    alerts: tuple[str, ...] = ()

    def in_words(self) -> str:
        """The whole count as a lawyer reads it aloud."""
        lines = [f"{step.day.isoformat()}  {step.words}" for step in self.steps]
        lines += [f"Alert: {alert}" for alert in self.alerts]
        return "\n".join(lines)


def count(rule: CountingRule, period: Period, start: date, *, place: str = "") -> Counted:
    """Count a period from the day of an event.

    Args:
        rule: how.
        period: how long; working days need a rule that counts them, and the other way round.
        start: the day of the event, in the time zone of the law that asks.
        place: whose holidays, where the rule says `place`; ISO 3166. Empty: weekends alone, and provisional.

    Raises:
        InvalidRecord: the rule gives no number, the units do not fit, the place or the year is unknown.
    """
    _check(rule, period, start)
    tally = _Tally(start, _calendar_for(rule, place))
    tally.note(start, "The event. Its own day is not counted." if period.number else "The event.")
    if rule.days is Days.WORKING:
        _count_working(tally, period)
    else:
        _count_calendar(tally, period)
        if rule.calendar != "none" and period.unit is not Unit.HOURS and period.number:
            _end_well(tally, rule, period)
    return tally.result(rule, period, place)


def _check(rule: CountingRule, period: Period, start: date) -> None:
    if rule.days is Days.NONE:
        raise InvalidRecord("count", f"{rule.id} gives no number of days.", "Set a service target instead.")
    if (rule.days is Days.WORKING) != (period.unit is Unit.WORKING_DAYS):
        raise InvalidRecord("period", f"{rule.id} does not count {period.unit}.", "Choose the rule that does.")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise InvalidRecord(
            "from", f"{start.isoformat()} is out of range.", f"Write a day of {FIRST_YEAR} to {LAST_YEAR}."
        )


def _calendar_for(rule: CountingRule, place: str) -> Calendar | None:
    if rule.calendar == "none":
        return None
    return calendar_of(place if rule.calendar == "place" else rule.calendar)


class _Tally:
    """What a count has seen so far."""

    def __init__(self, start: date, calendar: Calendar | None) -> None:
        self.start = self.last = start
        self._calendar = calendar
        self.steps: list[Step] = []
        self.skipped: list[Day] = []
        self._unpublished: set[int] = set()

    def note(self, day: date, words: str) -> None:
        self.steps.append(Step(day, words))

    def look(self, day: date) -> Day:
        assert self._calendar is not None
        seen = self._calendar.look(day)
        if not seen.published:
            self._unpublished.add(day.year)
        return seen

    def skip(self, day: Day) -> None:
        self.skipped.append(day)

    def result(self, rule: CountingRule, period: Period, place: str) -> Counted:
        name = self._calendar.name if self._calendar else "no calendar: each day counts"
        return Counted(
            rule=rule.id,
            version=rule.version,
            period=str(period),
            start=self.start,
            last=self.last,
            place=place,
            calendar=name,
            status=Status.PROVISIONAL if self._unpublished else Status.FIRM,
            steps=tuple(self.steps),
            skipped=tuple(self.skipped),
            alerts=tuple(self._alerts(name)),
        )

    def _alerts(self, name: str) -> list[str]:
        years = ", ".join(str(year) for year in sorted(self._unpublished))
        if not years:
            return []
        return [f"Provisional: {name} does not settle the holidays of {years}. Count again when it does."]


def _count_working(tally: _Tally, period: Period) -> None:
    day, counted = tally.start, 0
    while counted < period.number:
        day = days_later(day, 1)
        seen = tally.look(day)
        if seen.rests:
            tally.skip(seen)
            tally.note(day, f"{seen.why}: not a working day.")
            continue
        counted += 1
        worked = f" ({seen.why})" if seen.why else ""
        tally.note(day, f"Working day {counted} of {period.number}{worked}.")
    tally.last = day


def _count_calendar(tally: _Tally, period: Period) -> None:
    if period.unit in (Unit.DAYS, Unit.HOURS):
        days = period.number if period.unit is Unit.DAYS else period.number // 24
        tally.last = days_later(tally.start, days)
        if days == 0:
            tally.note(tally.last, "It ends on that very day.")
            return
        until = " at the same hour" if period.unit is Unit.HOURS else ""
        tally.note(tally.last, f"{period} after it{until}, each day counted.")
        return
    months = period.number if period.unit is Unit.MONTHS else 12 * period.number
    tally.last, missing = months_later(tally.start, months)
    words = "the month has no such day, so its last one" if missing else "the same day of the month"
    tally.note(tally.last, f"{period} after it: {words}.")


def _end_well(tally: _Tally, rule: CountingRule, period: Period) -> None:
    """Move the last day as the rule asks: off a day that rests, and far enough for its working days."""
    while rule.rolls and (seen := tally.look(tally.last)).rests:
        tally.skip(seen)
        tally.note(tally.last, f"{seen.why}: the period does not end on a day that rests.")
        tally.last = days_later(tally.last, 1)
        if len(tally.skipped) > _LONGEST_REST:
            raise InvalidRecord("calendar", "it rests for months on end.", "Check the table of holidays.")
    if period.unit is Unit.DAYS and period.number >= rule.working_least > 0:
        _hold_working(tally, rule.working_least)
    if tally.last != tally.steps[-1].day:
        tally.note(tally.last, "The first day after on which it can end.")


def _hold_working(tally: _Tally, least: int) -> None:
    worked, day = 0, tally.start
    while worked < least:
        day = days_later(day, 1)
        worked += not tally.look(day).rests
    tally.last = max(tally.last, day)
