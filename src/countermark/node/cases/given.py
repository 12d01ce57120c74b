"""Read what one side gave to the other: listings and findings, with every field as it came."""

from django.db.models import QuerySet

from countermark.node.audit import services as audit
from countermark.node.cases.models import SharedItem
from countermark.node.cases.naming import name_of_shared
from countermark.node.cases.permits import under
from countermark.node.cases.previews import in_words, words_of
from countermark.node.cases.reading import Reader, Words
from countermark.node.cases.sharing import ITEM_KINDS
from countermark.node.cases.shown import FieldShown, SharedPage, SharedShown
from countermark.node.cases.states import AttachedKind
from countermark.node.exchange.rules.fields import FIELDS
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.pages import page_by_row
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import BESIDE_ONLY

_LOADED = ("agreement__organisation", "entry__beside", "entry__deletion", "entry__feed__agreement", "listing")
_HIDDEN = "Personal data. It belongs to roles that may see them, and each look is written to the trail."


def shared(
    member: Member, *, ours: bool, kind: str = "", agreement: str = "", cursor: str = "", size: int = 50
) -> SharedPage:
    """One page of what was shared, newest first. Raises NotPermitted (EXCHANGE_VIEW).

    Args:
        member: who asks.
        ours: what we gave; False = what partners gave us.
        kind: `listing` or `finding`; empty = both.
        agreement: name of one agreement; empty = all.
        cursor, size: as `kernel.pages`.
    """
    member.require(Permission.EXCHANGE_VIEW)
    rows = _rows(member).filter(ours=ours)
    if kind in AttachedKind.values:
        rows = rows.filter(kind=kind)
    if agreement:
        rows = rows.filter(agreement__name=agreement[:40])
    found, following = page_by_row(rows, cursor, size)
    readers: dict[int, Reader] = {}
    shown = []
    for row in found:
        if row.agreement_id not in readers:
            readers[row.agreement_id] = Reader(under(row.agreement), member)
        reader = readers[row.agreement_id]
        shown.append(_shown(reader, row, reader.words(row.entry), reveals=False))
    return SharedPage(tuple(shown), following)


def shared_item(member: Member, key: int) -> SharedShown:
    """One thing that was shared, with every field; seeing personal ones is written to the trail.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    member.require(Permission.EXCHANGE_VIEW)
    row = _rows(member).filter(pk=key).first() if 0 < key < 2**63 else None
    if row is None:
        raise NotFound("shared item", "")
    reader = Reader(under(row.agreement), member)
    words = reader.words(row.entry)
    personal = [field.field for field in words.fields if field.data_class in BESIDE_ONLY]
    owner = reader.where.party if row.ours else reader.where.partner
    reveals = bool(personal) and reader.sees_names
    reveals = reveals and reader.where.may_reveal(
        member, ITEM_KINDS[AttachedKind(row.kind)], owner, words.purpose, words.retain_until
    )
    if reveals and not row.ours:
        audit.record(
            actor=member.actor,
            organisation=member.organisation_id,
            action="exchange.personal_data_seen",
            target=row.ref,
            detail={"agreement": row.agreement.name, "fields": ", ".join(personal)},
        )
    return _shown(reader, row, words, reveals=reveals)


def _rows(member: Member) -> QuerySet[SharedItem]:
    return SharedItem.objects.filter(organisation_id=member.organisation_id).select_related(*_LOADED)


def _shown(reader: Reader, row: SharedItem, words: Words, *, reveals: bool) -> SharedShown:
    kind = ITEM_KINDS[AttachedKind(row.kind)]
    by_name = {field.field: field for field in words.fields}
    fields = []
    for name in (name for name in FIELDS[kind] if name in by_name):
        one = by_name[name]
        hidden = one.data_class in BESIDE_ONLY and not reveals
        value = "" if hidden else in_words(one.value)
        fields.append(FieldShown(name, words_of(kind, name), value, str(one.data_class), _HIDDEN if hidden else ""))
    return SharedShown(
        row=row.pk,
        kind=AttachedKind(row.kind),
        ref=row.ref,
        ours=row.ours,
        partner=reader.party(reader.where.partner),
        agreement=row.agreement.name,
        name=name_of_shared(reader, row),
        fields=tuple(fields),
        purpose=words.purpose,
        shared_at=row.shared_at,
        retain_until=words.retain_until if getattr(row.entry, "beside", None) is not None else None,
        deleted_on=words.deleted_on,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
        listing_id=row.listing.core_id if row.listing else None,
        brought=row.brought_listing,
    )
