"""The desk for persons: what somebody asked, until when it is answered, and what was answered."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from countermark.law.by_hand import count_rule
from countermark.law.deadlines import Deadline
from countermark.law.lawbook import shipped_lawbook
from countermark.model import InvalidRecord
from countermark.model.decoding import decode
from countermark.node.audit import services as audit
from countermark.node.duties.explaining import explain
from countermark.node.duties.models import PersonRequest, PersonStep
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

KINDS = {
    "access": "access: what is held about the person",
    "correction": "correction of something that is wrong",
    "objection": "objection to the use of its data",
    "explanation": "explanation of a decision",
    "erasure": "erasure",
}
OUTCOMES = {
    "granted": "done as asked",
    "partly": "done in part",
    "refused": "refused, with the reason and the authority to complain to",
    "nothing": "nothing is held about this person",
}
ANSWER, EXTENDED = "eu-persons/answer-request", "eu-persons/answer-extended"
LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came.

    Attributes:
        kind: a key of `KINDS`.
        name, contact: who asks, and where the answer goes; personal data.
        about: a notice, finding, listing or shop by its id; may be empty.
        words: what was asked.
        received_on: the day it came.
        place: whose holidays count, ISO 3166; empty = weekends alone, and the day is provisional.
    """

    kind: str
    name: str
    contact: str
    about: str
    words: str
    received_on: date
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShown:
    """A request for a page; `days`: how the last day was counted; `explanation`: how a decision came about."""

    id: str
    kind: str
    kind_words: str
    name: str
    contact: str
    about: str
    words: str
    received_on: date
    due_on: date
    called: str
    firm: bool
    days: tuple[str, ...]
    alerts: tuple[str, ...]
    late: bool
    extended: str
    outcome: str
    answer: str
    answered_at: datetime | None
    erased: bool
    explanation: tuple[str, ...]
    steps: tuple[tuple[datetime, str, str], ...]


def requests(member: Member, size: int = 200) -> tuple[RequestShown, ...]:
    """Open requests by their last day, then answered ones. Raises NotPermitted (PERSONAL_DATA_EXPORT)."""
    rows = _own(member).order_by("due_on", "pk")[:size]
    return tuple(_shown(row) for row in sorted(rows, key=lambda row: row.answered_at is not None))


def request(member: Member, name: str) -> RequestShown:
    """One request; seeing it is written to the trail. Raises NotPermitted (PERSONAL_DATA_EXPORT), NotFound."""
    row = _row(member, name)
    _note(member, row, "person.request_viewed")
    return _shown(row, explain(member, row.about) if row.kind == "explanation" else ())


def open_requests(organisation_id: int) -> int:
    """How many requests wait for an answer."""
    return PersonRequest.objects.filter(organisation_id=organisation_id, answered_at=None).count()


@transaction.atomic
def receive(member: Member, asked: Asked) -> str:
    """Write down a request and start its clock; gives its id (`prq_…`).

    Raises:
        NotPermitted (PERSONAL_DATA_EXPORT), Invalid.
    """
    member.require(Permission.PERSONAL_DATA_EXPORT)
    _check(asked)
    due = _due(ANSWER, asked.received_on, asked.place)
    row = PersonRequest.objects.create(
        organisation_id=member.organisation_id,
        public_id=new_id("prq"),
        kind=asked.kind,
        name=asked.name.strip(),
        contact=asked.contact.strip(),
        about=asked.about.strip(),
        words=asked.words.strip(),
        received_on=asked.received_on,
        due=_write(due),
        due_on=due.last,
    )
    _step(member, row, "received")
    return row.public_id


@transaction.atomic
def extend(member: Member, name: str, why: str) -> None:
    """Take two further months; the person is told why. Once, within the first month.

    Raises:
        NotPermitted, NotFound, Invalid, Conflict.
    """
    row = _locked(member, name)
    if row.extended or now().date() > row.due_on:
        raise Conflict("It can be extended once, before its last day.", code="too-late")
    if not 10 <= len(why.strip()) <= 300 or not is_storable(why):
        raise Invalid.of("why", "why-missing", "Say why it takes longer.", "Write 10 to 300 characters.")
    due = _due(EXTENDED, row.received_on, read(row.due).counted.place)
    row.due, row.due_on, row.extended = _write(due), due.last, why.strip()
    row.save(update_fields=["due", "due_on", "extended"])
    _step(member, row, "extended")


