"""Write what happened in a proceeding; take back what was written by mistake; move it to the law of today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from countermark.law.advancing import advance
from countermark.law.deadlines import day_in
from countermark.law.history import migrate, replay
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import LONGEST_FACT, Event, Matter
from countermark.law.refusals import MoveRefused
from countermark.law.regime import Regime
from countermark.model import InvalidRecord
from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import as_one_line, is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.lawbook import keeping
from countermark.node.notices import lawyer
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.proceedings import regimes, words
from countermark.node.proceedings.models import Proceeding, Step

LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says has happened.

    Attributes:
        event: of the regime.
        actor: who did it; empty = the only one who can.
        day: on which it took effect.
        facts: fact of the regime's glossary to a number, a date, a reference.
        note: own words; may be empty.
        seen: how many steps were there when the person looked; None = whatever is there.
    """

    event: str
    day: date | None
    actor: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    seen: int | None = None


@transaction.atomic
def happened(member: Member, proceeding_id: str, said: Said) -> None:
    """Write it down, with the clocks that begin and end by it. The same once more, as a second click sends it, is one.

    Raises:
        NotPermitted, NotFound, Invalid; Conflict: the law allows it not now, with its reason, or somebody wrote since.
    """
    row = _lock(member, proceeding_id)
    before, note = lawyer.read(row.matter), _words(said.note, "note", needed=False)
    facts, actor = _facts(said.facts), said.actor[:40] or _only_actor(before, said.event)
    if _is_there(member, row, said.seen, event=said.event[:40], actor=actor, facts=facts, note=note):
        return
    event = Event(name=said.event[:40], at=_moment(said.day, before), by=actor, facts=facts)
    try:
        after = advance(lawyer.law_of(before), before, event).matter
    except MoveRefused as refused:
        raise Conflict(f"{refused.message} {refused.mend}", code=f"law-{refused.code}") from refused
    last = after.log[-1]
    _write(
        member, row, after, event=event.name, actor=event.by, rule=last.rule, facts=event.facts, note=note, at=event.at
    )


@transaction.atomic
def take_back(member: Member, proceeding_id: str, reason: str, seen: int | None = None) -> None:
    """Take back what was written last: it was a mistake. It stays to be read; state and clocks are as before it.

    Args:
        member: writes in proceedings.
        proceeding_id: `pcd_…`.
        reason: why.
        seen: how many steps were there when the person looked, so that a second click takes no second step back.

    Raises:
        NotPermitted, NotFound, Invalid; Conflict: nothing was written yet, or somebody wrote since.
    """
    row, why = _lock(member, proceeding_id), _words(reason, "reason", needed=True)
    if _is_there(member, row, seen, event="", note=why):
        return
    before, undone = lawyer.read(row.matter), _last_standing(row)
    if undone is None or not before.log:
        raise Conflict("Nothing has been written yet that could be taken back.", code="nothing-to-take-back")
    after = replay(_versions(before), msgspec.structs.replace(before, log=before.log[:-1], version=_version(before)))
    _write(member, row, after, undoes=undone.number, note=why, at=now())


@transaction.atomic
def move_to_todays_law(member: Member, proceeding_id: str, reason: str) -> None:
    """Move it to the version of its law that is in force now; what runs keeps its dates.

    Raises:
        NotPermitted (LAWBOOK_SIGN), NotFound, Invalid; Conflict: it is there already, or cannot be moved.
    """
    member.require(Permission.LAWBOOK_SIGN)
    row, why = _lock(member, proceeding_id), _words(reason, "reason", needed=True)
    before, new = lawyer.read(row.matter), shipped_lawbook().regime(row.regime)
    try:
        after = migrate(before, new, at=max(now(), before.latest), by=member.actor, reason=why)
    except InvalidRecord as refused:
        raise Conflict(f"{refused.message} {refused.mend}", code=f"law-{refused.field}") from refused
    keeping.keep(new)
    last = after.log[-1].event
    _write(member, row, after, event=last.name, facts=last.facts, note=why, at=last.at)


def next_day(matter: Matter) -> date | None:
    """The next day that counts: the earliest last day that runs; of a window that has not opened, its first day."""
    today = day_in(now(), matter.zone)
    days = []
    for clock in matter.running:
        last = clock.due.last if clock.due else None
        first = getattr(clock.due, "first", None)
        if last is not None:
            days.append(first if first is not None and first > today else last)
    return min(days, default=None)


