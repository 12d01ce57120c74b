"""A worker sends what waits for a channel, in its turn, and applies what came back."""

import pytest

from countermark.node.channels import opening
from countermark.node.channels import sending as channels
from countermark.node.channels.models import Dispatch
from countermark.node.jobs.desk import Desk
from countermark.node.notices import filing, sending
from countermark.node.notices.factories import make_choice, make_ground_for_notice
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Stage
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role


@pytest.mark.django_db
def test_a_worker_sends_what_waits_and_takes_over_from_one_that_was_lost(settings, tmp_path):
    settings.COUNTERMARK_CHANNEL_FOLDER = tmp_path
    brand = make_member(Role.ADMINISTRATOR)
    channel = opening.open_channel(brand, "csv_file", name="Files", marketplace="Shopnova")
    finding = make_ground_for_notice(brand)
    choice = make_choice(brand, finding, channel=channel, regime="platform-generic")
    filing.send_now(brand, filing.file(brand, finding.core_id, choice))
    sending.send_due()
    assert channels.claim_channel("lost") == channel
    desk = Desk("worker of a test", lambda: True)
    assert not desk.turn()
    assert channels.workers_claiming() == ["lost"]
    assert channels.release_claims("lost") == 1
    while desk.turn():
        pass
    assert (Dispatch.objects.get().state, Notice.objects.get().stage) == ("sent", Stage.OPEN)
    assert len(list(tmp_path.rglob("*.csv"))) == 1
