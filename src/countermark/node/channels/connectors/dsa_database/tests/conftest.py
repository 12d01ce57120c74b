"""A marketplace with a channel to a Transparency Database."""

from typing import Any

import pytest

from countermark.node.channels import opening, outbox
from countermark.node.channels.connectors.dsa_database.tests.fake import TOKEN, FakeDatabase
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.models import Channel
from countermark.node.channels.tests.people import market
from countermark.node.parties.access import Member

__all__ = ["market"]


@pytest.fixture
def database(settings: Any) -> FakeDatabase:
    """A Transparency Database that this node has a token of."""
    settings.COUNTERMARK_DSA_TOKEN = lambda: TOKEN
    settings.COUNTERMARK_DSA_URL = "https://dsa.example/api/v1"
    return FakeDatabase()


@pytest.fixture
def statements(market: Member, database: FakeDatabase) -> Channel:
    """The channel to it."""
    return Channel.objects.get(public_id=opening.open_channel(market, "dsa_database", name="Transparency Database"))


def put_statement(channel: Channel, document: dict[str, Any]) -> None:
    puid = document["puid"]
    letter = Letter(cargo=Cargo.STATEMENT, subject="ntc_1", key=f"statement {puid}", reference=puid, document=document)
    outbox.put(channel, letter)