def _lock(member: Member, proceeding_id: str) -> Proceeding:
    member.require(regimes.writing(member))
    rows = Proceeding.objects.select_for_update().filter(organisation_id=member.organisation_id)
    found = rows.filter(public_id=proceeding_id[:40]).first()
    if found is None or not is_id("pcd", proceeding_id):
        raise NotFound("proceeding", proceeding_id)
    if found.deleted_at is not None:
        raise Conflict("Its words were deleted when their time was over; nothing is added.", code="deleted")
    return found


def _is_there(member: Member, row: Proceeding, seen: int | None, **what: object) -> bool:
    """Whether this was written already by the same person. Raises Conflict: something else was written since."""
    found = list(Step.objects.filter(proceeding=row).select_related("words").order_by("number"))
    if seen is None or len(found) == seen:
        return False
    last = found[-1] if len(found) == seen + 1 else None
    if last is None or last.by_id != member.user_id or not _says(last, what):
        message = "Something was written here since you looked. Look at it, then write again."
        raise Conflict(message, code="written-meanwhile")
    return True


def _says(step: Step, what: Mapping[str, object]) -> bool:
    beside = ("facts", "note")
    return all(getattr(step.words if name in beside else step, name) == value for name, value in what.items())


def _write(
    member: Member,
    row: Proceeding,
    after: Matter,
    *,
    at: datetime,
    note: str,
    facts: Mapping[str, str] = MappingProxyType({}),
    **what: object,
) -> None:
    number = Step.objects.filter(proceeding=row).count() + 1
    step = Step(
        proceeding=row, number=number, state=after.state, version=after.version, at=at, by_id=member.user_id, **what
    )
    words.keep(step, facts, note)
    row.matter, row.law_state = lawyer.write(after), after.state
    row.closed = regimes.is_closed(lawyer.law_of(after), after.state)
    row.due = None if row.closed else next_day(after)
    row.save(update_fields=["matter", "law_state", "closed", "due"])
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="proceeding.taken_back" if "undoes" in what else "proceeding.happened",
        target=row.public_id,
        detail={"step": number},
    )


def _last_standing(row: Proceeding) -> Step | None:
    """The last step that nobody took back."""
    steps = list(Step.objects.filter(proceeding=row).order_by("number"))
    undone = {one.undoes for one in steps}
    standing = [one for one in steps if one.undoes is None and one.number not in undone]
    return standing[-1] if standing else None


def _versions(matter: Matter) -> dict[str, Regime]:
    """Every version of its law that a matter went through."""
    named = {one.version for one in matter.log} | {matter.version}
    return {one: keeping.pinned(matter.regime, one) for one in named}


def _version(matter: Matter) -> str:
    """The version that the matter has once its last step is gone."""
    return matter.log[-1].version


def _only_actor(matter: Matter, event: str) -> str:
    procedure = lawyer.law_of(matter).file.procedure
    moves = [one for one in (procedure.moves if procedure else ()) if one.event == event]
    return moves[0].by[0] if moves else ""


def _moment(day: date | None, matter: Matter) -> datetime:
    """Noon of the day, so that the day is the same wherever it is read; not before what was written last that day."""
    if day is None:
        raise Invalid.of("day", "day-missing", "The day is missing.", "Write it as 2026-11-28.")
    zone, today = ZoneInfo(matter.zone), day_in(now(), matter.zone)
    if day > today:
        raise Invalid.of("day", "day-to-come", "This day has not come yet.", "Write it down once it has happened.")
    noon = datetime.combine(day, time(12), zone)
    # In the morning of today, noon has not come yet.
    found = min(noon, now().astimezone(zone)) if day == today else noon
    return max(found, matter.latest.astimezone(zone)) if day == day_in(matter.latest, matter.zone) else found


def _facts(given: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in list(given.items())[:20]:
        line = as_one_line(value)
        if line is None or len(line) > LONGEST_FACT or not is_storable(name, line):
            message = f"A text is longer than {LONGEST_FACT:,} characters, or cannot be stored as one line."
            raise Invalid.of(f"fact.{name}", "fact-too-long", message, "Shorten it: a number or a reference is enough.")
        regimes.refuse_personal(line, f"fact.{name}")
        if line:
            found[name[:40]] = line
    return found


def _words(given: str, what: str, *, needed: bool) -> str:
    said = as_one_line(given)
    if said is None or (needed and not said) or len(said) > LONGEST_NOTE or not is_storable(said):
        message = "Say why, in a few words." if not given.strip() else "The words are too long, or no single line."
        raise Invalid.of(what, f"{what}-length", message, f"Write at most {LONGEST_NOTE:,} characters.")
    regimes.refuse_personal(said, what)
    return said
