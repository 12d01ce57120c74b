"""Fixtures of the exchange."""

from collections.abc import Iterator

import pytest

from countermark.node.exchange.factories import Team, make_team
from countermark.node.exchange.signing import set_keys


@pytest.fixture
def team(db) -> Iterator[Team]:
    """A brand and a marketplace whose agreement is in force."""
    yield make_team()
    set_keys(None)
