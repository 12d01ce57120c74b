"""The time of a rule counted from a day, outside any matter: for the command line, and for previews on screens."""

from datetime import date

import msgspec

from countermark.law.confirming import unconfirmed
from countermark.law.counting import Counted, count
from countermark.law.deadlines import Due, Start, due_of
from countermark.law.lawbook import Lawbook
from countermark.law.periods import read_period
from countermark.law.regime import Regime
from countermark.law.rule import Rule
from countermark.law.targets import shipped_targets
from countermark.model import InvalidRecord


class ByHand(msgspec.Struct, frozen=True, kw_only=True):
    """What came of counting one rule.

    Attributes:
        name: `regime/rule`.
        rule: the rule as it is in force on the day.
        version: of the regime.
        due: the answer.
        other_reading: the second reading of the same norm, where there is one.
        unconfirmed: rule and way of counting, as far as they are not read in good sources; nothing acts on them by
            itself until a named reviewer signs each.
        note: what to know about the day that was given; empty when it is simply the day of the event.
    """

    name: str
    rule: Rule
    version: str
    due: Due
    other_reading: Due | None = None
    unconfirmed: tuple[str, ...]
    note: str = ""


def count_rule(book: Lawbook, name: str, day: date, *, place: str = "") -> ByHand:
    """Count the time of a rule from a day.

    Args:
        book: the regimes.
        name: `regime/rule`.
        day: of the event; for a rule that runs from another one's start or end, that day.
        place: whose calendar; that of the regime when empty.

    Raises:
        InvalidRecord: no such rule on that day, or one without a time.
    """
    regime, rule = book.rule(name, day)
    if rule.time is None:
        raise InvalidRecord("rule", f"{name} has no time.", f"See `countermark law show {name}`.")
    due = _due(regime, rule, day, place)
    other = _due(regime, regime.rule(rule.other_reading, day), day, place) if rule.other_reading else None
    note = f"It runs from the {rule.time.runs_from}; the day given is taken as that day." if rule.time.runs_from else ""
    return ByHand(
        name=name,
        rule=rule,
        version=regime.version,
        due=due,
        other_reading=other,
        unconfirmed=tuple(unconfirmed(regime, [rule.id], (), day)),
        note=note,
    )


def _due(regime: Regime, rule: Rule, day: date, place: str) -> Due:
    assert rule.time is not None
    name = f"{regime.id}/{rule.id}"
    target = shipped_targets().get(name, "")
    plain = msgspec.structs.replace(rule, time=msgspec.structs.replace(rule.time, runs_from=""))
    start = Start(day, place or regime.file.place, regime.file.zone)
    due = due_of(name, plain, regime.counting_for(target), start, target)
    assert due is not None
    # The version is that of the rule as it stands, not of the copy that was counted.
    return msgspec.structs.replace(due, rule_version=rule.version)


def count_period(book: Lawbook, counting_id: str, period: str, day: date, *, place: str = "") -> Counted:
    """Count a period by a way of counting, without a rule.

    Raises:
        InvalidRecord: no such way of counting, period or place.
    """
    how = book.counting.get(counting_id)
    if how is None:
        raise InvalidRecord(
            "count", f"there is no way of counting {counting_id[:40]!r}.", f"There are: {', '.join(book.counting)}."
        )
    return count(how, read_period(period), day, place=place)
