"""Tell those who bought an illegal product: DSA art. 32. Six months back; in public for those who cannot be reached.

The node writes the words and keeps what was done; the marketplace sends the messages itself, from its own order system.
Nothing of this goes to a partner.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from countermark.law.looking_back import MONTHS_OF_BUYERS, months_before
from countermark.law.wording import day_in_words
from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.notices import orders, papers, recording, telling
from countermark.node.notices.models import BuyerOrder, BuyerRound, BuyersTold, Notice
from countermark.node.notices.states import Deed, Side, Stage, Told
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: The law that knows this duty.
REGIME = "eu-dsa"
_ILLEGAL = frozenset({Stage.DOWN, Stage.KEPT, Stage.COUNTERED, Stage.IN_COURT})


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyersShown:
    """How far the telling is.

    Attributes:
        can_begin: the offer was removed as illegal and nobody has begun.
        known_on, since: day of knowledge, and first day of the look-back.
        reachable, unreachable: orders so far.
        texts: language, message and public notice, as they were written when it began.
        sent, published_at, told_at: what was done; None and empty before.
    """

    can_begin: bool
    begun: bool = False
    known_on: date | None = None
    since: date | None = None
    reachable: int = 0
    unreachable: int = 0
    texts: tuple[tuple[str, str, str], ...] = ()
    sent: int | None = None
    published_at: str = ""


def must_tell(notice: Notice) -> bool:
    """Whether the product of a notice was removed as illegal here, so that its buyers are owed an explanation."""
    removed = notice.decision in {Deed.REMOVE, Deed.KEEP} and notice.reason != "terms"
    return notice.regime == REGIME and notice.side == Side.RECEIVED and removed and notice.stage in _ILLEGAL


def shown(member: Member, notice_id: str) -> BuyersShown:
    """How far it is. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    notice = Notice.objects.filter(organisation_id=member.organisation_id, public_id=notice_id[:40]).first()
    if notice is None:
        raise NotFound("notice", notice_id)
    row = notice.buyer_rounds.order_by("-pk").first()
    if row is None:
        return BuyersShown(can_begin=must_tell(notice))
    told: BuyersTold | None = getattr(row, "told", None)
    texts = notice.tellings.filter(what=Told.BUYERS).order_by("-pk").values_list("texts", flat=True).first() or {}
    return BuyersShown(
        can_begin=False,
        begun=True,
        known_on=row.known_on,
        since=row.since,
        reachable=row.orders.filter(reachable=True).count(),
        unreachable=row.orders.filter(reachable=False).count(),
        texts=tuple((language, parts[0][1], parts[1][1]) for language, parts in texts.items()),
        sent=told.sent if told else None,
        published_at=told.published_at if told else "",
    )


@transaction.atomic
def begin(member: Member, notice_id: str, trader: str, redress: str) -> None:
    """Begin: write the message and the public notice, and fix the six months.

    Args:
        member: NOTICES_DECIDE.
        notice_id: `ntc_…`.
        trader: who sold it, as buyers see it.
        redress: what a buyer can do, in the marketplace's own words.

    Raises:
        NotPermitted, NotFound, Invalid, Conflict (nothing illegal was removed, or it has begun).
    """
    member.require(Permission.NOTICES_DECIDE)
    notice = recording.lock(member, notice_id)
    for field, value, most in (("trader", trader, 300), ("redress", redress, 1000)):
        if not value.strip() or len(value) > most or not is_storable(value):
            raise Invalid.of(field, f"{field}-missing", f"Write it, in at most {most:,} characters.", "")
    if not must_tell(notice):
        raise Conflict("No product was removed as illegal here under the Digital Services Act.", code="not-illegal")
    if notice.buyer_rounds.exists():
        raise Conflict("It has begun already.", code="begun-already")
    known_on = (notice.decided_at or now()).date()
    row = BuyerRound(
        notice=notice,
        known_on=known_on,
        since=months_before(known_on, MONTHS_OF_BUYERS),
        trader=trader.strip(),
        redress=redress.strip(),
        by_id=member.user_id,
    )
    row.save()
    telling.tell(notice, Told.BUYERS, lambda language: _words(notice, row, language))
    _audit(member, notice, "buyers.begun")


