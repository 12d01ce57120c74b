import itertools
import random
from io import BytesIO

import pytest
from PIL import Image

from countermark.model import Text
from countermark.node.audit.models import Event
from countermark.node.evidence.factories import picture_bytes
from countermark.node.evidence.services import keep_picture
from countermark.node.findings import engine, parts, selectors, services
from countermark.node.findings.filters import FindingFilters, ScanScope
from countermark.node.findings.models import Finding, Scan, ScanPart, Snapshot
from countermark.node.findings.parts import ClaimedPart
from countermark.node.findings.states import FindingState, PartOutcome, ScanState
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.listings.factories import make_listing
from countermark.node.rights.factories import make_right
from countermark.node.rights.models import Reference
from countermark.node.rights.services import withdraw_right

pytestmark = pytest.mark.django_db

WORKER = "here/1/1"


@pytest.fixture(autouse=True)
def _fresh_plans():
    engine.forget_plans()


@pytest.fixture
def right(member):
    return make_right(member)


@pytest.fixture
def listings(member):
    """One that names the mark as a replica, and one that has nothing to do with the house."""
    return [
        make_listing(member, title=Text("Corvane replica bag, 1:1 mirror quality", "en"), external_id="fake"),
        make_listing(member, title=Text("Garden hose, 20 m", "en"), brand_text="", external_id="hose"),
    ]


def take(worker=WORKER) -> ClaimedPart:
    claimed = services.claim_part(worker)
    assert claimed is not None
    return claimed


def run_all(worker=WORKER):
    outcomes = []
    while (claimed := services.claim_part(worker)) is not None:
        outcomes.append(services.run_part(claimed, worker))
    return outcomes


def test_a_scan_finds_what_infringes_and_says_how_far_it_is(member, right, listings):
    scan_id = services.request_scan(member)
    assert selectors.scan(member, scan_id).state is ScanState.QUEUED
    assert run_all() == [PartOutcome.DONE, PartOutcome.DONE]
    scan = selectors.scan(member, scan_id)
    assert (scan.state, scan.listings_total, scan.listings_done) == (ScanState.DONE, 2, 2)
    assert (scan.findings_made, scan.parts_total, scan.parts_done) == (1, 1, 1)
    assert scan.share_done == 1.0
    found = selectors.findings(member).rows
    assert [(row.external_id, row.brand) for row in found] == [("fake", "Corvane")]


def test_ordering_a_scan_needs_the_permission_and_leaves_an_audit_row(member, reader, right, listings):
    with pytest.raises(NotPermitted):
        services.request_scan(reader)
    scan_id = services.request_scan(member)
    event = Event.objects.get(action="scan.requested")
    assert (event.target, event.actor) == (scan_id, member.actor)


def test_a_scan_without_rights_is_refused_before_anything_is_written(member, listings):
    with pytest.raises(Invalid, match="no rights"):
        services.request_scan(member)
    assert not Scan.objects.exists()
    assert not Snapshot.objects.exists()


def test_scans_with_the_same_references_share_one_snapshot(member, right, listings):
    services.request_scan(member)
    services.request_scan(member)
    assert Snapshot.objects.count() == 1
    make_right(member, title="Corvane, second mark", mark="Corvane Paris")
    services.request_scan(member)
    assert Snapshot.objects.count() == 2


def test_a_scan_uses_the_references_of_the_moment_it_was_ordered(member, right, listings):
    services.request_scan(member)
    withdraw_right(member, right.core_id, "sold")
    run_all()
    assert Finding.objects.count() == 1


def test_a_part_done_again_by_another_process_gives_the_same_findings(member, right, listings):
    scan_id = services.request_scan(member)
    run_all()
    before = set(Finding.objects.values_list("core_id", "record"))
    ScanPart.objects.create(scan=Scan.objects.get(), number=9, last_row=10**9, listings=2)
    engine.forget_plans()
    assert run_all() == [PartOutcome.DONE]
    assert set(Finding.objects.values_list("core_id", "record")) == before
    assert selectors.scan(member, scan_id).findings_made == 1


