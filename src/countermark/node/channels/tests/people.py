"""Who opens channels, in tests."""

import pytest

from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.permissions import Role


@pytest.fixture
def market(db: None) -> Member:
    """An administrator of a marketplace."""
    return make_member(Role.ADMINISTRATOR, make_organisation(kind="marketplace"))


@pytest.fixture
def brand(db: None) -> Member:
    """An administrator of a rights holder."""
    return make_member(Role.ADMINISTRATOR, make_organisation("Maison Aurelle"))