@transaction.atomic
def take_orders(member: Member, notice_id: str, data: bytes) -> tuple[int, orders.Read]:
    """Add the orders of a file; gives how many were new. Good rows are kept; the same file again adds nothing.

    Raises:
        NotPermitted (NOTICES_DECIDE), NotFound, Invalid (the file), Conflict (not begun, or done).
    """
    member.require(Permission.NOTICES_DECIDE)
    notice = recording.lock(member, notice_id)
    row = _open_round(notice)
    read = orders.read_orders(data, row.since, row.known_on)
    known = set(row.orders.values_list("reference", flat=True))
    new = [
        BuyerOrder(round=row, reference=one.reference, ordered_on=one.ordered_on, reachable=one.reachable)
        for one in read.orders
        if one.reference not in known
    ]
    BuyerOrder.objects.bulk_create(new, batch_size=500)
    _audit(member, notice, "buyers.orders_added", len(new))
    return len(new), read


def references(member: Member, notice_id: str, most: int = orders.MOST_ROWS) -> tuple[str, ...]:
    """References of the orders whose buyers can be reached. Raises NotPermitted (NOTICES_DECIDE), NotFound."""
    member.require(Permission.NOTICES_DECIDE)
    rows = BuyerOrder.objects.filter(
        round__notice__organisation_id=member.organisation_id, round__notice__public_id=notice_id[:40], reachable=True
    )
    return tuple(rows.order_by("pk").values_list("reference", flat=True)[:most])


@transaction.atomic
def done(member: Member, notice_id: str, sent: str, published_at: str) -> None:
    """Record that buyers were told.

    Raises:
        NotPermitted (NOTICES_DECIDE), NotFound, Conflict; Invalid: more messages than reachable buyers, or some were
            not reached and there is no public notice.
    """
    member.require(Permission.NOTICES_DECIDE)
    notice = recording.lock(member, notice_id)
    row = _open_round(notice)
    reachable, everyone = row.orders.filter(reachable=True).count(), row.orders.count()
    count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1
    if not 0 <= count <= reachable:
        raise Invalid.of("sent", "sent-wrong", "That is no number of messages sent.", f"Write 0 to {reachable}.")
    address = published_at.strip()
    if address and (not address.startswith("https://") or len(address) > 500 or not is_storable(address)):
        raise Invalid.of(
            "published_at", "address-wrong", "That is no address of a public notice.", "Begin with https://."
        )
    if count < everyone and not address:
        raise Invalid.of(
            "published_at",
            "notice-missing",
            f"{everyone - count} buyers were not reached.",
            "Publish the notice where everybody can see it, and write its address here (art. 32(2)).",
        )
    BuyersTold(round=row, sent=count, published_at=address, by_id=member.user_id).save()
    _audit(member, notice, "buyers.told", count)


def _open_round(notice: Notice) -> BuyerRound:
    row: BuyerRound | None = notice.buyer_rounds.order_by("-pk").first()
    if row is None:
        raise Conflict("Begin first.", code="not-begun")
    if BuyersTold.objects.filter(round=row).exists():
        raise Conflict("It is recorded as done.", code="done-already")
    return row


def _words(notice: Notice, row: BuyerRound, language: str) -> telling.Sections:
    """The message and the public notice, in the active language."""
    paper = papers.read(notice.paper)
    facts = {
        "market": notice.organisation.name,
        "title": notice.title,
        "trader": row.trader,
        "brand": paper.brand,
        "since": day_in_words(row.since, language),
        "until": day_in_words(row.known_on, language),
        "redress": row.redress,
    }
    message = (
        _("You bought “%(title)s” from %(trader)s on %(market)s between %(since)s and %(until)s."),
        _("We have removed this offer: the product is illegal because it infringes a right of %(brand)s."),
        _("The seller was: %(trader)s."),
        _("What you can do: %(redress)s"),
        _("You need not answer this message, and we ask you for no data."),
    )
    public = (
        _("Notice to buyers of “%(title)s”, sold by %(trader)s on %(market)s between %(since)s and %(until)s."),
        _("The product is illegal because it infringes a right of %(brand)s. We have removed the offer."),
        _("What you can do: %(redress)s"),
    )
    return [
        [_("Message to each buyer"), "\n".join(one % facts for one in message)],
        [_("Public notice"), "\n".join(one % facts for one in public)],
    ]


def _audit(member: Member, notice: Notice, action: str, count: int = 0) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=notice.public_id,
        detail={"orders": count} if count else {},
    )