def test_a_scope_looks_at_one_marketplace_only(member, right):
    make_listing(member, title=Text("Corvane replica bag"), marketplace="Bazaar")
    make_listing(member, title=Text("Corvane replica bag"), marketplace="Souk")
    scan_id = services.request_scan(member, ScanScope(marketplace="Souk"))
    run_all()
    scan = selectors.scan(member, scan_id)
    assert (scan.listings_total, scan.scope_name) == (1, "Souk")
    assert {row.marketplace for row in selectors.findings(member).rows} == {"Souk"}


@pytest.mark.parametrize(
    "scope", [ScanScope(marketplace="Nowhere"), ScanScope(import_id="imp_1"), ScanScope(marketplace="\0")]
)
def test_a_scope_that_is_not_there_is_refused(member, right, listings, scope):
    with pytest.raises(Invalid):
        services.request_scan(member, scope)


def test_an_empty_scope_is_done_at_once(member, right):
    scan_id = services.request_scan(member)
    run_all()
    assert selectors.scan(member, scan_id).state is ScanState.DONE


def test_many_listings_are_cut_into_parts_that_hold_each_once(member, right, monkeypatch):
    monkeypatch.setattr("countermark.node.findings.preparing.LISTINGS_PER_PART", 3)
    monkeypatch.setattr(parts, "SLICE", 2)
    for _ in range(8):
        make_listing(member, title=Text("Corvane replica bag"))
    scan_id = services.request_scan(member)
    claimed = take()
    services.run_part(claimed, WORKER)
    cut = list(ScanPart.objects.exclude(number=0).order_by("number"))
    assert [part.listings for part in cut] == [3, 3, 2]
    assert all(before.last_row < after.first_row for before, after in itertools.pairwise(cut))
    assert run_all() == [PartOutcome.DONE] * 3
    scan = selectors.scan(member, scan_id)
    assert (scan.listings_done, scan.findings_made, scan.parts_done) == (8, 8, 3)


def test_scans_take_turns(member, right, listings, monkeypatch):
    monkeypatch.setattr("countermark.node.findings.preparing.LISTINGS_PER_PART", 1)
    services.request_scan(member)
    services.request_scan(member)
    last, served = 0, []
    while (claimed := services.claim_part(WORKER, last)) is not None:
        services.run_part(claimed, WORKER)
        last = claimed.scan
        served.append(claimed.scan)
    first, second = sorted(set(served))
    assert served == [first, second] * 3


def test_a_cancelled_scan_that_waits_ends_at_once(member, right, listings):
    scan_id = services.request_scan(member)
    assert services.cancel_scan(member, scan_id).state is ScanState.CANCELLED
    assert services.claim_part(WORKER) is None
    with pytest.raises(Conflict):
        services.cancel_scan(member, scan_id)


def test_cancelling_keeps_what_was_committed_and_stops_the_rest(member, right, listings, monkeypatch):
    monkeypatch.setattr("countermark.node.findings.preparing.LISTINGS_PER_PART", 1)
    scan_id = services.request_scan(member)
    services.run_part(take(), WORKER)
    services.run_part(take(), WORKER)
    running = take()
    assert services.cancel_scan(member, scan_id).state is ScanState.RUNNING
    assert services.run_part(running, WORKER) is PartOutcome.CANCELLED
    scan = selectors.scan(member, scan_id)
    assert (scan.state, scan.cancel_requested, scan.listings_done, scan.findings_made) == (
        ScanState.CANCELLED,
        True,
        1,
        1,
    )


def test_a_cancel_between_computing_and_committing_writes_nothing_of_the_part(member, right, listings, monkeypatch):
    scan_id = services.request_scan(member)
    services.run_part(take(), WORKER)
    claimed = take()
    compute = parts._compute

    def cancelled_meanwhile(*args):
        computed = compute(*args)
        services.cancel_scan(member, scan_id)
        return computed

    monkeypatch.setattr(parts, "_compute", cancelled_meanwhile)
    assert services.run_part(claimed, WORKER) is PartOutcome.CANCELLED
    assert not Finding.objects.exists()
    assert selectors.scan(member, scan_id).state is ScanState.CANCELLED


