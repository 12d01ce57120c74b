"""Clocks as people read them: by when, under which rule, where that stands, and how the days were counted."""

from datetime import date

from countermark.law.deadlines import Clock, Deadline
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import Matter
from countermark.model import InvalidRecord
from countermark.node.notices import lawyer
from countermark.node.notices.shown import ClockShown


def clocks_of(matter: Matter, today: date) -> tuple[ClockShown, ...]:
    """What runs in a matter, the clock that matters first at the top."""
    return tuple(clock_shown(one, matter, today) for one in lawyer.in_order(matter.running))


def clock_shown(clock: Clock, matter: Matter, today: date) -> ClockShown:
    """One clock, with its rule, the sources of the rule and how well each was read, the calendar and the count."""
    due = clock.due
    counted = due.counted if due else None
    return ClockShown(
        rule=f"{matter.regime}/{clock.rule}",
        title=clock.title,
        says=clock.says,
        role=clock.role,
        who=clock.who.replace("_", " "),
        began=clock.began,
        last=due.last if due else None,
        first=due.first if isinstance(due, Deadline) else None,
        called=due.called if due else "",
        sources=_sources(clock, matter, today),
        calendar=counted.calendar if counted else "",
        counting=_counting(counted.rule) if counted else "",
        zone=due.zone if due else matter.zone,
        steps=tuple(f"{one.day.isoformat()}: {one.words}" for one in counted.steps) if counted else (),
        alerts=counted.alerts if counted else (),
        firm=_is_firm(clock),
        over=clock.is_over(today),
        other=clock.other_reading.last if clock.other_reading else None,
    )


def _is_firm(clock: Clock) -> bool:
    if isinstance(clock.due, Deadline):
        return clock.due.is_firm
    return clock.due is None or clock.due.counted is None or not clock.due.counted.alerts


def _sources(clock: Clock, matter: Matter, today: date) -> tuple[tuple[str, str], ...]:
    """Norm and tag in words; none when the rule is gone from the regime that ships now."""
    try:
        rule = lawyer.regime(matter.regime).rule(clock.rule, today)
    except InvalidRecord:
        return ()
    return tuple((one.norm, one.tag.words) for one in rule.sources)


def _counting(rule: str) -> str:
    """The way of counting in a sentence."""
    found = shipped_lawbook().counting.get(rule)
    return f"{found.title}: {found.says}" if found else rule
