"""A brand and a marketplace that have agreed on notices."""

from collections.abc import Iterator

import pytest

from countermark.node.exchange.factories import Team
from countermark.node.exchange.signing import set_keys
from countermark.node.notices.factories import make_agreed_team


@pytest.fixture
def team(db) -> Iterator[Team]:
    yield make_agreed_team("CN", "US")
    set_keys(None)
