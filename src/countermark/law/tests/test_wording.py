"""The law in other languages: whole where a seller reads it, with days as each language writes them."""

from datetime import date

import pytest

from countermark.law.lawbook import shipped_lawbook
from countermark.law.recourse import read_recourse, shipped_recourse
from countermark.law.statement.building import seller_sentences
from countermark.law.wording import LANGUAGES, day_in_words, is_said, read_words, said, shipped_words
from countermark.model import InvalidRecord


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_statement_of_reasons_stands_in_the_language(language):
    assert not [one for one in seller_sentences() if not is_said(one, language)]


@pytest.mark.parametrize(
    "regime", ["eu-customs-application", "eu-customs", "cn-customs-recordal", "cn-customs", "udrp"]
)
def test_where_a_proceeding_stands_and_what_runs_in_it_stands_in_the_language(regime):
    file = shipped_lawbook().regime(regime).file
    assert file.procedure is not None
    sentences = [file.title, *file.actors.values(), *(one.says for one in file.procedure.states)]
    sentences += [one.title for one in file.rules if one.time]
    assert not [one for one in sentences for language in LANGUAGES if not is_said(one, language)]


@pytest.mark.parametrize("regime", ["cn-goods", "cn-copyright", "eu-dsa", "platform-generic", "us-dmca"])
def test_what_a_notice_asks_for_stands_in_the_language(regime):
    file = shipped_lawbook().regime(regime).file
    assert file.asked is not None
    fields = [one for one in file.asked.fields if "notice" in one.of]
    sentences = [file.title, file.summary, *file.asked.evidence.values(), *(one.title for one in file.asked.grounds)]
    sentences += [words for one in fields for words in (one.title, one.mend, *one.one_of)]
    assert fields
    assert not [one for one in sentences for language in LANGUAGES if not is_said(one, language)]


def test_a_translation_fills_in_what_the_english_does():
    for sentence, into in shipped_words().items():
        for text in into.values():
            assert {part.split("}")[0] for part in text.split("{")[1:]} == {
                part.split("}")[0] for part in sentence.split("{")[1:]
            }


def test_a_sentence_without_a_translation_stays_english():
    assert said("Nobody ever wrote this.", "fr") == "Nobody ever wrote this."
    assert not is_said("Nobody ever wrote this.", "fr")


@pytest.mark.parametrize(
    ("language", "first", "other"),
    [
        ("en", "1 March 2027", "28 November 2026"),
        ("fr", "1er mars 2027", "28 novembre 2026"),
        ("zh-hans", "2027年3月1日", "2026年11月28日"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language, first, other):
    assert (day_in_words(date(2027, 3, 1), language), day_in_words(date(2026, 11, 28), language)) == (first, other)


@pytest.mark.parametrize(
    "text",
    [
        "format: countermark-words/1\nwords: {Hello: {fr: Bonjour}}",
        "format: other/1\nwords: {}",
        "words: [1]",
        "{",
    ],
)
def test_words_that_lack_a_language_or_a_shape_do_not_load(text):
    with pytest.raises(InvalidRecord):
        read_words(text.encode())


_ALL = "{en: a, fr: b, zh-hans: c}"
_SOURCE = "[{norm: Some law, tag: Q}]"


@pytest.mark.parametrize(
    ("answer", "sources", "url"),
    [
        ("{en: a}", _SOURCE, "https://court.example"),
        (_ALL, "[]", "https://court.example"),
        (_ALL, _SOURCE, "http://court.example"),
    ],
)
def test_recourse_without_a_language_a_source_or_a_safe_address_does_not_load(answer, sources, url):
    body = f"{{id: court, name: {_ALL}, says: {_ALL}, url: '{url}', sources: {_SOURCE}}}"
    text = (
        "format: countermark-recourse/1\n"
        f"regimes: {{x: {{answer: {answer}, next: {_ALL}, sources: {sources}, bodies: [{body}]}}}}"
    )
    with pytest.raises(InvalidRecord):
        read_recourse(text.encode())


def test_each_regime_names_a_court_or_an_authority():
    assert all(one.bodies for one in shipped_recourse().values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("regime", shipped_recourse())
def test_where_a_notice_stands_and_what_runs_can_be_read_in_the_language(regime, language):
    law = shipped_lawbook().regime(regime).file
    assert law.procedure is not None
    started = {rule for move in law.procedure.moves for rule in move.starts}
    wanted = [state.says for state in law.procedure.states]
    wanted += [text for rule in law.rules if rule.id in started for text in (rule.title, rule.says)]
    missing = [one for one in wanted if not is_said(one, language)]
    # A rule that is new today may wait a little for its translation; what a seller reads may not.
    assert len(missing) <= len(wanted) // 10, missing
