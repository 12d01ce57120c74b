"""Rows that workers claim: one worker at a time, on both databases, and free again when its lease ends."""

from datetime import timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from countermark.node.kernel.time import now

#: Longest name of a worker.
WORKER_LENGTH = 200


class Claimable(models.Model):
    """A piece of work as a row: who has it, until when, and how it ended."""

    class State(models.TextChoices):
        """Life of a piece of work."""

        QUEUED = "queued", "waiting"
        RUNNING = "running", "under way"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    state = models.CharField(max_length=10, default=State.QUEUED, choices=State.choices)
    claimed_by = models.CharField(max_length=WORKER_LENGTH, blank=True, default="", db_comment="worker that has it")
    claimed_until = models.DateTimeField(null=True, db_comment="another worker may take it after this")
    attempts = models.PositiveIntegerField(default=0, db_comment="times it was claimed")
    reason = models.CharField(max_length=500, blank=True, default="", db_comment="why it failed")

    class Meta:
        abstract = True


W = TypeVar("W", bound=Claimable)

State = Claimable.State


def claim(queryset: QuerySet[W], worker: str, seconds: float, *, tries: int | None = None) -> W | None:
    """Claim the first row of `queryset`, in its order, that waits or whose lease has ended; None when there is none.

    Two workers never get the same row: PostgreSQL skips rows that another transaction holds; on SQLite the
    transaction takes the write lock before it looks. The row comes back as stored, `attempts` already raised.

    Args:
        queryset: what may be claimed, in the wished order; unordered means oldest first.
        worker: name of the one who claims.
        seconds: how long the lease lasts without `renew`.
        tries: rows whose lease ended after this many claims are set to failed, with a reason, instead of being
            given out again; None never gives up.
    """
    ordered = queryset if queryset.ordered else queryset.order_by("pk")
    # Looking without a lock first keeps an idle worker from taking SQLite's only write lock every second.
    while ordered.filter(_free()).exists():
        with transaction.atomic():
            row = ordered.filter(_free()).select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                return None
            if tries is not None and row.attempts >= tries:
                _give_up(row, tries)
                continue
            return row if _take(row, worker, seconds) else None
    return None


def renew(row: Claimable, worker: str, seconds: float) -> bool:
    """Prolong the lease to `seconds` from now; False when the row is no longer the worker's (stop then)."""
    return bool(_held(row, worker).update(claimed_until=now() + timedelta(seconds=seconds)))


def finish(row: Claimable, worker: str, state: Claimable.State, reason: str = "") -> bool:
    """End the work (done, failed, cancelled); False, and nothing written, when the row is no longer the worker's."""
    return bool(_held(row, worker).update(state=state, reason=reason[:500], claimed_by="", claimed_until=None))


def give_back(row: Claimable, worker: str, *, count_try: bool = False) -> bool:
    """Let the row wait again, for instance because the worker was told to stop; False when it was not the worker's."""
    attempts = F("attempts") if count_try else F("attempts") - 1
    freed = _held(row, worker).update(state=State.QUEUED, claimed_by="", claimed_until=None, attempts=attempts)
    return bool(freed)


def _free() -> Q:
    return Q(state=State.QUEUED) | Q(state=State.RUNNING, claimed_until__lte=now())


def _held(row: Claimable, worker: str) -> QuerySet[Claimable]:
    return type(row)._default_manager.filter(pk=row.pk, state=State.RUNNING, claimed_by=worker)


def _take(row: Claimable, worker: str, seconds: float) -> bool:
    row.state = State.RUNNING
    row.claimed_by = worker[:WORKER_LENGTH]
    row.claimed_until = now() + timedelta(seconds=seconds)
    row.attempts += 1
    rows = type(row)._default_manager.filter(_free(), pk=row.pk)
    fields = ("state", "claimed_by", "claimed_until", "attempts")
    return bool(rows.update(**{name: getattr(row, name) for name in fields}))


def _give_up(row: Claimable, tries: int) -> None:
    reason = f"It was tried {tries} times; each time its worker stopped before the end."
    rows = type(row)._default_manager.filter(pk=row.pk)
    rows.update(state=State.FAILED, reason=reason, claimed_by="", claimed_until=None)
