"""What can be done now, by whom, and what is late: for screens and queues."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from countermark.law.checking import check
from countermark.law.deadlines import Clock, day_in
from countermark.law.matter import Event, Matter
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime
from countermark.law.tags import Review


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One event that the state allows.

    Attributes:
        event: its name.
        by: actors who may.
        rule: `regime/rule` that it rests on.
        needs: facts to be given, with their words.
        refusal: why it is not possible at this moment; empty when it is.
        refusal_code: a key of `refusals.CODES`; empty when it is possible.
        person: a person decides it.
    """

    event: str
    by: tuple[str, ...]
    rule: str
    needs: dict[str, str]
    refusal: str = ""
    refusal_code: str = ""
    person: bool = False


def choices(regime: Regime, matter: Matter, at: datetime) -> tuple[Choice, ...]:
    """Every event that the state allows, with what it needs and what stands against it at a moment."""
    procedure = regime.file.procedure
    assert procedure is not None
    found = []
    for move in procedure.moves:
        if matter.state not in move.leaving and not ("*" in move.leaving and not _is_closed(regime, matter)):
            continue
        facts = dict.fromkeys(move.needs, "…")
        code, words = _refusal(regime, matter, Event(name=move.event, at=at, by=move.by[0], facts=facts))
        found.append(
            Choice(
                event=move.event,
                by=move.by,
                rule=f"{regime.id}/{move.rule}",
                needs={fact: regime.file.facts[fact] for fact in move.needs},
                refusal=words,
                refusal_code=code,
                person=move.person,
            )
        )
    return tuple(found)


def _is_closed(regime: Regime, matter: Matter) -> bool:
    state = regime.file.procedure.state(matter.state) if regime.file.procedure else None
    return state is None or state.closed


def _refusal(regime: Regime, matter: Matter, event: Event, reviews: Sequence[Review] = ()) -> tuple[str, str]:
    try:
        check(regime, matter, event, reviews)
    except MoveRefused as refused:
        return refused.code, str(refused)
    return "", ""


def late(matter: Matter, at: datetime) -> tuple[Clock, ...]:
    """What runs although its last day is over, oldest first. Tell deadlines from service targets by `due.called`."""
    day = day_in(at, matter.zone)
    over = [clock for clock in matter.running if clock.is_over(day)]
    return tuple(sorted(over, key=lambda clock: clock.due.last if clock.due and clock.due.last else day))
