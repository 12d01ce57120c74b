"""The head of our feed: read under its lock, and moved. Its statements are written once, because every append waits."""

from datetime import datetime
from typing import Any

from django.db import connection, models

from countermark.node.exchange.models import Agreement, Feed
from countermark.node.kernel.errors import Conflict
from countermark.proof.entries import SignedEntry
from countermark.proof.key_ring import REVOKED, ROTATED


def locked_head(agreement_id: int) -> Feed:
    """Our feed under an agreement, locked until the transaction ends, with the agreement as it stands now.

    Raises:
        Conflict: not-agreed.
    """
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    feed: Feed | None = _read(Feed, f"agreement_id = %s AND ours{lock}", agreement_id)
    if feed is None:
        raise Conflict("Nothing can be said under this agreement before both sides have signed it.", code="not-agreed")
    # Read after the lock: whoever ended the agreement a moment ago held it too.
    agreement: Agreement | None = _read(Agreement, "id = %s", agreement_id)
    if agreement is None:
        raise Agreement.DoesNotExist
    feed.agreement = agreement
    return feed


def move_head(feed: Feed, signed: SignedEntry, moment: datetime) -> None:
    """Let a feed end with an entry; `write_head` keeps that."""
    feed.seq, feed.digest, feed.changed_at = signed.entry.seq, signed.digest, moment
    if signed.entry.type in {ROTATED, REVOKED}:
        feed.keys_entry = signed.entry_id


def write_head(feed: Feed) -> None:
    """Write where a locked feed ends, and the version that its last entry names."""
    changed = connection.ops.adapt_datetimefield_value(feed.changed_at) if feed.changed_at else None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exchange_feed SET seq = %s, digest = %s, version = %s, changed_at = %s, keys_entry = %s "
            "WHERE id = %s",
            [feed.seq, feed.digest, feed.version, changed, feed.keys_entry, feed.pk],
        )


def _read(model: type[models.Model], where: str, value: int) -> Any:
    return next(iter(model._base_manager.raw(f"SELECT * FROM {model._meta.db_table} WHERE {where}", [value])), None)  # noqa: S608 - our own words
