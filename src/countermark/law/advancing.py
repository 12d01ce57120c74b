"""One step of a matter: an event comes, and either it is refused with a reason, or there is a new matter."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from countermark.law.checking import check
from countermark.law.deadlines import CannotCount, Clock, Deadline, Start, day_in, due_of
from countermark.law.matter import Event, Happened, Matter
from countermark.law.procedure import Move
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime
from countermark.law.rule import Role, Rule
from countermark.law.tags import Review
from countermark.law.targets import shipped_targets
from countermark.model import InvalidRecord


class Advanced(msgspec.Struct, frozen=True, kw_only=True):
    """What an event changed.

    Attributes:
        matter: as it stands now.
        started: what began to run.
        ended: what was done or ceased to matter.
    """

    matter: Matter
    started: tuple[Clock, ...]
    ended: tuple[Clock, ...]

    @property
    def duties(self) -> tuple[Clock, ...]:
        """What somebody must now do."""
        return tuple(clock for clock in self.started if clock.role in (Role.DUTY, Role.WINDOW))


def advance(
    regime: Regime,
    matter: Matter,
    event: Event,
    *,
    reviews: Sequence[Review] = (),
    targets: Mapping[str, str] | None = None,
) -> Advanced:
    """Apply an event. Pure: the same arguments give the same answer for ever.

    Args:
        regime: in the version that the matter has pinned.
        matter: so far.
        event: what happened.
        reviews: signatures under unconfirmed rules; only asked for when the event is automatic.
        targets: own service targets, `regime/rule` to `COUNT: period`; those that ship when None.

    Raises:
        MoveRefused: the event is not possible now, for a reason that it names.
    """
    move = check(regime, matter, event, reviews)
    ended = tuple(_end(clock, event) for clock in matter.running if _is_stopped(clock, move))
    facts = tuple(sorted({*matter.facts, *move.sets} - {*move.clears}))
    clocks = tuple(_end(one, event) if one.is_running and _is_stopped(one, move) else one for one in matter.clocks)
    started = _start_all(regime, matter, move, event, facts, shipped_targets() if targets is None else targets)
    state = matter.state if move.to == "=" else move.to
    happened = Happened(event=event, state=state, rule=move.rule, version=matter.version)
    after = msgspec.structs.replace(
        matter, state=state, facts=facts, log=(*matter.log, happened), clocks=(*clocks, *started)
    )
    return Advanced(matter=after, started=started, ended=ended)


def _is_stopped(clock: Clock, move: Move) -> bool:
    return "*" in move.stops or clock.rule in move.stops


def _end(clock: Clock, event: Event) -> Clock:
    return msgspec.structs.replace(clock, ended=event.at, ended_by=event.name)


def _start_all(
    regime: Regime,
    matter: Matter,
    move: Move,
    event: Event,
    facts: tuple[str, ...],
    targets: Mapping[str, str],
) -> tuple[Clock, ...]:
    day, started = day_in(event.at, matter.zone), list[Clock]()
    for rule_id in move.starts:
        rule = _in_force(regime, rule_id, day)
        if rule is None or not set(rule.holds_if) <= set(facts) or set(rule.unless) & set(facts):
            continue
        start = Start(day, matter.place, matter.zone, (*matter.clocks, *started))
        started.append(_clock(regime, rule, event, start, targets))
    return tuple(started)


def _in_force(regime: Regime, rule_id: str, day: date) -> Rule | None:
    """A rule that has ended, or not yet begun, starts nothing."""
    try:
        return regime.rule(rule_id, day)
    except InvalidRecord:
        return None


def _clock(regime: Regime, rule: Rule, event: Event, start: Start, targets: Mapping[str, str]) -> Clock:
    name = f"{regime.id}/{rule.id}"
    try:
        due = due_of(name, rule, regime.counting_for(targets.get(name, "")), start, targets.get(name, ""))
        other = _other_reading(regime, rule, start)
    except CannotCount as error:
        raise MoveRefused(
            "clock-not-running", f"{name} runs from {error}, which was never started.", "Record that first.", name
        ) from error
    return Clock(
        rule=rule.id,
        title=rule.title,
        says=rule.says,
        role=rule.role,
        who=rule.who,
        began=event.at,
        due=due,
        other_reading=other,
    )


def _other_reading(regime: Regime, rule: Rule, start: Start) -> Deadline | None:
    if not rule.other_reading:
        return None
    other = regime.rule(rule.other_reading, start.day)
    due = due_of(f"{regime.id}/{other.id}", other, regime.counting, start)
    return due if isinstance(due, Deadline) else None
