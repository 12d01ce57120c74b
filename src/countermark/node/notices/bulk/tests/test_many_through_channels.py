"""Many notices at once to marketplaces without a node."""

import msgspec
import pytest

from countermark.node.channels import opening
from countermark.node.channels.models import Dispatch
from countermark.node.kernel.time import now
from countermark.node.notices import sending
from countermark.node.notices.bulk import filing, looking
from countermark.node.notices.bulk.choosing import Row, Together
from countermark.node.notices.factories import EXPLANATION, make_ground_for_notice
from countermark.node.notices.models import Notice
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role


@pytest.mark.django_db
def test_they_go_through_the_channel_that_fits_or_that_a_row_names(settings, tmp_path):
    settings.COUNTERMARK_CHANNEL_FOLDER = tmp_path
    brand = make_member(Role.ADMINISTRATOR)
    fitting = opening.open_channel(brand, "csv_file", name="One", marketplace="bazaar")
    named = opening.open_channel(brand, "csv_file", name="Another", marketplace="Shopnova")
    rows = [Row(finding=make_ground_for_notice(brand).core_id, agreement=way) for way in ("", named)]
    together = Together(explanation=EXPLANATION, signer="Ada Quill")
    sight = looking.look(brand, together, rows)
    together = msgspec.structs.replace(together, declared=tuple(one.version for one in sight.declarations))
    filing.file_rows(brand, filing.start(brand, "k", together, rows))
    Notice.objects.update(send_after=now())
    assert sending.send_due() == 2
    sent = {one.channel.public_id: one.cargo for one in Dispatch.objects.select_related("channel")}
    assert sent == {fitting: "notice", named: "notice"}
