"""What a brand does with a notice that is filed: answer a question or the seller, report a suit, withdraw."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.notices import completing, permits, recording, through
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.completing import Completion
from countermark.node.notices.models import Notice, Piece
from countermark.node.notices.reasons import SUIT_PAPERS, SUITS, WITHDRAWALS, words_in
from countermark.node.notices.recording import Done
from countermark.node.notices.states import ALIVE, Deed, Side, Stage
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

LONGEST = 4_000
#: References for what a programme asks of whoever accepts an answer.
ACCEPTED = {"reasons": "accepted by the complainant"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suit:
    """A suit or complaint that was filed. No names of persons.

    Attributes:
        kind, paper: codes of `reasons.SUITS` and `reasons.SUIT_PAPERS`: what was filed, and what shows it.
        authority, docket, day: court or authority, number, day of filing (ISO 8601, not to come).
        document: the paper itself; kept here, the marketplace is told its SHA-256.
    """

    kind: str = "suit"
    paper: str = "stamped_filing"
    authority: str
    docket: str
    day: str
    document: Attachment | None = None

    def __str__(self) -> str:
        kind, paper = (words_in(codes, code) for codes, code in ((SUITS, self.kind), (SUIT_PAPERS, self.paper)))
        shown = f"{paper}, SHA-256 {self.document.sha256}" if self.document else paper
        return f"{kind}: {self.authority.strip()}, {self.docket.strip()}, {self.day}. {shown}."


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
    _check_suit(suit)
    fields: dict[str, object] = {"status": "suit", "explanation": str(suit)}
    if suit.document is not None:
        fields |= {"evidence_ids": [suit.paper], "evidence_hashes": [suit.document.sha256]}
        one = suit.document
        Piece(
            notice=notice, kind=suit.paper, name=one.name, media_type=one.media_type, sha256=one.sha256, data=one.data
        ).save()
    done = _deed(member, Deed.SUIT, suit_facts(str(suit)), "", str(suit))
    _do(member, notice, "notice.suit", Action.CORRECT, fields, done)


@transaction.atomic
def answer(member: Member, notice_id: str, words: str, brings: Completion = Completion()) -> None:  # noqa: B008
    """Answer what was asked, and bring what the notice lacked.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid, LawRefuses, Conflict.
    """
    notice, said = _own(member, notice_id), _words(words)
    if notice.stage != Stage.ASKED:
        raise Conflict("The marketplace has asked nothing.", code="not-now")
    fields = completing.bring(member, notice, said, brings)
    done = _deed(member, Deed.ANSWER, answer_facts(notice.public_id), "", said)
    _do(member, notice, "notice.answered", Action.CORRECT, {"status": "answer", **fields}, done)


@transaction.atomic
def reply(member: Member, notice_id: str, words: str) -> None:
    """Answer a seller who wrote to the owner, where the programme has the seller do so; the seller reads the words.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid, LawRefuses, Conflict.
    """
    notice, said = _own(member, notice_id), _words(words)
    done = _deed(member, Deed.REPLY, answer_facts(notice.public_id), "", said)
    _do(member, notice, "notice.replied", Action.CORRECT, {"status": "reply", "explanation": said}, done)


@transaction.atomic
def accept(member: Member, notice_id: str) -> None:
    """Accept what the seller answered, where the programme then puts the offer back.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, LawRefuses, Conflict.
    """
    notice = _own(member, notice_id)
    done = _deed(member, Deed.ACCEPT, ACCEPTED, "")
    fields: dict[str, object] = {"status": "accepted", "explanation": "We accept what the seller answered."}
    _do(member, notice, "notice.accepted", Action.CORRECT, fields, done)


@transaction.atomic
def complain(member: Member, notice_id: str, words: str) -> None:
    """Contest the refusal of a notice, where the law has the platform hear whoever filed (DSA art. 20(1)).

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid, LawRefuses, Conflict.
    """
    notice, said = _own(member, notice_id), _words(words)
    done = _deed(member, Deed.COMPLAIN, complaint_facts(notice.public_id), "", said)
    _do(member, notice, "notice.complained", Action.CORRECT, {"status": "complaint", "explanation": said}, done)


def withdrawal_facts(reason: str, *, error: bool) -> dict[str, str]:
    """References for what the laws ask of a withdrawal."""
    return {"reason": reason, "error": "yes" if error else "no"}


def complaint_facts(reference: str) -> dict[str, str]:
    """References for what the laws ask of a complaint."""
    return {"complaint": reference}


def suit_facts(reference: str) -> dict[str, str]:
    """References for what the laws ask of whoever says that it sued or complained."""
    return {"filing_proof": reference, "reason": "suit", "escalated_to": reference}


def answer_facts(reference: str) -> dict[str, str]:
    """References for what the laws ask of a notice that is completed."""
    asked = ("answer", "prima_facie", "true_identity", "identity", "work_location", "preliminary_proof", "signature")
    return dict.fromkeys((*asked, "perjury_statement"), reference)


def _words(words: str) -> str:
    """What is said to the other side, of a length that can be. Raises Invalid."""
    if not words.strip() or len(words) > LONGEST or not is_storable(words):
        raise Invalid.of("words", "words-missing", f"Write an answer of at most {LONGEST:,} characters.", "Shorten it.")
    return words.strip()


def _check_suit(suit: Suit) -> None:
    for field, value in (("authority", suit.authority), ("docket", suit.docket), ("day", suit.day)):
        check_line(field, value)
    for field, codes, code in (("kind", SUITS, suit.kind), ("paper", SUIT_PAPERS, suit.paper)):
        if all(one.code != code for one in codes):
            raise Invalid.of(field, f"{field}-unknown", "This is none of the list.", "Choose one of the list.")
    past_day(suit.day)


def check_line(field: str, value: str) -> None:
    """A line of text that must be there, of at most 300 characters. Raises Invalid, which names the field."""
    if not value.strip() or len(value) > 300 or not is_storable(value):
        raise Invalid.of(field, f"{field}-missing", "This is missing or too long.", "Write it in a few words.")


def past_day(text: str) -> date:
    """The day on which something was done elsewhere. Raises Invalid: it is no day (ISO 8601), or lies ahead."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid.of("day", "day-unreadable", "This is no day.", "Write it like 2026-12-01.") from error
    # A day further east may have begun already.
    if day > now().date() + timedelta(days=1):
        raise Invalid.of("day", "day-to-come", "The day of filing lies ahead.", "Report it when it was filed.")
    return day


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
