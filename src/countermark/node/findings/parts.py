"""One part of a scan in a worker's hands: claim, compute, commit all of it at once or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from countermark.model import Finding as Record
from countermark.node.evidence.selectors import StoreImages
from countermark.node.findings.beside import NetworkChanged
from countermark.node.findings.engine import ENGINE_VERSION, CountingImages, is_ready, plan_of, run_plan
from countermark.node.findings.fingerprints import keep_missing
from countermark.node.findings.looking_back import concerned
from countermark.node.findings.models import Scan, ScanPart
from countermark.node.findings.preparing import listings_in_scope, prepare
from countermark.node.findings.progress import is_mine, settle
from countermark.node.findings.states import PartOutcome, ScanState
from countermark.node.findings.storing import Seen, store
from countermark.node.findings.unusable import Unusable, keep_unusable, lost_in, may_lapse, unusable_in
from countermark.node.kernel.claims import claim, give_back, renew
from countermark.node.listings.models import Listing, ListingPicture
from countermark.scan import ScanPlan
from countermark.signals.image.family import MOST_PICTURES

log = structlog.get_logger(__name__)

#: A claim ends this long after its last renewal; it is renewed after every slice.
CLAIM_SECONDS = 120
#: The same while the references are made ready, which a worker does once for a scan.
PREPARE_SECONDS = 600
#: A part that failed, or whose worker died, this many times is given up.
TRIES = 3
#: Listings computed between two looks at the claim, the cancel button and the stop signal.
SLICE = 64
#: Two scans may meet on one listing; the second sees what the first committed when it tries again.
COMMIT_TRIES = 3

_PICTURES = Prefetch("pictures", ListingPicture.objects.select_related("capture").order_by("position"))

KeepGoing = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ClaimedPart:
    """A part of a scan in the hands of one worker."""

    part: int
    scan: int
    number: int


@dataclass
class _Computed:
    """What a part's listings gave, before anything is written; of a look-back only what concerns the house."""

    listings: dict[str, Seen] = field(default_factory=dict)
    found: list[Record] = field(default_factory=list)
    unusable: dict[int, Unusable] = field(default_factory=dict)
    house: str = ""


