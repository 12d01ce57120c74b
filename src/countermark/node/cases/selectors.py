"""Read joint cases and what was shared, always as one member sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from countermark.node.cases.history import lines_of
from countermark.node.cases.models import Attachment, Case, Mention, SharedItem
from countermark.node.cases.naming import names_of_items
from countermark.node.cases.permits import Under, under
from countermark.node.cases.reading import Reader, Words
from countermark.node.cases.services import case_row
from countermark.node.cases.shown import (
    AgreementShown,
    AttachmentShown,
    CasePage,
    CaseRow,
    CaseShown,
    History,
    Move,
    Party,
    Who,
)
from countermark.node.cases.states import AttachedKind, CaseState
from countermark.node.exchange.models import Agreement
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.states import AgreementState
from countermark.node.kernel.errors import Conflict
from countermark.node.kernel.folding import fold
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.pages import page_by_row
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission, Role

#: Cases whose words are read for one search, the newest ones. Words stay with their entries, so that deleting them
#: there is enough; no table can be asked for them.
MOST_SEARCHED = 5000
#: Roles that someone of the other side can be asked in; a reader does nothing.
_ROLES = (Role.ANALYST, Role.COUNSEL, Role.OFFICER)


_TITLED = ("titled__beside", "titled__deletion", "agreement__organisation", "titled__feed__agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilters:
    """Which cases.

    Attributes:
        state: None = both.
        assignee: `me`, `us`, `them`, `nobody`; empty = all.
        due: `late`, `week` (within seven days), `none`; empty = all.
        agreement: name of an agreement.
        mine: only those in which the member was asked to look.
        words: all of them stand in the title or the summary; or the id of a case, a listing, a finding or a file.
    """

    state: CaseState | None = None
    assignee: str = ""
    due: str = ""
    agreement: str = ""
    mine: bool = False
    words: str = ""


EVERYTHING = CaseFilters()


def cases(member: Member, filters: CaseFilters = EVERYTHING, cursor: str = "", size: int = 50) -> CasePage:
    """One page of cases, the one opened last first. Raises NotPermitted (CASES_VIEW)."""
    member.require(Permission.CASES_VIEW)
    rows = _matching(member, filters).select_related(*_TITLED)
    found, following = page_by_row(rows.annotate(asked=Exists(_mentions(member, OuterRef("pk")))), cursor, size)
    readers: dict[int, Reader] = {}
    shown = []
    for row in found:
        if row.agreement_id not in readers:
            readers[row.agreement_id] = Reader(under(row.agreement), member)
        reader = readers[row.agreement_id]
        shown.append(_row(reader, row, reader.words(row.titled), asked=bool(getattr(row, "asked", False))))
    return CasePage(tuple(shown), following)


def count_overdue(member: Member) -> int:
    """How many open cases are past their day. Raises NotPermitted (CASES_VIEW)."""
    member.require(Permission.CASES_VIEW)
    return _matching(member, CaseFilters(state=CaseState.OPEN, due="late")).count()


def case(member: Member, case_id: str) -> CaseShown:
    """One case with what is attached. Raises NotPermitted (CASES_VIEW), NotFound."""
    member.require(Permission.CASES_VIEW)
    row = case_row(member, case_id)
    reader = Reader(under(row.agreement), member)
    words = reader.words(row.titled)
    asked = _mentions(member, row.pk).exists()
    purpose = reader.where.terms.purpose(row.purpose)
    return CaseShown(
        row=_row(reader, row, words, asked=asked),
        summary=words.text("summary"),
        words_deleted_on=words.deleted_on,
        opened_by=reader.party(row.opened_by),
        purpose=row.purpose,
        purpose_words=purpose.words if purpose else "",
        territories=tuple(row.territories),
        closed_at=row.closed_at,
        attachments=_attachments(reader, row),
        agreement_state=AgreementState(row.agreement.state),
        agreement_since=row.agreement.since,
        people=people(reader),
    )


def history(member: Member, case_id: str, cursor: str = "", size: int = 100) -> History:
    """One page of what happened in a case, newest first, the same lines in the same order on both nodes.

    Raises:
        NotPermitted (CASES_VIEW), NotFound.
    """
    member.require(Permission.CASES_VIEW)
    row = case_row(member, case_id)
    return lines_of(Reader(under(row.agreement), member), row, cursor, size)


def agreements(member: Member) -> tuple[AgreementShown, ...]:
    """Agreements in force under which cases can be opened, by partner. Raises NotPermitted (CASES_VIEW)."""
    member.require(Permission.CASES_VIEW)
    rows = Agreement.objects.select_related("organisation").filter(
        organisation_id=member.organisation_id, state=AgreementState.AGREED
    )
    found = []
    for row in rows.order_by("partner_name", "pk"):
        try:
            reader = Reader(under(row), member)
        except Conflict:
            continue
        terms = reader.where.terms
        item = terms.items.get(ItemKind.CASE)
        purposes = tuple((one.id, one.words) for one in terms.purposes if item and one.id in item.purposes)
        found.append(AgreementShown(row.name, reader.party(row.partner), purposes, tuple(terms.territories)))
    return tuple(found)


def partners(member: Member) -> tuple[tuple[str, str], ...]:
    """(agreement, name of the partner) of every agreement that has a case: the choices of a filter."""
    member.require(Permission.CASES_VIEW)
    rows = Agreement.objects.filter(organisation_id=member.organisation_id)
    there = rows.filter(Exists(Case.objects.filter(agreement=OuterRef("pk"))) | Q(state=AgreementState.AGREED))
    return tuple(there.order_by("partner_name", "pk").values_list("name", "partner_name"))


def people(reader: Reader) -> tuple[Who, ...]:
    """Whom a case can be assigned to, or who can be asked to look: the other side, its roles, our side, our people."""
    ours, theirs = reader.where.party, reader.where.partner
    own = sorted((reader.who(f"{ours}/{token}") for token in reader.people), key=lambda one: one.name)
    roles = (reader.who(f"{theirs}/{role}") for role in _ROLES)
    return (reader.who(theirs), *roles, reader.who(ours), *own)


def is_overdue(row: Case, today: date) -> bool:
    """Whether a case in which something can still be done is past its day."""
    waits = row.state == CaseState.OPEN and row.agreement.state != AgreementState.ENDED
    return waits and row.due_on is not None and row.due_on < today


def _matching(member: Member, filters: CaseFilters) -> QuerySet[Case]:
    rows = Case.objects.filter(organisation_id=member.organisation_id)
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.agreement:
        rows = rows.filter(agreement__name=filters.agreement[:40])
    if filters.mine:
        rows = rows.filter(Exists(_mentions(member, OuterRef("pk"))))
    return _searched(_due(_assigned(rows, member, filters.assignee), filters.due), member, filters.words)


def _searched(rows: QuerySet[Case], member: Member, words: str) -> QuerySet[Case]:
    wanted = fold(words).split()
    if not wanted:
        return rows
    ref = words.strip()[:4].lower() + words.strip()[4:].upper()
    if is_id("cas", ref):
        return rows.filter(public_id=ref)
    if any(is_id(kind, ref) for kind in ("lst", "fnd", "fil")):
        return rows.filter(Exists(Attachment.objects.filter(case=OuterRef("pk"), ref=ref, attached=True)))
    return rows.filter(pk__in=_with_words(rows, member, wanted))


def _with_words(rows: QuerySet[Case], member: Member, wanted: Sequence[str]) -> list[int]:
    """Cases whose title and summary, as this member may read them, hold all words."""
    readers: dict[int, Reader] = {}
    found = []
    for row in rows.select_related(*_TITLED).order_by("-pk")[:MOST_SEARCHED].iterator(chunk_size=500):
        if row.agreement_id not in readers:
            readers[row.agreement_id] = Reader(under(row.agreement), member)
        said = readers[row.agreement_id].words(row.titled)
        text = fold(f"{said.text('title')} {said.text('summary')}")
        if all(one in text for one in wanted):
            found.append(row.pk)
    return found


def _assigned(rows: QuerySet[Case], member: Member, assignee: str) -> QuerySet[Case]:
    if assignee == "me":
        return rows.filter(assignee_id=member.user_id)
    if assignee == "nobody":
        return rows.filter(assigned_to="")
    if assignee in {"us", "them"}:
        # Ours is whatever does not begin with the partner's id; the id of a party is the same in all agreements.
        partners = Agreement.objects.filter(organisation_id=member.organisation_id).values_list("partner", flat=True)
        begins = Q(pk__in=[])
        for partner in set(partners):
            begins |= Q(assigned_to=partner) | Q(assigned_to__startswith=f"{partner}/")
        return rows.filter(begins) if assignee == "them" else rows.exclude(assigned_to="").exclude(begins)
    return rows


def _due(rows: QuerySet[Case], due: str) -> QuerySet[Case]:
    today = timezone.localdate()
    if due == "late":
        return _waiting(rows).filter(due_on__lt=today)
    if due == "week":
        return _waiting(rows).filter(due_on__range=(today, today + timedelta(days=7)))
    return rows.filter(due_on=None) if due == "none" else rows


def _waiting(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Open ones in which somebody can still do something: what an ended agreement left open waits for nobody."""
    return rows.filter(state=CaseState.OPEN).exclude(agreement__state=AgreementState.ENDED)


