"""A marketplace decides on a notice: one deed writes the decision, the statement for the seller and the answer."""

from dataclasses import dataclass

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.applying import waits_on
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import Conflict, Invalid, NotPermitted
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer, links, permits, reasoning, recording, statements, telling
from countermark.node.notices.models import Notice
from countermark.node.notices.reasons import is_reason_of
from countermark.node.notices.recording import Done
from countermark.node.notices.states import BACK, DECISIONS, Deed, Side, Stage, Told
from countermark.node.notices.steps import chain_of
from countermark.node.parties import selectors as parties
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

LONGEST_NOTE = 4_000
#: Ways of redress, as a reference in the law's record; their words stand in the statement.
_REDRESS = "complaint, out-of-court body, court"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an officer decides: the deed, a reason of `reasons.REASONS`, and words for the brand; no personal data.

    `second_look`: the officer looked once more whether a suit or complaint was reported.
    """

    deed: Deed
    reason: str
    note: str = ""
    second_look: bool = False


@transaction.atomic
def decide(member: Member, notice_id: str, decision: Decision) -> str:
    """Decide; gives the link for the seller, shown once, when something was restricted; else an empty text.

    Raises:
        NotPermitted (NOTICES_DECIDE), NotFound, Invalid (reason, note), LawRefuses, Conflict (the agreement).
    """
    member.require(Permission.NOTICES_DECIDE)
    notice = recording.lock(member, notice_id)
    _check(member, notice, decision)
    _look_again(notice, decision)
    if lawyer.is_contested(lawyer.read(notice.matter)):
        _hear_by_another(member, _decider(notice, Deed.REFUSE), "the filer")
    moment, token, digest = now(), "", ""
    if decision.deed in {Deed.REMOVE, Deed.PARTLY}:
        statement = reasoning.state_reasons(notice, decision.deed, decision.reason, moment)
        digest = statement.sha256
        statements.hand_over(statement)
        token = links.make(notice, moment)
    if decision.deed is Deed.ASK_SELLER:
        digest = reasoning.put_to_seller(notice).sha256
        token = links.make(notice, moment)
    if _answers(notice, decision.deed):
        _answer_seller(member, notice, decision)
    entry = permits.say(notice.agreed, member.role, _answer(notice, decision))
    recording.record(
        notice,
        Done(
            deed=decision.deed,
            at=moment,
            actor=member.actor,
            given=decision_facts(decision.deed, decision.reason, member.actor, digest),
            reason=decision.reason,
            note=decision.note.strip(),
            entry=entry.entry_id,
        ),
    )
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="notice.decided",
        target=notice.public_id,
        detail={"decision": decision.deed, "reason": decision.reason},
    )
    return token


@transaction.atomic
def link_again(member: Member, notice_id: str) -> str:
    """A further link for the seller, when the first was lost. Raises NotPermitted, NotFound, Conflict."""
    member.require(Permission.NOTICES_DECIDE)
    notice = recording.lock(member, notice_id)
    if not notice.statements.exists() and not notice.tellings.filter(what=Told.COMPLAINT).exists():
        raise Conflict(
            "Nothing was restricted, so there is nothing for the seller to answer.", code="nothing-to-answer"
        )
    audit.record(
        actor=member.actor, organisation=member.organisation_id, action="notice.link_made", target=notice.public_id
    )
    return links.make(notice, now())


def decision_facts(deed: str, reason: str, officer: str, statement: str) -> dict[str, str]:
    """References for what the laws ask a decision to bring."""
    return {
        "measure": deed,
        "reasons": reason,
        "reason": reason,
        "automation": "no",
        "statement_sent": statement,
        "receipt_proof": f"{reason} {statement}".strip(),
        "redress": _REDRESS,
        "said": reason,
        "failure": reason,
        "report_id": reason,
        "missing_fields": reason,
        "question": reason,
        "qualified_staff": officer,
        "officer": officer,
        "second_look": officer,
        "acceptance": "platform",
    }


def _check(member: Member, notice: Notice, decision: Decision) -> None:
    if member.organisation_kind is not OrganisationKind.MARKETPLACE or notice.side != Side.RECEIVED:
        raise NotPermitted("Only the marketplace that received a notice decides on it.")
    if decision.deed not in DECISIONS or not is_reason_of(decision.deed, decision.reason):
        raise Invalid.of("reason", "reason-unknown", "This is no reason for that decision.", "Choose one of the list.")
    if not is_storable(decision.note):
        raise Invalid.of("note", "note-not-text", "The note holds a character that cannot be stored.", "Type it again.")
    if len(decision.note) > LONGEST_NOTE:
        raise Invalid.of(
            "note", "note-too-long", f"The note is longer than {LONGEST_NOTE:,} characters.", "Shorten it."
        )


def _answers(notice: Notice, deed: Deed) -> bool:
    """Whether a decision is one on the seller's answer, so that the seller is told what became of it."""
    if deed in {Deed.KEEP, Deed.RESTORE, Deed.LATE}:
        return bool(notice.counters.exists())
    return deed in {Deed.REMOVE, Deed.PARTLY} and notice.stage == Stage.COUNTERED


