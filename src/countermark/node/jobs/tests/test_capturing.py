"""A worker takes captures in its turn, and what a killed worker held comes back."""

from datetime import timedelta

import pytest

from countermark.node.evidence import collecting, isolating
from countermark.node.evidence.models import Evidence
from countermark.node.evidence.purchases import stamps
from countermark.node.evidence.tests.shop import pages, shop
from countermark.node.jobs.desk import Desk
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_a_capture_is_done_in_its_turn_also_after_a_worker_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolating, "browser", lambda: "")
    with shop(pages(1)) as address:
        evidence_id = collecting.request_capture(make_member(role=Role.OFFICER), f"{address}/offer")
        assert collecting.claim_capture("lost") == evidence_id
        desk = Desk("worker of a test", lambda: True)
        assert not desk.turn()
        assert collecting.workers_claiming() == ["lost"]
        assert collecting.release_claims("lost") == 1
        assert desk.turn()
    row = Evidence.objects.get(public_id=evidence_id)
    assert row.sealed_at is not None
    assert row.files.count() == 4
    assert desk.tidy() == 0
    Evidence.objects.update(retain_until=now().date() - timedelta(days=1))
    assert desk.tidy() == 1
    assert desk.tidy() == 0


def test_an_authority_that_is_away_is_not_asked_at_every_turn(db, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def away() -> list[str]:
        asked.append("asked")
        return ["It is away."]

    monkeypatch.setattr(stamps, "stamp_waiting", away)
    desk = Desk("worker of a test", lambda: True)
    assert [desk.tidy(), desk.tidy()] == [0, 0]
    assert asked == ["asked"]
