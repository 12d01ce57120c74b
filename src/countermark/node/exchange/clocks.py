"""How far a partner's clock is from ours: by the moments in its signed requests, and by the date of its answers."""

from datetime import datetime

from countermark.node.exchange.models import Standing
from countermark.node.kernel.time import now

#: Seconds within which clocks agree: both moments are written in whole seconds, and a request takes its time.
AGREE = 2


def note_clock(agreement_id: int, theirs: datetime | None) -> None:
    """Keep how far the partner's clock is from ours; written only when it has changed, and nothing for no moment.

    Args:
        agreement_id: its row.
        theirs: the present moment by the partner's clock, aware.
    """
    if theirs is None:
        return
    seen = round((theirs - now()).total_seconds())
    off = 0 if abs(seen) <= AGREE else max(-(2**31), min(seen, 2**31 - 1))
    row = Standing.objects.filter(agreement_id=agreement_id)
    kept = row.values_list("clock_off_seconds", flat=True).first()
    # Looked at first: nearly always there is nothing to write, and SQLite has one write lock.
    if kept is None or abs(kept - off) > AGREE or (off == 0 and kept != 0):
        row.update(clock_off_seconds=off)
