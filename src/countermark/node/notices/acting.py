"""What a brand does with a notice that is filed: answer a question, report a suit, withdraw."""

from dataclasses import dataclass, replace

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.notices import permits, recording, through
from countermark.node.notices.models import Notice
from countermark.node.notices.reasons import WITHDRAWALS
from countermark.node.notices.recording import Done
from countermark.node.notices.states import ALIVE, Deed, Side, Stage
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Suit:
    """A suit or complaint that was filed: where, under which number, on which day. No names of persons."""

    authority: str
    docket: str
    day: str

    def __str__(self) -> str:
        return f"{self.authority}, {self.docket}, {self.day}"


@transaction.atomic
def withdraw(member: Member, notice_id: str, reason: str) -> None:
    """Withdraw a notice; `error` says that it was a mistake, which keeps the rate of good notices honest.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid, LawRefuses, Conflict.
    """
    notice = _own(member, notice_id)
    if all(one.code != reason for one in WITHDRAWALS):
        raise Invalid.of("reason", "reason-unknown", "Say why it is withdrawn.", "Choose one of the list.")
    if notice.stage not in ALIVE | {Stage.REFUSED}:
        raise Conflict("There is nothing to withdraw in this notice now.", code="not-now")
    was_error = reason == "error"
    fields = {"withdrawn_reason": reason, "was_error": was_error}
    given = withdrawal_facts(reason, error=was_error)
    _do(member, notice, "notice.withdrawn", Action.WITHDRAW, fields, _deed(member, Deed.WITHDRAW, given, reason))


@transaction.atomic
def report_suit(member: Member, notice_id: str, suit: Suit) -> None:
    """Say that a suit or a complaint was filed, so that what is down stays down where the law says so.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid, LawRefuses, Conflict.
    """
    notice = _own(member, notice_id)
    for field, value in (("authority", suit.authority), ("docket", suit.docket), ("day", suit.day)):
        if not value.strip() or len(value) > 300 or not is_storable(value):
            raise Invalid.of(field, f"{field}-missing", "This is missing or too long.", "Write it in a few words.")
    done = _deed(member, Deed.SUIT, suit_facts(str(suit)), "", str(suit))
    _do(member, notice, "notice.suit", Action.CORRECT, {"status": "suit", "explanation": str(suit)}, done)


@transaction.atomic
def answer(member: Member, notice_id: str, words: str) -> None:
    """Answer what was asked. Raises NotPermitted (NOTICES_FILE), NotFound, Invalid, LawRefuses, Conflict."""
    notice = _own(member, notice_id)
    if not words.strip() or len(words) > LONGEST or not is_storable(words):
        raise Invalid.of("words", "words-missing", f"Write an answer of at most {LONGEST:,} characters.", "Shorten it.")
    if notice.stage != Stage.ASKED:
        raise Conflict("The marketplace has asked nothing.", code="not-now")
    done = _deed(member, Deed.ANSWER, answer_facts(notice.public_id), "", words.strip())
    _do(member, notice, "notice.answered", Action.CORRECT, {"status": "answer", "explanation": words.strip()}, done)


def withdrawal_facts(reason: str, *, error: bool) -> dict[str, str]:
    """References for what the laws ask of a withdrawal."""
    return {"reason": reason, "error": "yes" if error else "no"}


def suit_facts(reference: str) -> dict[str, str]:
    """References for what the laws ask of whoever says that it sued or complained."""
    return {"filing_proof": reference, "reason": "suit", "escalated_to": reference}


def answer_facts(reference: str) -> dict[str, str]:
    """References for what the laws ask of a notice that is completed."""
    asked = ("answer", "prima_facie", "true_identity", "identity", "work_location", "preliminary_proof", "signature")
    return dict.fromkeys((*asked, "perjury_statement"), reference)


def _own(member: Member, notice_id: str) -> Notice:
    member.require(Permission.NOTICES_FILE)
    notice = recording.lock(member, notice_id)
    if notice.side != Side.SENT:
        raise Conflict("Only the one who filed a notice can do this.", code="not-yours")
    return notice


def _deed(member: Member, deed: Deed, given: dict[str, str], reason: str, note: str = "") -> Done:
    return Done(deed=deed, at=now(), actor=member.actor, given=given, reason=reason, note=note)


def _do(member: Member, notice: Notice, kind: str, action: Action, fields: dict[str, object], done: Done) -> None:
    if notice.channel is not None:
        entry = through.tell(notice, notice.channel, kind, fields)
    else:
        entry = _say(member, notice, kind, action, fields)
    recording.record(notice, replace(done, entry=entry))
    audit.record(actor=member.actor, organisation=member.organisation_id, action=kind, target=notice.public_id)


def _say(member: Member, notice: Notice, kind: str, action: Action, fields: dict[str, object]) -> str:
    message = permits.Message(
        type=kind,
        subject=notice.public_id,
        kind=ItemKind.NOTICE,
        action=action,
        fields={"notice_id": notice.public_id, **fields},
    )
    return permits.say(notice.agreed, member.role, message).entry_id
