"""Write what happened to a notice: rows that stay, and the state that follows from them. Nothing else writes either."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from countermark.law.deadlines import day_in
from countermark.law.matter import Matter
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer
from countermark.node.notices.models import Happening, HappeningWords, Notice
from countermark.node.notices.moves import next_move
from countermark.node.notices.states import DECISIONS, Deed, Stage, is_out_of_turn, stage_after
from countermark.node.parties.access import Member

#: Why a question or an answer is refused that comes when nothing is open.
OUT_OF_TURN = "Nothing is open in this notice that could be asked or answered now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A deed as it is to be written.

    Attributes:
        deed: what was done.
        at: when it took effect.
        actor: `usr_…`, `partner`, `seller` or `node`.
        given: references for the facts that the law asks for; no personal data.
        reason: a code of `reasons`.
        note: words for the other side.
        entry: id of the entry that said it.
        told: a platform without a node said that it did this.
        lacking: what came lacks something that the law asks for.
    """

    deed: Deed
    at: datetime
    actor: str
    given: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    entry: str = ""
    told: bool = False
    lacking: bool = False


def lock(member: Member, notice_id: str) -> Notice:
    """The notice, locked until the transaction ends; NotFound."""
    return lock_of(member.organisation_id, notice_id)


def lock_of(organisation_id: int, notice_id: str) -> Notice:
    """The notice of an organisation, locked; NotFound."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("agreement", "channel__organisation")
    found = rows.filter(organisation_id=organisation_id, public_id=notice_id[:40]).first()
    if found is None or not is_id("ntc", notice_id):
        raise NotFound("notice", notice_id)
    return found


def record(notice: Notice, done: Done) -> Matter:
    """Do a deed: ask the law, write what happened, and bring the row up to it.

    Raises:
        LawRefuses: nothing is written.
    """
    after, happenings = asked(notice, done)
    last = Happening.objects.filter(notice=notice).count() if notice.pk else 0
    for number, one in enumerate(happenings, last + 1):
        one.number = number
        one.save()
    _keep_words(happenings[0], done.note)
    bring_up(notice, done, after)
    notice.save()
    return after


def asked(notice: Notice, done: Done) -> tuple[Matter, list[Happening]]:
    """What the law makes of a deed: the matter after it, and rows of what happened, not numbered and not saved.

    Raises:
        LawRefuses.
    """
    if is_out_of_turn(done.deed, Stage(notice.stage)):
        raise lawyer.LawRefuses(OUT_OF_TURN, code="law-out-of-turn")
    before = lawyer.read(notice.matter)
    after = lawyer.done(before, done.deed, done.at, done.given, told=done.told, lacking=done.lacking)
    steps = [(one.event.name, one.rule, one.state, dict(one.event.facts)) for one in lawyer.new_in(before, after)]
    happenings = [
        Happening(
            notice=notice,
            deed=done.deed,
            event=event,
            rule=rule,
            state=state,
            facts=facts,
            reason=done.reason,
            actor=done.actor,
            entry=done.entry,
            version=after.version,
            at=max(done.at, before.latest),
        )
        for event, rule, state, facts in steps or [("", "", after.state, {})]
    ]
    return after, happenings


def record_move(notice: Notice, after: Matter, actor: str, reason: str) -> None:
    """Write that the matter was moved to another version of its law; stage, clocks and dates stay as they are."""
    before = lawyer.read(notice.matter)
    number = Happening.objects.filter(notice=notice).count()
    moves = [
        Happening(
            notice=notice,
            number=place,
            deed=Deed.MIGRATE,
            event=one.event.name,
            state=one.state,
            facts=dict(one.event.facts),
            actor=actor,
            version=after.version,
            at=one.event.at,
        )
        for place, one in enumerate(lawyer.new_in(before, after), number + 1)
    ]
    for one in moves:
        one.save()
    _keep_words(moves[0], reason)
    notice.matter = lawyer.write(after)
    notice.save(update_fields=["matter"])


def _keep_words(first: Happening, note: str) -> None:
    """Words lie beside the first happening of a deed, so that they can end and it cannot."""
    if note:
        HappeningWords(happening=first, note=note).save()


def bring_up(notice: Notice, done: Done, matter: Matter) -> None:
    """Bring the columns of a notice up to what happened; saving it is the caller's."""
    notice.matter, notice.law_state = lawyer.write(matter), matter.state
    notice.stage = stage_after(done.deed, Stage(notice.stage))
    if done.deed in DECISIONS:
        notice.decision, notice.reason, notice.decided_at = done.deed, done.reason, done.at
    move = next_move(Stage(notice.stage), matter, day_in(now(), matter.zone))
    notice.due, notice.due_who = move.by, move.who