@transaction.atomic
def answer(member: Member, name: str, outcome: str, words: str) -> None:
    """Write what was answered; the clock ends. Raises NotPermitted, NotFound, Invalid, Conflict."""
    row = _locked(member, name)
    if outcome not in OUTCOMES:
        raise Invalid.of("outcome", "outcome", "There is no such outcome.", "Choose one of the list.")
    if not 10 <= len(words.strip()) <= LONGEST or not is_storable(words):
        raise Invalid.of("words", "words-missing", "Write what the person was told.", "In whole sentences.")
    row.outcome, row.answer, row.answered_at, row.answered_by_id = outcome, words.strip(), now(), member.user_id
    row.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    _step(member, row, "answered")


def read(due: str) -> Deadline:
    """The clock of a request from its column."""
    return decode(due, Deadline)


def count_due(rule: str, day: date, place: str) -> Deadline:
    """The deadline of a rule on persons, counted from a day. Raises Invalid: no such place, or an odd day."""
    return _due(rule, day, place)


def _due(rule: str, day: date, place: str) -> Deadline:
    try:
        due = count_rule(shipped_lawbook(), rule, day, place=place.strip().upper()).due
    except InvalidRecord as refused:
        raise Invalid.of("place", "place", refused.message, refused.mend) from refused
    assert isinstance(due, Deadline)
    return due


def _write(due: Deadline) -> str:
    return msgspec.json.encode(due).decode()


def _check(asked: Asked) -> None:
    if asked.kind not in KINDS:
        raise Invalid.of("kind", "kind", "There is no such request.", "Choose one of the list.")
    limits = (("name", asked.name, 200), ("contact", asked.contact, 254), ("words", asked.words, LONGEST))
    for field, text, most in limits:
        if not text.strip() or len(text) > most or not is_storable(text):
            raise Invalid.of(field, f"{field}-missing", "This is missing or too long.", "Write it down as it came.")
    if len(asked.about) > 80 or not is_storable(asked.about):
        raise Invalid.of("about", "about", "This is no id.", "Write the id of a notice, finding, listing or shop.")
    if not date(2018, 5, 25) <= asked.received_on <= now().date():
        raise Invalid.of("received_on", "day", "This day cannot be.", "Write the day on which it came.")


def _own(member: Member) -> QuerySet[PersonRequest]:
    member.require(Permission.PERSONAL_DATA_EXPORT)
    return PersonRequest.objects.filter(organisation_id=member.organisation_id).prefetch_related("steps")


def _row(member: Member, name: str) -> PersonRequest:
    row = _own(member).filter(public_id=name[:40]).first()
    if row is None:
        raise NotFound("request", name)
    return row


def _locked(member: Member, name: str) -> PersonRequest:
    member.require(Permission.PERSONAL_DATA_EXPORT)
    rows = PersonRequest.objects.select_for_update().filter(organisation_id=member.organisation_id)
    row = rows.filter(public_id=name[:40]).first()
    if row is None:
        raise NotFound("request", name)
    if row.answered_at is not None:
        raise Conflict("It is answered already.", code="answered-already")
    return row


def _shown(row: PersonRequest, explanation: tuple[str, ...] = ()) -> RequestShown:
    due = read(row.due)
    return RequestShown(
        id=row.public_id,
        kind=row.kind,
        kind_words=KINDS[row.kind],
        name=row.name,
        contact=row.contact,
        about=row.about,
        words=row.words,
        received_on=row.received_on,
        due_on=row.due_on,
        called=due.called,
        firm=due.is_firm,
        days=tuple(f"{one.day.isoformat()}: {one.words}" for one in due.counted.steps),
        alerts=due.counted.alerts,
        late=row.answered_at is None and row.due_on < now().date(),
        extended=row.extended,
        outcome=OUTCOMES.get(row.outcome, ""),
        answer=row.answer,
        answered_at=row.answered_at,
        erased=row.erased_at is not None,
        explanation=explanation,
        steps=tuple((one.at, one.act, one.actor) for one in row.steps.all()),
    )


def _step(member: Member, row: PersonRequest, act: str) -> None:
    PersonStep(request=row, act=act, actor=member.actor).save()
    _note(member, row, f"person.request_{act}")


def _note(member: Member, row: PersonRequest, action: str) -> None:
    audit.record(
        actor=member.actor,
        organisation=row.organisation_id,
        action=action,
        target=row.public_id,
        detail={"kind": row.kind},
    )
