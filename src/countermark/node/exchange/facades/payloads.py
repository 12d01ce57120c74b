"""An entry as it is stored, opened without trust in what lies beside it."""

from countermark.node.exchange.facades.lens import Lens, Said
from countermark.node.exchange.models import FeedEntry
from countermark.proof.entries import Entry, said_in


def payload_of(row: FeedEntry) -> Entry:
    """What was signed; it was checked when it was stored."""
    return said_in(row.token)


def said_by(row: FeedEntry, lens: Lens) -> Said:
    """What a stored entry says to a reader. Never raises, whatever a partner put beside it.

    Args:
        row: with `feed__agreement` and `beside` loaded.
        lens: the reader's.
    """
    beside = getattr(row, "beside", None)
    carried, media_type = (None, "") if beside is None else (bytes(beside.data), beside.media_type)
    publisher = lens.reader if row.feed.ours else row.feed.agreement.partner
    return lens.say(payload_of(row), row.entry_id, publisher, carried, media_type)