def test_cancelling_needs_the_permission_and_an_own_scan(member, reader, stranger, right, listings):
    scan_id = services.request_scan(member)
    with pytest.raises(NotPermitted):
        services.cancel_scan(reader, scan_id)
    with pytest.raises(NotFound):
        services.cancel_scan(stranger, scan_id)
    with pytest.raises(NotFound):
        selectors.scan(stranger, scan_id)
    with pytest.raises(NotFound):
        selectors.scan(member, "scn_\0")
    assert selectors.scans(stranger) == ()


def test_a_worker_told_to_stop_gives_its_part_back_and_the_try_does_not_count(member, right, listings):
    services.request_scan(member)
    services.run_part(take(), WORKER)
    claimed = take()
    assert services.run_part(claimed, WORKER, lambda: False) is PartOutcome.RELEASED
    part = ScanPart.objects.get(pk=claimed.part)
    assert (part.state, part.attempts, part.claimed_by) == ("queued", 0, "")
    assert run_all() == [PartOutcome.DONE]


def test_a_worker_that_lost_its_claim_writes_nothing(member, right, listings, clock):
    services.request_scan(member)
    services.run_part(take(), WORKER)
    slow = take()
    clock.forward(seconds=parts.CLAIM_SECONDS + 1)
    fast = take("other/2/2")
    assert fast.part == slow.part
    assert services.run_part(slow, WORKER) is PartOutcome.LOST
    assert not Finding.objects.exists()
    assert services.run_part(fast, "other/2/2") is PartOutcome.DONE
    assert services.run_part(slow, WORKER) is PartOutcome.LOST
    assert Finding.objects.count() == 1


def test_a_claim_lost_between_computing_and_committing_writes_nothing(member, right, listings, clock, monkeypatch):
    services.request_scan(member)
    services.run_part(take(), WORKER)
    slow = take()
    compute = parts._compute

    def overtaken(*args):
        computed = compute(*args)
        monkeypatch.setattr(parts, "_compute", compute)
        clock.forward(seconds=parts.CLAIM_SECONDS + 1)
        assert run_all("other/2/2") == [PartOutcome.DONE]
        return computed

    monkeypatch.setattr(parts, "_compute", overtaken)
    assert services.run_part(slow, WORKER) is PartOutcome.LOST
    assert Finding.objects.count() == 1
    assert Scan.objects.get().listings_done == 2


def test_a_part_that_fails_is_tried_three_times_and_then_said_to_have_failed(member, right, listings, monkeypatch):
    scan_id = services.request_scan(member)
    services.run_part(take(), WORKER)
    compute = parts._compute

    def broken(*_args):
        raise ZeroDivisionError("a secret of the listing")

    monkeypatch.setattr(parts, "_compute", broken)
    assert run_all() == [PartOutcome.RETRY, PartOutcome.RETRY, PartOutcome.FAILED]
    scan = selectors.scan(member, scan_id)
    assert scan.state is ScanState.FAILED
    assert [(p.number, p.reason) for p in scan.problems] == [(1, "It met an error of ours (ZeroDivisionError).")]
    assert "1 of 1 parts" in scan.reason
    monkeypatch.setattr(parts, "_compute", compute)
    services.retry_failed(member, scan_id)
    assert run_all() == [PartOutcome.DONE]
    scan = selectors.scan(member, scan_id)
    assert (scan.state, scan.reason, scan.problems, scan.findings_made) == (ScanState.DONE, "", (), 1)
    with pytest.raises(Conflict):
        services.retry_failed(member, scan_id)


def test_a_part_whose_workers_keep_dying_is_given_up_and_the_scan_ends(member, right, listings, clock):
    scan_id = services.request_scan(member)
    services.run_part(take(), WORKER)
    for _ in range(parts.TRIES):
        assert services.claim_part(WORKER) is not None
        clock.forward(seconds=parts.CLAIM_SECONDS + 1)
    assert services.claim_part(WORKER) is None
    scan = selectors.scan(member, scan_id)
    assert scan.state is ScanState.FAILED
    assert "worker died" in scan.problems[0].reason


