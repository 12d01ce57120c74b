"""The door to the law: open a matter, do a deed in it, read its clocks. Knows no table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import msgspec

from countermark.law.advancing import advance
from countermark.law.calendars import calendar_of
from countermark.law.deadlines import Clock, Deadline
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import Event, Happened, Matter, open_matter
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime
from countermark.law.regime_file import Channel, Subject
from countermark.law.rule import Role
from countermark.model import InvalidRecord, RightKind
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.notices.states import Deed
from countermark.node.notices.steps import STEPS, actor_of, chain_of

#: Where a regime leaves the zone to the case: a programme without a place is counted in UTC.
_ZONE = "UTC"


class LawRefuses(Conflict):
    """The law that a notice runs under does not allow this now; `code` is `law-` and a code of `law.refusals`."""


def regime(regime_id: str) -> Regime:
    """A regime under which notices can be filed here.

    Raises:
        Invalid: there is none of that id.
    """
    if regime_id not in STEPS:
        raise Invalid.of("regime", "regime-unknown", "No such law is known here.", f"Choose of: {', '.join(STEPS)}.")
    return shipped_lawbook().regime(regime_id)


def regimes() -> tuple[Regime, ...]:
    """Every regime under which notices can be filed, the European first."""
    return tuple(shipped_lawbook().regime(one) for one in STEPS)


def regime_for(country: str, kind: str, day: date) -> Regime:
    """The law of a country for a kind of right; the general programme where no statute gives a procedure."""
    subject = Subject.CONTENT if kind == RightKind.COPYRIGHT else Subject.GOODS
    try:
        found = shipped_lawbook().resolve(country=country, kind=RightKind(kind), subject=subject, day=day)
    except InvalidRecord:
        found = shipped_lawbook().resolve(
            country=country, kind=RightKind(kind), subject=subject, day=day, channel=Channel.PLATFORM
        )
    return found if found.id in STEPS else regime("platform-generic")


def opened(regime_id: str, at: datetime, country: str, facts: frozenset[str] = frozenset()) -> Matter:
    """A new matter; it pins the version of the regime. `facts` are true from the start."""
    found = regime(regime_id)
    try:
        place = found.file.place or _place(country)
        return open_matter(found, at, place=place, zone=found.file.zone or _ZONE, facts=facts)
    except InvalidRecord as refused:
        raise Invalid.of("regime", "regime-not-now", refused.message, refused.mend) from refused


@lru_cache(maxsize=512)
def _place(country: str) -> str:
    """A country whose calendar is known; none for what a partner wrote and nobody knows: days are then provisional."""
    try:
        calendar_of(country)
    except InvalidRecord:
        return ""
    return country


def done(matter: Matter, deed: Deed, at: datetime, given: Mapping[str, str]) -> Matter:
    """The matter after a deed.

    Args:
        matter: so far.
        deed: what is done; each law spells it in events of its own.
        at: when it took effect; never before what happened last.
        given: references for the facts that the law asks for; what a law does not ask is left out.

    Raises:
        LawRefuses: not possible now, with the law's own reason.
    """
    found, chain = regime(matter.regime), chain_of(matter.regime, deed, matter.state)
    if chain is None:
        raise LawRefuses(f"{found.file.title} knows no step “{deed}”.", code="law-unknown-event")
    moment = max(at, matter.latest)
    for name in chain:
        event = Event(name=name, at=moment, by=actor_of(deed), facts=_facts(found, matter, name, given))
        try:
            matter = advance(found, matter, event).matter
        except MoveRefused as refused:
            raise LawRefuses(f"{refused.message} {refused.mend}", code=f"law-{refused.code}") from refused
    return matter


def new_in(before: Matter, after: Matter) -> tuple[Happened, ...]:
    """What happened between two states of one matter."""
    return after.log[len(before.log) :]


def _facts(found: Regime, matter: Matter, name: str, given: Mapping[str, str]) -> dict[str, str]:
    procedure = found.file.procedure
    moves = procedure.moves if procedure else ()
    needs = {fact for one in moves if one.event == name and _leaves(one.leaving, matter.state) for fact in one.needs}
    return {fact: given[fact] for fact in sorted(needs) if given.get(fact)}


def _leaves(leaving: tuple[str, ...], state: str) -> bool:
    return state in leaving or "*" in leaving


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deed would lead to now: why the law refuses it, or what the state after it means; the other is empty."""

    refusal: str
    says: str = ""


def outcome(matter: Matter, deed: Deed, at: datetime) -> Outcome:
    """What a deed would lead to at a moment, as the law says it; every reference that it asks for is taken as given."""
    found = regime(matter.regime)
    every = dict.fromkeys(found.file.facts, "…")
    try:
        after = done(matter, deed, at, every)
    except LawRefuses as refused:
        return Outcome(refused.detail)
    state = found.file.procedure.state(after.state) if found.file.procedure else None
    return Outcome("", state.says if state else "")


def refusal(matter: Matter, deed: Deed, at: datetime) -> str:
    """Why a deed is not possible at a moment, as the law says it; empty when it is."""
    return outcome(matter, deed, at).refusal


def in_order(clocks: tuple[Clock, ...]) -> list[Clock]:
    """Clocks as they matter: what binds before what is only a service target, the earliest first, a chance last."""

    def order(clock: Clock) -> tuple[bool, bool, date]:
        last = clock.due.last if clock.due else None
        return clock.role is Role.CHANCE, not isinstance(clock.due, Deadline), last or date.max

    return sorted(clocks, key=order)


def write(matter: Matter) -> str:
    """A matter as text for a column."""
    return msgspec.json.encode(matter).decode()


def read(text: str) -> Matter:
    """A matter from its column."""
    return msgspec.json.decode(text, type=Matter)
