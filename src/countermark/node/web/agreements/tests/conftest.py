"""A brand and a marketplace on one node that have agreed on standard terms, and a second agreement in draft."""

import pytest

from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Agreement
from countermark.node.web.agreements.tests.negotiating import card_of
from countermark.node.web.exchange.tests.conftest import team

__all__ = ["team"]


@pytest.fixture
def drafted(team: Team, browser) -> str:
    """A second agreement, drafted in the browser."""
    browser(team.brand.administrator).post("/agreements/new/draft/", {"card": card_of(team).decode()})
    return Agreement.objects.get(organisation_id=team.brand.organisation_id, state="draft").name