def test_parts_of_a_dead_worker_are_given_back_at_once(member, right, listings):
    services.request_scan(member)
    services.claim_part(WORKER)
    assert services.claim_part("other/2/2") is None
    assert services.workers_claiming() == (WORKER,)
    assert services.release_claims(WORKER) == 1
    assert services.claim_part("other/2/2") is not None


def test_another_engine_than_the_scan_began_with_refuses_to_go_on(member, right, listings):
    scan_id = services.request_scan(member)
    services.run_part(take(), WORKER)
    Scan.objects.update(engine_version="0.0.1")
    assert run_all() == [PartOutcome.FAILED]
    assert "began with engine 0.0.1" in selectors.scan(member, scan_id).problems[0].reason


def test_the_parts_of_an_ended_scan_are_cleared_away(member, right, listings):
    services.request_scan(member)
    run_all()
    assert not ScanPart.objects.exists()


def noisy_picture():
    drawn = BytesIO()
    Image.frombytes("RGB", (96, 96), random.Random(3).randbytes(96 * 96 * 3)).resize((192, 192)).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def lapsing(member):
    """A right in a name that the house does not bear: once withdrawn, nothing points to the house any more."""
    right = make_right(member, title="Lunaris, word mark", mark="Lunaris")
    # A plain picture identifies nothing, so the engine would not look at pictures at all.
    capture = keep_picture(member, noisy_picture(), source="test")
    other = make_right(member, brand="Ondrelle", mark="Ondrelle")
    Reference.objects.create(right=other, public_id="ref_1", capture=capture, role="official")
    listing = make_listing(member, title=Text("Lunaris replica bag, 1:1 mirror quality"), brand_text="")
    return right, listing


def test_a_withdrawn_right_empties_the_queue_at_the_next_scan(member, lapsing):
    services.request_scan(member)
    run_all()
    assert len(selectors.queue_page(member).rows) == 1
    withdraw_right(member, lapsing[0].core_id, "sold")
    scan_id = services.request_scan(member)
    run_all()
    assert selectors.scan(member, scan_id).findings_lapsed == 1
    assert selectors.queue_page(member).rows == ()
    assert selectors.findings(member, FindingFilters(states=frozenset({FindingState.LAPSED}))).rows


def test_a_picture_that_is_gone_from_the_store_is_counted_and_nothing_lapses(member, lapsing, store):
    right, listing = lapsing
    capture = keep_picture(member, picture_bytes(colour=(1, 2, 3)), source="test")
    listing.pictures.create(position=0, uri="a.jpg", capture=capture)
    services.request_scan(member)
    run_all()
    withdraw_right(member, right.core_id, "sold")
    gone = [path for path in store.rglob("*") if path.is_file() and capture.sha256 in path.name]
    assert gone
    for path in gone:
        path.unlink()
    scan_id = services.request_scan(member)
    run_all()
    scan = selectors.scan(member, scan_id)
    assert (scan.pictures_unreadable, scan.findings_lapsed) == (1, 0)
    assert Finding.objects.get(current=True).state == FindingState.OPEN


def test_a_picture_that_was_only_named_stops_nothing(member, lapsing):
    right, listing = lapsing
    listing.pictures.create(position=0, uri="elsewhere.jpg")
    services.request_scan(member)
    run_all()
    withdraw_right(member, right.core_id, "sold")
    scan_id = services.request_scan(member)
    run_all()
    scan = selectors.scan(member, scan_id)
    assert (scan.pictures_unreadable, scan.findings_lapsed) == (1, 1)


def test_a_running_scan_is_shown_as_under_way(member, right, listings):
    scan_id = services.request_scan(member)
    assert [scan.id for scan in selectors.under_way(member)] == [scan_id]
    assert selectors.any_under_way()
    run_all()
    assert selectors.under_way(member) == ()
    assert not selectors.any_under_way()


def test_scans_are_listed_newest_first_and_page_by_page(member, right, listings):
    ids = [services.request_scan(member) for _ in range(3)]
    first = selectors.scans(member, size=2)
    assert [scan.id for scan in first] == [ids[2], ids[1]]
    assert [scan.id for scan in selectors.scans(member, before=first[-1].id)] == [ids[0]]
    assert len(selectors.scans(member, before="\0")) == 3
