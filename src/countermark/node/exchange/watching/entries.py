"""Entries of a feed: a page of them, one with everything, and which receipt covers it."""

from collections.abc import Iterator
from contextlib import suppress

from django.db.models import OuterRef, QuerySet, Subquery

from countermark.node.audit import services as audit
from countermark.node.exchange.entries_shown import (
    BesideShown,
    EntryFilters,
    EntryPage,
    EntryRow,
    EntryShown,
    LogProofShown,
    ReceiptShown,
)
from countermark.node.exchange.logs import log_proof
from countermark.node.exchange.models import Agreement, AgreementVersion, Beside, Cosignature, Feed, FeedEntry, Inbound
from countermark.node.exchange.shown import FeedShown, WitnessShown
from countermark.node.exchange.watching.key_lines import signed_under
from countermark.node.exchange.watching.rows import agreement_row, agreements_of, feed_shown, feeds_of
from countermark.node.kernel.errors import NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.encoding import from_base64url
from countermark.proof.entries import said_in
from countermark.proof.extracts import RECEIPT, receipted
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused

#: Rows on one page.
PAGE = 50
#: Receipts looked through for the first that covers an entry.
_MOST_RECEIPTS = 500
#: Of what lies beside, characters shown on a page; the whole is in the export.
_MOST_SHOWN = 20_000
_LARGEST = 2**63 - 1


def feed_row(member: Member, name: str) -> Feed:
    """The row of a feed, with what `feeds_of` adds.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    member.require(Permission.EXCHANGE_VIEW)
    found = None
    if "\0" not in name:
        found = feeds_of(member.organisation_id).filter(name=name[:120]).first()
    if found is None:
        raise NotFound("feed", name)
    return found


def types_in(feed: Feed) -> tuple[str, ...]:
    """Types of entries that stand in a feed."""
    return tuple(FeedEntry.objects.filter(feed=feed).order_by("type").values_list("type", flat=True).distinct())


def entries_of(feed: Feed, filters: EntryFilters, cursor: str) -> EntryPage:
    """One page of a feed, newest first; an unreadable cursor begins at the start."""
    rows = _with_state(FeedEntry.objects.filter(feed=feed))
    if filters.type:
        rows = rows.filter(type=filters.type.replace("\0", ""))
    if filters.subject:
        rows = rows.filter(subject=filters.subject.replace("\0", ""))
    before = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 20 else 0
    if 0 < before <= _LARGEST:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: PAGE + 1])
    shown = feed_shown(feed)
    following = str(found[PAGE - 1].seq) if len(found) > PAGE else None
    return EntryPage(tuple(_row(one, shown) for one in found[:PAGE]), following)


def entry_shown(member: Member, name: str, seq: int) -> EntryShown:
    """One entry with everything; seeing what lies beside it is written to the trail.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    feed = feed_row(member, name)
    found = _with_state(FeedEntry.objects.filter(feed=feed, seq=min(seq, _LARGEST))).first()
    if found is None:
        raise NotFound("entry", str(seq))
    found.feed = feed
    agreement = agreements_of(member.organisation_id).get(pk=feed.agreement_id)
    shown, said = feed_shown(feed), said_in(found.token)
    header, payload, _signature = found.token.split(".")
    kid = str(read_object(from_base64url(header))["kid"])
    signed = signed_under([agreement.pk])[agreement.pk]
    failed = Inbound.objects.filter(entry=found).values_list("reason", flat=True).first()
    return EntryShown(
        row=_row(found, shown),
        feed=shown,
        agreement=agreement_row(agreement),
        entry=said,
        signer=signed.ring.keys[kid].party if kid in signed.ring.keys else "",
        kid=kid,
        digest=found.digest,
        token=found.token,
        payload=from_base64url(payload).decode(),
        agreement_version=_version(agreement, said.agreement),
        applied_detail=failed or "",
        beside=_beside(member, found),
        deleted_reason=_deleted_reason(found),
        receipt=_receipt(found, shown),
        log_proof=_log_proof(found, agreement, shown),
    )


def receipts_after(entry: FeedEntry) -> QuerySet[FeedEntry]:
    """Receipts of the other side that may cover an entry, oldest first: none was signed before the entry was there."""
    other = Feed.objects.filter(agreement=entry.feed.agreement_id, ours=not entry.feed.ours)
    return FeedEntry.objects.filter(feed__in=other, type=RECEIPT, recorded_at__gte=entry.recorded_at).order_by("seq")


