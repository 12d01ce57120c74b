"""Two scans that meet on the same listings, each on a connection of its own."""

import threading

import pytest
from django.db import connection

from countermark.node.findings import parts
from countermark.node.findings.factories import make_record, make_scan
from countermark.node.findings.models import Finding, Scan, ScanPart
from countermark.node.findings.parts import _commit, _Computed
from countermark.node.findings.states import PartOutcome
from countermark.node.findings.storing import Seen
from countermark.node.listings.factories import make_listing

pytestmark = pytest.mark.django_db(transaction=True)


def test_scans_that_meet_leave_one_current_finding_of_the_newest(member, monkeypatch):
    listings = [make_listing(member) for _ in range(20)]
    scans = [make_scan(member) for _ in range(3)]
    records = {scan.pk: [make_record(one, risk=0.5 + scan.pk / 1000) for one in listings] for scan in scans}
    monkeypatch.setattr(parts, "COMMIT_TRIES", 10)
    barrier, outcomes = threading.Barrier(len(scans)), {}

    def run(scan):
        try:
            part = ScanPart.objects.create(
                scan=scan, number=1, state="running", claimed_by="me", claimed_until="2100-01-01T00:00Z"
            )
            seen = {one.core_id: Seen(one.pk, one.content_hash) for one in listings}
            barrier.wait(30)
            outcomes[scan.pk] = _commit(part, "me", _Computed(listings=seen, found=records[scan.pk]))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(scan,)) for scan in scans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes == {scan.pk: PartOutcome.DONE for scan in scans}
    current = Finding.objects.filter(current=True)
    assert set(current.values_list("core_id", flat=True)) == {record.id for record in records[scans[-1].pk]}
    assert set(Scan.objects.values_list("state", flat=True)) == {"done"}
