"""Workers that are really killed, as processes of their own, at every point where it could hurt."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from countermark.model import Text
from countermark.node.findings import engine, selectors, services
from countermark.node.findings.models import Finding, ScanPart
from countermark.node.findings.states import ScanState
from countermark.node.jobs import worker
from countermark.node.listings.factories import make_listing
from countermark.node.rights.factories import make_right

pytestmark = pytest.mark.django_db(transaction=True)

LISTINGS, IN_A_PART = 12, 3
PARTS = LISTINGS // IN_A_PART

#: A worker that dies by SIGKILL at its second call of a function: before it (nothing of the call happened) or after it.
DOOMED = """
import os, signal, sys, threading
import django
django.setup()
from countermark.node.findings import parts, preparing
from countermark.node.jobs.worker import work

preparing.LISTINGS_PER_PART = {in_a_part}
room = {{"parts": parts, "preparing": preparing}}["{room}"]
real, calls = room.{function}, []

def doomed(*args, **kwargs):
    calls.append(1)
    if len(calls) == {call} and "{when}" == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*args, **kwargs)
    if len(calls) == {call} and "{when}" == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return result

room.{function} = doomed
work(threading.Event(), once=True)
"""

#: A worker that works until nothing waits.
STURDY = """
import threading
import django
django.setup()
from countermark.node.jobs.worker import work
work(threading.Event(), once=True)
"""
#: The same, which waits for a line before it looks for work.
WAITING = STURDY.replace("django.setup()", "django.setup()\n__import__('sys').stdin.readline()")
PATIENCE = 120


def environment(store: Path) -> dict[str, str]:
    facts = connection.settings_dict
    address = (
        f"sqlite:///{facts['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    )
    return os.environ | {
        "DATABASE_URL": address,
        "COUNTERMARK_STORE": str(store),
        "DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.test",
    }


def start(program: str, store: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment(store),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def begin(process: "subprocess.Popen[bytes]") -> None:
    """Give a waiting worker its line; `end` closes the pipe."""
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()


def end(process: "subprocess.Popen[bytes]", code: int) -> None:
    _, talk = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, talk.decode()


@pytest.fixture
def scan_id(member, monkeypatch):
    engine.forget_plans()
    monkeypatch.setattr("countermark.node.findings.preparing.LISTINGS_PER_PART", IN_A_PART)
    make_right(member)
    for _ in range(LISTINGS):
        make_listing(member, title=Text("Corvane replica bag"))
    return services.request_scan(member)


def assert_whole(member, scan_id):
    scan = selectors.scan(member, scan_id)
    assert (scan.state, scan.problems) == (ScanState.DONE, ())
    assert (scan.listings_done, scan.findings_made, scan.parts_done) == (LISTINGS, LISTINGS, PARTS)
    assert Finding.objects.count() == Finding.objects.filter(current=True, state="open").count() == LISTINGS
    assert not ScanPart.objects.exists()


@pytest.mark.parametrize(
    ("room", "function", "call", "when", "committed"),
    [
        pytest.param("preparing", "settle", 1, "after", 0, id="preparing, just before its commit"),
        pytest.param("parts", "prepare", 1, "after", 0, id="preparing, just after its commit"),
        pytest.param("parts", "plan_of", 2, "after", 1, id="computing"),
        pytest.param("parts", "store", 2, "after", 1, id="inside the transaction, findings written"),
        pytest.param("parts", "settle", 2, "after", 1, id="just before the commit"),
        pytest.param("parts", "settle", PARTS, "after", PARTS - 1, id="just before the commit that ends the scan"),
        pytest.param("parts", "_commit", 2, "after", 2, id="just after the commit"),
    ],
)
def test_a_scan_whose_worker_is_killed_ends_whole(member, scan_id, store, room, function, call, when, committed):
    doomed = DOOMED.format(room=room, function=function, call=call, when=when, in_a_part=IN_A_PART)
    end(start(doomed, store), -signal.SIGKILL)
    assert selectors.scan(member, scan_id).parts_done == committed
    assert Finding.objects.count() == committed * IN_A_PART

    worker.work(threading.Event(), once=True)
    assert_whole(member, scan_id)


def test_two_workers_of_which_one_is_killed_do_each_listing_once(member, scan_id, store):
    services.run_part(_claimed("here/1/1"), "here/1/1")
    doomed = DOOMED.format(room="parts", function="settle", call=1, when="after", in_a_part=IN_A_PART)
    # Side by side, and the one that dies has a part: however busy the machine, the other must not take them all first.
    sturdy, killed = start(WAITING, store), start(doomed, store)
    _wait_for_a_part_under_way()
    begin(sturdy)
    end(killed, -signal.SIGKILL)
    end(sturdy, 0)
    worker.work(threading.Event(), once=True)
    assert_whole(member, scan_id)


def test_many_workers_at_once_do_each_listing_once(member, scan_id, store):
    processes = [start(STURDY, store) for _ in range(3)]
    for process in processes:
        end(process, 0)
    worker.work(threading.Event(), once=True)
    scan = selectors.scan(member, scan_id)
    assert (scan.state, scan.listings_done, scan.findings_made) == (ScanState.DONE, LISTINGS, LISTINGS)
    assert Finding.objects.count() == LISTINGS


def test_a_worker_that_is_told_to_stop_ends_by_itself_and_gives_back_what_it_had(member, scan_id, store):
    told = DOOMED.replace("SIGKILL", "SIGTERM").replace("work(threading.Event(), once=True)", STOPPABLE)
    end(start(told.format(room="parts", function="plan_of", call=2, when="after", in_a_part=IN_A_PART), store), 0)
    assert not ScanPart.objects.filter(state="running").exists()
    assert selectors.scan(member, scan_id).parts_done == 1
    worker.work(threading.Event(), once=True)
    assert_whole(member, scan_id)


STOPPABLE = """
from countermark.node.jobs.processes import stop_on_signals
work(stop_on_signals(), once=True)
"""


def _wait_for_a_part_under_way():
    until = time.monotonic() + PATIENCE
    while not ScanPart.objects.filter(state="running").exists():
        assert time.monotonic() < until, "nobody took a part"
        time.sleep(0.01)


def _claimed(name):
    claimed = services.claim_part(name)
    assert claimed is not None
    return claimed
