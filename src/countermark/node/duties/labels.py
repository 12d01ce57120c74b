"""What may be said of an offer or a shop: alleged, upheld by the platform, or found by a court. Nothing beyond."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.duties.models import CourtFinding
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Deed, Stage
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission


class Label(StrEnum):
    """The words that exist, from the weakest."""

    CLEARED = "cleared"
    ALLEGED = "alleged"
    UPHELD = "upheld"
    COURT = "court"


WORDS = {
    Label.CLEARED: "not upheld",
    Label.ALLEGED: "alleged",
    Label.UPHELD: "upheld by the platform",
    Label.COURT: "found by a court or an authority",
}
_STANDS_DOWN = frozenset({Deed.REMOVE, Deed.PARTLY, Deed.KEEP})
_FALLEN = frozenset({Stage.RESTORED, Stage.REFUSED, Stage.WITHDRAWN, Stage.UNDONE})
_ALLEGED = frozenset(
    {Stage.OPEN, Stage.ASKED, Stage.AT_SELLER, Stage.DOWN, Stage.COUNTERED, Stage.KEPT, Stage.IN_COURT}
)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of something: the label, in words, and the decision that it rests on."""

    label: Label
    words: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """What a court or an authority decided. `day` as `2026-03-01`; no names of persons."""

    authority: str
    docket: str
    day: str
    infringes: bool


def of(notice: Notice, courts: Iterable[CourtFinding] = ()) -> Label | None:
    """The label that a notice carries; None before it was sent. The last word of a court goes before all others."""
    last = max(courts, key=lambda one: (one.day, one.pk), default=None)
    if last is not None:
        return Label.COURT if last.infringes else Label.CLEARED
    if notice.stage in _FALLEN:
        return Label.CLEARED if notice.filed_at else None
    if notice.stage not in _ALLEGED:
        return None
    return Label.UPHELD if notice.decision in _STANDS_DOWN else Label.ALLEGED


def of_notice(member: Member, notice_id: str) -> Said | None:
    """What is said of the offer of one notice. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    row = notice_row(member, notice_id)
    label = of(row, row.court_findings.all())
    return Said(label, WORDS[label], row.public_id) if label else None


def of_seller(member: Member, seller_id: str) -> tuple[Said, ...]:
    """What is said of the offers of a shop, one line a notice, newest first. Raises NotPermitted (NOTICES_VIEW)."""
    return _all(member, seller=seller_id[:40])


def of_listing(member: Member, listing_id: str) -> tuple[Said, ...]:
    """What is said of an offer, one line a notice, newest first. Raises NotPermitted (NOTICES_VIEW)."""
    return _all(member, listing=listing_id[:40])


def _all(member: Member, **what: str) -> tuple[Said, ...]:
    member.require(Permission.NOTICES_VIEW)
    rows = Notice.objects.filter(organisation_id=member.organisation_id, **what).defer("matter", "paper")
    found = []
    for row in rows.prefetch_related("court_findings").order_by("-pk")[:50]:
        label = of(row, row.court_findings.all())
        if label is not None:
            found.append(Said(label, WORDS[label], row.public_id))
    return tuple(found)


def notice_row(member: Member, notice_id: str) -> Notice:
    """A notice of the member's organisation. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    own = Notice.objects.filter(organisation_id=member.organisation_id).select_related("agreement")
    found = own.filter(public_id=notice_id[:40]).first()
    if found is None or not is_id("ntc", notice_id):
        raise NotFound("notice", notice_id)
    return found


@transaction.atomic
def record_court(member: Member, notice_id: str, court: Court) -> None:
    """Write down what a court or an authority found on an offer.

    Raises:
        NotPermitted (NOTICES_FILE or NOTICES_DECIDE), NotFound, Invalid; Conflict: the notice was never sent.
    """
    if not member.may(Permission.NOTICES_FILE):
        member.require(Permission.NOTICES_DECIDE)
    row = notice_row(member, notice_id)
    for field, text in (("authority", court.authority), ("docket", court.docket)):
        if not text.strip() or len(text) > 100 or not is_storable(text):
            raise Invalid.of(field, f"{field}-missing", "This is missing or too long.", "Write it in a few words.")
    try:
        day = date.fromisoformat(court.day)
    except ValueError as error:
        raise Invalid.of("day", "no-day", "This is no day.", "Write it like 2026-03-01.") from error
    if day > now().date():
        raise Invalid.of("day", "later", "This day has not come yet.", "Write the day of the decision.")
    if row.filed_at is None:
        raise Conflict("This notice was never sent.", code="not-sent")
    CourtFinding(
        notice=row,
        infringes=court.infringes,
        authority=court.authority.strip(),
        docket=court.docket.strip(),
        day=day,
        by_id=member.user_id,
    ).save()
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="notice.court_found",
        target=row.public_id,
        detail={"infringes": court.infringes},
    )
