"""A payment platform holds pay-outs, or ends its services for a seller: a person decides, and says what it rests on.

Nothing is counted here: the facts come from others, so they are named with how far they are proved. Who is paid stands
here by a reference of the payment platform alone, never by an account.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec
from django.db import transaction

from countermark.node.conduct import lawful
from countermark.node.conduct.measures import decided
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Measure
from countermark.node.conduct.policy import policy_in_use
from countermark.node.conduct.recording import Done, as_json, check_end, check_words, must, payment_only, record
from countermark.node.conduct.states import KINDS_OF, ActKind, MeasureKind
from countermark.node.evidence.purchases.fields import names_account
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

_PAYEE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,39}")
_LINE, _TEXT = 200, 4_000


class Proved(StrEnum):
    """How far the facts are proved."""

    ALLEGED = "alleged"
    UPHELD = "upheld"
    FOUND = "found"


class Machine(StrEnum):
    """Whether a machine took part; none decides."""

    NONE = "none"
    POINTED = "pointed"


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a measure about payments rests on, as it is kept beside it and told to the seller.

    Attributes:
        label: a `Proved`.
        decided_by, decision: who decided, and the reference of that decision; empty for an allegation.
        evidence: the facts and the evidence, in a few sentences.
        machine: a `Machine`.
    """

    label: Proved
    decided_by: str
    decision: str
    evidence: str
    machine: Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold, or an end of services, that somebody wants.

    Attributes:
        payee: the payment platform's own reference of the seller: no account, no name.
        kind: `payment_hold` or `payment_end`.
        held: what exactly is held or ended.
        reasons: as the seller will read them.
        ends_on: last day; there is none without one.
        label, decided_by, decision, evidence, machine: as in `Grounds`.
    """

    payee: str
    kind: str
    held: str
    reasons: str
    ends_on: date | None
    label: str
    decided_by: str
    decision: str
    evidence: str
    machine: str


@transaction.atomic
def propose(member: Member, hold: Hold) -> str:
    """Hold pay-outs, or propose what a second person must confirm; gives its id (`msr_…`).

    Raises:
        NotPermitted (NOTICES_DECIDE, payment platform), Invalid, Conflict (an end that rests on an allegation).
    """
    member.require(Permission.NOTICES_DECIDE)
    payment_only(member)
    measure, four_eyes = _made(member, hold)
    measure.save()
    matter = lawful.opened(measure.made_at, lawful.PAYMENTS)
    first = record(measure, matter, Done(kind=ActKind.PROPOSED, by=member.user_id), 1, measure.made_at)
    if not four_eyes:
        decided(measure, [first], member, "")
    return measure.public_id


def _made(member: Member, hold: Hold) -> tuple[Measure, bool]:
    policy, moment = policy_in_use(), now()
    kind = next((one for one in KINDS_OF[Track.PAYMENTS] if one == hold.kind), None)
    if kind is None:
        raise Invalid.of("kind", "kind-unknown", "This measure is not for payments.", "Choose one of the list.")
    if not _PAYEE.fullmatch(hold.payee) or names_account(hold.payee):
        raise Invalid.of(
            "payee",
            "payee-unknown-form",
            "The reference has 3 to 40 letters, digits, - and _, and is no number of an account or a card.",
            "Write the reference under which you keep this seller.",
        )
    grounds = _grounds(hold)
    must(
        kind is not MeasureKind.PAYMENT_END or grounds.label is not Proved.ALLEGED,
        "No service ends on an allegation: a platform, a court or an authority has decided first.",
        "only-alleged",
    )
    span = policy.span(kind)
    made = Measure(
        organisation_id=member.organisation_id,
        public_id=new_id("msr"),
        track=Track.PAYMENTS,
        subject=hold.payee,
        kind=kind,
        reasons=_unnumbered("reasons", check_words(hold.reasons, "reasons")),
        detail=_said("held", hold.held, _LINE),
        factors=as_json(grounds),
        points=0,
        policy=policy.version,
        made_on=moment.date(),
        ends_on=check_end(hold.ends_on, moment.date(), span.longest_days),
        by_id=member.user_id,
        made_at=moment,
    )
    return made, span.four_eyes


def _grounds(hold: Hold) -> Grounds:
    label = next((one for one in Proved if one == hold.label), None)
    machine = next((one for one in Machine if one == hold.machine), None)
    if label is None or machine is None:
        raise Invalid.of(
            "label" if label is None else "machine", "not-said", "It is not said.", "Choose one of the list."
        )
    proved = label is not Proved.ALLEGED
    return Grounds(
        label=label,
        decided_by=_said("decided_by", hold.decided_by, _LINE) if proved else "",
        decision=_said("decision", hold.decision, _LINE) if proved else "",
        evidence=_said("evidence", hold.evidence, _TEXT),
        machine=machine,
    )


def _said(field: str, text: str, longest: int) -> str:
    said = text.strip()
    if not said or len(said) > longest or not is_storable(said):
        raise Invalid.of(field, "length", f"It is missing or longer than {longest} characters.", "Fill it in.")
    return _unnumbered(field, said)


def _unnumbered(field: str, text: str) -> str:
    if names_account(text):
        raise Invalid.of(
            field,
            "account-number",
            "It looks like the number of an account or a card.",
            "Write a reference to where it is kept.",
        )
    return text
