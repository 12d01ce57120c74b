"""A worker that is really killed, as a process of its own, in the middle of an import."""

import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection

from countermark.node.listings import services
from countermark.node.listings.models import Import, Listing, ListingPicture, Seller
from countermark.node.listings.states import ImportOutcome
from countermark.node.listings.tests.test_importing import lines

ROWS = 5000

#: Dies by SIGKILL when it is about to commit its third batch: inside the transaction, after the rows were written.
WORKER = """
import os, signal
import django
django.setup()
from countermark.node.listings import importing, services

real, batches = importing._tell, []

def tell(row, problems):
    real(row, problems)
    batches.append(1)
    if len(batches) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

importing._tell = tell
services.run_import(services.claim_import("doomed"), "doomed")
"""


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


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_process_is_killed_ends_whole(analyst, store):
    services.request_import(analyst, io.BytesIO(lines(ROWS)), "listings.jsonl")
    died = subprocess.run([sys.executable, "-c", WORKER], env=environment(store), check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    row = Import.objects.get()
    assert (row.state, row.claimed_by) == (Import.State.RUNNING, "doomed")
    assert row.rows_read == Listing.objects.count() == 2000

    assert services.release_claims("doomed") == 1
    assert services.run_import(services.claim_import("next") or "", "next") is ImportOutcome.DONE
    row.refresh_from_db()
    assert row.rows_good == row.rows_new == Listing.objects.count() == ROWS
    assert Seller.objects.count() == 7
    assert not ListingPicture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_bring_the_same_listings_at_once_end_with_each_of_them_once(analyst):
    for _ in range(2):
        services.request_import(analyst, io.BytesIO(lines(3000)), "listings.jsonl")
    claimed = [services.claim_import(name) or "" for name in ("w0", "w1")]
    outcomes: list[ImportOutcome] = []
    start = threading.Barrier(2)

    def work(number: int) -> None:
        try:
            start.wait()
            outcomes.append(services.run_import(claimed[number], f"w{number}"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [ImportOutcome.DONE] * 2
    assert Listing.objects.count() == 3000
    assert sum(Import.objects.values_list("rows_new", flat=True)) == 3000
    assert sum(Import.objects.values_list("rows_good", flat=True)) == 6000
