"""Members by their pages."""

import pytest
from django.test import Client

from countermark.node.parties import selectors
from countermark.node.parties.permissions import Role


@pytest.fixture
def page(browser, administrator):
    return browser(administrator)


def test_a_person_is_let_in_with_a_password_that_is_shown_once_and_works(page, look):
    answer = page.post("/members/add/", {"email": "new@aurelle.example", "name": "Noor Lau", "role": "reader"})
    assert answer.status_code == 200
    password = look(answer.content).css_first(".notice code").text()
    assert password not in page.get("/members/").content.decode()
    fresh = Client()
    answer = fresh.post("/account/login/", {"login": "new@aurelle.example", "password": password})
    assert answer.status_code == 302
    assert fresh.get("/review/").status_code == 200


def test_an_address_that_is_taken_or_wrong_comes_back(page, reader, look):
    answer = page.post("/members/add/", {"email": reader.email, "role": "reader"})
    assert answer.status_code == 409
    assert look(answer.content).css_first("#id_email_error") is not None
    assert page.post("/members/add/", {"email": "nobody", "role": "reader"}).status_code == 422
    assert page.post("/members/add/", {"email": "a@b.example", "role": "king"}).status_code == 422


def test_a_role_counts_from_the_next_click(page, browser, reader):
    theirs = browser(reader)
    assert theirs.get("/rights/add/").status_code == 403
    assert page.post(f"/members/{reader.user_id}/role/", {"role": "analyst"}).status_code == 303
    assert theirs.get("/rights/add/").status_code == 200


def test_removing_says_what_it_means_and_ends_every_session(page, browser, reader, administrator):
    theirs = browser(reader)
    assert theirs.get("/review/").status_code == 200
    assert "every session of it ends" in page.get(f"/members/{reader.user_id}/remove/").content.decode()
    assert page.post(f"/members/{reader.user_id}/remove/").status_code == 303
    assert reader.user_id not in {m.user_id for m in selectors.members(administrator)}
    assert theirs.get("/review/").status_code in {302, 403}


def test_the_last_administrator_stays(page, administrator):
    assert page.post(f"/members/{administrator.user_id}/role/", {"role": "reader"}).status_code == 409
    assert page.post(f"/members/{administrator.user_id}/remove/").status_code == 409


def test_nobody_manages_members_of_another_organisation(page, stranger):
    assert page.get(f"/members/{stranger.user_id}/remove/").status_code == 404
    assert page.post(f"/members/{stranger.user_id}/role/", {"role": "reader"}).status_code == 404


def test_a_reader_sees_colleagues_without_buttons(browser, reader, look):
    tree = look(browser(reader).get("/members/").content)
    assert tree.css_first("form[action='/members/add/']") is None
    assert "Reader" in tree.css_first("tbody").text()
    assert len(tree.css(".permissions thead th")) == 1 + len(Role)
