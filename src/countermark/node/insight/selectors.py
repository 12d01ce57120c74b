"""Figures as a member sees them: of one agreement, or of every one beside another."""

from collections.abc import Iterator
from dataclasses import dataclass

from countermark.node.exchange.facades.payloads import payload_of
from countermark.node.exchange.models import Agreement, Feed, FeedEntry, Standing
from countermark.node.insight.figures import Figures, figures_of
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import Entry

_CHUNK = 1000
#: Entries of one agreement that a page counts; more are counted up to a place that is asked for.
MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Place:
    """How far one feed goes, and how far it is counted.

    Attributes:
        feed: its id, the same on both nodes.
        ours: whether we publish it.
        counted: place up to which it is counted.
        head: place of the last entry that we have.
    """

    feed: str
    ours: bool
    counted: int
    head: int


@dataclass(frozen=True, slots=True)
class Joint:
    """The figures of one agreement, and how far they go."""

    agreement: str
    partner: str
    places: tuple[Place, ...]
    figures: Figures


def agreements(member: Member) -> tuple[tuple[str, str], ...]:
    """(name, partner) of agreements that were ever in force. Raises NotPermitted (EXCHANGE_VIEW)."""
    member.require(Permission.EXCHANGE_VIEW)
    rows = Agreement.objects.filter(organisation_id=member.organisation_id, version__gt=0).order_by("name")
    return tuple(rows.values_list("name", "partner_name"))


def figures(member: Member, agreement: str, *, ours: int | None = None, theirs: int | None = None) -> Joint:
    """The figures of one agreement. Nothing is sent: the partner computes them from the same entries.

    Args:
        member: who asks.
        agreement: its name.
        ours, theirs: places up to which our feed and the partner's are counted. None = as far as receipts go, so that
            both sides have the same once each has signed for what came.

    Raises:
        NotPermitted (EXCHANGE_VIEW), NotFound; Invalid: a place that we do not have, or too many entries.
    """
    member.require(Permission.EXCHANGE_VIEW)
    rows = Agreement.objects.filter(organisation_id=member.organisation_id, version__gt=0)
    row: Agreement | None = rows.filter(name=agreement[:40]).first()
    if row is None:
        raise NotFound("agreement", agreement)
    places = _places(row, ours, theirs)
    if sum(place.counted for place in places) > MOST_ENTRIES:
        raise Invalid.of("", "too-many", f"More than {MOST_ENTRIES:,} entries.", "Count up to an earlier place.")
    counted = {place.feed: place.counted for place in places}
    return Joint(row.name, row.partner_name, places, figures_of(row.name, counted, _entries(row, counted)))


def _places(row: Agreement, ours: int | None, theirs: int | None) -> tuple[Place, ...]:
    standing = Standing.objects.filter(agreement=row).first()
    receipted = (standing.receipt_in_seq, standing.receipt_out_seq) if standing else (0, 0)
    found = []
    for feed in Feed.objects.filter(agreement=row).order_by("name"):
        asked, usual = (ours, receipted[0]) if feed.ours else (theirs, receipted[1])
        if asked is not None and not 0 <= asked <= feed.seq:
            field = "ours" if feed.ours else "theirs"
            raise Invalid.of(field, "place", f"We have this feed up to {feed.seq}.", "Choose a place up to there.")
        found.append(Place(feed.name, feed.ours, usual if asked is None else asked, feed.seq))
    return tuple(found)


def _entries(row: Agreement, counted: dict[str, int]) -> Iterator[Entry]:
    for feed in Feed.objects.filter(agreement=row):
        rows = FeedEntry.objects.filter(feed=feed, seq__lte=counted[feed.name]).order_by("seq")
        for entry in rows.only("token").iterator(chunk_size=_CHUNK):
            yield payload_of(entry)
