"""Say many things under one agreement in one go: one lock, one look for what was said before, rows written together.

What `append` does for one entry, this does for hundreds in the same time for each question to the database.
"""

from collections.abc import Sequence

from django.db import transaction

from countermark.node.exchange.appending import Statement, check_open, entry_row, locked_feed, sign_statement
from countermark.node.exchange.heads import move_head, write_head
from countermark.node.exchange.models import Agreement, Beside, Feed, FeedEntry, Submission
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.signing import signer_of
from countermark.node.kernel.rows import insert_rows
from countermark.node.kernel.time import now
from countermark.proof.agreements import Purpose
from countermark.proof.log_proofs import new_leaf_salt

#: Statements taken at once: a transaction that holds the feed must be short.
MOST = 500


def append_many(agreement: Agreement, statements: Sequence[Statement]) -> list[FeedEntry]:
    """Append entries to our feed, in order, all of them or none; a statement whose key was used gives its entry.

    Call it in the transaction of the acts that they speak of. Gives the entries in the order of the statements.

    Raises:
        Conflict: the agreement or the feed does not let one of them be said now.
        Refused: too-large.
        ValueError: more than `MOST` at once.
    """
    if len(statements) > MOST:
        raise ValueError(f"{len(statements)} statements are more than {MOST} at once.")
    with transaction.atomic():
        feed = locked_feed(agreement)
        known = _said_before(feed, statements)
        fresh = _distinct([one for one in statements if one.key not in known])
        for kind in {one.type for one in fresh}:
            check_open(feed, kind)
        rows = _write(feed, fresh)
    made = {one.key: row for one, row in zip(fresh, rows, strict=True) if one.key} | known
    unkeyed = iter([row for one, row in zip(fresh, rows, strict=True) if not one.key])
    return [made[one.key] if one.key else next(unkeyed) for one in statements]


def _said_before(feed: Feed, statements: Sequence[Statement]) -> dict[str, FeedEntry]:
    keys = {one.key for one in statements if one.key}
    stored = Submission.objects.filter(feed=feed, key__in=keys).select_related("entry")
    return {one.key: one.entry for one in stored}


def _distinct(statements: Sequence[Statement]) -> list[Statement]:
    """Each key once: the first of them speaks."""
    seen: set[str] = set()
    found = []
    for one in statements:
        if one.key and one.key in seen:
            continue
        seen.add(one.key)
        found.append(one)
    return found


def _write(feed: Feed, statements: Sequence[Statement]) -> list[FeedEntry]:
    if not statements:
        return []
    moment, signer = now(), signer_of(feed.organisation_id, Purpose.ENTRIES, ring_of(feed.agreement).keys)
    rows = []
    for one in statements:
        signed = sign_statement(feed, one, moment, signer)
        move_head(feed, signed, moment)
        rows.append(entry_row(feed, signed, new_leaf_salt(), moment))
    insert_rows(rows)
    _write_beside(statements, rows)
    feed.version = feed.agreement.version
    write_head(feed)
    return rows


def _write_beside(statements: Sequence[Statement], rows: Sequence[FeedEntry]) -> None:
    pairs = list(zip(statements, rows, strict=True))
    Submission.objects.bulk_create(
        Submission(feed_id=row.feed_id, key=one.key, entry=row) for one, row in pairs if one.key
    )
    Beside.objects.bulk_create(
        Beside(
            entry=row,
            data=one.beside.data,
            salt=one.beside.salt,
            media_type=one.beside.media_type,
            retain_until=one.retain_until,
        )
        for one, row in pairs
        if one.beside is not None
    )
