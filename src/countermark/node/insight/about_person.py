"""Everything that an organisation holds about one person: for a request of that person, or of a court."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, QuerySet

from countermark.node.audit import services as audit
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Measure, ToldAnswer, ToldMeasure
from countermark.node.evidence.models import Purchase
from countermark.node.evidence.purchases.chain import chain_of
from countermark.node.exchange.facades.payloads import payload_of
from countermark.node.exchange.models import FeedEntry
from countermark.node.insight.matching import Person
from countermark.node.kernel.time import now
from countermark.node.lawbook.models import RuleReview
from countermark.node.listings.models import ImportProblem, Listing, Seller
from countermark.node.notices.models import Counter, HappeningWords, SignedWords
from countermark.node.parties.access import Member, actor_of
from countermark.node.parties.models import Membership
from countermark.node.parties.permissions import Permission
from countermark.node.proceedings.models import Proceeding, StepWords
from countermark.node.review.models import Decision
from countermark.node.rights.models import AuthorisedSeller
from countermark.proof.entries import read_moment
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused

#: Rows looked at and things found, at most; what is beyond is said, never left out in silence.
MOST_ROWS, MOST_FOUND, _CHUNK = 2_000_000, 5_000, 500
_LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One thing that is held.

    Attributes:
        where: which kind of record.
        id: of the record.
        by: identifier by which it was found.
        says: field -> text, as it is held.
        since: when it came or was written.
        came_from: who said it.
        given_to: who else has it.
        agreement, purpose, retain_until: of what passed under an agreement; empty otherwise.
        on_hold: whether a legal hold keeps it beyond that day.
    """

    where: str
    id: str
    by: str
    says: dict[str, str]
    since: datetime | None = None
    came_from: str = ""
    given_to: str = ""
    agreement: str = ""
    purpose: str = ""
    retain_until: str = ""
    on_hold: bool = False


@dataclass(slots=True)
class Findings:
    """What was found, and whether everything was looked at.

    Attributes:
        at: when it was asked.
        organisation: who holds it.
        things: in the order of the rooms.
        looked_at: rows that were read.
        complete: False when a bound was reached: ask again with fewer or better identifiers.
    """

    at: datetime
    organisation: str
    things: list[Held] = field(default_factory=list)
    looked_at: int = 0
    complete: bool = True


def about_person(member: Member, person: Person) -> Findings:
    """Find everything held about a person in the member's own organisation.

    The search is written to the trail: by which kinds of identifiers, and how much was found; never the identifiers.

    Raises:
        NotPermitted: PERSONAL_DATA_VIEW and PERSONAL_DATA_EXPORT.
    """
    member.require(Permission.PERSONAL_DATA_VIEW)
    member.require(Permission.PERSONAL_DATA_EXPORT)
    found = Findings(now().astimezone(UTC), member.organisation_name)
    for look in _ROOMS:
        for thing in look(member.organisation_id, person, found):
            if len(found.things) >= MOST_FOUND:
                found.complete = False
                break
            found.things.append(thing)
    by = [name for name in ("email", "phone", "name") if getattr(person, name)] + ["seller"] * bool(person.seller[1])
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="person.searched",
        detail={"by": ", ".join(by), "found": len(found.things), "complete": found.complete},
    )
    return found


def _rows(found: Findings, rows: QuerySet[Any]) -> Iterator[Any]:
    for row in rows.order_by("pk").iterator(chunk_size=_CHUNK):
        if found.looked_at >= MOST_ROWS:
            found.complete = False
            return
        found.looked_at += 1
        yield row


def _speaks(person: Person, says: dict[str, str]) -> str:
    return next(filter(None, (person.found_in(text) for text in says.values())), "")


