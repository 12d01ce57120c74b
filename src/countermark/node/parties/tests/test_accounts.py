"""Log-in through the real pages of allauth: rate limits, no sign-up, and what the trail says."""

import pytest

from countermark.node.audit.models import Event
from countermark.node.parties.factories import PASSWORD, make_member
from countermark.node.parties.permissions import Role

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture
def ana(organisation):
    return make_member(Role.ANALYST, organisation, email="ana@aurelle.example", password=PASSWORD)


def log_in(client, email="ana@aurelle.example", password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def trail() -> list[tuple[str, str, str]]:
    return list(Event.objects.order_by("id").values_list("actor", "action", "target"))


def test_a_person_logs_in_by_e_mail_and_out_again(client, ana):
    assert log_in(client, "Ana@Aurelle.example").status_code == 302
    assert client.session["_auth_user_id"] == str(ana.user_id)
    assert client.post("/account/logout/").status_code == 302
    assert trail() == [(ana.actor, "account.logged_in", ana.actor), (ana.actor, "account.logged_out", ana.actor)]


def test_a_wrong_password_is_noted_without_the_address(client, ana):
    assert log_in(client, password="wrong").status_code == 200
    assert "_auth_user_id" not in client.session
    assert trail() == [("anonymous", "account.log_in_failed", ana.actor)]
    log_in(client, "nobody@else.example")
    assert len(trail()) == 1


def test_guessing_is_slowed_down(client, ana):
    answers = [log_in(client, password=f"wrong-{n}") for n in range(6)]
    assert b"Too many" in answers[-1].content
    assert b"Too many" in log_in(client).content
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client, ana):
    data = {"email": "eve@x.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", data)
    assert "_auth_user_id" not in client.session
    from countermark.node.parties.models import User

    assert User.objects.count() == 1


def test_a_forgotten_password_answers_the_same_for_known_and_unknown_addresses(client, ana):
    known = client.post("/account/password/reset/", {"email": "ana@aurelle.example"})
    unknown = client.post("/account/password/reset/", {"email": "nobody@x.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_changed_password_is_noted(client, ana):
    log_in(client)
    new = "another-long-phrase-9"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (ana.actor, "account.password_changed", ana.actor) in trail()


def test_logging_in_cannot_be_forged_from_another_site(ana):
    from django.test import Client

    assert log_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_second_factors_are_offered(client, ana):
    log_in(client)
    page = client.get("/account/2fa/")
    assert page.status_code == 200
