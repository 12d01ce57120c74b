"""A worker keeps the law of its release at each round, and does the duties that have days once in ten minutes."""

import time
from datetime import timedelta

from countermark.law.lawbook import shipped_lawbook
from countermark.node.duties import holding
from countermark.node.findings.factories import make_finding
from countermark.node.findings.models import Finding
from countermark.node.jobs import desk
from countermark.node.kernel.time import now
from countermark.node.lawbook.models import KeptRegime


def test_a_round_keeps_the_law_reminds_and_deletes_and_the_next_one_waits(counsel, clock, monkeypatch):
    seconds = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: seconds)
    one, stale = desk.Desk("worker of a test", lambda: True), make_finding(counsel)
    held = make_finding(counsel)
    Finding.objects.update(found_at=now() - timedelta(days=120))
    holding.place(counsel, held.core_id, "claim", "Docket 1", now().date() + timedelta(days=1))
    clock.forward(days=2)
    one.tidy()
    assert KeptRegime.objects.count() == len(shipped_lawbook().regimes)
    assert not Finding.objects.filter(pk=stale.pk).exists()
    assert Finding.objects.filter(pk=held.pk).exists()
    assert holding.remind() == 0
    clock.forward(days=1)
    one.tidy()
    assert holding.remind() == 1
    seconds = desk.DUTIES_EVERY
    clock.forward(days=1)
    one.tidy()
    assert holding.remind() == 0
