"""Tell partners that evidence was sealed, where the agreement lets the node say so; and what partners told."""

import re
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from countermark.node.cases.models import ToldSeal
from countermark.node.cases.permits import Draft, Under, require, take, under
from countermark.node.cases.saying import statement_of
from countermark.node.cases.states import SharedEntry
from countermark.node.evidence import telling
from countermark.node.evidence.telling import SealFacts
from countermark.node.exchange.appending import append
from countermark.node.exchange.applying import Arrived, CannotApply
from countermark.node.exchange.extracting import extract_of
from countermark.node.exchange.models import Agreement, FeedEntry
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may
from countermark.node.exchange.rules.previewing import preview
from countermark.node.exchange.rules.standing import Actor, Item
from countermark.node.exchange.states import AgreementState
from countermark.node.kernel.errors import Problem
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import read_moment
from countermark.proof.extracts import write_extract
from countermark.proof.refusals import Refused

log = structlog.get_logger(__name__)
#: Seals told in one round under one agreement.
MOST_AT_ONCE = 50
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealShown:
    """A seal that was told.

    Attributes:
        partner: name of the other side.
        agreement, feed, seq: where it was said.
        evidence, seal, sealed_at, stamped_at, authority: as its owner says.
        told_at: when it was said.
    """

    partner: str
    agreement: str
    feed: str
    seq: int
    evidence: str
    seal: str
    sealed_at: datetime | None
    stamped_at: datetime | None
    authority: str
    told_at: datetime


def tell_due() -> int:
    """For a worker: tell each partner of seals, and of acts of sealed purchases, since the agreement came into force.

    Says how many were told. Where the terms do not name seals, or do not let the node share by itself, nothing is told.
    """
    rows = Agreement.objects.filter(state=AgreementState.AGREED).select_related("organisation")
    return sum(_tell_under(row) for row in rows)


def _tell_under(agreement: Agreement) -> int:
    try:
        where = under(agreement)
    except Problem:
        return 0
    kept = where.terms.items.get(ItemKind.EVIDENCE)
    if kept is None or not kept.purposes:
        return 0
    count = 0
    for facts in _due(agreement):
        try:
            with transaction.atomic():
                _tell(where, facts, kept.purposes[0])
        except Problem as problem:
            log.info("seal.not_told", code=problem.code)
            return count
        count += 1
    return count


def _due(agreement: Agreement) -> list[SealFacts]:
    told = ToldSeal.objects.filter(agreement=agreement, ours=True)
    # Since it first came into force, not since it was last resumed: what was sealed meanwhile is told afterwards.
    first = FeedEntry.objects.filter(feed__agreement=agreement, feed__ours=True, seq=1)
    who, since = agreement.organisation_id, first.values_list("recorded_at", flat=True).first() or agreement.since
    pages = telling.seals_to_tell(who, since, told.values_list("evidence", flat=True), MOST_AT_ONCE)
    purchases = telling.purchases_to_tell(who, since, told.values_list("seal", flat=True), MOST_AT_ONCE)
    return pages + purchases


def _tell(where: Under, facts: SealFacts, purpose: str) -> None:
    draft = Draft(
        type=SharedEntry.SEALED,
        subject=facts.evidence,
        action=Action.SHARE,
        kind=ItemKind.EVIDENCE,
        fields={
            "evidence_id": facts.evidence,
            "seal": facts.seal,
            "sealed_at": facts.sealed_at,
            "files": facts.files,
            "stamped_at": facts.stamped_at,
            "authority": facts.authority or None,
        },
        purpose=purpose,
        territories=tuple(where.terms.territories),
    )
    actor = Actor(where.party, where.kind_of(where.party), NODE)
    seen = preview(draft.kind, draft.fields, where.terms, purpose, actor, now(), action=draft.action)
    item = Item(
        kind=draft.kind,
        owner=where.party,
        fields={one.field: one.data_class for one in seen.shown},
        territories=draft.territories,
        purpose=purpose,
        retain_until=seen.retain_until,
    )
    require(may(actor, draft.action, item, where.standing, now()))
    entry = append(where.agreement, statement_of(draft, seen, f"sealed {facts.seal}"))
    _keep(where.agreement, entry, facts, ours=True)
    telling.note_told(where.agreement.organisation_id, facts.evidence, where.partner, entry.entry_id)


