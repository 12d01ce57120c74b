"""One part of a look-back: which listings of its run may concern the right. Only those are looked at in full."""

from collections.abc import Callable

import pyarrow as pa
from django.db.models import QuerySet

from countermark.model import ImageSource
from countermark.node.findings.engine import look_back_of
from countermark.node.findings.fingerprints import Run, hashes_of, keep_missing, shown_in
from countermark.node.findings.models import Finding, ScanPart
from countermark.node.listings.models import Listing
from countermark.scan import LookBack

_WORDS = ("title", "brand_text", "description")


def concerned(part: ScanPart, images: ImageSource, beat: Callable[[], None]) -> tuple[str, list[int]]:
    """The house of the right, and the rows of the listings to look at in full, in order.

    Listings whose words the right changes, listings that show one of its pictures, and listings with a current
    finding that rests on it: when an alias or a picture was taken away, those may lapse. `beat` is called between
    steps. Raises KeyError: the references of the scan have no such right.
    """
    right = part.scan.scope_right
    if right is None:
        raise ValueError("not a look-back")
    looking = look_back_of(part.scan.snapshot_id, right.core_id)
    run = Run(part.scan.organisation_id, part.first_row, part.last_row)
    beat()
    rows = _named(looking, run) | _shown(looking, run, images, beat)
    rows |= set(_of_run(run).filter(pk__in=_resting_on(run, right.pk)).values_list("pk", flat=True))
    return looking.house, sorted(rows)


def _named(looking: LookBack, run: Run) -> set[int]:
    rows = list(_of_run(run).order_by("pk").values_list("pk", *_WORDS))
    if not rows:
        return set()
    keys, *columns = zip(*rows, strict=True)
    strings = [pa.array(column, pa.string()) for column in columns]
    return {keys[row] for row in looking.named(pa.RecordBatch.from_arrays(strings, names=list(_WORDS)))}


def _shown(looking: LookBack, run: Run, images: ImageSource, beat: Callable[[], None]) -> set[int]:
    shown = shown_in(run)
    keep_missing(shown, images, beat)
    return {listing for capture in looking.shown(*hashes_of(shown)) for listing in shown[capture]}


def _resting_on(run: Run, right: int) -> list[int]:
    found = Finding.objects.filter(organisation_id=run.organisation, right_id=right, current=True)
    found = found.filter(listing_id__gte=run.first, listing_id__lte=run.last)
    return list(found.values_list("listing_id", flat=True))


def _of_run(run: Run) -> QuerySet[Listing]:
    return Listing.objects.filter(organisation_id=run.organisation, pk__gte=run.first, pk__lte=run.last)
