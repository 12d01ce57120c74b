"""Entries about shops: said to one partner, resting on a decision, ending by a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.cases.permits import Draft, Under, named, require, under
from countermark.node.cases.pseudonyms import Pseudonyms
from countermark.node.cases.saying import say
from countermark.node.cases.states import TakenBack
from countermark.node.duties import labels
from countermark.node.duties.labels import WORDS, Label
from countermark.node.duties.models import ListEntry
from countermark.node.exchange.appending import Statement, append
from countermark.node.exchange.models import Agreement, FeedEntry
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.permitting import may
from countermark.node.exchange.rules.standing import Actor, Item
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.listings.models import Seller
from countermark.node.notices.models import Notice
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import DataClass

LISTED, UNLISTED = "seller.listed", "seller.unlisted"
#: An entry without these says more than it may.
NEEDED = ("seller_token", "label", "decision_id", "expires_on")
LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """A list entry for a page.

    Attributes:
        id: `lse_…`.
        ours: whether we said it to the partner, or it to us.
        seller: `slr_…` of ours, or the partner's pseudonym.
        words: the label.
        source: the decision.
        counts: it stands and its last day is not past.
    """

    id: str
    ours: bool
    partner: str
    seller: str
    marketplace: str
    words: str
    source: str
    expires_on: date
    said_at: datetime
    counts: bool
    why: str


def entries(member: Member, size: int = 200) -> tuple[EntryShown, ...]:
    """Every entry, newest first. Raises NotPermitted (EXCHANGE_VIEW)."""
    member.require(Permission.EXCHANGE_VIEW)
    rows = ListEntry.objects.filter(organisation_id=member.organisation_id).select_related("agreement")
    return tuple(_shown(row) for row in rows.order_by("-pk")[:size])


def recipients(member: Member) -> tuple[tuple[str, str], ...]:
    """(agreement, partner) with which shops can be spoken of."""
    rows = Agreement.objects.filter(organisation_id=member.organisation_id, state="agreed").order_by("partner_name")
    return tuple((row.name, row.partner_name) for row in rows if _purpose(row))


@transaction.atomic
def put_on(member: Member, notice_id: str, agreement: str, expires_on: date) -> str:
    """Tell a partner that a decision stands against a shop; gives the id of the entry (`lse_…`).

    Raises:
        NotPermitted (EXCHANGE_SHARE, or the agreement), NotFound; Invalid: the day; Conflict: no decision stands, the
            shop is unknown, it is said already, or the agreement does not name the fields that such an entry needs.
    """
    member.require(Permission.EXCHANGE_SHARE)
    notice = labels.notice_row(member, notice_id)
    label = labels.of(notice, notice.court_findings.all())
    if label not in {Label.UPHELD, Label.COURT}:
        raise Conflict("Only what a platform has upheld or a court has found is told on.", code="no-decision")
    today = now().date()
    if not today < expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise Invalid.of("expires_on", "day", f"It ends within {LONGEST_DAYS} days.", "Choose a day in that time.")
    seller = Seller.objects.filter(organisation_id=member.organisation_id, core_id=notice.seller).first()
    if seller is None:
        raise Conflict("The shop of this notice is not known here.", code="no-seller")
    where = named(member, agreement)
    own = ListEntry.objects.filter(agreement=where.agreement, ours=True, state=ListEntry.State.STANDING)
    if own.filter(source=notice.public_id, expires_on__gte=today).exists():
        raise Conflict("The partner has been told already.", code="told-already")
    made = new_id("lse")
    draft = _draft(where, made, notice, seller, label, expires_on)
    shown = {one.field for one in where.preview(member, draft).shown}
    if not set(NEEDED) <= shown:
        missing = ", ".join(one for one in NEEDED if one not in shown)
        raise Conflict(f"The agreement does not name: {missing}. Without it nothing is said.", code="fields")
    said = say(member, where, [draft])[0].entry
    _keep(where, made, said, notice, seller, label, expires_on)
    _note(member.actor, where.agreement, "list.told", made, {"source": notice.public_id})
    return made


def take_back(member: Member, entry_id: str, why: str) -> None:
    """Take an entry back at the partner. Raises NotPermitted (EXCHANGE_SHARE), NotFound, Invalid, Conflict."""
    member.require(Permission.EXCHANGE_SHARE)
    if why not in TakenBack.values:
        raise Invalid.of("why", "missing", "A reason is missing.", "Choose one of the reasons.")
    own = ListEntry.objects.filter(organisation_id=member.organisation_id, ours=True, state=ListEntry.State.STANDING)
    row = own.filter(public_id=entry_id[:40]).first()
    if row is None:
        raise NotFound("list entry", entry_id)
    say_back(row.pk, why, member.actor, member.role)


@transaction.atomic
def say_back(key: int, why: str, actor: str, role: str = NODE) -> bool:
    """Say that an entry no longer holds; in the name of a member or of the node. Raises Conflict, NotPermitted."""
    rows = ListEntry.objects.select_for_update(of=("self",)).select_related("agreement__organisation")
    row = rows.filter(pk=key, ours=True, state=ListEntry.State.STANDING).first()
    if row is None:
        return False
    where = under(row.agreement)
    who = Actor(where.party, str(row.agreement.organisation.kind), str(role))
    require(may(who, Action.WITHDRAW, Item(ItemKind.SELLER, where.party), where.standing, now()))
    append(
        row.agreement,
        Statement(
            type=UNLISTED,
            subject=row.public_id,
            purpose=_purpose(row.agreement),
            data_class=DataClass.PUBLIC,
            data={"withdraws": row.entry, "why": why},
        ),
    )
    end(row, why, now())
    _note(actor, row.agreement, "list.taken_back", row.public_id, {"why": why})
    return True


def end(row: ListEntry, why: str, at: datetime) -> None:
    """Note that an entry no longer holds."""
    row.state, row.why, row.ended_at = ListEntry.State.TAKEN_BACK, why[:40], at
    row.save(update_fields=["state", "why", "ended_at"])


def _purpose(agreement: Agreement) -> str:
    """The purpose for which shops are spoken of; empty when the agreement names none."""
    try:
        item = under(agreement).terms.items.get(ItemKind.SELLER)
    except Conflict:
        return ""
    return item.purposes[0] if item else ""


def _draft(where: Under, made: str, notice: Notice, seller: Seller, label: Label, until: date) -> Draft:
    rows: Sequence[Notice] = list(
        Notice.objects.filter(organisation_id=notice.organisation_id, seller=notice.seller)
        .defer("matter", "paper")
        .prefetch_related("court_findings")
    )
    found = [labels.of(one, one.court_findings.all()) for one in rows]
    return Draft(
        type=LISTED,
        subject=made,
        action=Action.SHARE,
        kind=ItemKind.SELLER,
        fields={
            "seller_token": Pseudonyms(where.agreement).of_shop(seller.core_id),
            "marketplace": seller.marketplace,
            "shop_id": seller.external_id,
            "upheld_notices": sum(one in {Label.UPHELD, Label.COURT} for one in found),
            "reversed_notices": sum(one is Label.CLEARED for one in found),
            "label": label.value,
            "decision_id": notice.public_id,
            "expires_on": until.isoformat(),
        },
        purpose=_purpose(where.agreement),
        territories=tuple(where.terms.territories),
    )


def _keep(
    where: Under, made: str, said: FeedEntry, notice: Notice, seller: Seller, label: Label, expires_on: date
) -> None:
    ListEntry.objects.create(
        organisation_id=where.agreement.organisation_id,
        agreement=where.agreement,
        public_id=made,
        ours=True,
        seller=seller.core_id,
        marketplace=seller.marketplace,
        label=label,
        source=notice.public_id,
        expires_on=expires_on,
        entry=said.entry_id,
        said_at=said.happened_at,
    )


def _shown(row: ListEntry) -> EntryShown:
    return EntryShown(
        id=row.public_id,
        ours=row.ours,
        partner=row.agreement.partner_name,
        seller=row.seller,
        marketplace=row.marketplace,
        words=WORDS[Label(row.label)],
        source=row.source,
        expires_on=row.expires_on,
        said_at=row.said_at,
        counts=row.state == ListEntry.State.STANDING and row.expires_on >= now().date(),
        why=row.why,
    )


def _note(actor: str, agreement: Agreement, action: str, target: str, detail: dict[str, str]) -> None:
    audit.record(
        actor=actor,
        organisation=agreement.organisation_id,
        action=action,
        target=target,
        detail={"agreement": agreement.name, **detail},
    )