def _sellers(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    shops = set()
    for row in _rows(found, Seller.objects.filter(organisation_id=organisation)):
        says = {"name": row.name, "marketplace": row.marketplace, "shop_id": row.external_id}
        by = "seller" if person.seller == (row.marketplace, row.external_id) else person.found_in(row.name)
        if by:
            shops.add(row.pk)
            says |= {"country": row.country or "", "since": str(row.since or ""), "sales": str(row.sales or "")}
            yield Held(where="seller", id=row.core_id, by=by, says=says, since=row.seen_at, came_from=row.marketplace)
    for row in _rows(found, Listing.objects.filter(organisation_id=organisation)):
        says = {"title": row.title, "description": (row.description or "")[:_LONGEST], "url": row.url or ""}
        by = "seller" if row.seller_id in shops else _speaks(person, says)
        if by:
            yield Held(
                where="listing", id=row.core_id, by=by, says=says, since=row.captured_at, came_from=row.marketplace
            )


def _members(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    rows = Membership.objects.filter(organisation_id=organisation).select_related("user")
    for row in _rows(found, rows):
        says = {"email": row.user.email, "name": row.user.name, "role": row.role}
        by = _speaks(person, {"email": row.user.email, "name": row.user.name})
        if by:
            yield Held(where="member", id=actor_of(row.user_id), by=by, says=says, since=row.since)


def _plain(where: str, rows: QuerySet[Any], texts: tuple[str, ...], key: str, since: str) -> Callable[..., Any]:
    """Look through columns of one table."""

    def look(person: Person, found: Findings) -> Iterator[Held]:
        for row in _rows(found, rows):
            says = {name: str(getattr(row, name) or "")[:_LONGEST] for name in texts}
            by = _speaks(person, says)
            if by:
                at = getattr(row, since) if since else None
                yield Held(where=where, id=str(getattr(row, key)), by=by, says=says, since=at)

    return look


def _written(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    decisions = Decision.objects.filter(organisation_id=organisation).exclude(note="")
    yield from _plain("decision", decisions, ("note",), "pk", "at")(person, found)
    problems = ImportProblem.objects.filter(source_import__organisation_id=organisation).exclude(excerpt="")
    yield from _plain("import problem", problems, ("excerpt",), "pk", "")(person, found)
    sellers = AuthorisedSeller.objects.filter(brand__organisation_id=organisation)
    yield from _plain("authorised seller", sellers, ("name",), "pk", "")(person, found)


def _noticed(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    """What stands beside notices and passes under no agreement: answers of sellers, signatures, words of the sides."""
    answers = Counter.objects.filter(notice__organisation_id=organisation)
    for row in _rows(found, answers):
        says = {"words": row.words[:_LONGEST]} | {str(name): str(value) for name, value in row.fields.items()}
        by = _speaks(person, says)
        if by:
            yield Held(where="answer of a seller", id=row.public_id, by=by, says=says, since=row.received_at)
    signed = SignedWords.objects.filter(notice__organisation_id=organisation)
    yield from _plain("signature under a notice", signed, ("signer",), "pk", "at")(person, found)
    notes = HappeningWords.objects.filter(happening__notice__organisation_id=organisation)
    notes = notes.annotate(at=F("happening__at"))
    yield from _plain("step of a notice", notes, ("note",), "happening_id", "at")(person, found)
    reviews = RuleReview.objects.filter(organisation_id=organisation)
    yield from _plain("signature under a rule", reviews, ("name", "words"), "pk", "at")(person, found)


def _entries(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    """What passed under agreements, ours and the partners': notices, comments, files, listings, cases."""
    rows = FeedEntry.objects.filter(feed__organisation_id=organisation)
    for row in _rows(found, rows.select_related("feed__agreement", "beside")):
        says = _said(row)
        by = "seller" if _is_shop(person, says) else _speaks(person, says)
        if not by:
            continue
        entry, agreement, beside = payload_of(row), row.feed.agreement, getattr(row, "beside", None)
        ours, partner = row.feed.ours, agreement.partner_name
        yield Held(
            where=f"entry {entry.type}",
            id=row.entry_id,
            by=by,
            says=says,
            since=row.recorded_at,
            came_from=found.organisation if ours else partner,
            given_to=partner if ours else found.organisation,
            agreement=agreement.name,
            purpose=entry.purpose,
            retain_until=str(beside.retain_until or "") if beside else "",
            on_hold=bool(beside and beside.held),
        )


def _said(row: FeedEntry) -> dict[str, str]:
    """Every text in an entry and beside it, whatever its shape."""
    beside = getattr(row, "beside", None)
    content: Any = payload_of(row).data or {}
    if beside is not None:
        try:
            content = read_object(bytes(beside.data))
        except Refused:
            # A file, or something that no reader takes: it is still held, and still searched.
            content = {"bytes": bytes(beside.data[: 1024 * 1024]).decode("utf-8", "replace")}
    fields = content.get("fields") if isinstance(content.get("fields"), dict) else content
    return {str(name)[:80]: _text(value) for name, value in fields.items()}


def _text(value: object) -> str:
    return (" | ".join(map(str, value)) if isinstance(value, list) else str(value))[:_LONGEST]


def _is_shop(person: Person, says: dict[str, str]) -> bool:
    shop = says.get("seller_shop_id") or says.get("shop_id") or ""
    return bool(person.seller[1]) and person.seller == (says.get("marketplace", ""), shop)


def _purchases(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    """Buyers, witnesses and experts of test purchases, in the words that lie in the store."""
    for row in _rows(found, Purchase.objects.filter(organisation_id=organisation, deleted_at=None)):
        try:
            acts = chain_of(row).words
        except Refused:
            found.complete = False  # a chain that somebody broke is not read, and that is said
            continue
        for seq, act in acts.items():
            says = act.words | {f"file {number}": one.brought_as for number, one in enumerate(act.files, start=1)}
            if by := _speaks(person, says):
                yield Held(
                    where="act of a test purchase",
                    id=f"{row.public_id} line {seq}",
                    by=by,
                    says=says,
                    since=read_moment(act.recorded),
                    came_from=act.actor,
                    retain_until=str(row.retain_until or ""),
                    on_hold=row.held,
                )


def _told_to_us(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    """What a marketplace told us of measures about our own notices, and what we answered."""
    rows = ToldMeasure.objects.filter(organisation_id=organisation).select_related("agreement")
    for row in _rows(found, rows):
        if by := _speaks(person, row.said):
            yield Held(
                where="measure that we were told of",
                id=row.public_id,
                by=by,
                says=row.said,
                since=row.at,
                came_from=row.agreement.partner_name,
                agreement=row.agreement.name,
            )
    answers = ToldAnswer.objects.filter(organisation_id=organisation)
    yield from _plain("answer to a measure", answers, ("words",), "public_id", "at")(person, found)


def _measured(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    """Measures about a shop, a filer or a payee, who is asked for by its reference; and what was done and said."""
    shops = Seller.objects.filter(organisation_id=organisation, marketplace=person.seller[0])
    ids = (
        set(shops.filter(external_id=person.seller[1]).values_list("core_id", flat=True)) if person.seller[1] else set()
    )
    for row in _rows(found, Measure.objects.filter(organisation_id=organisation).prefetch_related("acts__appeal")):
        says = {"kind": row.kind, "reasons": row.reasons, "detail": row.detail, "ends_on": str(row.ends_on)}
        is_payee = row.track == Track.PAYMENTS
        if is_payee:
            says |= {name: row.factors[name] for name in ("decided_by", "decision", "evidence")}
        says |= {f"act {one.number}, {one.kind}": one.said for one in row.acts.all() if one.said}
        named = row.subject == person.seller[1] if is_payee else row.subject in ids
        by = "seller" if named else _speaks(person, says)
        if by:
            yield Held(where="measure", id=row.public_id, by=by, says=says, since=row.made_at)


def _proceedings(organisation: int, person: Person, found: Findings) -> Iterator[Held]:
    """Words of proceedings, which should name nobody, and what was written at each step."""
    rows = Proceeding.objects.filter(organisation_id=organisation, deleted_at=None)
    yield from _plain("proceeding", rows, ("about",), "public_id", "made_at")(person, found)
    words = StepWords.objects.filter(step__proceeding__organisation_id=organisation)
    for row in _rows(found, words.select_related("step__proceeding")):
        says = {str(name): str(value) for name, value in row.facts.items()} | {"note": row.note}
        if by := _speaks(person, says):
            step = row.step
            name = f"{step.proceeding.public_id} step {step.number}"
            yield Held(where="step of a proceeding", id=name, by=by, says=says, since=step.recorded_at)


_ROOMS = (_sellers, _members, _written, _noticed, _purchases, _measured, _told_to_us, _proceedings, _entries)
