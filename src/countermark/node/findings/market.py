"""Learn what shops usually ask, and how often one repeats an offer, from the listings that the organisation holds."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec
import pyarrow as pa
from django.db.models import QuerySet

from countermark.formats.arrow import listings_to_batch
from countermark.model import Portfolio, from_json
from countermark.node.findings.models import Market, Snapshot
from countermark.node.kernel.time import now
from countermark.node.listings.models import Listing
from countermark.node.listings.records import as_record
from countermark.scan import learn_market
from countermark.signals.text import TextSignals

#: A table is used this long. Were it learnt for each scan, each scan would judge by other numbers and nobody could say
#: why a finding changed.
KEPT_FOR = timedelta(days=7)
#: Or until the listings held are this many times what they were.
GROWN = 1.5
#: Newest listings that a table is learnt from.
MOST_LEARNT = 200_000
#: Listings read at once.
BATCH = 1_000


def newest(organisation: int) -> Market | None:
    """The table that new scans use, read only when asked for; None without one, or where the newest said nothing."""
    market = Market.objects.filter(organisation_id=organisation).order_by("-pk").defer("table").first()
    return market if market and not market.is_empty else None


def is_due(organisation: int) -> bool:
    """Whether the next scan of all listings learns a new table first."""
    latest = Market.objects.filter(organisation_id=organisation).order_by("-pk").defer("table").first()
    if latest is None or latest.learnt_at <= now() - KEPT_FOR:
        return True
    return _held(organisation).count() > latest.listings_held * GROWN


def learn(organisation: int, snapshot: Snapshot, beat: Callable[[], None]) -> Market:
    """A new table, not yet stored, from the newest listings and the rights of a snapshot. `beat` between batches."""
    portfolio = from_json(bytes(snapshot.portfolio), Portfolio)
    table = learn_market(TextSignals(portfolio), _batches(organisation, beat), "listings held")
    return Market(
        organisation_id=organisation,
        listings_held=_held(organisation).count(),
        is_empty=not (table.prices.usual or table.copies.counts),
        digest=table.digest(),
        table=msgspec.json.encode(table, order="deterministic"),
    )


def _held(organisation: int) -> QuerySet[Listing]:
    return Listing.objects.filter(organisation_id=organisation)


def _batches(organisation: int, beat: Callable[[], None]) -> Iterator[pa.RecordBatch]:
    rows = _held(organisation).select_related("seller").order_by("-pk")
    before, left = None, MOST_LEARNT
    while left > 0:
        piece = list((rows.filter(pk__lt=before) if before else rows)[: min(BATCH, left)])
        if not piece:
            return
        beat()
        yield listings_to_batch([as_record(row, ()) for row in piece])
        before, left = piece[-1].pk, left - len(piece)
