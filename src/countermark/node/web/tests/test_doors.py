"""Each page, for each role, for someone of another organisation, and for nobody."""

import pytest
from django.test import Client
from django.urls import reverse

from countermark.node.evidence.factories import make_capture
from countermark.node.findings.factories import make_finding, make_scan
from countermark.node.rights.factories import make_reference, make_right

ROLES = ("reader", "officer", "analyst", "counsel", "administrator")
EVERYBODY = set(ROLES)
EDITORS = {"analyst", "counsel", "administrator"}
WORKERS = {"officer", "analyst", "counsel", "administrator"}

#: Page to the roles that may see it. `{finding}` and the like are filled from what `things` made.
PAGES: dict[str, set[str]] = {
    "/review/": EVERYBODY,
    "/review/?queue=second_look": EVERYBODY,
    "/review/?queue=escalated": {"counsel", "administrator"},
    "/review/filter/": EVERYBODY,
    "/review/{finding}/": EVERYBODY,
    "/findings/": EVERYBODY,
    "/findings/{finding}/": EVERYBODY,
    "/listings/": EVERYBODY,
    "/listings/{listing}/": EVERYBODY,
    "/listings/sellers/{seller}/": EVERYBODY,
    "/listings/import/": WORKERS,
    "/listings/imports/": EVERYBODY,
    "/rights/": EVERYBODY,
    "/rights/{right}/": EVERYBODY,
    "/rights/add/": EDITORS,
    "/rights/{right}/edit/": EDITORS,
    "/rights/{right}/withdraw/": EDITORS,
    "/rights/import/": EDITORS,
    "/rights/houses/": EVERYBODY,
    "/rights/house/?name=Corvane": EVERYBODY,
    "/scans/": EVERYBODY,
    "/scans/{scan}/": EVERYBODY,
    "/pictures/{picture}/": EVERYBODY,
    "/purchases/": EDITORS,
    "/purchases/order/{listing}/": EDITORS,
    "/notices/": EVERYBODY,
    "/notices/deadlines/": EVERYBODY,
    "/notices/file/{finding}/": EDITORS,
    "/notices/many/": EDITORS,
    "/channels/": EVERYBODY,
    "/conduct/": EVERYBODY,
    "/exchange/": EVERYBODY,
    "/agreements/": EVERYBODY,
    "/agreements/new/": {"administrator"},
    "/insight/": EVERYBODY,
    "/tokens/": {"administrator"},
    "/audit/": {"counsel", "administrator"},
    "/members/": EVERYBODY,
    "/members/{colleague}/remove/": {"administrator"},
    "/me/": EVERYBODY,
    "/keys/": EVERYBODY,
    "/help/": EVERYBODY,
}
#: Pages of one thing: for another organisation there is no such thing.
OF_ONE = [page for page in PAGES if "{" in page] + ["/rights/house/?name=Corvane"]


@pytest.fixture
def things(administrator, reader) -> dict[str, str]:
    right = make_right(administrator)
    make_reference(administrator, right)
    finding = make_finding(administrator)
    return {
        "finding": finding.core_id,
        "listing": finding.listing.core_id,
        "seller": finding.listing.seller.core_id,
        "right": right.core_id,
        "scan": make_scan(administrator).public_id,
        "picture": make_capture(administrator).public_id,
        "colleague": str(reader.user_id),
    }


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_the_roles_that_may_and_says_who_may_to_the_others(page, things, browser, request):
    for role in ROLES:
        answer = browser(request.getfixturevalue(role)).get(page.format(**things))
        expected = 200 if role in PAGES[page] else 403
        assert answer.status_code == expected, (role, page)
        if expected == 403:
            text = answer.content.decode()
            assert "Not permitted" in text
            assert "Who may do this" in text
            assert "Administrator" in text


@pytest.mark.parametrize("page", OF_ONE)
def test_a_thing_of_another_organisation_is_not_there(page, things, browser, stranger):
    answer = browser(stranger).get(page.format(**things))
    assert answer.status_code == 404
    assert "Maison Aurelle" not in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_logging_in(page, things):
    answer = Client().get(page.format(**things))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "form",
    [
        "/review/{finding}/decide/",
        "/review/{finding}/skip/",
        "/rights/{right}/reinstate/",
        "/rights/{right}/pictures/",
        "/channels/open/csv_file/",
        "/channels/chn_1/pause/",
        "/channels/messages/dsp_1/again/",
        "/scans/start/",
        "/scans/{scan}/cancel/",
        "/listings/import/",
        "/members/add/",
        "/tokens/add/",
        "/tokens/1/revoke/",
        "/members/{colleague}/role/",
        "/members/{colleague}/remove/",
    ],
)
def test_a_reader_changes_nothing(form, things, browser, reader):
    assert browser(reader).post(form.format(**things)).status_code == 403


def test_the_front_door_leads_to_review(browser, analyst):
    assert browser(analyst).get("/").headers["Location"] == reverse("web:review")


def test_a_part_of_a_page_that_is_no_longer_logged_in_leaves_for_the_log_in(db):
    answer = Client().get("/review/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/review/?a=b"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith(reverse("account_login"))


def test_an_account_of_no_organisation_is_told_what_to_do(db):
    from countermark.node.parties.factories import make_user

    client = Client()
    client.force_login(make_user(), "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/review/")
    assert answer.status_code == 403
    assert "belongs to no organisation" in answer.content.decode()
