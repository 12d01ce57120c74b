"""A page of a feed as it passes between nodes: entries with what lies beside them, and how far the feed goes."""

from collections.abc import Iterable

import msgspec

from countermark.node.exchange.models import Feed, FeedEntry
from countermark.proof.commitments import Carried
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.extracts import Beside
from countermark.proof.ijson import read_object
from countermark.proof.log_proofs import SALT_BYTES
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

#: Entries and bytes on one page, at most; a page holds at least one entry.
MOST_ENTRIES, MOST_PAGE = 500, 8 * 1024 * 1024
FORMAT = "countermark-page/1"


class PageEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry on its way.

    Attributes:
        token: compact JWS.
        salt: of its leaf in the publisher's log, base64url.
        beside: bytes behind its commitment; None when there are none, or none any more.
    """

    token: str
    salt: str
    beside: Beside | None = None

    @property
    def leaf_salt(self) -> bytes:
        """The salt's 32 bytes.

        Raises:
            Refused: not-an-entry.
        """
        salt = from_base64url(self.salt, "not-an-entry")
        if len(salt) != SALT_BYTES:
            raise Refused("not-an-entry", f"The salt of a leaf has {SALT_BYTES} bytes.")
        return salt

    def carried(self) -> Carried | None:
        """The bytes beside it."""
        return None if self.beside is None else self.beside.carried()


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Entries of one feed in order.

    Attributes:
        feed: its id.
        entries: those after the place that was asked for; empty when there are none.
        head: place of the feed's last entry, whether or not it is on this page.
        state: open, frozen or ended, as its publisher has it.
    """

    format: str = FORMAT
    feed: str
    entries: tuple[PageEntry, ...]
    head: int
    state: str


def page_after(feed: Feed, after: int, most: int = MOST_ENTRIES) -> Page:
    """Entries of our feed that follow a place.

    Args:
        feed: its row.
        after: the last place that the reader has; 0 for none.
        most: entries wanted, at least 1.
    """
    wanted = max(1, min(most, MOST_ENTRIES))
    # Places have no gap, so an upper end says the same as a limit; it is the same work in a long feed as in a short
    # one also where the database does not know yet how long the feed has become, and would sort the rest of it.
    rows = FeedEntry.objects.filter(feed=feed, seq__gt=after, seq__lte=after + wanted)
    entries = tuple(_within_bounds(rows.select_related("beside").order_by("seq")))
    return Page(feed=feed.name, entries=entries, head=feed.seq, state=feed.state)


def write_page(page: Page) -> bytes:
    """The page as bytes."""
    return msgspec.json.encode(page)


def read_page(data: bytes) -> Page:
    """Read a page from anybody; nothing of its entries is checked yet but their form.

    Raises:
        Refused: not-json or not-an-entry.
    """
    said = read_object(data)
    if said.get("format") != FORMAT:
        raise Refused("newer-version", f"It does not say that it is {FORMAT}.")
    page = as_record(said, Page, what="Page: ")
    if len(page.entries) > MOST_ENTRIES or page.head < 0:
        raise Refused("too-large", f"A page has at most {MOST_ENTRIES} entries.")
    return page


def _within_bounds(rows: Iterable[FeedEntry]) -> Iterable[PageEntry]:
    size = 0
    for row in rows:
        beside = beside_of(row)
        size += len(row.token) + (0 if beside is None else len(beside.data))
        if size > MOST_PAGE and size > len(row.token):
            return
        yield PageEntry(row.token, to_base64url(bytes(row.leaf_salt)), beside)


def beside_of(row: FeedEntry) -> Beside | None:
    """What lies beside an entry, unless it was deleted; the row's `beside` is best loaded with it."""
    beside = getattr(row, "beside", None)
    if beside is None:
        return None
    return Beside.of(Carried(bytes(beside.data), bytes(beside.salt), beside.media_type))
