"""Prepare a scan: count its listings and cut them into parts."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from countermark.node.findings.models import Scan, ScanPart
from countermark.node.findings.progress import is_mine, settle
from countermark.node.findings.snapshots import learn_if_due, with_market
from countermark.node.findings.states import PartOutcome, ScanState
from countermark.node.kernel.time import now
from countermark.node.listings.models import Listing

#: Listings in one part. A part is what a dead worker loses and what one transaction holds: seconds of work, a few
#: hundred rows.
LISTINGS_PER_PART = 256
#: The same for a look-back, which looks at few of its listings in full: enough of them for the search to be quick.
LISTINGS_PER_LOOK_BACK = 2_048


def listings_in_scope(scan: Scan) -> QuerySet[Listing]:
    """The listings a scan looks at, in table order."""
    listings = Listing.objects.filter(organisation_id=scan.organisation_id)
    if scan.scope_marketplace:
        listings = listings.filter(marketplace=scan.scope_marketplace)
    if scan.scope_import_id:
        listings = listings.filter(source_import_id=scan.scope_import_id)
    return listings.order_by("pk")


def prepare(part: ScanPart, worker: str, beat: Callable[[], None]) -> PartOutcome:
    """Make all parts of a scan in one transaction: after a crash there are all of them, or none.

    `beat` is called between steps of what takes long. Raises NetworkChanged.
    """
    learnt = learn_if_due(part.scan, beat)
    cut = list(_cut(part.scan))
    with transaction.atomic():
        scan = Scan.objects.select_for_update().get(pk=part.scan_id)
        if not is_mine(part, worker):
            return PartOutcome.LOST
        if scan.cancel_requested:
            ScanPart.objects.filter(pk=part.pk).update(state=ScanPart.State.CANCELLED)
            settle(scan)
            return PartOutcome.CANCELLED
        ScanPart.objects.bulk_create(cut, batch_size=500)
        ScanPart.objects.filter(pk=part.pk).update(state=ScanPart.State.DONE)
        scan.state = ScanState.RUNNING
        scan.started_at = scan.started_at or now()
        scan.listings_total = sum(piece.listings for piece in cut)
        scan.parts_total = len(cut)
        if learnt is not None:
            scan.snapshot = with_market(part.scan.snapshot, learnt)
        scan.save(update_fields=["state", "started_at", "listings_total", "parts_total", "snapshot"])
        settle(scan)
    return PartOutcome.DONE


def _cut(scan: Scan) -> Iterator[ScanPart]:
    rows = listings_in_scope(scan).values_list("pk", flat=True).iterator(chunk_size=20_000)
    number, size = 0, LISTINGS_PER_LOOK_BACK if scan.scope_right_id else LISTINGS_PER_PART
    while piece := list(islice(rows, size)):
        number += 1
        yield ScanPart(scan=scan, number=number, first_row=piece[0], last_row=piece[-1], listings=len(piece))
