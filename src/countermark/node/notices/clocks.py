"""Clocks as people read them: by when, under which rule, where that stands, and how the days were counted."""

from collections.abc import Sequence
from datetime import date

from countermark.law.deadlines import Clock, Deadline, day_in
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import Matter
from countermark.law.regime import Regime
from countermark.law.tags import Review
from countermark.model import InvalidRecord
from countermark.node.notices import lawyer
from countermark.node.notices.shown import ClockShown
from countermark.node.notices.steps import STEPS


def clocks_of(matter: Matter, today: date, signed: Sequence[Review] = ()) -> tuple[ClockShown, ...]:
    """What runs in a matter, the clock that matters first at the top; `signed`: signatures under rules."""
    return tuple(clock_shown(one, matter, today, signed) for one in lawyer.in_order(matter.running))


def clock_shown(clock: Clock, matter: Matter, today: date, signed: Sequence[Review] = ()) -> ClockShown:
    """One clock, with its rule, the sources of the rule and how well each was read, the calendar and the count."""
    due = clock.due
    counted = due.counted if due else None
    regime = lawyer.law_for_screens(matter)
    tag = lawyer.tag_of(regime, clock.rule)
    return ClockShown(
        rule=f"{matter.regime}/{clock.rule}",
        title=clock.title,
        says=clock.says,
        role=clock.role,
        who=_who(clock, regime, today),
        began=clock.began,
        last=due.last if due else None,
        first=due.first if isinstance(due, Deadline) else None,
        called=due.called if due else "",
        sources=_sources(clock, regime, today),
        calendar=counted.calendar if counted else "",
        counting=_counting(counted.rule) if counted else "",
        zone=due.zone if due else matter.zone,
        steps=tuple(f"{one.day.isoformat()}: {one.words}" for one in counted.steps) if counted else (),
        alerts=counted.alerts if counted else (),
        firm=lawyer.is_firm(due),
        over=clock.is_over(today),
        other=clock.other_reading.last if clock.other_reading else None,
        tag=tag.value if tag else "",
        tag_words=tag.words if tag else "",
        acts=lawyer.may_act(regime, clock.rule, signed, day_in(clock.began, matter.zone)),
    )


def _who(clock: Clock, regime: Regime, today: date) -> str:
    """Whose move, in words: three parties that everybody knows in a notice, elsewhere as the law itself calls them.

    A matter that was moved to a newer version keeps clocks of the older one, whose actors may have had other names.
    """
    if regime.id in STEPS:
        return clock.who.replace("_", " ")
    actors = regime.file.actors
    if clock.who in actors:
        return actors[clock.who]
    try:
        return actors.get(regime.rule(clock.rule, today).who, clock.who.replace("_", " "))
    except InvalidRecord:
        return clock.who.replace("_", " ")


def _sources(clock: Clock, regime: Regime, today: date) -> tuple[tuple[str, str], ...]:
    """Norm and tag in words; none when the rule is gone from the regime that ships now."""
    try:
        rule = regime.rule(clock.rule, today)
    except InvalidRecord:
        return ()
    return tuple((one.norm, one.tag.words) for one in rule.sources)


def _counting(rule: str) -> str:
    """The way of counting in a sentence."""
    found = shipped_lawbook().counting.get(rule)
    return f"{found.title}: {found.says}" if found else rule
