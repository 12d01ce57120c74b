"""Whether the file of a regime holds together: everything named exists, everything stated has a source."""

from collections.abc import Iterator
from itertools import combinations

from countermark.law.counting import CountingRule, Days
from countermark.law.periods import Unit, read_period
from countermark.law.procedure import Move, Procedure
from countermark.law.regime_file import RegimeFile
from countermark.law.rule import Basis, Role, Rule, Time
from countermark.law.tags import Tag
from countermark.model import InvalidRecord

_RUNS_FROM = ("start of ", "end of ")


def faults(file: RegimeFile, counting: dict[str, CountingRule]) -> Iterator[str]:
    """Every way in which a file contradicts itself or says nothing, in sentences without a full stop."""
    yield from _without_source(file)
    yield from _twice(file)
    known = {rule.id for rule in file.rules}
    for rule in file.rules:
        yield from _of_rule(rule, file, known, counting)
    if file.procedure is not None:
        yield from _of_procedure(file.procedure, file, known)
    yield from _of_grounds(file)


def _without_source(file: RegimeFile) -> Iterator[str]:
    asked = file.asked
    sourced = [(one.id, one.sources) for one in file.rules]
    sourced += [(one.id, one.sources) for one in asked.fields]
    sourced += [(one.id, one.sources) for one in asked.declarations]
    sourced += [(one.id, one.sources) for one in asked.grounds]
    yield from (f"{name} has no source" for name, sources in sourced if not sources)
    if not file.sources:
        yield "the regime has no source for being in force"


def _twice(file: RegimeFile) -> Iterator[str]:
    for one, other in combinations(file.rules, 2):
        if one.id == other.id and _overlap(one, other):
            yield f"the rule {one.id} stands twice for the same days"
    asked = file.asked
    for named in (asked.declarations, asked.grounds):
        ids = [one.id for one in named]
        yield from (f"{one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1}))


def _overlap(one: Rule, other: Rule) -> bool:
    if one.valid_to and other.valid_from and one.valid_to < other.valid_from:
        return False
    return not (other.valid_to and one.valid_from and other.valid_to < one.valid_from)


def _of_rule(rule: Rule, file: RegimeFile, known: set[str], counting: dict[str, CountingRule]) -> Iterator[str]:
    if rule.who and rule.who not in file.actors:
        yield f"the rule {rule.id} addresses {rule.who!r}, who is no actor"
    if rule.other_reading and rule.other_reading not in known:
        yield f"the rule {rule.id} names another reading {rule.other_reading!r} that does not exist"
    yield from (
        f"the rule {rule.id} asks for the fact {one!r} that the glossary lacks"
        for one in (*rule.holds_if, *rule.unless)
        if one not in file.facts
    )
    if rule.valid_from and rule.valid_to and rule.valid_from > rule.valid_to:
        yield f"the rule {rule.id} ends before it begins"
    if (rule.basis is Basis.POLICY) != (rule.tag is Tag.OWN):
        yield f"the rule {rule.id} mixes up policy and norm: basis {rule.basis}, tag {rule.tag}"
    if rule.time is None and rule.role in (Role.WAIT, Role.WINDOW, Role.CHANCE):
        yield f"the rule {rule.id} is a {rule.role} without a time"
    if rule.time is not None:
        yield from (f"the rule {rule.id}: {one}" for one in _of_time(rule.time, known, counting))


def _of_time(time: Time, known: set[str], counting: dict[str, CountingRule]) -> Iterator[str]:
    how = counting.get(time.count)
    if how is None:
        yield f"there is no way of counting {time.count!r}"
        return
    if time.runs_from:
        opening = next((one for one in _RUNS_FROM if time.runs_from.startswith(one)), None)
        if opening is None or not set(time.runs_from.removeprefix(opening).split(" or ")) <= known:
            yield f"{time.runs_from!r} is not `start of` or `end of` a rule of this file"
    if how.days is Days.NONE:
        return
    for text in filter(None, (time.period, time.earliest)):
        try:
            unit = read_period(text).unit
        except InvalidRecord as error:
            yield error.message.rstrip(".")
            continue
        if (unit is Unit.WORKING_DAYS) != (how.days is Days.WORKING):
            yield f"{time.count} does not count {unit}"


def _of_procedure(procedure: Procedure, file: RegimeFile, known: set[str]) -> Iterator[str]:
    states = {state.id for state in procedure.states}
    for move in procedure.moves:
        where = f"the move {move.event}"
        yield from (f"{where} leaves {one!r}, which is no state" for one in move.leaving if one not in states | {"*"})
        if move.to not in states | {"="}:
            yield f"{where} leads to {move.to!r}, which is no state"
        yield from (f"{where}: {one!r} is no actor" for one in move.by if one not in file.actors)
        yield from (f"{where} names the rule {one!r} that does not exist" for one in _rules_of(move) - known)
        facts = {*move.needs, *move.holds_if, *move.unless, *move.sets, *move.clears, *move.if_automatic}
        yield from (f"{where} names the fact {one!r} that the glossary lacks" for one in facts - set(file.facts))
    yield from _unreached(procedure, states)
    yield from _two_ways(procedure)
    for one in procedure.barred:
        if one.rule not in known or not set(one.leaving) <= states:
            yield f"what is barred, {one.event}, names a rule or a state that does not exist"


def _rules_of(move: Move) -> set[str]:
    return {move.rule, *move.after, *move.within, *move.starts, *move.stops} - {"*"}


def _unreached(procedure: Procedure, states: set[str]) -> Iterator[str]:
    reached = {procedure.first, *(move.to for move in procedure.moves)}
    yield from (f"nothing leads to the state {one}" for one in sorted(states - reached))


def _two_ways(procedure: Procedure) -> Iterator[str]:
    """One event in one state must lead one way, or nobody could say which rule it rested on."""
    for one, other in combinations(procedure.moves, 2):
        both = set(one.leaving) & set(other.leaving) or "*" in one.leaving or "*" in other.leaving
        if one.event == other.event and both:
            yield f"the event {one.event} can go two ways from one state"


def _of_grounds(file: RegimeFile) -> Iterator[str]:
    asked, grounds = file.asked, {one.id for one in file.asked.grounds}
    for ground in asked.grounds:
        wanted = {kind for demand in ground.evidence for kind in demand}
        yield from (
            f"the reason {ground.id} asks for {one!r} that the glossary of evidence lacks"
            for one in sorted(wanted - set(asked.evidence))
        )
    for one in asked.fields:
        yield from (
            f"the field {one.id} names the reason {name!r} that does not exist"
            for name in one.reasons
            if name not in grounds
        )
