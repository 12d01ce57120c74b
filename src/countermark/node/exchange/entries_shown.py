"""Entries of feeds as screens are given them."""

from dataclasses import dataclass
from datetime import date, datetime

from countermark.node.exchange.shown import AgreementRow, FeedShown, WitnessShown
from countermark.proof.entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilters:
    """What narrows a feed: exact type, exact subject."""

    type: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One line of a feed.

    Attributes:
        logged: whether it stands in our log; None for the partner's, whose log we do not hold.
        applied: `queued`, `running`, `done` or `failed` for the partner's entries; empty for ours.
        beside: bytes lie beside it.
        deleted_at: when they were deleted.
    """

    seq: int
    entry_id: str
    type: str
    subject: str
    data_class: str
    happened_at: datetime
    recorded_at: datetime
    receipted: bool
    logged: bool | None
    applied: str
    beside: bool
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of a feed, newest first; `next_cursor` None on the last."""

    rows: tuple[EntryRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideShown:
    """What lies beside an entry.

    Attributes:
        text: its content where it is text; empty when it is not, or hidden.
        hidden: the member may not see personal data.
    """

    media_type: str
    size: int
    retain_until: date | None
    held: bool
    text: str
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptShown:
    """The reader's signature for an entry: where it stands, and up to where it reaches."""

    feed: str
    seq: int
    reaches: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProofShown:
    """Where an entry stands in our log, under which checkpoint, and who saw that when."""

    index: int
    size: int
    text: str
    witnesses: tuple[WitnessShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One entry with everything that was signed, and what became of it.

    Attributes:
        entry: what it says.
        signer: party whose key signed it; kid its key.
        payload: the signed bytes as text.
        agreement_version: version that it names.
        applied_detail: why it could not be applied.
        deleted_reason: why what lay beside it was deleted.
    """

    row: EntryRow
    feed: FeedShown
    agreement: AgreementRow
    entry: Entry
    signer: str
    kid: str
    digest: str
    token: str
    payload: str
    agreement_version: int
    applied_detail: str
    beside: BesideShown | None
    deleted_reason: str
    receipt: ReceiptShown | None
    log_proof: LogProofShown | None
