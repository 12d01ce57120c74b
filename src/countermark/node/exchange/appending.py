"""Say something under an agreement: one entry, in its place, signed, in the transaction of what it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec
from django.db import transaction

from countermark.node.exchange.entry_ids import entry_uuid
from countermark.node.exchange.heads import locked_head, move_head, write_head
from countermark.node.exchange.models import Agreement, Beside, Feed, FeedEntry, Submission
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.signing import signer_of
from countermark.node.exchange.states import AgreementState, FeedState
from countermark.node.kernel.errors import Conflict
from countermark.node.kernel.time import now
from countermark.proof.agreements import Purpose
from countermark.proof.commitments import Carried
from countermark.proof.entries import DataClass, Entry, SignedEntry, read_moment, sign_entry, write_moment
from countermark.proof.ijson import Plain
from countermark.proof.keys import Signer
from countermark.proof.log_proofs import new_leaf_salt

#: What may still be said when nothing new may: that something came, was taken back, was deleted, or the end itself;
#: and which keys say so, since data are deleted, and told to be, years after the keys of the last day have ended.
CLOSING_TYPES = frozenset(
    {"receipt", "notice.withdrawn", "retention.deleted", "withdrawn", "key.rotated", "key.revoked", "agreement.ended"}
)
#: The purpose of entries that serve the exchange itself; every agreement has it.
KEEPING_PURPOSE = "exchange"
#: What every side may say at any time under an agreement in force or suspended.
KEEPING_TYPES = CLOSING_TYPES | {
    "agreement.suspended",
    "agreement.resumed",
    "agreement.amended",
    "feed.resumed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is to be said.

    Attributes:
        type: such as `finding.shared`.
        subject: opaque id of what it is about.
        purpose: a purpose of the agreement.
        data_class: strictest class of what it carries.
        data: open content; exactly one of `data` and `beside`.
        beside: bytes behind a commitment, deleted at `retain_until`.
        retain_until: last day on which the bytes are kept.
        happened: when it happened; None is now.
        key: makes one entry out of many tries; empty when the caller's own transaction does.
    """

    type: str
    subject: str
    purpose: str
    data_class: DataClass
    data: Mapping[str, Plain] | None = None
    beside: Carried | None = None
    retain_until: date | None = None
    happened: datetime | None = None
    key: str = field(default="")


def say_for_exchange(agreement: Agreement, kind: str, subject: str, data: Mapping[str, Plain]) -> FeedEntry:
    """Append what serves the exchange itself: receipts, keys, deletions, acts on the agreement. Holds nobody's data.

    Raises:
        Conflict, Refused: as `append`.
    """
    return append(
        agreement,
        Statement(type=kind, subject=subject, purpose=KEEPING_PURPOSE, data_class=DataClass.PUBLIC, data=data),
    )


def append(agreement: Agreement, statement: Statement) -> FeedEntry:
    """Append one entry to our feed under an agreement; call it in the transaction of the act it speaks of.

    Appends to one feed wait for one another, so places have no gap and no place is given twice.

    Raises:
        Conflict: the agreement or the feed does not let this be said now.
        Refused: too-large.
    """
    return append_all(agreement, [statement])[0]


def append_all(agreement: Agreement, statements: list[Statement]) -> list[FeedEntry]:
    """Append several entries in one transaction, in order: all of them or none.

    Raises:
        Conflict, Refused: as `append`.
    """
    with transaction.atomic():
        feed = locked_feed(agreement)
        entries = [_append_locked(feed, one) for one in statements]
        write_head(feed)
    return entries


def locked_feed(agreement: Agreement) -> Feed:
    """Our feed under an agreement, locked until the transaction ends. Raises Conflict: nothing is agreed yet."""
    return locked_head(agreement.pk)


def _append_locked(feed: Feed, statement: Statement) -> FeedEntry:
    known = _said_before(feed, statement.key)
    if known is not None:
        return known
    check_open(feed, statement.type)
    moment = now()
    signer = signer_of(feed.organisation_id, Purpose.ENTRIES, ring_of(feed.agreement).keys)
    signed = sign_statement(feed, statement, moment, signer)
    row = record(feed, signed, new_leaf_salt(), statement.beside, moment)
    if statement.key:
        Submission(feed=feed, key=statement.key, entry=row).add()
    move_head(feed, signed, moment)
    feed.version = feed.agreement.version
    return row


def _said_before(feed: Feed, key: str) -> FeedEntry | None:
    if not key:
        return None
    return FeedEntry.objects.filter(submission__feed=feed, submission__key=key).first()


def check_open(feed: Feed, kind: str) -> None:
    """Raise Conflict when the feed or its agreement does not let this type be said now."""
    if feed.state == FeedState.FROZEN:
        raise Conflict(f"The feed is frozen ({feed.reason}): nothing is said in it until people have looked.")
    state = feed.agreement.state
    allowed = {
        AgreementState.AGREED: True,
        AgreementState.SUSPENDED: kind in KEEPING_TYPES,
        AgreementState.ENDED: kind in CLOSING_TYPES,
    }
    if not allowed.get(AgreementState(state), False):
        raise Conflict(f"The agreement is {state}: {kind} cannot be said under it.", code="not-agreed")


def sign_statement(feed: Feed, statement: Statement, moment: datetime, signer: Signer) -> SignedEntry:
    """The next entry of a locked feed, signed; the head of the feed is the caller's to move. Raises Refused."""
    entry = Entry(
        feed=feed.name,
        seq=feed.seq + 1,
        prev=feed.digest,
        id=entry_uuid(moment),
        type=statement.type,
        subject=statement.subject,
        time=write_moment(statement.happened or moment),
        agreement=feed.agreement.digest,
        purpose=statement.purpose,
        data_class=statement.data_class,
        retain_until=None if statement.retain_until is None else statement.retain_until.isoformat(),
        data=None if statement.data is None else dict(statement.data),
        data_ref=None if statement.beside is None else msgspec.to_builtins(statement.beside.reference),
    )
    return sign_entry(entry, signer)


def record(feed: Feed, signed: SignedEntry, salt: bytes, beside: Carried | None, moment: datetime) -> FeedEntry:
    """Store a signed entry of ours; the head of the feed is the caller's to move."""
    row = entry_row(feed, signed, salt, moment)
    row.add()
    if beside is not None:
        beside_row(row, signed, beside).save()
    return row


def beside_row(row: FeedEntry, signed: SignedEntry, beside: Carried) -> Beside:
    """The row of what lies beside a stored entry, not saved."""
    return Beside(
        entry=row,
        data=beside.data,
        salt=beside.salt,
        media_type=beside.media_type,
        retain_until=signed.entry.retain_until,
    )


def entry_row(feed: Feed, signed: SignedEntry, salt: bytes, moment: datetime) -> FeedEntry:
    """The row of a signed entry, not saved."""
    entry = signed.entry
    return FeedEntry(
        feed=feed,
        seq=entry.seq,
        token=signed.token,
        entry_id=signed.entry_id,
        digest=signed.digest,
        leaf_salt=salt,
        type=entry.type,
        subject=entry.subject,
        data_class=entry.data_class,
        happened_at=read_moment(entry.time),
        recorded_at=moment,
    )
