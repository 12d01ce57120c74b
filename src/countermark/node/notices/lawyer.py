"""The door to the law: open a matter, do a deed in it under the version that it pins, read its clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import msgspec

from countermark.law.advancing import advance
from countermark.law.asked import Paper
from countermark.law.calendars import calendar_of
from countermark.law.confirming import unconfirmed
from countermark.law.counting import Status
from countermark.law.deadlines import Clock, Deadline, Due
from countermark.law.history import migrate
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import Event, Happened, Matter, open_matter
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime
from countermark.law.regime_file import Channel, Subject
from countermark.law.rule import Role
from countermark.law.tags import Review, Tag
from countermark.model import InvalidRecord, RightKind
from countermark.model.decoding import decode
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.lawbook import keeping
from countermark.node.notices.states import Deed
from countermark.node.notices.steps import CONTESTED, NOTHING_DOWN, STEPS, actor_of, chain_of

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


def regime_for(country: str, kind: str, day: date, platform: str = "") -> Regime:
    """What a notice runs under.

    Args:
        country: to which the offer is directed, ISO 3166-1 alpha-2.
        kind: of the right; works make it a notice about content, other rights about goods.
        day: on which it is filed.
        platform: whose programme the other side follows (`ebay`, `taobao`); empty = the law of the country, and the
            general programme where no statute gives a procedure.
    """
    subject = Subject.CONTENT if kind == RightKind.COPYRIGHT else Subject.GOODS
    if platform in platforms():
        return shipped_lawbook().resolve(
            country=country,
            kind=RightKind(kind),
            subject=subject,
            day=day,
            channel=Channel.PLATFORM,
            platform=platform,
        )
    try:
        found = shipped_lawbook().resolve(country=country, kind=RightKind(kind), subject=subject, day=day)
    except InvalidRecord:
        found = shipped_lawbook().resolve(
            country=country, kind=RightKind(kind), subject=subject, day=day, channel=Channel.PLATFORM
        )
    return found if found.id in STEPS else regime("platform-generic")


def platforms() -> dict[str, str]:
    """Platforms whose own programme is known here: id to name."""
    return shipped_lawbook().platforms


def grounds_of(platform: str) -> tuple[str, ...]:
    """Ids of the reasons that the programme of a platform knows; none where it is unknown."""
    found = (one for one in regimes() if platform in one.file.applies.names)
    return tuple(ground.id for one in found for ground in one.file.asked.grounds)


def follows(regime_id: str, platform: str) -> bool:
    """Whether a notice to one that follows `platform` (empty: none) can be filed under a regime."""
    named = regime(regime_id).file.applies.names
    return not named or platform in named


def is_programme(regime_id: str) -> bool:
    """Whether a regime is the programme of a platform, no law."""
    return regime(regime_id).file.applies.channel is Channel.PLATFORM


def codes(regime_id: str) -> tuple[tuple[str, str], ...]:
    """Id and title of what a platform's programme asks of a notice besides its words; none under a law."""
    file = shipped_lawbook().regimes[regime_id].file if regime_id in STEPS else None
    if file is None or not file.applies.names:
        return ()
    asked = (one for one in file.asked.fields if Paper.NOTICE in one.of and one.id != "facts")
    return tuple((one.id, one.title) for one in asked)


def facts_of_ground(regime_id: str, ground: str) -> frozenset[str]:
    """Facts that the reason of a notice makes true from the start: `copyright`, where the programme knows it."""
    file = regime(regime_id).file
    kinds = next((one.kinds for one in file.asked.grounds if one.id == ground), ())
    return frozenset({"copyright"} & set(file.facts)) if kinds == (RightKind.COPYRIGHT,) else frozenset()


def law_of(matter: Matter) -> Regime:
    """The very version of the law that a matter has pinned; Conflict when it is not kept here."""
    return keeping.pinned(matter.regime, matter.version)


def law_for_screens(matter: Matter) -> Regime:
    """The pinned version, or the one in force where the pinned one was lost: a page must open all the same."""
    try:
        return law_of(matter)
    except Conflict:
        return shipped_lawbook().regime(matter.regime)


