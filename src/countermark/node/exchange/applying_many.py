"""Apply many entries in one transaction: each still once, in the order of its subject, each kept or undone by itself.

What `apply_one` does for one entry, this does for dozens with two commits for all of them: a flush of the disk costs
more than most entries. One that cannot be applied is undone alone, and holds up what follows it on its subject.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Min

from countermark.node.exchange.applying import (
    LEASE_SECONDS,
    PROBLEMS,
    UNFINISHED,
    CannotApply,
    Handler,
    apply_one,
    carry_out,
    claim_inbound,
    note_failure,
)
from countermark.node.exchange.models import Feed, FeedEntry, Inbound
from countermark.node.kernel.claims import State
from countermark.node.kernel.errors import Problem
from countermark.node.kernel.time import now
from countermark.proof.refusals import Refused

#: Entries taken at once, and seconds after which no further one is begun: others wait for the database meanwhile.
MOST, LONGEST = 100, 0.25

#: Entries that may be followed by others in their transaction: applying them locks no feed and no agreement. Any other
#: may, as whoever speaks does after it has locked what it speaks of; two such locks in two orders would wait for one
#: another (PostgreSQL), so it is the last of its transaction.
_FOLLOWED = ("case.", "listing.", "finding.")

_Subject = tuple[int, str]


def apply_some(worker: str, handlers: Mapping[str, Handler], longest: float = LONGEST) -> int:
    """Apply the oldest entries that may be applied; says how many came to an end, well or not. 0: none waits.

    Args:
        worker: who does it.
        handlers: by type of entry, of other rooms.
        longest: seconds after which no further entry is begun; at least one is.
    """
    rows = _claim_many(worker)
    if rows:
        return _apply_all(rows, worker, handlers, longest)
    key = claim_inbound(worker)
    if key is None:
        return 0
    apply_one(key, worker, handlers)
    return 1


def _claim_many(worker: str) -> list[Inbound]:
    """The oldest entries that wait and were never tried, as far as none of them waits for another; often none.

    One that was tried before is left to be claimed alone: its worker may have died over it, and must not take others
    with it again.
    """
    waiting = Inbound.objects.filter(state=State.QUEUED)
    # Looking without a lock first keeps an idle worker from taking SQLite's only write lock.
    if not waiting.exists():
        return []
    with transaction.atomic():
        locked = waiting.order_by("id").select_for_update(skip_locked=True, of=("self",))
        rows = list(locked.select_related("entry__beside")[:MOST])
        first_tried = next((place for place, row in enumerate(rows) if row.attempts), len(rows))
        last = next((place for place, row in enumerate(rows) if _is_last(row)), len(rows))
        rows = _unhindered(rows[: min(first_tried, last + 1)])
        Inbound.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.RUNNING,
            claimed_by=worker,
            claimed_until=now() + timedelta(seconds=LEASE_SECONDS),
            attempts=1,
        )
    return rows


def _unhindered(rows: Sequence[Inbound]) -> list[Inbound]:
    """Without those for which an earlier entry on their subject is in other hands, or failed."""
    if not rows:
        return []
    earlier = Inbound.objects.filter(
        organisation__in={row.organisation_id for row in rows},
        subject__in={row.subject for row in rows},
        state__in=UNFINISHED,
        id__lt=rows[-1].pk,
    ).exclude(pk__in=[row.pk for row in rows])
    found = earlier.values_list("entry__feed", "subject").annotate(first=Min("id"))
    hindered = {(feed, subject): first for feed, subject, first in found}
    return [row for row in rows if hindered.get(_subject(row), row.pk) >= row.pk]


def _is_last(row: Inbound) -> bool:
    return not row.entry.type.startswith(_FOLLOWED)


def _subject(row: Inbound) -> _Subject:
    return row.entry.feed_id, row.subject


@dataclass
class _Outcome:
    """What became of the entries of one transaction."""

    done: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    failed: list[tuple[Inbound, CannotApply | Refused | Problem]] = field(default_factory=list)


def _apply_all(rows: Sequence[Inbound], worker: str, handlers: Mapping[str, Handler], longest: float) -> int:
    with transaction.atomic():
        outcome = _try_each(rows, handlers, longest)
        mine = Inbound.objects.filter(state=State.RUNNING, claimed_by=worker)
        free = {"claimed_by": "", "claimed_until": None}
        if mine.filter(pk__in=outcome.done).update(state=State.DONE, **free) != len(outcome.done):
            # Somebody else holds one of them: all of it is undone, or it would have its effect twice.
            raise LostClaim
        mine.filter(pk__in=outcome.left).update(state=State.QUEUED, attempts=F("attempts") - 1, **free)
    for row, error in outcome.failed:
        note_failure(row, worker, error)
    return len(outcome.done) + len(outcome.failed)


def _try_each(rows: Iterable[Inbound], handlers: Mapping[str, Handler], longest: float) -> _Outcome:
    outcome, blocked, end = _Outcome(), set[_Subject](), time.monotonic() + longest
    feeds: dict[int, Feed] = {}
    full = False
    for row in rows:
        if full or _subject(row) in blocked:
            outcome.left.append(row.pk)
            continue
        try:
            row.entry.feed = _feed(row.entry, feeds)
            with transaction.atomic():
                carry_out(row, handlers)
            outcome.done.append(row.pk)
        except PROBLEMS as error:
            outcome.failed.append((row, error))
            blocked.add(_subject(row))
        full = _is_last(row) or time.monotonic() > end
    return outcome


def _feed(entry: FeedEntry, known: dict[int, Feed]) -> Feed:
    """The feed of an entry with its agreement, read once."""
    if entry.feed_id not in known:
        known[entry.feed_id] = Feed.objects.select_related("agreement").get(pk=entry.feed_id)
    return known[entry.feed_id]


class LostClaim(Exception):
    """The lease of an entry ended while it was applied, and another worker took it."""