class _Stopped(Exception):
    """The part ends here without a result."""

    def __init__(self, outcome: PartOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class _CannotRun(Exception):
    """The part can never be computed by this worker; trying again would not help."""


def claim_part(worker: str, after_scan: int = 0) -> ClaimedPart | None:
    """Claim the next part that waits, or whose worker's claim has ended.

    Scans take turns: parts of scans after `after_scan`, the scan served last, come first.
    """
    waiting = ScanPart.objects.order_by("scan_id", "number")
    for parts in (waiting.filter(scan_id__gt=after_scan), waiting.filter(scan_id__lte=after_scan)):
        while (part := claim(parts, worker, CLAIM_SECONDS)) is not None:
            if part.attempts <= TRIES:
                return ClaimedPart(part.pk, part.scan_id, part.number)
            _end_part(part, worker, ScanPart.State.FAILED, f"It was tried {TRIES} times; each time its worker died.")
    return None


def run_part(claimed: ClaimedPart, worker: str, keep_going: KeepGoing = lambda: True) -> PartOutcome:
    """Compute one claimed part and commit all of it in one transaction, or nothing.

    `keep_going` is asked between slices of the part; when it says no, the part is given back. An error of the part
    itself is kept as its reason, and the part tried again up to TRIES times; an error of the database is raised.
    """
    part = ScanPart.objects.select_related("scan", "scan__scope_right").filter(pk=claimed.part).first()
    if part is None:
        return PartOutcome.LOST
    try:
        if part.number == 0:
            return _prepare(part, worker, keep_going)
        return _commit(part, worker, _compute(part, worker, keep_going))
    except _Stopped as stopped:
        return stopped.outcome
    except DatabaseError:
        raise
    except Exception as error:  # one bad part must not end the worker; its reason is kept and shown
        log.warning("scan.part_failed", part=str(part), attempts=part.attempts, exc_info=True)
        known = isinstance(error, _CannotRun | NetworkChanged)
        final = known or part.attempts >= TRIES
        state = ScanPart.State.FAILED if final else ScanPart.State.QUEUED
        # The words of an unknown error may quote a listing; the log, which masks personal data, has them.
        reason = str(error) if known else f"It met an error of ours ({type(error).__name__})."
        return _end_part(part, worker, state, reason)


def release_claims(worker: str) -> int:
    """Give back every part that a worker known to be dead still claims; returns how many. The try still counts."""
    held = ScanPart.objects.filter(state=ScanPart.State.RUNNING, claimed_by=worker)
    return held.update(state=ScanPart.State.QUEUED, claimed_by="", claimed_until=None)


def workers_claiming() -> tuple[str, ...]:
    """Names of the workers that hold a claim right now."""
    running = ScanPart.objects.filter(state=ScanPart.State.RUNNING)
    return tuple(running.order_by().values_list("claimed_by", flat=True).distinct())


def _prepare(part: ScanPart, worker: str, keep_going: KeepGoing) -> PartOutcome:
    Scan.objects.filter(pk=part.scan_id, state=ScanState.QUEUED).update(state=ScanState.PREPARING)
    return prepare(part, worker, lambda: _look_up(part, worker, keep_going))


def _slices(part: ScanPart) -> Iterator[list[Listing]]:
    """The listings of a part, a few at a time, each slice read when its turn comes."""
    scope = listings_in_scope(part.scan).filter(pk__lte=part.last_row)
    after = part.first_row - 1
    while rows := list(_whole(scope.filter(pk__gt=after))[:SLICE]):
        yield rows
        after = rows[-1].pk


def _slices_of(part: ScanPart, wanted: list[int]) -> Iterator[list[Listing]]:
    """The same of a look-back: only the listings that may concern its right."""
    for start in range(0, len(wanted), SLICE):
        yield list(_whole(listings_in_scope(part.scan).filter(pk__in=wanted[start : start + SLICE])))


def _whole(rows: QuerySet[Listing]) -> QuerySet[Listing]:
    return rows.select_related("seller").prefetch_related(_PICTURES)


def _compute(part: ScanPart, worker: str, keep_going: KeepGoing) -> _Computed:
    if part.scan.engine_version != ENGINE_VERSION:
        raise _CannotRun(
            f"The scan began with engine {part.scan.engine_version}; this worker runs {ENGINE_VERSION}. Scan again."
        )
    images = CountingImages(StoreImages())
    computed = _Computed()

    def beat() -> None:
        _look_up(part, worker, keep_going)

    slices = _slices(part)
    if part.scan.scope_right_id:
        computed.house, wanted = concerned(part, images, beat)
        computed.unusable |= {one.picture: one for one in lost_in(part, images.unreadable)}
        slices = _slices_of(part, wanted)
    for rows in slices:
        plan = _ready_plan(part, worker)
        beat()
        _look_at(plan, rows, images, computed)
    return computed


def _ready_plan(part: ScanPart, worker: str) -> ScanPlan:
    if not is_ready(part.scan.snapshot_id):
        # Thousands of reference pictures take longer to fingerprint than a claim lasts.
        renew(part, worker, PREPARE_SECONDS)
    return plan_of(part.scan.snapshot_id)


def _look_at(plan: ScanPlan, rows: list[Listing], images: CountingImages, computed: _Computed) -> None:
    """Run the plan over one slice, and keep the fingerprints of its pictures for look-backs to come."""
    computed.listings.update((row.core_id, Seen(row.pk, row.content_hash)) for row in rows)
    found, unreadable = run_plan(plan, rows, images)
    computed.unusable |= {one.picture: one for one in unusable_in(rows, unreadable, images.unreadable)}
    computed.found.extend(one for one in found if computed.house in ("", one.brand))
    pictures = (picture for row in rows for picture in row.pictures.all() if picture.position < MOST_PICTURES)
    keep_missing({picture.capture_id for picture in pictures if picture.capture_id}, images)


def _look_up(part: ScanPart, worker: str, keep_going: KeepGoing) -> None:
    """Between two slices: am I to stop, is the part still mine, was the scan cancelled?"""
    if not keep_going():
        give_back(part, worker)
        raise _Stopped(PartOutcome.RELEASED)
    if not renew(part, worker, CLAIM_SECONDS):
        raise _Stopped(PartOutcome.LOST)
    if Scan.objects.filter(pk=part.scan_id, cancel_requested=True).exists():
        raise _Stopped(_end_part(part, worker, ScanPart.State.CANCELLED, ""))


def _commit(part: ScanPart, worker: str, computed: _Computed) -> PartOutcome:
    for tries_left in reversed(range(COMMIT_TRIES)):
        try:
            return _commit_once(part, worker, computed)
        except IntegrityError as error:
            if not tries_left:
                raise RuntimeError("what it found does not fit what is stored") from error
    raise AssertionError("the last try returns or raises")


@transaction.atomic
def _commit_once(part: ScanPart, worker: str, computed: _Computed) -> PartOutcome:
    # Scan before part before findings: everybody locks in this order, so nobody waits in a circle.
    scan = Scan.objects.select_for_update().get(pk=part.scan_id)
    if not is_mine(part, worker):
        return PartOutcome.LOST
    if scan.cancel_requested:
        ScanPart.objects.filter(pk=part.pk).update(state=ScanPart.State.CANCELLED)
        settle(scan)
        return PartOutcome.CANCELLED
    lapse = may_lapse(computed.unusable.values())
    stored = store(scan, computed.listings, computed.found, may_lapse=lapse, house=computed.house)
    keep_unusable(scan, [seen.row for seen in computed.listings.values()], computed.unusable)
    ScanPart.objects.filter(pk=part.pk).update(state=ScanPart.State.DONE, reason="")
    scan.listings_done += part.listings
    scan.findings_made += stored.made
    scan.findings_lapsed += stored.lapsed
    scan.pictures_unreadable += len(computed.unusable)
    scan.parts_done += 1
    scan.save(update_fields=["listings_done", "findings_made", "findings_lapsed", "pictures_unreadable", "parts_done"])
    settle(scan)
    return PartOutcome.DONE


@transaction.atomic
def _end_part(part: ScanPart, worker: str, state: ScanPart.State, reason: str) -> PartOutcome:
    scan = Scan.objects.select_for_update().get(pk=part.scan_id)
    if not is_mine(part, worker):
        return PartOutcome.LOST
    ScanPart.objects.filter(pk=part.pk).update(state=state, reason=reason[:500], claimed_by="", claimed_until=None)
    settle(scan)
    outcomes = {
        ScanPart.State.FAILED: PartOutcome.FAILED,
        ScanPart.State.CANCELLED: PartOutcome.CANCELLED,
    }
    return outcomes.get(state, PartOutcome.RETRY)
