"""The page of tokens: shown once, revoked at once."""

from collections.abc import Iterator

import pytest
from django.test import Client

from countermark.node.exchange.facades.factories import make_sharing_team
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import ReadToken
from countermark.node.exchange.signing import set_keys


@pytest.fixture
def team(db) -> Iterator[Team]:
    yield make_sharing_team()
    set_keys(None)


def test_a_token_made_on_the_page_opens_and_is_shown_once(team, browser, look):
    client = browser(team.brand.administrator)
    made = client.post("/tokens/add/", {"name": "OpenCTI", "agreement": team.brand.agreement_name, "days": 30})
    token = look(made.content).css_first("code").text().strip()
    opens = {"Authorization": f"Bearer {token}"}
    assert Client().get("/taxii2/", headers=opens).status_code == 200
    page = client.get("/tokens/").content.decode()
    assert "OpenCTI" in page
    assert token not in page
    assert client.post(f"/tokens/{ReadToken.objects.get().pk}/revoke/").status_code == 303
    assert Client().get("/taxii2/", headers=opens).status_code == 401


@pytest.mark.parametrize("form", [{}, {"name": "x", "days": 0}, {"name": "x", "days": 9, "agreement": "others"}])
def test_a_form_that_is_not_right_makes_nothing(team, browser, form):
    assert browser(team.brand.administrator).post("/tokens/add/", form).status_code == 422
    assert not ReadToken.objects.exists()
