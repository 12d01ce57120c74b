"""That a measure reached the person: how, when, and what proves it. Without such proof no warning counts."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from countermark.node.conduct import judging, lawful
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.recording import Done, add, lock, must, restricts
from countermark.node.conduct.states import ActKind, Standing
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: How a person can be told.
WAYS = {
    "account": "a message in the seller's account",
    "email": "an e-mail",
    "letter": "a letter",
    "agreement": "a message under the agreement",
}


#: States of the law in which a statement of reasons is owed.
_RESTRICTED = frozenset({"suspended", "restricted", "complaint_open"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How and when the person was told, and the reference of what proves it (receipt, number of the message, hash)."""

    way: str
    at: datetime | None
    receipt: str


@transaction.atomic
def delivered(member: Member, measure_id: str, delivery: Delivery) -> None:
    """Keep the proof that the person was told. Raises NotPermitted (NOTICES_DECIDE), NotFound, Invalid, Conflict."""
    member.require(Permission.NOTICES_DECIDE)
    measure, acts = lock(member.organisation_id, measure_id)
    at = _checked(delivery, acts)
    facts = {"way": delivery.way, "when": at.isoformat(), "receipt": delivery.receipt.strip()}
    _reached(measure, acts, Done(kind=ActKind.TOLD, by=member.user_id, facts=facts))


def read_by_person(measure: Measure, acts: list[Act]) -> None:
    """The person says on its page that it has read the measure; said twice, it is written once."""
    if not any(one.kind == ActKind.RECEIVED for one in acts):
        facts = {"way": "page", "when": now().isoformat(), "receipt": "said so on its page"}
        _reached(measure, acts, Done(kind=ActKind.RECEIVED, by=None, facts=facts))


def arrived_at_filer(measure: Measure, acts: list[Act], entry_id: str, at: datetime) -> None:
    """The filer's node has signed that the measure came; signed twice, it is written once."""
    if not any(one.kind in judging.REACHED for one in acts):
        facts = {"way": "agreement", "when": at.isoformat(), "receipt": entry_id}
        _reached(measure, acts, Done(kind=ActKind.RECEIVED, by=None, facts=facts))


def _reached(measure: Measure, acts: list[Act], done: Done) -> None:
    proposed = judging.standing(measure, acts) in {Standing.PROPOSED, Standing.DECLINED}
    must(not proposed, "It is not decided yet, so there is nothing to tell.", "not-decided")
    state = lawful.read(acts[-1].matter).state
    first = not any(one.kind in judging.REACHED for one in acts)
    # A warning is one only from here on: the law asks for its proof. A person that was warned before stays warned.
    event = "warn" if first and not restricts(measure) and state == "counted" else ""
    event = "send_statement" if first and restricts(measure) and state in _RESTRICTED else event
    proof = ", ".join(done.facts[name] for name in ("way", "when", "receipt"))
    # The law counts it as the platform's act, also when its proof is the person's own word.
    add(measure, acts, done, event, by="platform", warning_proof=proof)


def _checked(delivery: Delivery, acts: list[Act]) -> datetime:
    if delivery.way not in WAYS:
        raise Invalid.of("way", "way-unknown", "Say how the person was told.", "Choose one of the list.")
    receipt = delivery.receipt.strip()
    if not receipt or len(receipt) > 300 or not is_storable(receipt):
        raise Invalid.of("receipt", "receipt-missing", "What proves it is missing or too long.", "Name the receipt.")
    earliest = acts[0].at
    if delivery.at is None or not earliest.replace(second=0, microsecond=0) <= delivery.at <= now():
        raise Invalid.of(
            "at", "at-wrong", "It was told after it was decided, and not in the future.", "Correct the time."
        )
    return delivery.at
