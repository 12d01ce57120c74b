"""A grave act asks again who it is when the log-in is old; nothing is done meanwhile, and nothing sent is kept."""

from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from countermark.node.exchange.facades.factories import make_sharing_team
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Agreement, ReadToken
from countermark.node.exchange.signing import set_keys
from countermark.node.parties.factories import PASSWORD

LONG_AGO = 16
AGAIN = "/account/reauthenticate/"
PASSWORD_FIELD = 'type="password"'


@pytest.fixture
def team(db) -> Iterator[Team]:
    team = make_sharing_team()
    user = get_user_model().objects.get(pk=team.brand.administrator.user_id)
    user.set_password(PASSWORD)
    user.save()
    yield team
    set_keys(None)


def token(team: Team) -> dict[str, object]:
    return {"name": "OpenCTI", "agreement": team.brand.agreement_name, "days": 30}


def end_page(team: Team) -> str:
    return reverse("web:agreement-end", args=[team.brand.agreement_name])


def test_a_page_of_a_grave_act_asks_for_the_password_and_comes_back(team, browser):
    client = browser(team.brand.administrator, LONG_AGO)
    asked = client.get(end_page(team))
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (303, AGAIN)
    assert PASSWORD_FIELD in client.get(asked["Location"]).content.decode()
    wrong = client.post(asked["Location"], {"password": "not-this-one-at-all", "next": end_page(team)})
    assert wrong.status_code == 200
    assert client.get(end_page(team)).status_code == 303
    right = client.post(asked["Location"], {"password": PASSWORD, "next": end_page(team)})
    assert (right.status_code, right["Location"]) == (302, end_page(team))
    assert client.get(end_page(team)).status_code == 200


def test_what_is_sent_with_an_old_log_in_is_not_done_and_not_kept(team, browser):
    client = browser(team.brand.administrator, LONG_AGO)
    answer = client.post("/tokens/add/", token(team), headers={"Referer": "http://testserver/tokens/"})
    assert answer["Location"] == f"{AGAIN}?next=%2Ftokens%2F"
    assert not ReadToken.objects.exists()
    back = client.post(AGAIN, {"password": PASSWORD, "next": "/tokens/"}, follow=True)
    assert "Nothing was done yet" in back.content.decode()
    assert not ReadToken.objects.exists()
    assert client.post("/tokens/add/", token(team)).status_code == 200
    assert ReadToken.objects.count() == 1


def test_nothing_ends_by_an_old_log_in(team, browser):
    client = browser(team.brand.administrator, LONG_AGO)
    assert client.post(end_page(team), {"reason": "The season is over."}).status_code == 303
    assert Agreement.objects.get(pk=team.brand.agreement.pk).ends_at is None


@pytest.mark.parametrize(
    "page", ["feed-thaw", "feed-export", "agreement-sign", "agreement-suspend", "agreement-decline", "token-add"]
)
def test_every_grave_act_stands_behind_this_door(team, browser, page):
    of_feed, of_nothing = page.startswith("feed"), page == "token-add"
    name = team.brand.feed.name if of_feed else team.brand.agreement_name
    address = reverse(f"web:{page}", args=[] if of_nothing else [name])
    answer = browser(team.brand.administrator, LONG_AGO).post(address)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, AGAIN)
    assert AGAIN not in browser(team.brand.administrator).post(address).headers.get("Location", "")


def test_another_site_as_the_page_before_is_not_gone_back_to(team, browser):
    client = browser(team.brand.administrator, LONG_AGO)
    answer = client.post("/tokens/add/", token(team), headers={"Referer": "http://evil.example/tokens/"})
    assert answer["Location"] == f"{AGAIN}?next=%2F"


def test_a_part_of_a_page_leads_the_whole_page_there(team, browser):
    client = browser(team.brand.administrator, LONG_AGO)
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/tokens/"}
    answer = client.post("/tokens/add/", token(team), headers=asked)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, f"{AGAIN}?next=%2Ftokens%2F")


def test_an_account_without_anything_to_ask_for_logs_in_anew(team, browser):
    user = get_user_model().objects.get(pk=team.brand.administrator.user_id)
    user.set_unusable_password()
    user.save()
    client = browser(team.brand.administrator, LONG_AGO)
    answer = client.get(end_page(team))
    assert answer["Location"].startswith("/account/login/?next=")
    assert client.get("/agreements/")["Location"].startswith("/account/login/")


def test_the_setting_says_how_long_a_log_in_counts(team, browser, settings):
    settings.COUNTERMARK_STEP_UP_MINUTES = LONG_AGO + 1
    assert browser(team.brand.administrator, LONG_AGO).get(end_page(team)).status_code == 200


def test_acts_that_can_be_undone_ask_for_nothing(team, browser):
    page = reverse("web:agreement-resume", args=[team.brand.agreement_name])
    answer = browser(team.brand.administrator, LONG_AGO).post(page)
    assert AGAIN not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "came_from",
    [
        "http://testserver//elsewhere.example/tokens/",
        "http://testserver///elsewhere.example/",
        "http://testserver/\\elsewhere.example/",
        "http://elsewhere.example/tokens/",
        "//elsewhere.example/tokens/",
        "javascript://testserver/%0aalert(1)",
    ],
)
def test_no_page_sends_anybody_elsewhere_after_the_password(team, browser, came_from):
    client = browser(team.brand.administrator, LONG_AGO)
    answer = client.post("/tokens/add/", token(team), headers={"Referer": came_from})
    back = unquote(answer["Location"].partition("?next=")[2])
    assert back.startswith("/")
    assert not back.startswith(("//", "/\\"))
    after = client.post(AGAIN, {"password": PASSWORD, "next": came_from})
    assert urlsplit(urljoin(f"http://testserver{AGAIN}", after["Location"])).hostname == "testserver"


def test_passwords_are_not_tried_by_the_dozen(team, browser):
    client = browser(team.brand.administrator, LONG_AGO)
    codes = [client.post(AGAIN, {"password": f"wrong {n}", "next": "/tokens/"}).status_code for n in range(15)]
    assert 429 in codes
    assert client.get(end_page(team)).status_code == 303


def test_a_log_in_from_the_future_proves_nothing(team, browser):
    assert browser(team.brand.administrator, -60).get(end_page(team)).status_code == 303


def test_what_one_person_proved_is_not_what_the_next_in_that_browser_has(team, browser):
    client = browser(team.brand.administrator)
    assert client.get(end_page(team)).status_code == 200
    client.post("/account/logout/")
    client.force_login(
        get_user_model().objects.get(pk=team.brand.administrator.user_id),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    assert client.get(end_page(team)).status_code == 303
