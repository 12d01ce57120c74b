"""Papers of a notice go to the partner: the bytes beside an entry of their own, as far as the agreement names them.

What is passed is known by its SHA-256 alone: the notice named it among its evidence, the seller's answer among its
papers, and a paper that neither named is not taken. The bytes lie beside the entry, so they end when it ends.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.appending import Statement, append
from countermark.node.exchange.applying import Arrived, CannotApply
from countermark.node.exchange.models import FeedEntry
from countermark.node.kernel.beginnings import media_type_by_beginning
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.notices import attachments, papers, permits, recording
from countermark.node.notices.models import CounterPaper, Notice, PassedPaper, Piece
from countermark.node.notices.states import Side
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.commitments import Carried

ENTRY = "notice.paper"


@dataclass(frozen=True, slots=True)
class Passable:
    """A paper of ours, and whether the partner may have it.

    Attributes:
        sha256, name, media_type, size: the paper.
        kind: kind of evidence, or `answer` for one of the seller.
        denied: sentence of the rule that keeps it here; empty when it may go.
        passed: it went already.
        purpose, data_class: under which it goes; empty when it may not.
    """

    sha256: str
    name: str
    media_type: str
    size: int
    kind: str
    denied: str
    passed: bool
    purpose: str = ""
    data_class: str = ""

    @property
    def may_go(self) -> bool:
        """Whether it can be passed on now."""
        return not self.denied and not self.passed


def passable(member: Member, notice_id: str) -> tuple[Passable, ...]:
    """Papers of a notice that lie here and the partner has not brought, each with what the agreement says.

    Raises:
        NotPermitted (NOTICES_VIEW, PERSONAL_DATA_VIEW), NotFound.
    """
    member.require(Permission.NOTICES_VIEW)
    member.require(Permission.PERSONAL_DATA_VIEW)
    notice = _notice(member, notice_id)
    gone = set(notice.passed.filter(ours=True).values_list("sha256", flat=True))
    return tuple(_passable(member, notice, one, gone) for one in _own(notice))


@transaction.atomic
def pass_on(member: Member, notice_id: str, wanted: frozenset[str]) -> int:
    """Pass papers on; gives how many went. What went already is left out, so it is safe to repeat.

    Raises:
        NotPermitted (NOTICES_FILE or NOTICES_DECIDE, by side), NotFound; Conflict: the agreement keeps one here.
    """
    notice = recording.lock(member, notice_id)
    member.require(Permission.NOTICES_FILE if notice.side == Side.SENT else Permission.NOTICES_DECIDE)
    if notice.filed_at is None:
        raise Conflict("The notice has not been sent yet, so its papers wait with it.", code="not-sent")
    gone = set(notice.passed.filter(ours=True).values_list("sha256", flat=True))
    going = [one for one in _own(notice) if one.sha256 in wanted and one.sha256 not in gone]
    for one in going:
        entry = _say(member, notice, one)
        PassedPaper(notice=notice, sha256=one.sha256, entry=entry, ours=True).save()
    if going:
        audit.record(
            actor=member.actor,
            organisation=member.organisation_id,
            action="notice.papers_passed",
            target=notice.public_id,
            detail={"papers": len(going)},
        )
    return len(going)


@dataclass(frozen=True, slots=True)
class Brought:
    """A paper that the partner passed on; `bytes_are_here` is false after they were deleted by retention."""

    sha256: str
    media_type: str
    size: int
    bytes_are_here: bool


def brought(notice: Notice) -> tuple[Brought, ...]:
    """Papers of the partner, in the order in which they came."""
    rows = notice.passed.filter(ours=False).select_related("entry__beside").order_by("pk")
    return tuple(_brought(one) for one in rows)


def take_out(member: Member, notice_id: str, sha256: str) -> tuple[str, bytes]:
    """Media type and bytes of a paper of the partner; written to the trail.

    Raises:
        NotPermitted (NOTICES_VIEW, PERSONAL_DATA_VIEW); NotFound, also when the bytes were deleted.
    """
    member.require(Permission.NOTICES_VIEW)
    member.require(Permission.PERSONAL_DATA_VIEW)
    notice = _notice(member, notice_id)
    row = notice.passed.filter(ours=False, sha256=sha256[:64]).select_related("entry__beside").first()
    beside = getattr(row.entry, "beside", None) if row is not None else None
    if beside is None:
        raise NotFound("paper")
    data = bytes(beside.data)
    audit.record(
        actor=member.actor, organisation=member.organisation_id, action="notice.paper_viewed", target=notice.public_id
    )
    # What a partner calls its bytes decides nothing: they are looked at again.
    return media_type_by_beginning(data) or "application/octet-stream", data


def arrive(arrived: Arrived, notice: Notice) -> bool:
    """Keep a paper that the partner passed on; False when it came before.

    Raises:
        CannotApply: the agreement does not let it come, nobody named it, or it is none of the kinds that are taken.
    """
    permits.bytes_may_come(arrived)
    if arrived.carried is None:
        return False
    digest = hashlib.sha256(arrived.carried).hexdigest()
    if digest not in _named(notice):
        raise CannotApply("paper-unknown", "No paper with these bytes was named in this notice.")
    if len(arrived.carried) > attachments.LARGEST or not media_type_by_beginning(arrived.carried):
        raise CannotApply("paper-unfit", "It is too large, or neither PDF, PNG nor JPEG.")
    if notice.passed.filter(ours=False, sha256=digest).exists():
        return False
    own = FeedEntry.objects.filter(feed__agreement=arrived.agreement, feed__ours=False)
    PassedPaper(notice=notice, sha256=digest, entry=own.get(entry_id=arrived.entry_id), ours=False).save()
    return True


def _notice(member: Member, notice_id: str) -> Notice:
    rows = Notice.objects.filter(organisation_id=member.organisation_id, public_id=notice_id[:40])
    row: Notice | None = rows.select_related("agreement").first()
    if row is None:
        raise NotFound("notice", notice_id)
    return row


def has_own(notice: Notice) -> bool:
    """Whether papers lie here that could be passed on."""
    if notice.agreement_id is None:
        return False
    if notice.side == Side.SENT:
        return notice.pieces.exists()
    return CounterPaper.objects.filter(counter__notice=notice).exists()


def _own(notice: Notice) -> list[Piece | CounterPaper]:
    """Papers that were brought here: evidence of the notice where it was filed, the seller's where it was decided."""
    if notice.side == Side.SENT:
        return list(notice.pieces.order_by("pk"))
    return list(CounterPaper.objects.filter(counter__notice=notice).order_by("pk"))


