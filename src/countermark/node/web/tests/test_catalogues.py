"""What the pages say stands whole in every language; the compiled catalogues are those that lie beside them."""

import re
from collections import Counter

import polib
import pytest

from countermark.node.web.tests import catalogues
from countermark.node.web.tests.catalogues import CATALOGUES, Message, asked

#: What is filled in, and what is markup: `%(n)s`, `%s`, `%%`, `<bdi>`.
_PLACES = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?[a-z][^>]*>")
#: So many words of letters make a sentence; fewer may be the same in two languages, such as `Article`.
_SENTENCE = 3


@pytest.fixture(scope="module")
def wanted():
    return catalogues.said()


@pytest.fixture(scope="module")
def held():
    return {folder: polib.pofile(str(catalogues.file_of(folder))) for folder in CATALOGUES}


def pairs(entry):
    """Each form of a translation beside what it may say in English: of many, either form."""
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return [(text, (entry.msgid, entry.msgid_plural or entry.msgid)) for text in forms]


def is_sentence(words):
    return len(re.findall(r"[^\W\d_]{2,}", _PLACES.sub("", words))) >= _SENTENCE


def test_nothing_is_asked_for_twice_in_different_ways(wanted):
    twice = Counter((one.context, one.words) for one in wanted)
    assert not [words for words, times in twice.items() if times > 1]


@pytest.mark.parametrize("folder", CATALOGUES)
def test_everything_that_a_page_can_say_is_translated(folder, wanted, held):
    known = {asked(entry) for entry in held[folder].translated_entries()}
    assert len(wanted) > 2500
    assert not [f"{where}: {one.words}" for one, where in wanted.items() if one not in known]


@pytest.mark.parametrize("folder", CATALOGUES)
def test_nothing_is_held_that_no_page_says(folder, wanted, held):
    assert not [entry.msgid for entry in held[folder] if asked(entry) not in wanted or entry.obsolete]


@pytest.mark.parametrize("folder", CATALOGUES)
def test_each_form_of_a_number_is_there(folder, held):
    forms = int(CATALOGUES[folder][1][len("nplurals=")])
    assert not [one.msgid for one in held[folder] if one.msgid_plural and len(one.msgstr_plural) != forms]


@pytest.mark.parametrize("folder", CATALOGUES)
def test_a_translation_keeps_what_is_filled_in_and_what_is_marked_up(folder, held):
    wrong = [
        text
        for entry in held[folder]
        for text, english in pairs(entry)
        if Counter(_PLACES.findall(text)) not in [Counter(_PLACES.findall(one)) for one in english]
    ]
    assert not wrong


def test_french_begins_and_ends_as_the_words_do(held):
    def edges(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert not [text for one in held["fr"] for text, english in pairs(one) if edges(text) != edges(english[0])]


@pytest.mark.parametrize("folder", CATALOGUES)
def test_no_sentence_is_left_in_english(folder, held):
    assert not [text for one in held[folder] for text, english in pairs(one) if text in english and is_sentence(text)]


def test_french_keeps_its_signs_with_their_words(held):
    said = [_PLACES.sub("", text) for entry in held["fr"] for text, _english in pairs(entry)]
    assert not [text for text in said if re.search(r"« |[^\u00a0]»| [:;?!](?!\w)|\w[;?!](?!\w)|\w'\w", text)]


def test_chinese_uses_full_width_signs(held):
    said = [_PLACES.sub("", text) for entry in held["zh_Hans"] for text, _english in pairs(entry)]
    assert not [text for text in said if re.search(r"[\u4e00-\u9fff][,.:;!?]|[,:;!?][\u4e00-\u9fff]", text)]


@pytest.mark.parametrize("folder", CATALOGUES)
def test_what_is_compiled_is_what_is_written(folder, held):
    assert catalogues.file_of(folder, "mo").read_bytes() == held[folder].to_binary(), (
        "run: python -m countermark.node.web.tests.catalogues"
    )


def test_the_gatherer_finds_what_a_template_and_a_module_say(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% if a %}{% translate "One" %}{% endif %}{% translate "95 %" context "share" %}'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    module = tmp_path / "module.py"
    module.write_text('from x import gettext as _\nsaid = _("Two")\nother = print("Three")\n')
    assert list(catalogues.in_template(page)) == [
        Message("", "One"),
        Message("share", "95 %%"),
        Message("", "%(n)s day", "%(n)s days"),
    ]
    assert list(catalogues.in_source(module)) == [Message("", "Two")]


def test_no_template_says_anything_in_a_way_that_is_not_gathered():
    hidden = re.compile(r'_\("|yesno:"[A-Za-z]|default:"[A-Za-z][^"]* ')
    pages = catalogues.TEMPLATES.rglob("*.html")
    assert not [path.name for path in pages if hidden.search(path.read_text(encoding="utf-8"))]
