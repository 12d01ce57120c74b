"""One's own preferences, kept and applied."""

import pytest

from countermark.node.findings.factories import make_finding
from countermark.node.web import keys

FORM = {"language": "en", "zone": "Asia/Shanghai", "density": "compact", "key_mode": "focus", "key_hints": "on"}


@pytest.fixture
def page(browser, member):
    return browser(member)


def with_keys(**changed: str) -> dict[str, str]:
    return FORM | {f"key.{key.action}": changed.get(key.action, key.default) for key in keys.REMAPPABLE}


def test_preferences_are_kept_and_change_every_page(page, member, look):
    make_finding(member)
    assert page.post("/me/preferences/", with_keys()).status_code == 303
    tree = look(page.get("/findings/").content)
    html = tree.css_first("html").attributes
    assert html["data-density"] == "compact"
    assert html["data-keys"] == "focus"
    assert "CST" in tree.css_first("tbody time").attributes["title"]


def test_a_remapped_key_is_printed_on_its_button_and_told_to_the_page(page, member, look):
    make_finding(member)
    page.post("/me/preferences/", with_keys(infringing="x"))
    tree = look(page.get("/review/").content)
    assert tree.css_first("details.verdict kbd").text() == "X"
    assert tree.css_first("details.verdict summary").attributes["aria-keyshortcuts"] == "x"
    assert '"x": "infringing"' in tree.css_first("key-map").attributes["data-keys"]


def test_two_actions_on_one_key_are_refused_and_both_named(page, look):
    answer = page.post("/me/preferences/", with_keys(infringing="n"))
    assert answer.status_code == 422
    problems = look(answer.content).css(".key-field .field-problem")
    assert len(problems) == 1
    assert "Infringing" in problems[0].text()


@pytest.mark.parametrize("key", ["", "12", "5", "abc", "a b c", "\u0007"])
def test_what_is_no_key_is_refused(page, key):
    assert page.post("/me/preferences/", with_keys(undo=key)).status_code == 422


def test_no_language_or_zone_that_the_node_does_not_know(page, look):
    assert page.post("/me/preferences/", with_keys() | {"zone": "Mars/Olympus"}).status_code == 422
    assert page.post("/me/preferences/", with_keys() | {"language": "tlh"}).status_code == 422


def test_all_keys_can_be_put_back(page, look):
    page.post("/me/preferences/", with_keys(infringing="x"))
    assert page.post("/me/keys/reset/").status_code == 303
    assert look(page.get("/me/").content).css_first("#key-infringing").attributes["value"] == "i"


def test_a_language_is_spoken_on_the_next_page(page, look):
    page.post("/me/preferences/", with_keys() | {"language": "fr"})
    assert look(page.get("/me/").content).css_first("html").attributes["lang"] == "fr"


def test_one_sees_what_one_did_today_and_a_reader_has_nothing_to_see(page, browser, reader, look):
    assert "Decided" in look(page.get("/me/").content).css_first("#today-title").parent.text()
    assert look(browser(reader).get("/me/").content).css_first("#today-title") is None
