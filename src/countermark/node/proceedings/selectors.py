"""Read proceedings, as one member sees them."""

from datetime import date

from django.db.models import QuerySet

from countermark.law.choices import choices
from countermark.law.deadlines import day_in
from countermark.law.lawbook import shipped_lawbook
from countermark.law.matter import Matter
from countermark.law.regime import Regime
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.pages import page_by_row
from countermark.node.kernel.time import now
from countermark.node.lawbook import signing
from countermark.node.notices import lawyer
from countermark.node.notices.clocks import clocks_of
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.proceedings import regimes
from countermark.node.proceedings.happening import next_day
from countermark.node.proceedings.models import Proceeding, Step
from countermark.node.proceedings.shown import ChoiceShown, ProceedingPage, ProceedingRow, ProceedingShown, StepShown
from countermark.node.rights import selectors as rights

#: Proceedings with a day in one list of deadlines, in one calendar.
MOST_DUE = 200


def proceedings(member: Member, cursor: str = "", size: int = 50, *, closed: bool = False) -> ProceedingPage:
    """One page of proceedings that are open, or of those that are closed, the newest first. NotPermitted."""
    rows, following = page_by_row(_own(member).filter(closed=closed), cursor, size)
    return ProceedingPage(tuple(_row(one) for one in rows), following)


def due(member: Member) -> tuple[ProceedingRow, ...]:
    """Proceedings in which a day runs, the earliest first. Raises NotPermitted (NOTICES_VIEW)."""
    return tuple(sorted((_row(one) for one in with_a_day(member)), key=lambda one: one.day or date.max))


def with_a_day(member: Member) -> list[Proceeding]:
    """The rows of those. Raises NotPermitted (NOTICES_VIEW)."""
    return list(_own(member).filter(due__isnull=False).order_by("due", "pk")[:MOST_DUE])


def proceeding(member: Member, proceeding_id: str) -> ProceedingShown:
    """One proceeding. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    row = _own(member).filter(public_id=proceeding_id[:40]).first()
    if row is None or not is_id("pcd", proceeding_id):
        raise NotFound("proceeding", proceeding_id)
    matter = lawyer.read(row.matter)
    law, signed = lawyer.law_for_screens(matter), signing.reviews(member.organisation_id)
    steps, may_write = _steps(row, law), regimes.may_write(member)
    return ProceedingShown(
        row=_row(row),
        regime=row.regime,
        summary=law.file.summary,
        version=matter.version,
        place=matter.place,
        zone=matter.zone,
        today=day_in(now(), matter.zone),
        right=row.right,
        right_title=_right_title(member, row.right),
        clocks=clocks_of(matter, day_in(now(), matter.zone), signed),
        choices=_choices(law, matter) if may_write and not row.closed else (),
        steps=steps,
        asked=law.file.asked.fields,
        outdated=not row.closed and matter.version != shipped_lawbook().regime(row.regime).version,
        may_write=may_write and row.deleted_at is None,
        deleted_at=row.deleted_at,
        may_take_back=may_write
        and row.deleted_at is None
        and any(one.undoes is None and not one.taken_back for one in steps),
    )


def _own(member: Member) -> QuerySet[Proceeding]:
    member.require(Permission.NOTICES_VIEW)
    return Proceeding.objects.filter(organisation_id=member.organisation_id)


def _row(row: Proceeding) -> ProceedingRow:
    matter = lawyer.read(row.matter)
    law, today = lawyer.law_for_screens(matter), day_in(now(), matter.zone)
    clocks = clocks_of(matter, today)
    # Counted anew at each look: a window that opened since it was written is due on its last day, no more on its first.
    day = None if row.closed else next_day(matter)
    return ProceedingRow(
        id=row.public_id,
        law=law.file.title,
        about=row.about,
        state=_state(law, row.law_state),
        closed=row.closed,
        clock=next((one for one in clocks if day in {one.first, one.last}), None) if day else None,
        day=day,
    )


def _state(law: Regime, state: str) -> str:
    found = law.file.procedure.state(state) if law.file.procedure else None
    return found.says if found else state


def _right_title(member: Member, right_id: str) -> str:
    if not right_id:
        return ""
    try:
        return rights.right(member, right_id).row.title
    except NotFound:
        return right_id


def _choices(law: Regime, matter: Matter) -> tuple[ChoiceShown, ...]:
    if law.version != matter.version:
        return ()
    return tuple(
        ChoiceShown(
            event=one.event,
            words=in_words(one.event),
            actors=tuple((who, law.file.actors[who]) for who in one.by),
            needs=tuple(one.needs.items()),
            rule=one.rule,
            says=next((rule.says for rule in law.file.rules if f"{law.id}/{rule.id}" == one.rule), ""),
            refusal=one.refusal,
        )
        for one in choices(law, matter, max(now(), matter.latest))
    )


def _steps(row: Proceeding, law: Regime) -> tuple[StepShown, ...]:
    found = list(Step.objects.filter(proceeding=row).select_related("words").order_by("number"))
    undone = {one.undoes for one in found}
    return tuple(_step(one, law, taken_back=one.number in undone) for one in found)


def _step(one: Step, law: Regime, *, taken_back: bool) -> StepShown:
    names, said = law.file.facts, getattr(one, "words", None)
    return StepShown(
        number=one.number,
        words=in_words(one.event),
        actor=law.file.actors.get(one.actor, ""),
        at=one.at,
        recorded_at=one.recorded_at,
        state=_state(law, one.state),
        facts=tuple((names.get(name, name), value) for name, value in sorted(said.facts.items())) if said else (),
        note=said.note if said else "",
        rule=f"{law.id}/{one.rule}" if one.rule else "",
        undoes=one.undoes,
        taken_back=taken_back,
    )


def in_words(event: str) -> str:
    """An event of a regime as people read it; its translations are among the words of the law."""
    return event.replace("_", " ").capitalize()
