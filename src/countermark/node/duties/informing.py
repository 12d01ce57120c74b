"""Who has to be told that we hold something that others said, by when; or why not (GDPR art. 14)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import msgspec
from django.db import IntegrityError, transaction

from countermark.node.audit import services as audit
from countermark.node.duties import persons
from countermark.node.duties.models import Informing
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Side
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

RULE = "eu-persons/inform-person"
#: How it was done, or the exception of art. 14(5) that is relied on.
DONE = {
    "told": "told directly",
    "by_marketplace": "told by the marketplace's statement of reasons, which names us",
    "knows": "exception: the person has the information already (14(5)(a))",
    "effort": "exception: impossible or disproportionate, and the public page says it instead (14(5)(b))",
    "law": "exception: a law lays down the obtaining (14(5)(c))",
    "secrecy": "exception: professional secrecy (14(5)(d))",
    "company": "no person: a company",
}


@dataclass(frozen=True, slots=True)
class InformingShown:
    """One person to be informed."""

    id: int
    seller: str
    notice: str
    obtained_on: date
    due_on: date
    firm: bool
    late: bool
    done: str
    words: str


def plan(most: int = 500) -> int:
    """For a worker: put every shop on the list that we have accused and have not thought of yet; says how many."""
    known = Informing.objects.values("organisation_id", "seller")
    rows = Notice.objects.filter(side=Side.SENT, filed_at__isnull=False).exclude(seller="").order_by("pk")
    fresh = 0
    thought = {(one["organisation_id"], one["seller"]) for one in known}
    for row in rows.values("organisation_id", "seller", "public_id", "filed_at").iterator(chunk_size=1000):
        who = (row["organisation_id"], row["seller"])
        if who in thought or fresh >= most:
            continue
        thought.add(who)
        day = cast("datetime", row["filed_at"]).date()
        due = persons.count_due(RULE, day, "")
        try:
            with transaction.atomic():
                Informing.objects.create(
                    organisation_id=who[0],
                    seller=who[1],
                    notice=row["public_id"],
                    obtained_on=day,
                    due=msgspec.json.encode(due).decode(),
                    due_on=due.last,
                )
                fresh += 1
        except IntegrityError:
            continue  # another worker was quicker
    return fresh


def waiting(member: Member, size: int = 200) -> tuple[InformingShown, ...]:
    """Who is to be informed, by day, then who was. Raises NotPermitted (PERSONAL_DATA_EXPORT)."""
    member.require(Permission.PERSONAL_DATA_EXPORT)
    rows = Informing.objects.filter(organisation_id=member.organisation_id).order_by("due_on", "pk")
    open_ones, done = rows.filter(done="")[:size], rows.exclude(done="")[:size]
    return tuple(_shown(row) for row in (*open_ones, *done))


def open_count(organisation_id: int) -> int:
    """How many are to be informed."""
    return Informing.objects.filter(organisation_id=organisation_id, done="").count()


@transaction.atomic
def settle(member: Member, number: int, done: str, words: str) -> None:
    """Write how a person was informed, or which exception holds and why.

    Raises:
        NotPermitted (PERSONAL_DATA_EXPORT), NotFound, Invalid.
    """
    member.require(Permission.PERSONAL_DATA_EXPORT)
    if done not in DONE:
        raise Invalid.of("done", "done", "There is no such way.", "Choose one of the list.")
    if not 10 <= len(words.strip()) <= 500 or not is_storable(words):
        raise Invalid.of("words", "words-missing", "Say how, or why not.", "Write 10 to 500 characters, no names.")
    rows = Informing.objects.select_for_update().filter(organisation_id=member.organisation_id)
    row = rows.filter(pk=number, done="").first()
    if row is None:
        raise NotFound("person to be informed")
    row.done, row.words, row.by_id, row.done_at = done, words.strip(), member.user_id, now()
    row.save(update_fields=["done", "words", "by", "done_at"])
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="person.informed",
        target=row.seller,
        detail={"how": done},
    )


def _shown(row: Informing) -> InformingShown:
    return InformingShown(
        row.pk,
        row.seller,
        row.notice,
        row.obtained_on,
        row.due_on,
        persons.read(row.due).is_firm,
        not row.done and row.due_on < now().date(),
        DONE.get(row.done, ""),
        row.words,
    )
