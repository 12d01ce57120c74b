"""A decision before a certified body of out-of-court settlement (DSA art. 21): who took it there, and what it decided.

Either party's officer writes it down, as people tell it; the other node is told by an entry. What the body decides does
not bind: what follows from it is a decision of the marketplace like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.applying import Arrived, CannotApply
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.values import Value
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.time import now
from countermark.node.notices import acting, lawyer, permits, recording
from countermark.node.notices.models import Notice
from countermark.node.notices.papers import text
from countermark.node.notices.reasons import BODY_OUTCOMES, words_in
from countermark.node.notices.recording import Done
from countermark.node.notices.states import DISPUTES, Deed, Side
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import read_moment
from countermark.proof.refusals import Refused

ENTRY = "notice.dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """That a decision was taken to a body. No names of persons.

    Attributes:
        by_seller: the seller took it there; else whoever filed.
        body, reference: the certified body, and its number of the dispute.
        day: on which the body received it (ISO 8601, not to come); the body's days are counted from it.
    """

    by_seller: bool
    body: str
    reference: str
    day: str

    def __str__(self) -> str:
        return f"{self.body.strip()}, {self.reference.strip()}, {self.day}."


@transaction.atomic
def go_to_body(member: Member, notice_id: str, dispute: Dispute) -> None:
    """Write down that a decision was taken to a certified body.

    Raises:
        NotPermitted (NOTICES_FILE or NOTICES_DECIDE, by side), NotFound, Invalid, LawRefuses, Conflict.
    """
    for field, value in (("body", dispute.body), ("reference", dispute.reference)):
        acting.check_line(field, value)
    deed = Deed.SELLER_BODY if dispute.by_seller else Deed.BODY
    _do(member, notice_id, deed, acting.past_day(dispute.day), str(dispute))


@transaction.atomic
def extend(member: Member, notice_id: str, day: str, why: str) -> None:
    """Write down that the body takes longer because the dispute is highly complex. Raises as `go_to_body`."""
    acting.check_line("why", why)
    _do(member, notice_id, Deed.EXTEND, acting.past_day(day), why.strip())


@transaction.atomic
def settle(member: Member, notice_id: str, day: str, outcome: str, words: str = "") -> None:
    """Write down what the body decided. `outcome`: a code of `reasons.BODY_OUTCOMES`. Raises as `go_to_body`."""
    if all(one.code != outcome for one in BODY_OUTCOMES):
        raise Invalid.of("outcome", "outcome-unknown", "This is none of the list.", "Choose one of the list.")
    if words.strip():
        acting.check_line("words", words)
    said = f"{words_in(BODY_OUTCOMES, outcome)}, {day}. {words.strip()}".strip()
    _do(member, notice_id, Deed.SETTLE, acting.past_day(day), said, outcome)


def facts(words: str) -> dict[str, str]:
    """References for what the law asks of each of these."""
    return {"body": words, "complex": words, "outcome": words}


def _do(member: Member, notice_id: str, deed: Deed, day: date, words: str, reason: str = "") -> None:
    notice = recording.lock(member, notice_id)
    member.require(Permission.NOTICES_FILE if notice.side == Side.SENT else Permission.NOTICES_DECIDE)
    at = min(_noon(notice, day), now())
    # A marketplace without a node is a party to the dispute and hears of it from the body.
    entry = _say(member, notice, deed, at, f"{reason}\n{words}") if notice.agreement is not None else ""
    done = Done(deed=deed, at=at, actor=member.actor, given=facts(words), reason=reason, note=words, entry=entry)
    recording.record(notice, done)
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=ENTRY,
        target=notice.public_id,
        detail={"deed": deed},
    )


def _noon(notice: Notice, day: date) -> datetime:
    """A day as a moment of it, where the law counts."""
    return datetime.combine(day, time(12), ZoneInfo(lawyer.read(notice.matter).zone))


def _say(member: Member, notice: Notice, deed: Deed, at: datetime, words: str) -> str:
    """Whoever filed adds it to its own notice; the marketplace tells it as an answer to that notice."""
    ours = notice.side == Side.SENT
    message = permits.Message(
        type=ENTRY,
        subject=notice.public_id,
        kind=ItemKind.NOTICE,
        action=Action.CORRECT if ours else Action.ANSWER,
        owner="" if ours else notice.agreed.partner,
        fields={"notice_id": notice.public_id, "status": deed, "decision_reasons": words, "decided_at": at},
    )
    return permits.say(notice.agreed, member.role, message).entry_id


def arrive(arrived: Arrived, notice: Notice) -> bool:
    """Apply what the other side wrote down; False where it stands here already, because both sides wrote it.

    Raises:
        CannotApply: it names nothing that is known here, or the agreement does not let it be said.
        LawRefuses: the law does not allow it now.
    """
    ours = notice.side == Side.SENT
    said = permits.taken(arrived, ItemKind.NOTICE, Action.ANSWER if ours else Action.CORRECT, ours=ours)
    deed = next((one for one in DISPUTES if one == text(said, "status")), None)
    reason, _, words = text(said, "decision_reasons").partition("\n")
    if deed is None or (deed is Deed.SETTLE and all(one.code != reason for one in BODY_OUTCOMES)) or not words.strip():
        raise CannotApply("wrong-data", "It says nothing about a dispute that is known here.")
    reason, words = (reason if deed is Deed.SETTLE else ""), words[: acting.LONGEST]
    if _stands(notice, deed, reason):
        return False
    done = Done(
        deed=deed,
        at=_when(arrived, said),
        actor="partner",
        given=facts(words[:1000]),
        reason=reason,
        note=words,
        entry=arrived.entry_id,
    )
    recording.record(notice, done)
    return True


def _stands(notice: Notice, deed: Deed, reason: str) -> bool:
    """Whether the last thing that happened here is the same: the two entries crossed."""
    last = notice.happenings.order_by("-number").first()
    return last is not None and last.deed == deed and last.reason == reason


def _when(arrived: Arrived, said: Mapping[str, Value]) -> datetime:
    """The day that is told, never after it came."""
    latest = min(arrived.happened_at, arrived.recorded_at)
    try:
        return min(read_moment(text(said, "decided_at")), latest)
    except (Refused, ValueError):
        return latest
