"""A team that shares, and someone who reads."""

from collections.abc import Iterator

import pytest

from countermark.node.exchange.facades import tokens
from countermark.node.exchange.facades.factories import make_sharing_team, make_token
from countermark.node.exchange.facades.reading import Book, books
from countermark.node.exchange.factories import Team
from countermark.node.exchange.signing import set_keys


@pytest.fixture
def team(db) -> Iterator[Team]:
    """A brand and a marketplace whose agreement lets both share listings and findings."""
    yield make_sharing_team()
    set_keys(None)


@pytest.fixture
def book(team) -> Book:
    """The brand's shelf, without personal data."""
    return books(tokens.opened(make_token(team.brand)))[0]
