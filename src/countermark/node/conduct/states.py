"""Kinds of measure, what is done with one, and where it stands. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from countermark.node.conduct.misuse import Track


class MeasureKind(StrEnum):
    """What a marketplace does about conduct, and a payment platform about a payee. Every one ends by date."""

    WARNING = "warning"
    LISTING_LIMIT = "listing_limit"
    SUSPENSION = "suspension"
    PAYMENT_HOLD = "payment_hold"
    NO_PROCESSING = "no_processing"
    PAYMENT_END = "payment_end"


#: What can be done about whom: a seller's shop, its answers, a filer's notices, a payee.
KINDS_OF: dict[Track, tuple[MeasureKind, ...]] = {
    Track.OFFERS: (
        MeasureKind.WARNING,
        MeasureKind.LISTING_LIMIT,
        MeasureKind.SUSPENSION,
        MeasureKind.PAYMENT_HOLD,
    ),
    Track.ANSWERS: (MeasureKind.WARNING, MeasureKind.NO_PROCESSING),
    Track.NOTICES: (MeasureKind.WARNING, MeasureKind.NO_PROCESSING),
    Track.PAYMENTS: (MeasureKind.PAYMENT_HOLD, MeasureKind.PAYMENT_END),
}


class ActKind(StrEnum):
    """One thing done with a measure."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TOLD = "told"
    RECEIVED = "received"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REVERSED = "reversed"
    LIFTED = "lifted"


class Standing(StrEnum):
    """Where a measure stands on a day."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    RUNNING = "running"
    APPEALED = "appealed"
    ENDED = "ended"
    ENDED_UNHEARD = "ended_unheard"
    LIFTED = "lifted"
    REVERSED = "reversed"


#: It holds: an appeal alone does not suspend it, a decision on it does.
IN_FORCE = frozenset({Standing.RUNNING, Standing.APPEALED})
#: An answer waits for a decision; the measure may be over by then, and the person still learns whether it was right.
AWAITED = frozenset({Standing.APPEALED, Standing.ENDED_UNHEARD})

_AFTER = {
    ActKind.PROPOSED: Standing.PROPOSED,
    ActKind.CONFIRMED: Standing.RUNNING,
    ActKind.DECLINED: Standing.DECLINED,
    ActKind.APPEALED: Standing.APPEALED,
    ActKind.UPHELD: Standing.RUNNING,
    ActKind.REVERSED: Standing.REVERSED,
    ActKind.LIFTED: Standing.LIFTED,
}
_OVER = {
    Standing.PROPOSED: Standing.ENDED,
    Standing.RUNNING: Standing.ENDED,
    Standing.APPEALED: Standing.ENDED_UNHEARD,
}


def standing_of(acts: Sequence[str], ends_on: date, today: date) -> Standing:
    """Where a measure stands.

    Args:
        acts: what was done, in order.
        ends_on: last day on which it holds.
        today: in UTC.
    """
    found = Standing.PROPOSED
    for act in acts:
        found = _AFTER.get(ActKind(act), found)
    return _OVER.get(found, found) if today > ends_on else found
