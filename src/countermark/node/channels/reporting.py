"""Write down what the other side said of a message, when it is news."""

from countermark.node.channels.models import Dispatch, Report
from countermark.node.channels.statuses import Status
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now


def tell(row: Dispatch, raw: str, status: Status, detail: str = "") -> bool:
    """Keep a status, raw and normalised, unless nothing changed; the caller saves the row. Says whether it is news."""
    report = news_of(row, raw, status, detail)
    if report is not None:
        report.save()
    return report is not None


def news_of(row: Dispatch, raw: str, status: Status, detail: str = "") -> Report | None:
    """The row brought up to a status, and the report of it, neither saved; None when nothing changed."""
    raw, detail = _plain(raw)[:200], _plain(detail)[:500]
    if (row.raw_status, row.status) == (raw, status):
        return None
    row.reports += 1
    row.raw_status, row.status, row.status_at = raw, status, now()
    return Report(dispatch=row, number=row.reports, raw=raw, status=status, detail=detail, at=row.status_at)


def _plain(text: str) -> str:
    """What a stranger's machine said, fit to be stored and shown on one line."""
    return " ".join(text.split()) if is_storable(text) else "(unreadable)"
