import threading
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from countermark.model import Text
from countermark.node.findings import engine, parts, selectors
from countermark.node.findings import services as findings
from countermark.node.findings.models import Finding, ScanPart
from countermark.node.findings.states import ScanState
from countermark.node.jobs import desk, identity, worker
from countermark.node.jobs.desk import Desk
from countermark.node.listings import selectors as listings_shown
from countermark.node.listings import services as listings
from countermark.node.listings.factories import make_listing
from countermark.node.listings.states import ImportState
from countermark.node.rights.factories import make_right

pytestmark = pytest.mark.django_db

CSV = b"marketplace,id,title,price,currency,seller_id\nBazaar,1,Corvane replica bag,49,EUR,s1\n"


@pytest.fixture(autouse=True)
def _fresh_plans():
    engine.forget_plans()


@pytest.fixture
def market(member, monkeypatch):
    """Four listings that infringe, one in a part."""
    monkeypatch.setattr("countermark.node.findings.preparing.LISTINGS_PER_PART", 1)
    make_right(member)
    for _ in range(4):
        make_listing(member, title=Text("Corvane replica bag"))
    return member


def claimed(name):
    part = findings.claim_part(name)
    assert part is not None
    return part


def test_once_does_everything_that_waits_and_ends(market):
    scan_id = findings.request_scan(market)
    import_id = listings.request_import(market, BytesIO(CSV), "more.csv")
    worker.work(threading.Event(), once=True)
    assert selectors.scan(market, scan_id).state is ScanState.DONE
    assert listings_shown.import_summary(market, import_id).state is ImportState.DONE


def test_the_command_works(market):
    scan_id = findings.request_scan(market)
    call_command("work", once=True)
    assert selectors.scan(market, scan_id).state is ScanState.DONE


def test_imports_and_scans_take_turns(market, monkeypatch):
    findings.request_scan(market)
    for _ in range(2):
        listings.request_import(market, BytesIO(CSV), "more.csv")
    done = []
    monkeypatch.setattr(desk.log, "info", lambda event, **_: done.append(event))
    place = Desk("here/1/1", lambda: True)
    while place.turn():
        pass
    assert done[:4] == ["work.import", "work.part", "work.import", "work.part"]


def test_a_stop_in_the_middle_gives_the_part_back_and_nothing_is_lost(market):
    scan_id = findings.request_scan(market)
    stop = threading.Event()
    turns = []

    def stop_after_three():
        turns.append(1)
        if len(turns) >= 3:
            stop.set()
        return not stop.is_set()

    place = Desk("here/1/1", stop_after_three)
    while not stop.is_set():
        place.turn()
    assert ScanPart.objects.filter(state="running").count() == 0
    assert selectors.scan(market, scan_id).state is ScanState.RUNNING
    worker.work(threading.Event(), once=True)
    assert selectors.scan(market, scan_id).listings_done == 4
    assert Finding.objects.count() == 4


def test_one_bad_part_does_not_stop_the_rest(market, monkeypatch):
    scan_id = findings.request_scan(market)
    compute = parts._compute

    def broken_for_the_second(part, *more):
        if part.number == 2:
            raise ZeroDivisionError
        return compute(part, *more)

    monkeypatch.setattr(parts, "_compute", broken_for_the_second)
    worker.work(threading.Event(), once=True)
    scan = selectors.scan(market, scan_id)
    assert (scan.state, scan.listings_done, [p.number for p in scan.problems]) == (ScanState.FAILED, 3, [2])


def test_an_error_of_the_database_is_waited_out(market, monkeypatch):
    scan_id = findings.request_scan(market)
    waits = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            waits.append(timeout)
            if selectors.scan(market, scan_id).state is ScanState.DONE:
                self.set()
            return self.is_set()

    turn, failures = Desk.turn, iter([DatabaseError("gone"), DatabaseError("gone")])

    def unsteady(self):
        for error in failures:
            raise error
        return turn(self)

    monkeypatch.setattr(Desk, "turn", unsteady)
    worker.work(Stop(), poll_seconds=1.0)
    assert waits[:2] == [2.0, 4.0]
    assert waits[-1] == 1.0
    with pytest.raises(DatabaseError):
        monkeypatch.setattr(Desk, "turn", lambda _self: (_ for _ in ()).throw(DatabaseError("gone")))
        worker.work(threading.Event(), once=True)


def test_what_a_dead_worker_of_this_machine_held_is_rescued_at_once(market):
    findings.request_scan(market)
    dead = f"{identity.machine()}/1/123"
    assert findings.claim_part(dead) is not None
    alive = identity.my_name()
    assert Desk(alive, lambda: True).rescue() == 1
    assert findings.claim_part(alive) is not None
    assert Desk("other/1/1", lambda: True).rescue() == 0


def test_until_idle_tells_how_far_it_is_and_waits_for_what_others_have_in_hand(market):
    findings.request_scan(market)
    findings.run_part(claimed("elsewhere/1/1"), "elsewhere/1/1")
    theirs = claimed("elsewhere/1/1")
    told, pauses = [], []

    def pause(seconds):
        pauses.append(seconds)
        findings.run_part(theirs, "elsewhere/1/1")

    worker.work_until_idle(lambda done, total: told.append((done, total)), pause=pause)
    assert told[0] == (0, 4)
    assert told[-1] == (4, 4)
    assert len(pauses) == 1
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_until_idle_counts_only_the_scans_of_now(market):
    findings.request_scan(market)
    worker.work_until_idle()
    told = []
    findings.request_scan(market)
    worker.work_until_idle(lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)


def test_until_idle_with_nothing_to_do_ends(market):
    told = []
    worker.work_until_idle(lambda done, total: told.append((done, total)))
    assert told == [(0, 0)]