def _answer_seller(member: Member, notice: Notice, decision: Decision) -> None:
    """Tell the seller what was decided on its answer.

    Where the law has the marketplace judge the answer, somebody else does so than who decided first, if the house has
    somebody else: DSA art. 20(6), and the policy of the general programme.
    """
    first = _decider(notice, Deed.REMOVE, Deed.PARTLY)
    is_judged = chain_of(notice.regime, Deed.KEEP) is not None and notice.stage == Stage.COUNTERED
    # Where time alone brings an offer back, nobody judges the answer.
    is_judged = is_judged and decision.reason != "time_over"
    if is_judged:
        _hear_by_another(member, first, "the seller")
    telling.tell_answer(notice, decision.deed, decision.reason, by_another=first != member.actor)


def _decider(notice: Notice, *deeds: Deed) -> str:
    """Who did the last of some deeds; empty where nobody did."""
    rows = notice.happenings.filter(deed__in=deeds).order_by("-number")
    return rows.values_list("actor", flat=True).first() or ""


def _hear_by_another(member: Member, first: str, who: str) -> None:
    """Raises Conflict: the member decided what is contested, and the house has somebody else who may decide."""
    if first == member.actor and parties.others_may(member, Permission.NOTICES_DECIDE):
        said = f"You took the decision that {who} contests. Somebody else of your organisation decides on the answer."
        raise Conflict(said, code="same-decider")


def _look_again(notice: Notice, decision: Decision) -> None:
    """Before an offer comes back because time is over: nothing of the brand may be on its way, and a person looked."""
    if decision.deed not in BACK or lawyer.refusal(lawyer.read(notice.matter), decision.deed, now()):
        return
    if waits_on(notice.organisation_id, notice.public_id):
        message = (
            "A message of the rights holder on this notice has come and is not applied yet. Look again in a moment."
        )
        raise Conflict(message, code="message-waits")
    if decision.reason == "time_over" and not decision.second_look:
        raise Invalid.of(
            "second_look",
            "second-look-missing",
            "Nobody has looked again whether a suit or complaint was reported.",
            "Look at what happened below, and tick that you did.",
        )


def _answer(notice: Notice, decision: Decision) -> permits.Message:
    return permits.Message(
        type="notice.decided",
        subject=notice.public_id,
        kind=ItemKind.NOTICE,
        action=Action.ANSWER,
        owner=notice.agreed.partner,
        fields={
            "notice_id": notice.public_id,
            "regime": notice.regime,
            "decision": decision.deed,
            "decision_reasons": f"{decision.reason}\n{decision.note.strip()}",
            "decided_at": now(),
            "redress": _REDRESS,
            "automated": False,
        },
    )
