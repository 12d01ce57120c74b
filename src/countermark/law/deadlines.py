"""Two kinds of due dates that are never mixed up: what binds, and what an organisation promises itself."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from countermark.law.counting import Counted, CountingRule, Status, count
from countermark.law.periods import read_period
from countermark.law.rule import Basis, Role, Rule


class Deadline(msgspec.Struct, frozen=True, kw_only=True, tag="deadline"):
    """A date by which, or a window in which, a norm or a contract binds somebody.

    Attributes:
        rule: `cn-goods/wait`.
        rule_version: hash of the rule as it was.
        basis: statute or contract; never policy.
        counted: the last day, explained.
        opens: for a window: the first day, explained.
        zone: IANA zone in which the days are counted.
        reading: which reading of the norm this is, where there are two.
    """

    rule: str
    rule_version: str
    basis: Basis
    counted: Counted
    zone: str
    opens: Counted | None = None
    reading: str = ""

    def __post_init__(self) -> None:
        if self.basis is Basis.POLICY:
            raise ValueError("a policy makes a ServiceTarget, never a Deadline")

    @property
    def last(self) -> date:
        """Last day on which it can be met."""
        return self.counted.last

    @property
    def first(self) -> date | None:
        """First day of a window; None where there is none."""
        return self.opens.last if self.opens else None

    @property
    def is_firm(self) -> bool:
        """Whether no calendar is missing."""
        return self.counted.status is Status.FIRM and (self.opens is None or self.opens.status is Status.FIRM)

    @property
    def ends_at(self) -> datetime:
        """The moment at which it is over: 24:00 of the last day in its zone, in UTC."""
        return _midnight_after(self.last, self.zone)

    @property
    def called(self) -> str:
        """What a report calls it."""
        return "legal deadline" if self.basis is Basis.STATUTE else "deadline of the terms"


class ServiceTarget(msgspec.Struct, frozen=True, kw_only=True, tag="service-target"):
    """What an organisation sets itself where the norm gives no number. No report calls it a legal deadline.

    Attributes:
        rule: `eu-dsa/decide`.
        rule_version: hash of the rule as it was.
        promise: the words of the norm (`without undue delay`), or our own.
        counted: the day by which we mean to have done it; None when no target is set.
        zone: IANA zone in which the days are counted.
    """

    rule: str
    rule_version: str
    promise: str
    zone: str
    counted: Counted | None = None

    @property
    def last(self) -> date | None:
        """The day that we set ourselves."""
        return self.counted.last if self.counted else None

    @property
    def called(self) -> str:
        """What a report calls it."""
        return "service target"


Due: TypeAlias = Deadline | ServiceTarget


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """Something that runs in a matter: a duty, a chance, a waiting time or a window.

    Attributes:
        rule: id of the rule within its regime.
        title, says: for people.
        role: what it is to the one it addresses.
        who: the actor it addresses.
        began: the moment of the event that started it.
        due: by when; None for a duty without any time.
        other_reading: the same norm read another way; shown, never acted on.
        ended: when it was done, or ceased to matter; None while it runs.
        ended_by: the event that ended it.
    """

    rule: str
    title: str
    says: str
    role: Role
    who: str
    began: datetime
    due: Due | None = None
    other_reading: Deadline | None = None
    ended: datetime | None = None
    ended_by: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it still runs."""
        return self.ended is None

    def is_over(self, day: date) -> bool:
        """Whether its last day lies before a day; a clock without a date is never over."""
        last = self.due.last if self.due else None
        return last is not None and last < day


class CannotCount(Exception):
    """A clock that another one depends on was never started; the message names it."""


class Start(msgspec.Struct, frozen=True):
    """From where a clock runs.

    Attributes:
        day: of the event, in the zone of the law.
        place: whose calendar; ISO 3166, may be empty.
        zone: IANA name.
        clocks: those of the matter so far, for rules that run from another's start or end.
    """

    day: date
    place: str
    zone: str
    clocks: tuple[Clock, ...] = ()

    def from_other(self, runs_from: str) -> date:
        """The start or end of the clock that a rule names, or of the later of two (`end of term or extension`).

        Raises:
            CannotCount: it was never started, or has no date.
        """
        edge, _, rule = runs_from.partition(" of ")
        for clock in reversed(self.clocks):
            if clock.rule in rule.split(" or ") and clock.due is not None and clock.due.counted is not None:
                return clock.due.counted.start if edge == "start" else clock.due.counted.last
        raise CannotCount(rule)


def due_of(name: str, rule: Rule, counting: dict[str, CountingRule], start: Start, target: str = "") -> Due | None:
    """When a rule falls due.

    Args:
        name: `regime/rule`.
        rule: with or without a time.
        counting: ways of counting, by id.
        start: from where.
        target: `BD: 2 working days`, the organisation's own target for a rule without a number; empty = none.

    Raises:
        CannotCount: it runs from a clock that was never started.
    """
    if rule.time is None:
        return None
    day = start.from_other(rule.time.runs_from) if rule.time.runs_from else start.day
    if rule.time.is_qualitative or rule.basis is Basis.POLICY:
        return _target(name, rule, counting, start, target, day)
    place = rule.time.place or start.place
    how = counting[rule.time.count]
    opens = count(how, read_period(rule.time.earliest), day, place=place) if rule.time.earliest else None
    return Deadline(
        rule=name,
        rule_version=rule.version,
        basis=rule.basis,
        counted=count(how, read_period(rule.time.period), day, place=place),
        opens=opens,
        zone=start.zone,
        reading=rule.time.reading,
    )


def _target(
    name: str, rule: Rule, counting: dict[str, CountingRule], start: Start, target: str, day: date
) -> ServiceTarget:
    assert rule.time is not None
    how, _, period = target.partition(": ")
    if not target and not rule.time.is_qualitative:
        how, period = rule.time.count, rule.time.period
    counted = count(counting[how], read_period(period), day, place=rule.time.place or start.place) if how else None
    return ServiceTarget(
        rule=name, rule_version=rule.version, promise=rule.time.period, counted=counted, zone=start.zone
    )


def day_in(moment: datetime, zone: str) -> date:
    """The day that a moment falls on in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def _midnight_after(day: date, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
