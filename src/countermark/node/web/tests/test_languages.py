"""A member reads the words of every room in the language that it chose: labels, states, reasons, days."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from countermark.node.findings.factories import make_finding
from countermark.node.notices.factories import make_agreed_team
from countermark.node.parties import services
from countermark.node.web.templatetags.countermark import short_day


@pytest.fixture
def read(browser):
    """The text of a page for a member in a language."""

    def page(member, language, address):
        services.save_preferences(member, language=language, values={})
        return browser(member).get(address).content.decode()

    return page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ("notre identifiant de l’annonce", "fixer l’échéance d’un dossier commun", "Contre-notification")),
        ("zh-hans", ("我方的商品链接编号", "设定联合案件的截止日期", "不侵权声明")),
    ],
)
def test_terms_name_fields_acts_and_kinds_in_the_language(read, language, said):
    side = make_agreed_team().brand
    page = read(side.administrator, language, f"/agreements/{side.agreement.name}/terms/")
    assert [words for words in said if words not in page] == []
    assert "our id of the listing" not in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ("Produits contrefaits sous la marque", "Vendeur depuis")),
        ("zh-hans", ("冒用商标的假冒商品", "开店时间")),
    ],
)
def test_reasons_and_facts_of_a_review_stand_in_the_language(read, analyst, language, said):
    make_finding(analyst)
    page = read(analyst, language, "/review/")
    assert [words for words in said if words not in page] == []


def test_what_the_law_asks_in_a_notice_stands_in_the_language(read, analyst, counsel):
    finding = make_finding(analyst).core_id
    page = read(counsel, "fr", f"/notices/file/{finding}/")
    assert "Contrefaçon de produits" in page
    assert "Nom de l’auteur de la notification" in page


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "2 Mar 2026"), ("fr", "2 mars 2026"), ("zh-hans", "2026年3月2日")]
)
def test_a_short_day_is_written_as_the_language_writes_it(language, shown):
    with translation.override(language):
        assert short_day(date(2026, 3, 2)) == shown
        assert short_day(datetime(2026, 3, 2, 9, tzinfo=UTC)) == shown
        assert short_day(None) == ""
