"""Notices in bulk, and the pages of a full queue.

`python -m benchmarks.notices [--filed N] [--open M]`, on a database of its own. Says seconds for N notices to be
signed, queued and said in the feed, and the 95th percentile of one notice and of the queue with M open ones.
"""

import argparse
import os
import time

import django


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filed", type=int, default=200)
    parser.add_argument("--open", type=int, default=2_000)
    sizes = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.node.config.settings.test")
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _measure(sizes.filed, sizes.open)
    finally:
        teardown_databases(databases, verbosity=0)


def _measure(filed: int, opened: int) -> None:
    from countermark.node.notices import factories, filing, selectors, sending
    from countermark.node.notices.models import Notice

    team = factories.make_agreed_team()
    member, market = team.brand.analyst, team.market.administrator
    findings = [factories.make_ground_for_notice(member) for _ in range(filed)]
    choices = [(one, factories.make_choice(member, one)) for one in findings]
    began = time.perf_counter()
    for finding, choice in choices:
        filing.send_now(member, filing.file(member, finding.core_id, choice))
    while sending.send_due():
        pass
    seconds = time.perf_counter() - began
    print(f"filed {filed:,} notices in {seconds:.1f} s: {filed / seconds:.0f} a second")

    factories.pass_on(team, team.market)
    row = Notice.objects.filter(organisation_id=team.market.organisation_id).first()
    assert row is not None
    name = row.public_id
    _fill(row, opened)
    for what, act in (
        ("one notice", lambda: selectors.notice(market, name)),
        ("the queue", lambda: selectors.notices(market, "to_decide")),
        ("deadlines", lambda: selectors.deadlines(market)),
    ):
        print(f"{what}, {opened:,} open: p95 {_p95(act):.1f} ms")


def _fill(row: object, opened: int) -> None:
    from countermark.node.kernel.ids import new_id
    from countermark.node.notices.models import Notice

    fields = {f.attname: getattr(row, f.attname) for f in Notice._meta.concrete_fields if f.attname != "id"}
    rows = (Notice(**(fields | {"public_id": new_id("ntc")})) for _ in range(opened))
    Notice.objects.bulk_create(rows, batch_size=500)


def _p95(act: object, times: int = 60) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()  # type: ignore[operator]
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[int(times * 0.95)]


if __name__ == "__main__":
    main()
