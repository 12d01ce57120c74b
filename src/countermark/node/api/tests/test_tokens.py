"""Tokens: what opens, what does not, and what is written down about it."""

import base64
import hashlib

import pytest
from django.test import Client

from countermark.node.audit.models import Event
from countermark.node.exchange.facades import tokens
from countermark.node.exchange.facades.factories import make_token, share_listing
from countermark.node.exchange.models import ReadToken
from countermark.node.kernel.errors import Invalid, NotFound, NotPermitted
from countermark.node.parties import services as parties
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role


@pytest.fixture
def clerk(sharing):
    """Another administrator of the brand."""
    return make_member(Role.ADMINISTRATOR, Organisation.objects.get(pk=sharing.brand.organisation_id))


def test_only_a_digest_is_kept(sharing):
    text = make_token(sharing.brand)
    row = ReadToken.objects.get()
    assert row.digest == hashlib.sha256(text.encode()).hexdigest()
    assert text not in str(vars(row))
    assert text not in str(list(Event.objects.values_list("detail", "target")))


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer cmr_" + "A" * 43, "Basic !!", "Digest x", "Bearer é"]
)
def test_a_wrong_token_is_told_how_to_come_in(sharing, header):
    answer = Client().get("/taxii2/", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_basic_carries_a_token_as_password_for_clients_that_know_nothing_else(sharing):
    given = base64.b64encode(f"watchtower:{make_token(sharing.brand)}".encode()).decode()
    assert Client().get("/taxii2/", headers={"Authorization": f"Basic {given}"}).status_code == 200


def test_a_token_ends_with_its_day_its_revocation_and_its_owner(sharing, clerk, tool, clock):
    brand = sharing.brand.administrator
    short = tokens.add(brand, name="Short", days=1)
    owned = tokens.add(brand, name="Owned", owner=clerk.email)
    revoked = tokens.add(brand, name="Revoked")
    assert [tool("/taxii2/", token=one).status_code for one in (short, owned, revoked)] == [200] * 3
    parties.remove_member(brand, clerk.user_id)
    tokens.revoke(brand, ReadToken.objects.get(name="Revoked").pk)
    clock.forward(days=1)
    assert [tool("/taxii2/", token=one).status_code for one in (short, owned, revoked)] == [401] * 3


def test_a_token_of_one_agreement_opens_no_other(sharing, tool, collection):
    name = sharing.brand.agreement_name
    assert tool(collection, token=make_token(sharing.brand, agreement=name)).status_code == 200
    with pytest.raises(NotFound):
        make_token(sharing.brand, agreement="maison-aurelle-other")


def test_more_requests_than_a_tool_needs_are_put_off(sharing, tool, clock, monkeypatch):
    monkeypatch.setattr(tokens, "MOST_A_MINUTE", 3)
    assert [tool("/taxii2/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert tool("/taxii2/").headers["Retry-After"] == "60"
    clock.forward(minutes=1)
    assert tool("/taxii2/").status_code == 200


def test_reads_are_written_to_the_trail_once_for_an_hour(sharing, tool, collection, clock):
    share_listing(sharing.brand, 1)
    for _ in range(3):
        tool(f"{collection}objects/", limit=500)
    assert not Event.objects.filter(action="token.read").exists()
    clock.forward(hours=1)
    assert tokens.note_hours() == 1
    (event,) = Event.objects.filter(action="token.read")
    assert event.detail["reads"] == 3
    assert event.detail["objects"] == 33
    assert event.detail["agreement"] == sharing.brand.agreement_name
    assert tokens.note_hours() == 0


def test_only_who_may_makes_tokens_and_only_for_who_may_read(sharing, clerk):
    brand = sharing.brand
    with pytest.raises(NotPermitted):
        tokens.add(brand.analyst, name="Mine")
    with pytest.raises(NotFound):
        tokens.add(brand.administrator, name="Theirs", owner=sharing.market.administrator.email)
    reader = make_member(Role.READER, Organisation.objects.get(pk=brand.organisation_id))
    with pytest.raises(Invalid, match="does not see personal data"):
        tokens.add(brand.administrator, name="Names", owner=reader.email, personal=True)


@pytest.mark.parametrize(
    ("name", "days"), [("", 9), ("a\nb", 9), ("x" * 81, 9), ("a\0b", 9), ("Fine", 0), ("Fine", 999)]
)
def test_a_token_has_a_name_and_an_end(sharing, name, days):
    with pytest.raises(Invalid):
        tokens.add(sharing.brand.administrator, name=name, days=days)


def test_another_organisation_neither_sees_nor_revokes_a_token(sharing):
    make_token(sharing.brand)
    key = ReadToken.objects.get().pk
    assert tokens.listed(sharing.market.administrator) == ()
    with pytest.raises(NotFound):
        tokens.revoke(sharing.market.administrator, key)


def test_personal_data_stop_when_the_owner_loses_the_permission(sharing, clerk, tool, collection):
    share_listing(sharing.market, 1, seller_name="Mireille Exemple")
    sharing.pull(sharing.brand)
    token = tokens.add(sharing.brand.administrator, name="Names", owner=clerk.email, personal=True)
    assert "Mireille" in tool(f"{collection}objects/", token=token).content.decode()
    parties.change_role(sharing.brand.administrator, clerk.user_id, Role.READER)
    assert "Mireille" not in tool(f"{collection}objects/", token=token).content.decode()
