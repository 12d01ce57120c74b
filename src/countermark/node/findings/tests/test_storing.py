import pytest
from django.db import IntegrityError

from countermark.model import Level
from countermark.node.findings.factories import make_finding, make_record, make_scan
from countermark.node.findings.models import Finding
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.findings.storing import Seen, Stored, store
from countermark.node.listings.factories import make_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(member):
    return make_listing(member)


@pytest.fixture
def scan(member):
    return make_scan(member)


def seen(*listings):
    return {listing.core_id: Seen(listing.pk, listing.content_hash) for listing in listings}


def current():
    return Finding.objects.get(current=True)


def test_a_new_finding_waits_in_the_open_queue_with_the_columns_of_its_record(scan, listing):
    record = make_record(listing, level=Level.HIGH, expected_harm=12.5)
    assert store(scan, seen(listing), [record], may_lapse=True) == Stored(1, 0)
    row = current()
    assert (row.core_id, row.state, row.level, row.expected_harm) == (record.id, "open", "high", 12.5)
    assert (row.listing, row.scan, row.last_scan) == (listing, scan, scan)


def test_the_same_part_stored_twice_doubles_nothing(scan, listing):
    record = make_record(listing)
    store(scan, seen(listing), [record], may_lapse=True)
    assert store(scan, seen(listing), [record], may_lapse=True) == Stored(0, 0)
    assert Finding.objects.count() == 1


def test_a_finding_of_two_houses_on_one_listing_is_two_findings(scan, listing):
    records = [make_record(listing, "Corvane"), make_record(listing, "Ondrelle")]
    assert store(scan, seen(listing), records, may_lapse=True).made == 2
    assert Finding.objects.filter(current=True).count() == 2


@pytest.mark.parametrize("queue", sorted(WAITING))
def test_a_later_scan_takes_the_place_of_a_waiting_finding_in_its_queue(member, listing, queue):
    old = make_finding(member, listing, state=queue)
    new = make_record(listing, risk=0.9)
    store(make_scan(member), seen(listing), [new], may_lapse=True)
    old.refresh_from_db()
    assert (old.state, old.current, old.superseded_by) == (FindingState.SUPERSEDED, False, current())
    assert (current().core_id, current().state) == (new.id, queue)


def test_a_decision_stands_when_only_the_references_changed(member, analyst, listing):
    old = make_finding(member, listing, state=FindingState.DECIDED)
    Finding.objects.update(last_reviewer_id=analyst.user_id)
    store(make_scan(member), seen(listing), [make_record(listing)], may_lapse=True)
    old.refresh_from_db()
    assert (old.state, old.current, old.superseded_by) == (FindingState.DECIDED, False, current())
    assert (current().state, current().last_reviewer_id) == (FindingState.DECIDED, analyst.user_id)


def test_a_decision_is_asked_again_when_the_listing_changed(member, listing):
    make_finding(member, listing, state=FindingState.DECIDED)
    changed = {listing.core_id: Seen(listing.pk, "f" * 64)}
    store(make_scan(member), changed, [make_record(listing)], may_lapse=True)
    assert current().state == FindingState.OPEN


def test_a_listing_captured_again_with_the_same_content_keeps_its_finding(member, listing):
    scan = make_scan(member)
    first = make_record(listing)
    store(scan, seen(listing), [first], may_lapse=True)
    later = make_scan(member, scan.snapshot)
    assert store(later, seen(listing), [make_record(listing)], may_lapse=True) == Stored(0, 0)
    assert (current().core_id, current().scan, current().last_scan) == (first.id, scan, later)


def test_an_older_scan_that_ends_late_replaces_nothing_newer(member, listing):
    older, newer = make_scan(member), make_scan(member)
    new = make_record(listing)
    store(newer, seen(listing), [new], may_lapse=True)
    assert store(older, seen(listing), [make_record(listing)], may_lapse=True) == Stored(0, 0)
    assert store(older, seen(listing), [], may_lapse=True) == Stored(0, 0)
    assert (current().core_id, current().state) == (new.id, FindingState.OPEN)


def test_what_a_later_scan_no_longer_finds_lapses(member, scan, listing):
    store(scan, seen(listing), [make_record(listing)], may_lapse=True)
    assert store(make_scan(member), seen(listing), [], may_lapse=True) == Stored(0, 1)
    assert current().state == FindingState.LAPSED


def test_nothing_lapses_while_a_picture_could_not_be_read(member, scan, listing):
    store(scan, seen(listing), [make_record(listing)], may_lapse=True)
    assert store(make_scan(member), seen(listing), [], may_lapse=False) == Stored(0, 0)
    assert current().state == FindingState.OPEN


def test_a_decided_finding_never_lapses(member, listing):
    make_finding(member, listing, state=FindingState.DECIDED)
    store(make_scan(member), seen(listing), [], may_lapse=True)
    assert current().state == FindingState.DECIDED


def test_findings_of_listings_that_the_part_did_not_look_at_are_left_alone(member, scan, listing):
    other = make_finding(member)
    store(scan, seen(listing), [], may_lapse=True)
    other.refresh_from_db()
    assert other.state == FindingState.OPEN


def test_a_lapsed_finding_that_is_found_again_waits_again(member, scan, listing):
    record = make_record(listing)
    store(scan, seen(listing), [record], may_lapse=True)
    store(make_scan(member), seen(listing), [], may_lapse=True)
    store(make_scan(member), seen(listing), [record], may_lapse=True)
    assert (current().core_id, current().state) == (record.id, FindingState.OPEN)
    assert Finding.objects.count() == 1


def test_a_listing_that_changes_and_changes_back_has_its_first_finding_again(member, scan, listing):
    first, second = make_record(listing), make_record(listing, risk=0.9)
    changed = {listing.core_id: Seen(listing.pk, "f" * 64)}
    store(scan, seen(listing), [first], may_lapse=True)
    store(make_scan(member), changed, [second], may_lapse=True)
    store(make_scan(member), seen(listing), [first], may_lapse=True)
    assert (current().core_id, current().state, current().superseded_by) == (first.id, FindingState.OPEN, None)
    assert Finding.objects.get(core_id=second.id).superseded_by == current()


def test_a_decision_comes_back_with_the_content_it_was_about(member, listing):
    decided = make_finding(member, listing, state=FindingState.DECIDED)
    record = make_record(listing, id=decided.core_id)
    changed = {listing.core_id: Seen(listing.pk, "f" * 64)}
    store(make_scan(member), changed, [make_record(listing, risk=0.9)], may_lapse=True)
    assert current().state == FindingState.OPEN
    store(make_scan(member), seen(listing), [record], may_lapse=True)
    assert (current().core_id, current().state) == (decided.core_id, FindingState.DECIDED)


def test_the_database_itself_refuses_a_second_current_finding(member, listing):
    make_finding(member, listing)
    with pytest.raises(IntegrityError):
        make_finding(member, listing)


def test_the_right_that_carries_most_weight_is_linked_when_it_is_ours(member, scan, listing, stranger):
    from countermark.node.rights.factories import make_right

    ours, theirs = make_right(member), make_right(stranger)
    records = [
        make_record(listing, "Corvane", right_id=ours.core_id),
        make_record(listing, "Ondrelle", right_id=theirs.core_id),
    ]
    store(scan, seen(listing), records, may_lapse=True)
    assert Finding.objects.get(brand="Corvane").right == ours
    assert Finding.objects.get(brand="Ondrelle").right is None
