"""Notices in bulk, and the pages of a full queue.

`python -m benchmarks notices [--full]`, or `python -m benchmarks.notices [--filed N] [--open M]`; on a database of its
own, that of DATABASE_URL's server or SQLite. Says the seconds in which N notices are checked, signed, queued and said
in the feed by one process, against the same one by one; and the 95th percentile of the deciding page, the queue and
the calendar with M notices open, rendered through Django's test client.
"""

import argparse
import gc
import logging
import os
import time
from collections.abc import Callable, Sequence

import django
import structlog

SIZES = {"small": (300, 3_000), "full": (10_000, 100_000)}
_ALONE = 40


def run(size: str) -> dict[str, object]:
    """Measure at a size."""
    filed, opened = SIZES[size]
    return measure(filed, opened)


def measure(filed: int, opened: int) -> dict[str, object]:
    """Set a database up, measure, and take it down."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.node.config.settings.test")
    django.setup()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        return _measure(filed, opened)
    finally:
        teardown_databases(databases, verbosity=0)


def _measure(filed: int, opened: int) -> dict[str, object]:
    from django.db import connection

    from countermark.node.exchange.signing import set_keys
    from countermark.node.notices import factories
    from countermark.node.notices.models import Notice

    team = factories.make_agreed_team()
    alone = _one_by_one(team)
    findings = factories.make_grounds_for_notices(team.brand.analyst, filed)
    seconds, cpu = _together(team, findings)
    print(f"filed {filed:,} notices in {seconds:.1f} s ({cpu:.1f} s of CPU): {filed / seconds:.0f} a second")
    print(f"one by one: {alone:.0f} a second")
    factories.pass_on(team, team.market)
    row = Notice.objects.filter(organisation_id=team.market.organisation_id).first()
    assert row is not None
    _fill(row, opened)
    # What this process made stays in it, as it would not in a server: the collector need not walk over it.
    gc.collect()
    gc.freeze()
    pages = _pages(team, row.public_id)
    set_keys(None)
    return {
        "database": connection.vendor,
        "filed": filed,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "per_second": round(filed / seconds),
        "per_second_one_by_one": round(alone),
        "ratio": round(filed / seconds / alone, 1),
        "open": opened,
        "p95_ms": pages,
    }


def _one_by_one(team: object) -> float:
    from countermark.node.notices import factories, filing, sending

    member = team.brand.analyst  # type: ignore[attr-defined]
    findings = factories.make_grounds_for_notices(member, _ALONE)
    choices = [(one, factories.make_choice(member, one)) for one in findings]
    began = time.perf_counter()
    for finding, choice in choices:
        filing.send_now(member, filing.file(member, finding.core_id, choice))
        sending.send_due(1)
    return _ALONE / (time.perf_counter() - began)


def _together(team: object, findings: Sequence[object]) -> tuple[float, float]:
    import msgspec
    from django.utils import timezone

    from countermark.node.notices import factories, sending
    from countermark.node.notices.bulk import filing, looking, selectors
    from countermark.node.notices.bulk.choosing import Row, Together
    from countermark.node.notices.models import Notice

    member = team.brand.analyst  # type: ignore[attr-defined]
    rows = [Row(finding=one.core_id) for one in findings]  # type: ignore[attr-defined]
    together = Together(explanation=factories.EXPLANATION, signer="Ada Quill")
    began, cpu = time.perf_counter(), time.process_time()
    words = looking.words_to_sign(member, together, rows[:1])
    together = msgspec.structs.replace(together, declared=tuple(one.version for one in words))
    batch = filing.start(member, "benchmark", together, rows)
    filing.file_rows(member, batch)
    Notice.objects.filter(stage="queued").update(send_after=timezone.now())
    while sending.send_due():
        pass
    took = time.perf_counter() - began, time.process_time() - cpu
    counts = selectors.batch(member, batch, size=1).counts
    assert counts["filed"] == len(rows), counts
    assert not Notice.objects.filter(stage__in=["queued", "held"]).exists()
    return took


def _pages(team: object, notice: str) -> dict[str, float]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    market = team.market.administrator  # type: ignore[attr-defined]
    client = Client()
    client.force_login(get_user_model().objects.get(pk=market.user_id))
    addresses = {
        "deciding page": f"/notices/{notice}/",
        "queue, our move": "/notices/",
        "queue, overdue": "/notices/?whose=overdue",
        "all, newest first": "/notices/?whose=all",
        "deadlines": "/notices/deadlines/",
    }
    found = {what: _p95(lambda at=address: _get(client, at)) for what, address in addresses.items()}  # type: ignore[misc]
    found["decide one"] = _decide_p95(team, client)
    for what, milliseconds in found.items():
        print(f"{what}: p95 {milliseconds:.1f} ms")
    return {what: round(one, 1) for what, one in found.items()}


def _get(client: object, address: str) -> None:
    answer = client.get(address)  # type: ignore[attr-defined]
    assert answer.status_code == 200, (address, answer.status_code)


def _decide_p95(team: object, client: object) -> float:
    """Deciding itself, page after page: each notice once."""
    from countermark.node.notices.models import Notice

    organisation = team.market.organisation_id  # type: ignore[attr-defined]
    names = iter(
        Notice.objects.filter(organisation_id=organisation, stage="open")
        .order_by("pk")
        .values_list("public_id", flat=True)[:60]
    )

    def act() -> None:
        answer = client.post(f"/notices/{next(names)}/decide/", {"decision": "refuse:no_infringement"})  # type: ignore[attr-defined]
        assert answer.status_code == 303, answer.status_code

    return _p95(act, 30)


def _fill(row: object, opened: int) -> None:
    from countermark.node.kernel.ids import new_id
    from countermark.node.notices.models import Notice

    fields = {f.attname: getattr(row, f.attname) for f in Notice._meta.concrete_fields if f.attname != "id"}
    for start in range(0, opened, 5_000):
        many = range(min(5_000, opened - start))
        rows = [Notice(**(fields | {"public_id": new_id("ntc"), "listing": ""})) for _ in many]
        Notice.objects.bulk_create(rows, batch_size=500)


def _p95(act: Callable[[], None], times: int = 40) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[int(times * 0.95)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filed", type=int, default=SIZES["small"][0])
    parser.add_argument("--open", type=int, default=SIZES["small"][1])
    parser.add_argument("--full", action="store_true")
    sizes = parser.parse_args()
    measure(*SIZES["full"]) if sizes.full else measure(sizes.filed, sizes.open)