def _mentions(member: Member, case: Any) -> QuerySet[Mention]:
    everyone = Q(user=None, role="")
    return Mention.objects.filter(case=case).filter(everyone | Q(user_id=member.user_id) | Q(role=member.role))


def _row(reader: Reader, row: Case, words: Words, *, asked: bool) -> CaseRow:
    return CaseRow(
        id=row.public_id,
        title=words.text("title"),
        agreement=row.agreement.name,
        partner=reader.party(reader.where.partner),
        state=CaseState(row.state),
        outcome=row.outcome,
        assigned_to=reader.who(row.assigned_to) if row.assigned_to else None,
        due_on=row.due_on,
        overdue=is_overdue(row, timezone.localdate()),
        move=_move(reader, row),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        mentions_me=asked,
    )


def _move(reader: Reader, row: Case) -> Move | None:
    if row.state != CaseState.OPEN or row.agreement.state == AgreementState.ENDED:
        return None
    if row.assigned_to:
        return Move(reader.party(row.assigned_to.partition("/")[0]), "assigned")
    where: Under = reader.where
    other = where.partner if row.last_party == where.party else where.party
    return Move(reader.party(other), "answer")


def _attachments(reader: Reader, row: Case) -> tuple[AttachmentShown, ...]:
    rows = Attachment.objects.filter(case=row, attached=True).select_related(
        "entry__beside", "entry__deletion", "entry__feed__agreement", "content__beside"
    )
    found = list(rows.order_by("pk")[:500])
    names = names_of_items(reader, [(one.kind, one.ref) for one in found])
    return tuple(_attachment(reader, one, names) for one in found)


def _attachment(
    reader: Reader, one: Attachment, names: dict[tuple[str, str], tuple[str, bool, SharedItem | None]]
) -> AttachmentShown:
    party: Party = reader.party(one.party)
    if one.kind == AttachedKind.FILE:
        words = reader.words(one.entry)
        here = one.content is not None and getattr(one.content, "beside", None) is not None
        size = next((str(field.value) for field in words.fields if field.field == "size"), "")
        return AttachmentShown(
            kind=AttachedKind.FILE,
            ref=one.ref,
            party=party,
            name=words.text("name"),
            ours=party.ours,
            downloadable=here,
            described=" · ".join(part for part in (words.text("media_type"), f"{size} bytes" if size else "") if part),
        )
    name, ours, shared = names.get((one.kind, one.ref), ("", False, None))
    return AttachmentShown(
        kind=AttachedKind(one.kind),
        ref=one.ref,
        party=party,
        name=name,
        ours=ours,
        shared=shared.pk if shared is not None and not shared.ours else None,
        withdrawn_at=shared.withdrawn_at if shared is not None else None,
    )
