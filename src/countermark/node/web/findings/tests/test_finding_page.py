"""One finding on its page: in the reader's language, at three depths, with what would change the word."""

import pytest

from countermark.model import Level
from countermark.node.findings.engine import policy_in_use
from countermark.node.findings.factories import make_finding, make_reason
from countermark.node.findings.states import FindingState
from countermark.node.parties import services

pytestmark = pytest.mark.django_db

ASKED = "What single change would change the word"


def page_of(client, made) -> str:
    answer = client.get(f"/findings/{made.core_id}/")
    assert answer.status_code == 200
    return bytes(answer.content).decode()


@pytest.fixture
def pages(browser, member):
    return browser(member)


@pytest.fixture
def disguised(member):
    return make_finding(member, level=Level.MEDIUM, reasons=(make_reason("text.disguised_mark", 4.0),))


def test_the_page_says_what_would_change_the_word_and_goes_three_depths_down(pages, disguised):
    page = page_of(pages, disguised)
    assert ASKED in page
    assert "Without the disguised mark" in page
    for depth in ('href="#reasons"', 'href="#bars"', 'href="#values"', 'id="bars"', 'id="values"'):
        assert depth in page
    assert "in use now" in page


def test_a_person_who_reads_french_gets_the_explanation_in_french(pages, member, disguised):
    services.save_preferences(member, language="fr", values={})
    page = page_of(pages, disguised)
    assert 'lang="fr"' in page
    assert "Sans ceci" in page


def test_a_browser_that_asks_for_chinese_gets_it_in_chinese(pages, disguised):
    pages.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN,zh;q=0.9"
    assert "如果没有" in page_of(pages, disguised)


def test_where_the_policy_is_not_kept_the_page_says_so(pages, member):
    page = page_of(pages, make_finding(member, policy_hash="f" * 64))
    assert "The policy that made this finding is not kept here" in page
    assert policy_in_use().digest not in page


def test_a_blind_second_look_hides_what_would_give_the_score_away(pages, member):
    page = page_of(pages, make_finding(member, state=FindingState.SECOND_LOOK))
    assert ASKED not in page
    assert 'id="bars"' not in page