def opened(regime_id: str, at: datetime, country: str, facts: frozenset[str] = frozenset()) -> Matter:
    """A new matter; it pins the version of the regime, which is kept from then on. `facts` are true from the start."""
    found = regime(regime_id)
    keeping.keep(found)
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


def done(
    matter: Matter,
    deed: Deed,
    at: datetime,
    given: Mapping[str, str],
    by_itself: Sequence[Review] | None = None,
    *,
    told: bool = False,
    lacking: bool = False,
) -> Matter:
    """The matter after a deed.

    Args:
        matter: so far.
        deed: what is done; each law spells it in events of its own.
        at: when it took effect; never before what happened last.
        given: references for the facts that the law asks for; what a law does not ask is left out.
        by_itself: None = a person does it, or says that it happened. Otherwise a machine does, and these are the
            signatures under rules that no good source confirms; without them such a rule lets nothing happen.
        told: a platform without a node said that it did this.
        lacking: what came lacks something that the law asks for.

    Raises:
        LawRefuses: not possible now, with the law's own reason.
    """
    found = law_of(matter)
    chain = chain_of(matter.regime, deed, state=state_of(matter), facts=matter.facts, told=told, lacking=lacking)
    if chain is None:
        raise LawRefuses(f"{found.file.title} knows no step “{deed}”.", code="law-unknown-event")
    moment = max(at, matter.latest)
    for name in chain:
        facts = _facts(found, matter, name, given)
        event = Event(name=name, at=moment, by=actor_of(deed), facts=facts, automatic=by_itself is not None)
        try:
            matter = advance(found, matter, event, reviews=by_itself or ()).matter
        except MoveRefused as refused:
            raise LawRefuses(f"{refused.message} {refused.mend}", code=f"law-{refused.code}") from refused
    return matter


def moved(matter: Matter, at: datetime, by: str, reason: str) -> Matter:
    """The matter under the version of its law that is in force now; what runs keeps the dates it was given.

    Raises:
        LawRefuses: it is there already, or the version in force has no such state.
    """
    new = regime(matter.regime)
    try:
        after = migrate(matter, new, at=max(at, matter.latest), by=by, reason=reason)
    except InvalidRecord as refused:
        raise LawRefuses(f"{refused.message} {refused.mend}", code=f"law-{refused.field}") from refused
    keeping.keep(new)
    return after


def state_of(matter: Matter) -> str:
    """The state, told apart by who complained where one state follows the complaints of both sides, and by what is down
    where one follows every decision."""
    if is_contested(matter):
        return matter.state + CONTESTED
    if matter.state == "settlement_decided" and not _is_restricted(matter):
        return matter.state + NOTHING_DOWN
    return matter.state


def _is_restricted(matter: Matter) -> bool:
    """Whether the offer is down: nothing came back after the last restriction (DSA)."""
    found = (one.event.name for one in reversed(matter.log))
    return next((one for one in found if one in {"restrict", "reverse", "put_back"}), "") == "restrict"


def is_contested(matter: Matter) -> bool:
    """Whether whoever filed has complained of a refusal, and nothing was restricted since (DSA art. 20(1))."""
    told = next((one.event for one in reversed(matter.log) if one.event.name in {"complain", "restrict"}), None)
    return told is not None and told.name == "complain" and told.by == actor_of(Deed.COMPLAIN)


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
    found = law_of(matter)
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


def tag_of(found: Regime, rule_id: str) -> Tag | None:
    """How well the sources of a rule were read; None when this version has no such rule."""
    return next((one.tag for one in found.file.rules if one.id == rule_id), None)


def may_act(found: Regime, rule_id: str, signed: Sequence[Review], day: date) -> bool:
    """Whether a machine may act on a rule: confirmed by its sources, or signed by a named reviewer."""
    try:
        return not any(unconfirmed(found, (rule_id,), signed, day))
    except InvalidRecord:
        return False


def is_firm(due: Due | None) -> bool:
    """Whether no calendar is missing: neither for a deadline, nor for a day that an organisation set itself."""
    if isinstance(due, Deadline):
        return due.is_firm
    return due is None or due.counted is None or due.counted.status is Status.FIRM


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
    return decode(text, Matter)
