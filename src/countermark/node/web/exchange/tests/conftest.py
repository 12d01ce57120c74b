"""A brand and a marketplace on one node, so that pages of both sides can be looked at."""

from collections.abc import Iterator

import pytest

from countermark.node.exchange.factories import Team, make_team
from countermark.node.exchange.rules.terms import standard_terms, write_terms
from countermark.node.exchange.signing import set_keys
from countermark.node.parties.kinds import OrganisationKind


@pytest.fixture
def team(db) -> Iterator[Team]:
    """Both have signed standard terms."""
    yield make_team(write_terms(standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE)))
    set_keys(None)
