"""Read the exchange, always as one member sees it."""

from countermark.node.exchange.documents import Card
from countermark.node.exchange.entries_shown import EntryFilters, EntryPage, EntryShown
from countermark.node.exchange.extracting import contradiction_extract, extract_of
from countermark.node.exchange.shown import (
    AgreementRow,
    AgreementShown,
    Alarm,
    FeedShown,
    LogShown,
    PartnerStanding,
    PartyShown,
)
from countermark.node.exchange.watching.agreements import agreement_rows, agreement_shown, document_of, party_shown
from countermark.node.exchange.watching.alarming import alarms_in
from countermark.node.exchange.watching.entries import entries_of, entry_shown, feed_row, types_in
from countermark.node.exchange.watching.rows import feed_shown
from countermark.node.exchange.watching.standings import log_shown, standings
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

__all__ = [
    "agreement",
    "agreements",
    "alarms",
    "contradiction_extract",
    "document_of",
    "entries",
    "entry",
    "extract_of",
    "feed",
    "feed_types",
    "introduced",
    "log",
    "standing_of",
]

ANY = EntryFilters()


def standing_of(member: Member) -> tuple[PartnerStanding, ...]:
    """How things stand with every partner, by name.

    Raises:
        NotPermitted (EXCHANGE_VIEW).
    """
    member.require(Permission.EXCHANGE_VIEW)
    return standings(member.organisation_id)


def alarms(member: Member) -> tuple[Alarm, ...]:
    """What does not go as agreed with any partner, the gravest first.

    Raises:
        NotPermitted (EXCHANGE_VIEW).
    """
    return alarms_in(standing_of(member), now())


def log(member: Member) -> LogShown:
    """Our log and who witnessed it.

    Raises:
        NotPermitted (EXCHANGE_VIEW).
    """
    member.require(Permission.EXCHANGE_VIEW)
    return log_shown(member.organisation_id)


def agreements(member: Member) -> tuple[AgreementRow, ...]:
    """All agreements, by the partner's name.

    Raises:
        NotPermitted (EXCHANGE_VIEW).
    """
    member.require(Permission.EXCHANGE_VIEW)
    return agreement_rows(member.organisation_id)


def agreement(member: Member, name: str) -> AgreementShown:
    """One agreement with its documents, newest first.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    return agreement_shown(member, name)


def introduced(card: Card) -> PartyShown:
    """Who a card says that it is; nothing of it is believed yet."""
    return party_shown(card.party, card.kind, "")


def feed(member: Member, name: str) -> FeedShown:
    """One feed.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    return feed_shown(feed_row(member, name))


def feed_types(member: Member, name: str) -> tuple[str, ...]:
    """Types of entries in a feed, to filter by.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    return types_in(feed_row(member, name))


def entries(member: Member, name: str, filters: EntryFilters = ANY, cursor: str = "") -> EntryPage:
    """One page of a feed, newest first.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    return entries_of(feed_row(member, name), filters, cursor)


def entry(member: Member, name: str, seq: int) -> EntryShown:
    """One entry with everything that was signed; seeing what lies beside it is written to the trail.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound.
    """
    return entry_shown(member, name, seq)
