"""A filer is told of a measure in the feed: previewed field by field, as far as the agreement names it; and answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from countermark.node.audit import services as audit
from countermark.node.conduct import judging, lawful
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure, ToldAnswer, ToldMeasure
from countermark.node.conduct.recording import check_words, facts_of, lock, must
from countermark.node.conduct.states import ActKind, MeasureKind, Standing
from countermark.node.conduct.words import STANDING_WORDS
from countermark.node.exchange.models import Agreement, FeedEntry
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.previewing import HiddenField, ShownField
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices import permits
from countermark.node.notices.permits import Message
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

TOLD, ARRIVED, ANSWERED = "measure.told", "measure.arrived", "measure.answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What the filer would see of a measure.

    Attributes:
        partner: name of the filer.
        denied: why nothing may go; empty when it may.
        shown, hidden: field by field.
        was_told: whether anything was said of it before.
        version: stands for exactly this, so that nothing else is told than was seen.
    """

    partner: str
    denied: str
    shown: tuple[ShownField, ...] = ()
    hidden: tuple[HiddenField, ...] = ()
    was_told: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutUs:
    """A measure about our own notices, as it was told last.

    Attributes:
        id: `msr_…` of the marketplace.
        said: field to value, as the agreement let it through.
        told_at: when it was told last.
        answer, answered_at: what we answered; empty and None before.
        standing: where it stands, in words.
        over: an answer would not be heard any more.
    """

    id: str
    said: Mapping[str, str]
    told_at: datetime
    answer: str
    answered_at: datetime | None
    standing: str
    over: bool


def leaving(member: Member, measure_id: str) -> Leaving:
    """What would leave. Raises NotPermitted (NOTICES_DECIDE), NotFound, Conflict (no measure about a filer)."""
    measure, acts, agreement = _about_filer(member, measure_id)
    told = FeedEntry.objects.filter(feed__agreement=agreement, feed__ours=True, subject=measure.public_id).exists()
    message = _message(measure, acts, agreement)
    try:
        voice = permits.Voice.under(agreement)
    except Conflict as refused:
        return Leaving(partner=agreement.partner_name, denied=refused.detail, was_told=told)
    given = voice.permit(member.role, message)
    if not given.allow:
        return Leaving(partner=agreement.partner_name, denied=given.sentence, was_told=told)
    seen = voice.preview(member.role, message)
    return Leaving(
        partner=agreement.partner_name,
        denied="",
        shown=seen.shown,
        hidden=seen.hidden,
        was_told=told,
        version=message.key,
    )


@transaction.atomic
def tell(member: Member, measure_id: str, version: str = "") -> None:
    """Say it in the feed: exactly what `leaving` shows. The same state said twice is one entry.

    Args:
        member: NOTICES_DECIDE.
        measure_id: `msr_…`.
        version: of what the member looked at; empty = as it is now.

    Raises:
        NotPermitted, NotFound; Conflict: not decided yet, it changed since, or the agreement keeps it here.
    """
    measure, acts, agreement = _about_filer(member, measure_id)
    message = _message(measure, acts, agreement)
    must(version in {"", message.key}, "It changed since you looked. Look at it again.", "changed-meanwhile")
    permits.say(agreement, member.role, message)
    audit.record(
        actor=member.actor, organisation=member.organisation_id, action="measure.passed", target=measure.public_id
    )


@transaction.atomic
def answer(member: Member, agreement_name: str, measure_id: str, words: str) -> None:
    """Answer a measure that a marketplace told us of under an agreement; once. Another partner's id is another measure.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid; Conflict: answered already, over, or the agreement forbids it.
    """
    member.require(Permission.NOTICES_FILE)
    found = _told(member, agreement_name).filter(public_id=measure_id[:40])
    row = found.select_related("agreement").order_by("-pk").first()
    if row is None or not is_id("msr", measure_id):
        raise NotFound("measure", measure_id)
    said, moment = check_words(words), now()
    must(row.public_id not in _answers(row.agreement), "It was answered already.", "answered-already")
    must(not _is_over(row.said), "It is over: there is nothing to answer any more.", "measure-over")
    message = Message(
        type=ANSWERED,
        subject=row.public_id,
        kind=ItemKind.MEASURE,
        action=Action.ANSWER,
        owner=row.agreement.partner,
        fields={"measure_id": row.public_id, "answer": said, "answered_at": moment},
        key=f"measure answered {row.public_id}",
    )
    entry = permits.say(row.agreement, member.role, message)
    given = ToldAnswer(organisation_id=member.organisation_id, public_id=row.public_id, words=said, at=moment)
    given.by_id, given.entry = member.user_id, entry.entry_id
    given.save()
    audit.record(
        actor=member.actor, organisation=member.organisation_id, action="measure.answered", target=row.public_id
    )


