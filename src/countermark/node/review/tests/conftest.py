import pytest

from countermark.node.findings.factories import make_finding
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role


@pytest.fixture
def other(organisation):
    """A second analyst of the same house."""
    return make_member(Role.ANALYST, organisation)


@pytest.fixture
def finding(member):
    return make_finding(member)
