"""Claims: one worker a row, leases that end, tries that are counted; with real threads and connections."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from countermark.node.kernel.claims import claim, finish, give_back, renew
from countermark.node.listings.models import Import
from countermark.node.parties.factories import make_organisation

State = Import.State


def make_rows(number: int) -> None:
    organisation = make_organisation()
    Import.objects.bulk_create(
        Import(organisation=organisation, public_id=f"imp_{place:03}", name="x") for place in range(number)
    )


@pytest.fixture
def three(db):
    make_rows(3)


def test_rows_are_claimed_oldest_first_and_each_once(three):
    taken = [claim(Import.objects.all(), "w1", 60) for _ in range(4)]
    assert [row and row.public_id for row in taken] == ["imp_000", "imp_001", "imp_002", None]
    assert all(row.attempts == 1 and row.claimed_by == "w1" for row in taken if row)


def test_the_order_of_the_query_is_kept(three):
    row = claim(Import.objects.order_by("-pk"), "w1", 60)
    assert row is not None
    assert row.public_id == "imp_002"


def test_a_row_is_free_again_when_its_lease_has_ended(three, clock):
    first = claim(Import.objects.all(), "w1", 60)
    clock.forward(seconds=59)
    assert claim(Import.objects.filter(public_id="imp_000"), "w2", 60) is None
    clock.forward(seconds=1)
    again = claim(Import.objects.filter(public_id="imp_000"), "w2", 60)
    assert first
    assert again
    assert (again.pk, again.attempts, again.claimed_by) == (first.pk, 2, "w2")


def test_a_renewed_lease_lasts_longer_and_a_lost_one_is_not_renewed(three, clock):
    row = claim(Import.objects.all(), "w1", 60)
    assert row
    clock.forward(seconds=50)
    assert renew(row, "w1", 60)
    clock.forward(seconds=50)
    only = Import.objects.filter(pk=row.pk)
    assert claim(only, "w2", 60) is None
    clock.forward(seconds=10)
    assert claim(only, "w2", 60)
    assert not renew(row, "w1", 60)
    assert not finish(row, "w1", State.DONE)
    assert not give_back(row, "w1")
    assert only.get().claimed_by == "w2"


def test_a_finished_row_is_never_claimed_again(three, clock):
    row = claim(Import.objects.all(), "w1", 60)
    assert row
    assert finish(row, "w1", State.FAILED, "it broke")
    clock.forward(hours=1)
    assert claim(Import.objects.filter(pk=row.pk), "w2", 60) is None
    row.refresh_from_db()
    assert (row.state, row.reason, row.claimed_by, row.claimed_until) == (State.FAILED, "it broke", "", None)


def test_a_row_given_back_is_free_at_once_and_the_try_does_not_count(three):
    row = claim(Import.objects.all(), "w1", 60)
    assert row
    assert give_back(row, "w1")
    again = claim(Import.objects.all(), "w2", 60)
    assert again
    assert (again.pk, again.attempts) == (row.pk, 1)


def test_a_row_tried_too_often_fails_with_a_reason_and_the_next_is_given(three, clock):
    for _ in range(2):
        assert claim(Import.objects.order_by("pk"), "w1", 60, tries=2)
        clock.forward(seconds=61)
    row = claim(Import.objects.order_by("pk"), "w1", 60, tries=2)
    assert row
    assert row.public_id == "imp_001"
    given_up = Import.objects.get(public_id="imp_000")
    assert given_up.state == State.FAILED
    assert "2 times" in given_up.reason


def test_rows_of_another_query_are_not_touched(three):
    assert claim(Import.objects.filter(public_id="imp_999"), "w1", 60) is None
    assert not Import.objects.exclude(state=State.QUEUED).exists()


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_never_get_the_same_row():
    make_rows(60)
    taken: list[int] = []
    start = threading.Barrier(6)

    def work(name: str) -> None:
        try:
            start.wait()
            while row := claim(Import.objects.order_by("pk"), name, 60):
                taken.append(row.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 60
    assert not Import.objects.exclude(attempts=1).exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_in_an_open_transaction_of_another_worker_is_passed_over_or_waited_for():
    make_rows(2)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                assert claim(Import.objects.order_by("pk"), "slow", 60)
                held.set()
                let_go.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    if connection.vendor == "sqlite":
        # One writer at a time: the second waits for the first, and then gets the next row.
        threading.Timer(0.1, let_go.set).start()
    row = claim(Import.objects.order_by("pk"), "quick", 60)
    let_go.set()
    holder.join()
    assert row
    assert row.public_id == "imp_001"


def test_a_lease_is_measured_with_the_nodes_clock(three, clock):
    row = claim(Import.objects.all(), "w1", 90)
    assert row
    assert row.claimed_until == clock() + timedelta(seconds=90)
