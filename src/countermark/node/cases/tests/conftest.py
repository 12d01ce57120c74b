"""Two sides of a joint case."""

from collections.abc import Iterator

import pytest

from countermark.node.cases.factories import make_joint_team
from countermark.node.exchange.factories import Side, Team
from countermark.node.exchange.signing import set_keys
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role


@pytest.fixture
def team(db) -> Iterator[Team]:
    """A brand and a marketplace whose agreement names what cases need."""
    yield make_joint_team()
    set_keys(None)


def person(side: Side, role: Role) -> Member:
    """Someone of a side."""
    return make_member(role, Organisation.objects.get(pk=side.organisation_id))


@pytest.fixture
def ana(team: Team) -> Member:
    """Analyst of the brand."""
    return team.brand.analyst


@pytest.fixture
def omar(team: Team) -> Member:
    """Officer of the marketplace."""
    return person(team.market, Role.OFFICER)
