"""A matter: one notice under one regime, as the sequence of what happened. Frozen; every change makes a new one."""

from datetime import datetime

import msgspec

from countermark.law.deadlines import Clock
from countermark.law.regime import Regime
from countermark.model import InvalidRecord

#: Bounds of what an event can bring.
MOST_FACTS, LONGEST_FACT = 40, 2000


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened.

    Attributes:
        name: `statement_arrived`.
        at: when it took effect, with an offset; not when it was typed in.
        by: the actor.
        facts: fact of the regime's glossary to a reference (id, hash, number). No personal data: it stays in the log.
        automatic: a machine does it, nobody looked.
    """

    name: str
    at: datetime
    by: str
    facts: dict[str, str] = {}
    automatic: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise InvalidRecord("at", "the moment has no offset.", "Write it with one, for example …+00:00.")
        too_long = any(len(value) > LONGEST_FACT for value in self.facts.values())
        if len(self.facts) > MOST_FACTS or too_long:
            raise InvalidRecord("facts", "the event brings too much.", "Give references, not whole papers.")


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """An event with where it led.

    Attributes:
        event: what happened.
        state: the state after it.
        rule: the rule that it rested on.
        version: of the regime under which it happened.
    """

    event: Event
    state: str
    rule: str
    version: str


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """One notice and what became of it.

    Attributes:
        regime: id.
        version: of the regime; pinned when the matter is opened, changed only by `migrate`.
        opened: when.
        place: whose calendar counts; ISO 3166.
        zone: IANA zone in which moments become days.
        given: facts that were true at the opening.
        facts: facts that are true now, sorted.
        state: where it stands.
        log: what happened, in order.
        clocks: everything that ever ran.
    """

    regime: str
    version: str
    opened: datetime
    place: str
    zone: str
    state: str
    given: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    log: tuple[Happened, ...] = ()
    clocks: tuple[Clock, ...] = ()

    @property
    def running(self) -> tuple[Clock, ...]:
        """What still runs."""
        return tuple(clock for clock in self.clocks if clock.is_running)

    @property
    def latest(self) -> datetime:
        """When something last happened."""
        return self.log[-1].event.at if self.log else self.opened

    def clock(self, rule: str) -> Clock | None:
        """The running clock of a rule."""
        return next((clock for clock in self.running if clock.rule == rule), None)


def open_matter(
    regime: Regime, opened: datetime, *, place: str = "", zone: str = "", facts: frozenset[str] = frozenset()
) -> Matter:
    """Begin a matter; it pins the version of the regime.

    Args:
        regime: with a procedure.
        opened: the moment, with an offset.
        place: whose calendar counts; that of the regime when empty.
        zone: that of the regime when empty.
        facts: facts of the case that are true from the start (`trusted`, `small`).

    Raises:
        InvalidRecord: no procedure, no zone, a fact that the glossary lacks, or not in force.
    """
    file = regime.file
    if file.procedure is None:
        raise InvalidRecord("regime", f"{file.id} has no procedure.", "Choose one that has.")
    if opened.tzinfo is None:
        raise InvalidRecord("opened", "the moment has no offset.", "Write it with one.")
    if not regime.is_in_force(opened.date()):
        raise InvalidRecord("regime", f"{file.id} is not in force on {opened.date()}.", "Choose the one that was.")
    for unknown in sorted(facts - set(file.facts)):
        raise InvalidRecord("facts", f"{unknown[:40]!r} means nothing here.", "See the glossary of the regime.")
    if not (zone or file.zone):
        raise InvalidRecord("zone", f"{file.id} leaves the time zone to the case.", "Say it, as an IANA name.")
    given = tuple(sorted(facts))
    return Matter(
        regime=file.id,
        version=regime.version,
        opened=opened,
        place=place or file.place,
        zone=zone or file.zone,
        state=file.procedure.first,
        given=given,
        facts=given,
    )
