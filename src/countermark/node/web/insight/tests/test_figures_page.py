"""Figures on a page: the code, the table, the drawing, the file."""

import csv
import io
from collections.abc import Iterator

import pytest

from countermark.node.exchange.facades.factories import make_sharing_team, share_finding, share_listing
from countermark.node.exchange.factories import Team
from countermark.node.exchange.signing import set_keys
from countermark.node.insight.selectors import figures


@pytest.fixture
def team(db) -> Iterator[Team]:
    made = make_sharing_team()
    share_listing(made.brand, 1)
    share_finding(made.brand, 1)
    yield made
    set_keys(None)


def test_the_page_shows_the_code_that_the_figures_have(team, browser, look):
    brand = team.brand
    place = {"ours": brand.feed.seq, "theirs": 0}
    page = look(browser(brand.analyst).get(f"/insight/{brand.agreement_name}/", place).content)
    code = figures(brand.analyst, brand.agreement_name, **place).figures.code
    assert code in page.css_first("code").text()
    assert page.css_first("svg[role=img] rect") is not None
    assert "1" in [cell.text() for cell in page.css("tbody td")]


def test_the_file_has_the_same_code_and_places(team, browser):
    brand = team.brand
    place = {"ours": brand.feed.seq, "theirs": 0}
    answer = browser(brand.analyst).get(f"/insight/{brand.agreement_name}/figures.csv", place)
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert ["code", figures(brand.analyst, brand.agreement_name, **place).figures.code] in rows
    assert ["feed", brand.feed.name, str(brand.feed.seq)] in rows


def test_agreements_stand_beside_one_another(team, browser):
    text = browser(team.brand.analyst).get("/insight/").content.decode()
    assert team.brand.agreement_name in text
    assert "Bazaar" in text


def test_a_place_that_is_not_there_is_told_on_the_page(team, browser):
    answer = browser(team.brand.analyst).get(f"/insight/{team.brand.agreement_name}/", {"ours": 999})
    assert answer.status_code == 422
    assert "We have this feed up to" in answer.content.decode()


def test_figures_of_others_are_not_there(team, browser, stranger):
    assert browser(stranger).get(f"/insight/{team.brand.agreement_name}/").status_code == 404
