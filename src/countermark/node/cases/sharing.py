"""Give listings and findings to a partner, one or many, and take them back."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.cases.contents import finding_fields, listing_fields
from countermark.node.cases.models import SharedItem
from countermark.node.cases.permits import Draft, Under, as_values, named, require, under
from countermark.node.cases.previews import ItemPreview, previews_of
from countermark.node.cases.pseudonyms import Pseudonyms
from countermark.node.cases.saying import Said, permitted, statement_of
from countermark.node.cases.states import AttachedKind, SharedEntry, TakenBack
from countermark.node.exchange.appending import Statement, append, append_all
from countermark.node.exchange.applying import arrived_of
from countermark.node.exchange.models import FeedEntry
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may
from countermark.node.exchange.rules.previewing import Preview
from countermark.node.exchange.rules.standing import Actor, Item
from countermark.node.findings.models import Finding
from countermark.node.kernel.errors import FieldProblem, Invalid, NotFound, Problem
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.listings.models import Listing
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.canonical import canonical
from countermark.proof.entries import DataClass
from countermark.proof.ijson import Plain

#: Things given in one call, and in one transaction.
MOST_AT_ONCE, IN_ONE_TRANSACTION = 10_000, 200
_TYPES = {AttachedKind.LISTING: SharedEntry.LISTING, AttachedKind.FINDING: SharedEntry.FINDING}
ITEM_KINDS = {AttachedKind.LISTING: ItemKind.LISTING, AttachedKind.FINDING: ItemKind.FINDING}
_PREFIXES = {AttachedKind.LISTING: "lst", AttachedKind.FINDING: "fnd"}


@dataclass(frozen=True, slots=True)
class Shared:
    """What became of things that were to be given.

    Attributes:
        shared: ids that were given now.
        known: ids that the partner has already, as they are.
        refused: the others, `field` being the id, each with its reason.
    """

    shared: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[FieldProblem, ...]


def share_listings(
    member: Member, agreement: str, ids: Sequence[str], *, purpose: str, territories: Sequence[str] = ()
) -> Shared:
    """Give listings to the partner: good ones go, of each other one it is said why not; called twice, given once.

    Args:
        member: EXCHANGE_SHARE, and a role that the agreement lets share.
        agreement: its name.
        ids: `lst_…`, at most MOST_AT_ONCE.
        purpose: id of a purpose of the agreement.
        territories: countries concerned; none = all that the agreement covers.

    Raises:
        NotPermitted, NotFound (the agreement), Conflict; Invalid, too many.
    """
    return _share(member, agreement, AttachedKind.LISTING, ids, purpose, territories)


def share_findings(
    member: Member, agreement: str, ids: Sequence[str], *, purpose: str, territories: Sequence[str] = ()
) -> Shared:
    """Give findings (`fnd_…`) to the partner; as `share_listings`."""
    return _share(member, agreement, AttachedKind.FINDING, ids, purpose, territories)


def preview_sharing(
    member: Member, agreement: str, kind: AttachedKind, ref: str, *, purpose: str, territories: Sequence[str] = ()
) -> tuple[ItemPreview, ...]:
    """Field by field what the partner would see of a listing or finding. Raises as `share_listings`, NotFound."""
    member.require(Permission.EXCHANGE_SHARE)
    where = named(member, agreement)
    return previews_of(member, where, [_draft(where, kind, _rows(member, kind, [ref]), ref, purpose, territories)])


def withdraw_shared(member: Member, agreement: str, kind: str, ref: str, why: str) -> None:
    """Take back something that was given; the partner sees that it is withdrawn, since when and why.

    Possible also after the agreement has ended.

    Raises:
        NotPermitted (EXCHANGE_SHARE, or the agreement); NotFound, it was not given, or was taken back before; Invalid,
            no reason; Conflict.
    """
    member.require(Permission.EXCHANGE_SHARE)
    if why not in TakenBack.values:
        raise Invalid.of("why", "missing", "A reason is missing.", "Choose one of the reasons.")
    where = named(member, agreement)
    with transaction.atomic():
        rows = SharedItem.objects.select_for_update().filter(agreement=where.agreement, ours=True, kind=kind)
        row = rows.filter(ref=ref[:30], withdrawn_at=None).first()
        if row is None:
            raise NotFound("shared item", ref)
        item = ITEM_KINDS[AttachedKind(kind)]
        require(may(where.actor(member), Action.WITHDRAW, Item(item, where.party), where.standing, now()))
        entry = append(where.agreement, _withdrawal(row, why))
        row.withdrawn_at, row.withdrawn_why, row.times = entry.happened_at, why, row.times + 1
        row.save(update_fields=["withdrawn_at", "withdrawn_why", "times"])
        _note(member, where, "exchange.withdrawn", ref, {"why": why, "entry": entry.entry_id})


@transaction.atomic
def take_back_by_node(key: int, why: str) -> bool:
    """Take back something that was given, in the name of the node: what it rested on has fallen.

    Raises:
        NotPermitted, Conflict: the agreement does not let the node say it.
    """
    rows = SharedItem.objects.select_for_update(of=("self",)).select_related("agreement__organisation", "entry")
    row = rows.filter(pk=key, ours=True, withdrawn_at=None).first()
    if row is None:
        return False
    where = under(row.agreement)
    node = Actor(where.party, str(row.agreement.organisation.kind), NODE)
    item = Item(ITEM_KINDS[AttachedKind(row.kind)], where.party)
    require(may(node, Action.WITHDRAW, item, where.standing, now()))
    entry = append(row.agreement, _withdrawal(row, why))
    row.withdrawn_at, row.withdrawn_why, row.times = entry.happened_at, why, row.times + 1
    row.save(update_fields=["withdrawn_at", "withdrawn_why", "times"])
    audit.record(
        actor="worker",
        organisation=row.organisation_id,
        action="exchange.withdrawn",
        target=row.ref,
        detail={"agreement": row.agreement.name, "why": why, "entry": entry.entry_id},
    )
    return True


def needed(member: Member, where: Under, kind: AttachedKind, ref: str, purpose: str) -> tuple[Draft, ...]:
    """What gives a listing or finding to the partner, when it does not have it as it is now.

    Raises:
        NotFound: it is neither ours nor given to us; NotPermitted (EXCHANGE_SHARE).
    """
    rows = _rows(member, kind, [ref])
    theirs = SharedItem.objects.filter(agreement=where.agreement, ours=False, kind=kind, ref=ref[:30])
    if theirs.filter(withdrawn_at=None).exists():
        return ()
    draft = _draft(where, kind, rows, ref, purpose, ())
    given = SharedItem.objects.filter(agreement=where.agreement, ours=True, kind=kind, ref=ref, withdrawn_at=None)
    if given.filter(said_hash=_hash(where.preview(member, draft))).exists():
        return ()
    member.require(Permission.EXCHANGE_SHARE)
    return (draft,)


def note_shared(where: Under, said: Said) -> None:
    """Remember what was given with an entry. In its transaction."""
    kind = AttachedKind.LISTING if said.draft.type == SharedEntry.LISTING else AttachedKind.FINDING
    SharedItem.objects.update_or_create(
        agreement=where.agreement,
        ours=True,
        kind=kind,
        ref=said.draft.subject,
        defaults={
            "organisation_id": where.agreement.organisation_id,
            "entry": said.entry,
            "said_hash": hash_of(said.fields),
            "shared_at": said.entry.happened_at,
            "withdrawn_at": None,
            "withdrawn_why": "",
        },
    )


def hash_of(fields: Mapping[str, object]) -> str:
    """SHA-256 over the fields that were given."""
    return hashlib.sha256(canonical(cast("Plain", dict(fields)))).hexdigest()


def _share(
    member: Member, agreement: str, kind: AttachedKind, ids: Sequence[str], purpose: str, territories: Sequence[str]
) -> Shared:
    member.require(Permission.EXCHANGE_SHARE)
    if len(ids) > MOST_AT_ONCE:
        mend = f"Share at most {MOST_AT_ONCE:,} at once."
        raise Invalid.of("ids", "too-many", "These are too many at once.", mend)
    where, wanted = named(member, agreement), list(dict.fromkeys(ids))
    parts = [
        _share_some(member, where, kind, wanted[start : start + IN_ONE_TRANSACTION], purpose, territories)
        for start in range(0, len(wanted), IN_ONE_TRANSACTION)
    ]
    return Shared(
        tuple(one for part in parts for one in part.shared),
        tuple(one for part in parts for one in part.known),
        tuple(one for part in parts for one in part.refused),
    )


def _share_some(
    member: Member, where: Under, kind: AttachedKind, ids: Sequence[str], purpose: str, territories: Sequence[str]
) -> Shared:
    going: list[tuple[Draft, Preview, Statement]] = []
    known: list[str] = []
    refused: list[FieldProblem] = []
    rows = _rows(member, kind, ids)
    with transaction.atomic():
        given = {one.ref: one for one in _given(where, kind, ids)}
        for ref in ids:
            try:
                draft = _draft(where, kind, rows, ref, purpose, territories)
                seen = permitted(member, where, draft)
                before = given.get(ref)
                if before is not None and before.withdrawn_at is None and before.said_hash == _hash(seen):
                    known.append(ref)
                    continue
                going.append((draft, seen, statement_of(draft, seen, _key(draft, seen, before))))
            except Problem as problem:
                refused.append(FieldProblem(ref[:30], problem.code, problem.detail))
        entries = append_all(where.agreement, [statement for _, _, statement in going]) if going else []
        for (draft, seen, _), entry in zip(going, entries, strict=True):
            note_shared(where, Said(draft, entry, as_values(seen.shown)))
        if going:
            detail: dict[str, str | int] = {
                "things": len(going),
                "kind": kind.value,
                "last_entry": entries[-1].entry_id,
            }
            _note(member, where, "exchange.shared", where.agreement.name, detail)
    return Shared(tuple(draft.subject for draft, _, _ in going), tuple(known), tuple(refused))


def _given(where: Under, kind: AttachedKind, ids: Sequence[str]) -> Sequence[SharedItem]:
    rows = SharedItem.objects.select_for_update().filter(agreement=where.agreement, ours=True, kind=kind)
    return list(rows.filter(ref__in=list(ids)).order_by("pk"))


_Rows = Mapping[str, Listing | Finding]


def _rows(member: Member, kind: AttachedKind, ids: Sequence[str]) -> _Rows:
    wanted = [one for one in ids if is_id(_PREFIXES[kind], one)]
    if kind is AttachedKind.LISTING:
        listings = Listing.objects.select_related("seller").prefetch_related("pictures__capture")
        found = listings.filter(organisation_id=member.organisation_id, core_id__in=wanted)
        return {row.core_id: row for row in found}
    findings = Finding.objects.select_related("right", "listing__seller")
    return {row.core_id: row for row in findings.filter(organisation_id=member.organisation_id, core_id__in=wanted)}


def _draft(where: Under, kind: AttachedKind, rows: _Rows, ref: str, purpose: str, territories: Sequence[str]) -> Draft:
    row = rows.get(ref)
    if row is None:
        raise NotFound(kind.value, ref)
    names = Pseudonyms(where.agreement)
    fields = (
        listing_fields(row, names.of_shop(row.seller.core_id))
        if isinstance(row, Listing)
        else finding_fields(row, names.of_shop(row.seller_core_id))
    )
    return Draft(
        type=_TYPES[kind],
        subject=ref,
        action=Action.SHARE,
        kind=ITEM_KINDS[kind],
        fields=fields,
        purpose=purpose,
        territories=tuple(territories) or tuple(where.terms.territories),
    )


def _hash(seen: Preview) -> str:
    return hash_of(as_values(seen.shown))


def _key(draft: Draft, seen: Preview, before: SharedItem | None) -> str:
    """The same said again under one agreement is one entry, unless it was withdrawn in between."""
    times = before.times if before else 0
    return hashlib.sha256(f"{draft.type}|{draft.subject}|{times}|{_hash(seen)}".encode()).hexdigest()


def _withdrawal(row: SharedItem, why: str) -> Statement:
    given: FeedEntry = row.entry
    data = {"kind": row.kind, "withdraws": given.entry_id, "why": why}
    return Statement(
        type=SharedEntry.WITHDRAWN,
        subject=row.ref,
        purpose=purpose_of(given),
        data_class=DataClass.PUBLIC,
        data=data,
    )


def purpose_of(entry: FeedEntry) -> str:
    """The purpose that an entry names."""
    return arrived_of(entry).entry.purpose


def _note(member: Member, where: Under, action: str, target: str, detail: dict[str, str | int]) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=target,
        detail={"agreement": where.agreement.name, **detail},
    )