def reach_of(receipt: FeedEntry, feed: str) -> tuple[int, bytes] | None:
    """Up to which place of a feed a receipt reaches, and under which root; None when it is for something else."""
    with suppress(Refused):
        named, seq, root = receipted(said_in(receipt.token))
        if named == feed:
            return seq, root
    return None


def _with_state(rows: QuerySet[FeedEntry]) -> QuerySet[FeedEntry]:
    applied = Inbound.objects.filter(entry=OuterRef("pk")).values("state")[:1]
    besides = Beside.objects.filter(entry=OuterRef("pk")).values("pk")[:1]
    return rows.select_related("deletion").annotate(applied=Subquery(applied), beside_pk=Subquery(besides))


def _row(row: FeedEntry, feed: FeedShown) -> EntryRow:
    deletion = getattr(row, "deletion", None)
    return EntryRow(
        seq=row.seq,
        entry_id=row.entry_id,
        type=row.type,
        subject=row.subject,
        data_class=row.data_class,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        receipted=row.seq <= feed.receipted,
        logged=row.seq <= feed.logged if feed.ours else None,
        applied=row.applied or "",  # type: ignore[attr-defined]
        beside=row.beside_pk is not None,  # type: ignore[attr-defined]
        deleted_at=deletion.at if deletion else None,
    )


def _version(agreement: Agreement, digest: str) -> int:
    numbers = AgreementVersion.objects.filter(agreement=agreement, digest=digest).values_list("number", flat=True)
    return numbers.first() or 0


def _beside(member: Member, row: FeedEntry) -> BesideShown | None:
    """People write freely what lies beside an entry, so it is treated as personal whatever its class says."""
    beside: Beside | None = getattr(row, "beside", None)
    if beside is None:
        return None
    hidden = not member.may(Permission.PERSONAL_DATA_VIEW)
    if not hidden:
        audit.record(
            actor=member.actor,
            organisation=member.organisation_id,
            action="entry.viewed",
            target=row.entry_id,
            detail={"feed": row.feed.name, "seq": row.seq, "data_class": row.data_class},
        )
    return BesideShown(
        media_type=beside.media_type,
        size=len(beside.data),
        retain_until=beside.retain_until,
        held=beside.held,
        text="" if hidden else _as_text(bytes(beside.data)),
        hidden=hidden,
    )


def _as_text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return text[:_MOST_SHOWN] if all(one.isprintable() or one in "\n\r\t" for one in text[:_MOST_SHOWN]) else ""


def _deleted_reason(row: FeedEntry) -> str:
    deletion = getattr(row, "deletion", None)
    return deletion.reason if deletion else ""


def _receipt(row: FeedEntry, feed: FeedShown) -> ReceiptShown | None:
    if row.seq > feed.receipted:
        return None
    for receipt in _some(receipts_after(row)):
        reach = reach_of(receipt, feed.name)
        if reach is not None and reach[0] >= row.seq:
            return ReceiptShown(
                feed=receipt.feed.name, seq=receipt.seq, reaches=reach[0], recorded_at=receipt.recorded_at
            )
    return None


def _some(receipts: QuerySet[FeedEntry]) -> Iterator[FeedEntry]:
    yield from receipts.select_related("feed")[:_MOST_RECEIPTS]


def _log_proof(row: FeedEntry, agreement: Agreement, feed: FeedShown) -> LogProofShown | None:
    """Under the first checkpoint that the partner witnessed; while there is none, under the first at all."""
    if not feed.ours:
        return None
    seen = log_proof(row, agreement)
    proof = seen or log_proof(row)
    if proof is None:
        return None
    size = int(proof.note.split("\n")[1])
    witnesses = _witnesses(agreement, size) if seen else ()
    return LogProofShown(index=proof.index, size=size, text=proof.text, witnesses=witnesses)


def _witnesses(agreement: Agreement, size: int) -> tuple[WitnessShown, ...]:
    seen = Cosignature.objects.filter(
        checkpoint__organisation_id=agreement.organisation_id, checkpoint__size=size
    ).select_related("agreement")
    return tuple(
        WitnessShown(partner_name=one.agreement.partner_name, node=one.agreement.partner_node, at=one.witnessed_at)
        for one in seen.order_by("witnessed_at")
    )