def _keep(agreement: Agreement, entry: FeedEntry, facts: SealFacts, *, ours: bool) -> None:
    ToldSeal(
        organisation_id=agreement.organisation_id,
        agreement=agreement,
        ours=ours,
        evidence=facts.evidence,
        seal=facts.seal,
        sealed_at=facts.sealed_at,
        stamped_at=facts.stamped_at,
        authority=facts.authority,
        entry=entry,
        told_at=entry.happened_at,
    ).save()


def hear(arrived: Arrived, entry: FeedEntry) -> None:
    """Keep what a partner told of a seal. Raises CannotApply."""
    said = take(arrived, Action.SHARE, ItemKind.EVIDENCE).fields or {}
    name, seal = said.get("evidence_id"), said.get("seal")
    is_page, is_purchase = is_id("evd", str(name)), is_id("prc", str(name))
    if name != arrived.entry.subject or not (is_page or is_purchase) or not _HASH.fullmatch(str(seal)):
        raise CannotApply("wrong-data", "It names no seal of the evidence that it is about.")
    before = ToldSeal.objects.filter(agreement=arrived.agreement, ours=False, evidence=name)
    if before.filter(seal=seal).exists():
        return
    # A page is sealed once; the record of a purchase grows, and each act is told by a line of its own.
    if is_page and before.exists():
        raise CannotApply("seal-changed", "Another seal was told before for this evidence.")
    facts = SealFacts(
        evidence=str(name),
        seal=str(seal),
        sealed_at=_moment(said.get("sealed_at")) or arrived.happened_at,
        files=0,
        stamped_at=_moment(said.get("stamped_at")),
        authority=str(said.get("authority") or "")[:300],
    )
    _keep(arrived.agreement, entry, facts, ours=False)


def seals_heard(member: Member, most: int = 200) -> tuple[SealShown, ...]:
    """Seals that partners told, newest first. Raises NotPermitted (EXCHANGE_VIEW)."""
    member.require(Permission.EXCHANGE_VIEW)
    rows = ToldSeal.objects.filter(organisation_id=member.organisation_id, ours=False)
    return tuple(_shown(row) for row in rows.select_related("agreement", "entry__feed").order_by("-id")[:most])


def tellings_of(member: Member, evidence_id: str) -> tuple[SealShown, ...]:
    """Which partners were told of a piece of ours; nothing for who may not see the exchange."""
    if not member.may(Permission.EXCHANGE_VIEW):
        return ()
    rows = ToldSeal.objects.filter(organisation_id=member.organisation_id, ours=True, evidence=evidence_id[:30])
    return tuple(_shown(row) for row in rows.select_related("agreement", "entry__feed").order_by("id"))


def extract_with_seal(member: Member, evidence_id: str) -> bytes | None:
    """The entry that names a seal, with its proofs, to go into the bag; None when there is none for this member.

    Of a purchase the entry that was told last: it stands for the most.
    """
    told = tellings_of(member, evidence_id)
    if not told or not member.may(Permission.EXCHANGE_SHARE):
        return None
    one = told[-1] if evidence_id.startswith("prc_") else told[0]
    return write_extract(extract_of(member, one.feed, one.seq, one.seq))


def _moment(said: object) -> datetime | None:
    try:
        return read_moment(str(said)) if said else None
    except Refused:
        return None


def _shown(row: ToldSeal) -> SealShown:
    return SealShown(
        partner=row.agreement.partner_name,
        agreement=row.agreement.name,
        feed=row.entry.feed.name,
        seq=row.entry.seq,
        evidence=row.evidence,
        seal=row.seal,
        sealed_at=row.sealed_at,
        stamped_at=row.stamped_at,
        authority=row.authority,
        told_at=row.told_at,
    )
