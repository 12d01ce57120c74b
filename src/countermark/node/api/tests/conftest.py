"""A team that shares, and a tool that reads over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from countermark.node.exchange.facades.factories import make_sharing_team, make_token
from countermark.node.exchange.factories import Team
from countermark.node.exchange.signing import set_keys

TAXII = "application/taxii+json;version=2.1"
Tool = Callable[..., Any]


@pytest.fixture
def sharing(db) -> Iterator[Team]:
    """A brand and a marketplace that may share listings and findings."""
    yield make_sharing_team()
    set_keys(None)


@pytest.fixture
def tool(sharing) -> Tool:
    """Asks with a token of the brand: `tool(path, limit=5)`."""
    token = make_token(sharing.brand)

    def ask(path: str, *, token: str = token, accept: str = TAXII, **query: str | int) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        return Client().get(path, query, headers=headers)

    return ask


@pytest.fixture
def collection(tool) -> str:
    """Address of the only collection."""
    (one,) = tool("/taxii2/root/collections/").json()["collections"]
    return f"/taxii2/root/collections/{one['id']}/"
