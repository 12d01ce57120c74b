"""The review page with 200,000 findings waiting: time at the server, beside a naive list of the same rows.

Builds an invented house with that many findings in a temporary database, SQLite and, where a server answers,
PostgreSQL (`DATABASE_URL`, else the local one), and asks for real pages through Django's test client: the queue, an
item in the middle of it, and a decision with the next item in its answer, which is what a reviewer waits for between
two keys. The peer is the list most applications write first: COUNT of everything for the header, one for each level,
and OFFSET for the page. Both give fifty rows and the lengths.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks import _review_data as data

if TYPE_CHECKING:
    from countermark.node.review.shown import ReviewItem

SIZES = {"small": 20_000, "full": 200_000}
LOCAL_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
REQUESTS = 60
#: What is promised for a page at the server, in milliseconds, and in questions to the database.
BUDGET_MS, BUDGET_QUERIES = 120, 12


class Stopwatch:
    """Milliseconds of calls: median and 95th percentile on the wall, and the median of this process's own work.

    The own work is what a quiet machine would show for everything but the database server.
    """

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.own: list[float] = []

    def time(self, act: Callable[[], object]) -> None:
        """Call and remember how long it took."""
        wall, own = time.perf_counter(), time.process_time()
        act()
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.own.append((time.process_time() - own) * 1000)

    def figures(self) -> dict[str, float]:
        """The figures, without the first three calls, which warm things up."""
        wall, own = sorted(self.wall[3:]), self.own[3:]
        return {
            "p50_ms": round(statistics.median(wall), 1),
            "p95_ms": round(wall[int(len(wall) * 0.95)], 1),
            "own_p50_ms": round(statistics.median(own), 1),
        }


def timed(act: Callable[[], object], times: int = REQUESTS) -> dict[str, float]:
    """The figures of a call made over and over."""
    watch = Stopwatch()
    for _ in range(times + 3):
        watch.time(act)
    return watch.figures()


def pages(built: "data.Built") -> dict[str, object]:
    """Real requests: the queue, an item, a decision; and how many questions the first two ask."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from countermark.node.review import services

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(built.user, "allauth.account.auth_backends.AuthenticationBackend")
    middle = f"/review/{built.middle.core_id}/"

    def ask(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    def questions(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            ask(address)
        return len(asked)

    def decide(item: "ReviewItem") -> None:
        form = {"verdict": "infringing", "reason_infringing": "counterfeit", "lease": item.lease.token, "seconds": "4"}
        answer = client.post(f"/review/{item.finding.row.core_id}/decide/", form, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.status_code

    decisions = Stopwatch()
    for _ in range(REQUESTS + 3):
        item = services.open_next(built.member)
        decisions.time(lambda item=item: decide(item))
    return {
        "queue": timed(lambda: ask("/review/")) | {"queries": questions("/review/")},
        "item": timed(lambda: ask(middle)) | {"queries": questions(middle)},
        "decide_and_next": decisions.figures(),
    }


def rows(built: "data.Built") -> dict[str, object]:
    """Fifty rows and the lengths, first page and in the middle of the queue: ours, the peer's, and the ratio."""
    from countermark.node.findings.cursor import Cursor
    from countermark.node.findings.models import Finding
    from countermark.node.review import selectors

    def ours(cursor: str) -> int:
        selectors.queue_lengths(built.member)
        return len(selectors.queue(built.member, cursor=cursor).rows)

    def naive(offset: int) -> int:
        waiting = Finding.objects.filter(organisation_id=built.member.organisation_id, state="open")
        waiting.count()
        for level in ("high", "medium", "low"):
            waiting.filter(level=level).count()
        ordered = waiting.order_by("-expected_harm", "id").select_related("listing")
        page = list(ordered[offset : offset + 50].prefetch_related("listing__pictures__capture"))
        return len(page)

    half = built.number // 2
    places = {"first_page": ("", 0), "middle": (Cursor(built.middle.expected_harm, built.middle.pk).token(), half)}
    figures: dict[str, object] = {}
    for place, (cursor, offset) in places.items():
        assert ours(cursor) == naive(offset) == 50
        mine, theirs = timed(lambda c=cursor: ours(c), 30), timed(lambda o=offset: naive(o), 30)
        figures[place] = {"ours": mine, "naive": theirs, "ratio": round(theirs["p50_ms"] / mine["p50_ms"], 1)}
    return figures


def measure(number: int) -> dict[str, object]:
    """Everything for one database; runs in a process of its own, whose environment names the database."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    built = data.build(number)
    return {"pages": pages(built), "rows": rows(built), "build_seconds": built.seconds}


def in_a_process(number: int, database: str) -> dict[str, object]:
    """Measure on one database; the figures come back as the last line of the process's output."""
    with tempfile.TemporaryDirectory(prefix="countermark-bench-") as home:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.demo",
            "COUNTERMARK_HOME": home,
            "DATABASE_URL": database or f"sqlite:///{home}/bench.sqlite3",
            "COUNTERMARK_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "benchmarks.review_page", "--measure", str(number)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextmanager
def temporary_database() -> Iterator[str]:
    """A new database on the PostgreSQL server, gone afterwards; empty when no server answers."""
    import psycopg

    server = os.environ.get("DATABASE_URL", LOCAL_SERVER)
    name = f"countermark_bench_{os.getpid()}"
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield ""
        return
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(size: str) -> dict[str, object]:
    """Figures by database."""
    number = SIZES[size]
    figures: dict[str, object] = {"findings_waiting": number, "sqlite": in_a_process(number, "")}
    tell("sqlite", figures["sqlite"])
    with temporary_database() as address:
        if address:
            figures["postgresql"] = in_a_process(number, address)
            tell("postgresql", figures["postgresql"])
    return figures


def tell(database: str, figures: dict) -> None:
    """The figures of one database, for a person."""
    print(f"   {database}:")
    for name, page in figures["pages"].items():
        asked = f", {page['queries']} queries (budget {BUDGET_QUERIES})" if "queries" in page else ""
        taken = f"p50 {page['p50_ms']:6.1f} ms, p95 {page['p95_ms']:6.1f} ms (budget {BUDGET_MS})"
        print(f"      {name:16} {taken}, own work {page['own_p50_ms']:5.1f} ms{asked}")
    for place, row in figures["rows"].items():
        ours, naive = row["ours"]["p50_ms"], row["naive"]["p50_ms"]
        print(f"      50 rows, {place:10} ours {ours:6.1f} ms, naive {naive:6.1f} ms: {row['ratio']} times as fast")


def main() -> None:
    """Measure here and now; `--measure N` is what the processes of a run are called with."""
    if "--measure" in sys.argv:
        print(json.dumps(measure(int(sys.argv[-1]))))
        return
    run("full" if "--full" in sys.argv else "small")


if __name__ == "__main__":
    main()