def about_us(member: Member, agreement_name: str) -> tuple[AboutUs, ...]:
    """Measures about our own notices under an agreement, the newest first. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    rows = _told(member, agreement_name).select_related("agreement").order_by("-pk")[:200]
    last: dict[str, ToldMeasure] = {}
    for row in rows:
        last.setdefault(row.public_id, row)
    given = _answers(rows[0].agreement) if rows else {}
    return tuple(_about_us(row, given.get(name)) for name, row in last.items())


def _about_us(row: ToldMeasure, given: ToldAnswer | None) -> AboutUs:
    return AboutUs(
        id=row.public_id,
        said=row.said,
        told_at=row.at,
        answer=given.words if given else "",
        answered_at=given.at if given else None,
        standing=_standing(row.said.get("status", "")),
        over=_is_over(row.said),
    )


def _told(member: Member, agreement_name: str) -> QuerySet[ToldMeasure]:
    return ToldMeasure.objects.filter(organisation_id=member.organisation_id, agreement__name=agreement_name[:60])


def _answers(agreement: Agreement) -> dict[str, ToldAnswer]:
    """What we answered under an agreement, by measure: an answer is an entry of our own feed there."""
    ours = FeedEntry.objects.filter(feed__agreement=agreement, feed__ours=True, type=ANSWERED)
    rows = ToldAnswer.objects.filter(
        organisation_id=agreement.organisation_id, entry__in=ours.values_list("entry_id", flat=True)
    )
    return {one.public_id: one for one in rows}


def _standing(status: str) -> str:
    return STANDING_WORDS[Standing(status)] if status in set(Standing) else status


def _is_over(said: Mapping[str, str]) -> bool:
    """Whether the marketplace would hear no answer any more, as far as it told us."""
    ended = said.get("status") in {Standing.LIFTED, Standing.REVERSED, Standing.ENDED_UNHEARD}
    warning = said.get("measure") == MeasureKind.WARNING
    last = said.get("ends_on", "")
    return ended or (warning and (said.get("status") == Standing.ENDED or "" < last < now().date().isoformat()))


def _about_filer(member: Member, measure_id: str) -> tuple[Measure, list[Act], Agreement]:
    member.require(Permission.NOTICES_DECIDE)
    measure, acts = lock(member.organisation_id, measure_id)
    must(measure.track == Track.NOTICES, "A seller is told on its own page.", "not-a-filer")
    undecided = judging.standing(measure, acts) in {Standing.PROPOSED, Standing.DECLINED}
    must(not undecided, "It is not decided yet, so there is nothing to tell.", "not-decided")
    agreement = Agreement.objects.filter(organisation_id=member.organisation_id, name=measure.subject).first()
    if agreement is None:
        raise NotFound("agreement", measure.subject)
    return measure, acts, agreement


def _message(measure: Measure, acts: list[Act], agreement: Agreement) -> Message:
    facts, by = facts_of(measure), lawful.answer_by(lawful.read(acts[-1].matter))
    last = next((one.words for one in reversed(acts) if one.kind in _DECIDED), "")
    standing = judging.standing(measure, acts)
    fields: dict[str, object] = {
        "measure_id": measure.public_id,
        "measure": str(measure.kind),
        "status": str(standing),
        "reasons": measure.reasons,
        **{name: facts[name] for name in ("number", "share", "gravity", "intention", "redress")},
        "decided_at": measure.made_at,
        "ends_on": measure.ends_on,
    }
    if by is not None:
        fields["answer_by"] = by
    if last:
        fields["decision_reasons"] = last
    return Message(
        type=TOLD,
        subject=measure.public_id,
        kind=ItemKind.MEASURE,
        action=Action.SHARE,
        fields=fields,
        # A day may end it without an act, and an amended agreement may let more through: both are news.
        key=f"measure {measure.public_id} {len(acts)} {standing} {agreement.version}",
    )


#: Acts whose words are the marketplace's own decision on an answer, or its reasons for an early end.
_DECIDED = frozenset({ActKind.UPHELD, ActKind.REVERSED, ActKind.LIFTED})
