"""Whether an event is possible, checked from the plainest question to the finest."""

from collections.abc import Iterator, Sequence
from datetime import date

from countermark.law.confirming import unconfirmed
from countermark.law.deadlines import Clock, Deadline, day_in
from countermark.law.matter import Event, Matter
from countermark.law.procedure import Move, Procedure
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime
from countermark.law.tags import Review
from countermark.model import InvalidRecord


def check(regime: Regime, matter: Matter, event: Event, reviews: Sequence[Review]) -> Move:
    """The move that the event makes.

    Raises:
        MoveRefused: with the first thing that stands against it.
    """
    move = _move(regime, matter, event)
    _check_actor(regime, move, event)
    day = day_in(event.at, matter.zone)
    _check_rule(regime, move, day)
    _check_facts(regime, matter, move, event)
    for clock in _clocks(regime, matter, move.after):
        _check_after(regime, clock, day)
    for clock in _clocks(regime, matter, move.within):
        _check_within(regime, clock, day)
    if event.automatic:
        _check_automatic(regime, matter, move, event, reviews, day)
    return move


def _move(regime: Regime, matter: Matter, event: Event) -> Move:
    procedure = _procedure(regime, matter)
    if event.at < matter.latest:
        raise MoveRefused(
            "earlier",
            f"{event.name} is dated before what happened last ({matter.latest.isoformat()}).",
            "Check the moment; what happened is never rewritten.",
        )
    state = procedure.state(matter.state)
    if state is None or state.closed:
        raise MoveRefused("closed", f"The matter is closed: {state.says if state else matter.state}", "Open a new one.")
    for barred in procedure.barred:
        if barred.event == event.name and matter.state in barred.leaving:
            raise MoveRefused("barred", barred.says, "See the rule.", f"{regime.id}/{barred.rule}")
    moves = [move for move in procedure.moves if move.event == event.name]
    for move in moves:
        if matter.state in move.leaving or "*" in move.leaving:
            return move
    raise _impossible(procedure, matter.state, event.name, known=bool(moves))


def _procedure(regime: Regime, matter: Matter) -> Procedure:
    if (regime.id, regime.version) != (matter.regime, matter.version):
        raise MoveRefused(
            "other-version",
            f"The matter has pinned {matter.regime} {matter.version[:12]}, this is {regime.id} {regime.version[:12]}.",
            "Load the pinned version, or migrate the matter.",
        )
    assert regime.file.procedure is not None
    return regime.file.procedure


def _impossible(procedure: Procedure, state: str, event: str, *, known: bool) -> MoveRefused:
    now = sorted({move.event for move in procedure.moves if state in move.leaving or "*" in move.leaving})
    mend = f"Possible now: {', '.join(now)}." if now else "Nothing is possible now."
    if known:
        return MoveRefused("not-now", f"{event} is not possible in the state {state}.", mend)
    return MoveRefused("unknown-event", f"There is no event {event[:60]!r}.", mend)


def _check_actor(regime: Regime, move: Move, event: Event) -> None:
    if event.by not in move.by:
        who = " or ".join(regime.file.actors[one] for one in move.by)
        raise MoveRefused("wrong-actor", f"{event.by[:60]} may not do {move.event}.", f"Only: {who}.")


def _check_rule(regime: Regime, move: Move, day: date) -> None:
    try:
        regime.rule(move.rule, day)
    except InvalidRecord as error:
        raise MoveRefused("rule-not-in-force", error.message, error.mend, f"{regime.id}/{move.rule}") from error


def _check_facts(regime: Regime, matter: Matter, move: Move, event: Event) -> None:
    rule, words, held = f"{regime.id}/{move.rule}", regime.file.facts, set(matter.facts)
    for unknown in sorted(set(event.facts) - set(words)):
        raise MoveRefused("fact-unknown", f"{unknown[:60]!r} means nothing here.", "See the regime's glossary.", rule)
    for fact in move.holds_if:
        if fact not in held:
            raise MoveRefused("holds", f"{move.event} is only for matters in which: {words[fact]}.", "Check it.", rule)
    for fact in move.unless:
        if fact in held:
            raise MoveRefused("holds", f"{move.event} is not possible: {words[fact]}.", "Settle that first.", rule)
    needed = (*move.needs, *(move.if_automatic if event.automatic else ()))
    for fact in needed:
        if not event.facts.get(fact, "").strip():
            raise MoveRefused("fact-missing", f"{move.event} needs {words[fact]}.", f"Give it as {fact}.", rule)


def _clocks(regime: Regime, matter: Matter, rules: tuple[str, ...]) -> Iterator[Clock]:
    for rule in rules:
        clock = matter.clock(rule)
        if clock is None:
            name = f"{regime.id}/{rule}"
            raise MoveRefused("clock-not-running", f"{name} is not running.", "Record what starts it first.", name)
        yield clock


def _check_after(regime: Regime, clock: Clock, day: date) -> None:
    if not clock.is_over(day):
        last = clock.due.last if clock.due else None
        until = f"until the end of {last.isoformat()}" if last else "and has no date"
        raise MoveRefused(
            "too-early", f"{clock.title} still runs, {until}.", "Wait until it is over.", f"{regime.id}/{clock.rule}"
        )


def _check_within(regime: Regime, clock: Clock, day: date) -> None:
    name = f"{regime.id}/{clock.rule}"
    if isinstance(clock.due, Deadline) and clock.due.first and day < clock.due.first:
        raise MoveRefused(
            "too-early",
            f"{clock.title}: the window opens on {clock.due.first}.",
            f"Wait until {clock.due.first}.",
            name,
        )
    if clock.is_over(day):
        last = clock.due.last if clock.due else None
        raise MoveRefused("too-late", f"{clock.title}: {last} was the last day.", "Ask counsel what is left.", name)


def _check_automatic(
    regime: Regime, matter: Matter, move: Move, event: Event, reviews: Sequence[Review], day: date
) -> None:
    if move.person:
        raise MoveRefused("needs-person", f"{event.name} is for a person to decide.", "Put it in a queue.")
    clocks = list(_clocks(regime, matter, (*move.after, *move.within)))
    for clock in clocks:
        if isinstance(clock.due, Deadline) and not clock.due.is_firm:
            name = f"{regime.id}/{clock.rule}"
            raise MoveRefused("provisional", clock.due.counted.alerts[0], "Let a person decide.", name)
    for name in unconfirmed(regime, (move.rule, *(clock.rule for clock in clocks)), reviews, day):
        raise MoveRefused(
            "unconfirmed",
            f"{name} is not confirmed, and nobody has signed this version of it.",
            "Let a person decide, or have a named reviewer sign the rule.",
            name,
        )
