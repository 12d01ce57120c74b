"""The exchange at work, on SQLite (synchronous=FULL) and, where a server answers, PostgreSQL.

Durable appends a second, one transaction each; the peer is a bare insert with commit into one table of the same
database, in turn with ours. Then appends in batches, verified and applied entries a second, the time of a page of a
short and of a long feed, and, with two real nodes, the delay from commit on one to applied on the other.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.review_page import temporary_database

if TYPE_CHECKING:
    from countermark.node.exchange.factories import Team

#: Appends, entries of the longest feed, entries whose delay is measured.
SIZES = {"small": (300, 100_000, 40), "full": (5_000, 1_000_000, 200)}
ROUNDS, BATCH = 6, 200
#: Feeds of which a page is read, up to the longest one of the size.
LENGTHS = (1_000, 100_000, 1_000_000)
#: What is promised: appends a second, and seconds from commit to applied.
GOAL_APPENDS, GOAL_DELAY = 300, 1.0


def run(size: str) -> dict[str, object]:
    """Figures by database, and the delay."""
    appends, long_feed, delays = SIZES[size]
    figures: dict[str, object] = {"sqlite": in_a_process(appends, long_feed, "")}
    with temporary_database() as address:
        if address:
            figures["postgresql"] = in_a_process(appends, long_feed, address)
    figures["two_nodes"] = delay(delays)
    for name, found in figures.items():
        print(f"   {name}: {json.dumps(found)}")
    return figures


def in_a_process(appends: int, long_feed: int, database: str) -> dict[str, object]:
    """Measure on one database; the figures come back as the last line of the process's output."""
    with tempfile.TemporaryDirectory(prefix="countermark-bench-") as home:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.demo",
            "COUNTERMARK_HOME": home,
            "DATABASE_URL": database,
            "COUNTERMARK_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "benchmarks.exchange_appends", "--measure", str(appends), str(long_feed)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure(appends: int, long_feed: int) -> dict[str, object]:
    """Everything for one database; the environment names it."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from countermark.node.exchange.factories import make_team

    team = make_team({"purposes": []})
    team.brand.say()
    return {
        "appends_a_second": one_by_one(team, appends),
        f"appends_in_batches_of_{BATCH}_a_second": batches(team, appends),
        "received_and_verified_a_second": received(team),
        "applied_a_second": applied(team),
        "page_ms": pages(team, long_feed),
    }


def one_by_one(team: "Team", appends: int) -> dict[str, float]:
    """Ours and the peer in turn, so that whatever else runs here slows both."""
    from django.db import connection

    from countermark.node.exchange.appending import append

    text = "x" * 900
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_peer (seq integer PRIMARY KEY, token text)")

    def ours(number: int) -> None:
        append(agreement, statement(number))

    def peer(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_peer VALUES (%s, %s)", [number, text])

    agreement, part = team.brand.agreement, appends // ROUNDS
    seconds = {ours: [0.0, 0.0], peer: [0.0, 0.0]}
    for number in range(ROUNDS):
        for act, spent in seconds.items():
            wall, own = time.perf_counter(), time.process_time()
            for one in range(number * part, (number + 1) * part):
                act(one)
            spent[0] += time.perf_counter() - wall
            spent[1] += time.process_time() - own
    done = part * ROUNDS
    (our_wall, our_own), (peer_wall, _) = seconds.values()
    return {
        "ours": round(done / our_wall),
        "bare_insert": round(done / peer_wall),
        "ratio": round(peer_wall / our_wall, 3),
        "own_work_ms": round(1000 * our_own / done, 2),
        "goal": GOAL_APPENDS,
    }


def statement(number: int):
    from countermark.node.exchange.appending import Statement
    from countermark.proof.entries import DataClass

    return Statement(
        type="case.commented",
        subject=f"cas_{number % 50}",
        purpose="counterfeit-removal",
        data_class=DataClass.TRADER_PUBLIC,
        data={"number": number, "text": "A tote bag with a mark that looks like a registered one. " * 4},
    )


def batches(team: "Team", appends: int) -> int:
    from countermark.node.exchange.appending import append_all

    agreement = team.brand.agreement
    rounds = max(1, appends // BATCH)
    spent = seconds(lambda: [append_all(agreement, [statement(one) for one in range(BATCH)]) for _ in range(rounds)])
    return round(rounds * BATCH / spent)


def received(team: "Team") -> int:
    """Entries a second through `receive`: opened, checked, stored, queued to be applied."""
    total, spent = 0, 0.0
    while True:
        start = time.perf_counter()
        result = team.pull(team.market)
        if not result.stored:
            return round(total / spent)
        spent += time.perf_counter() - start
        total += result.stored


def applied(team: "Team") -> int:
    """Entries a second through `apply_some`, each with an effect of one row; after `received`."""
    from django.db import connection

    from countermark.node.exchange.applying import Arrived
    from countermark.node.exchange.applying_many import apply_some

    def effect(arrived: Arrived) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_effect VALUES (%s)", [arrived.entry_id])

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_effect (entry_id varchar(64) PRIMARY KEY)")
    total, start = 0, time.perf_counter()
    while done := apply_some("bench", {"case.commented": effect, "comment": effect}):
        total += done
    return round(total / (time.perf_counter() - start))


def pages(team: "Team", long_feed: int) -> dict[str, float]:
    """Milliseconds for a page of 500 from the middle of feeds of each length, written as bytes; medians.

    Nothing tells the database how long they have become: a node's feeds grow as fast, before anybody analyses a table.
    """
    from countermark.node.exchange.models import Feed, FeedEntry
    from countermark.node.exchange.pages import page_after, write_page

    like = FeedEntry.objects.get(feed=team.brand.feed, seq=2)
    figures = {}
    for length in [one for one in LENGTHS if one <= long_feed]:
        feed = Feed.objects.create(
            organisation_id=team.brand.organisation_id,
            agreement=team.brand.agreement,
            name=f"b:{length}",
            publisher="bench",
            ours=False,
            seq=length,
        )
        for first in range(1, length + 1, 5_000):
            FeedEntry.objects.bulk_create(
                copy_of(like, feed, seq) for seq in range(first, min(first + 5_000, length + 1))
            )
        taken = [
            seconds(lambda feed=feed, after=after: write_page(page_after(feed, after)))
            for after in [length // 2 + step for step in range(12)]
        ]
        figures[f"of_{length}"] = round(1000 * statistics.median(taken), 1)
    shortest, *_, longest = figures.values()
    return figures | {"ratio": round(longest / shortest, 2)}


def copy_of(like, feed, seq: int):
    from countermark.node.exchange.models import FeedEntry

    return FeedEntry(
        feed=feed,
        seq=seq,
        token=like.token,
        entry_id=f"{seq:064x}",
        digest=like.digest,
        leaf_salt=like.leaf_salt,
        type=like.type,
        subject=like.subject,
        data_class=like.data_class,
        happened_at=like.happened_at,
    )


def delay(entries: int) -> dict[str, object]:
    """Seconds from commit on one node to applied on the other, two real nodes, one entry at a time."""
    from tests.exchange.nodes import pair_of_nodes, wait_until

    with tempfile.TemporaryDirectory(prefix="countermark-bench-") as folder, pair_of_nodes(Path(folder)) as pair:
        pair.agree()
        pair.nothing_lost_nothing_twice()
        said = {}
        for number in range(entries):
            entry_id, at = pair.brand.ask("say_at", name=pair.agreement, number=number)
            said[entry_id] = at
            time.sleep(0.05 + 0.013 * (number % 10))
        wait_until(pair.applied, "all is applied")
        applied = dict(pair.market.ask("effects_at"))
    taken = sorted((applied[entry_id] - at) / 1e9 for entry_id, at in said.items())
    return {
        "entries": entries,
        "median_s": round(statistics.median(taken), 3),
        "p95_s": round(taken[int(len(taken) * 0.95)], 3),
        "goal_median_s": GOAL_DELAY,
    }


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> None:
    """Measure here and now; `--measure` is what the processes of a run are called with."""
    if "--measure" in sys.argv:
        print(json.dumps(measure(int(sys.argv[-2]), int(sys.argv[-1]))))
        return
    run("full" if "--full" in sys.argv else "small")


if __name__ == "__main__":
    main()