def _passable(member: Member, notice: Notice, one: Piece | CounterPaper, gone: set[str]) -> Passable:
    kind = one.kind if isinstance(one, Piece) else "answer"
    allowed = permits.bytes_may_go(notice.agreed, member.role, _words(one))
    return Passable(
        sha256=one.sha256,
        name=one.name,
        media_type=one.media_type,
        size=len(one.data),
        kind=kind,
        denied=allowed.denied,
        passed=one.sha256 in gone,
        purpose=allowed.purpose,
        data_class=allowed.data_class,
    )


def _words(one: Piece | CounterPaper) -> str:
    """What stands for the bytes when the rules are asked."""
    return f"{one.media_type}, SHA-256 {one.sha256}"


def _say(member: Member, notice: Notice, one: Piece | CounterPaper) -> FeedEntry:
    allowed = permits.bytes_may_go(notice.agreed, member.role, _words(one))
    if allowed.denied:
        raise Conflict(allowed.denied, code="paper-stays")
    return append(
        notice.agreed,
        Statement(
            type=ENTRY,
            subject=notice.public_id,
            purpose=allowed.purpose,
            data_class=allowed.data_class,
            beside=Carried.with_salt(bytes(one.data), one.media_type),
            retain_until=allowed.retain_until,
            key=f"paper {notice.public_id} {one.sha256[:32]}",
        ),
    )


def _named(notice: Notice) -> set[str]:
    if notice.side == Side.RECEIVED:
        return {one.digest for one in papers.read(notice.paper).evidence}
    return {digest for row in notice.counters.all() for digest in row.hashes}


def _brought(one: PassedPaper) -> Brought:
    beside = getattr(one.entry, "beside", None)
    if beside is None:
        return Brought(one.sha256, "", 0, bytes_are_here=False)
    data = bytes(beside.data)
    return Brought(one.sha256, media_type_by_beginning(data) or "", len(data), bytes_are_here=True)
