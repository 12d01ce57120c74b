"""What is searched for, and what must not fire alone."""

import pytest

from countermark.model import Portfolio, Right, RightKind, RightStatus, Text
from countermark.signals.text import TextSignals
from countermark.signals.text.names import ALIAS, EVERYDAY, GENERIC, MARK, NAME, PART, WHOLE, Name, names_of
from countermark.signals.text.tests.houses import value_of, word_mark


def named(*rights: Right) -> dict[str, Name]:
    return {name.written: name for name in names_of(Portfolio(rights=rights))}


def test_marks_come_before_aliases_and_aliases_before_names_of_houses():
    names = names_of(Portfolio(rights=(word_mark("Corvane", "Corvane", "珂梵"), word_mark("House", "Ondrelle"))))
    assert [(name.written, name.what) for name in names] == [
        ("Corvane", MARK),
        ("Ondrelle", MARK),
        ("珂梵", ALIAS),
        ("House", NAME),
    ]


@pytest.mark.parametrize("mark", ["LV", "Q", "7x", "梵", "C家"])
def test_very_short_names_are_generic(mark: str):
    assert named(word_mark("House of X", mark))[mark].worth == GENERIC


@pytest.mark.parametrize("mark", ["Mirror", "Joseph", "精工"])
def test_everyday_words_are_worth_little_alone(mark: str):
    assert named(word_mark("House of X", mark))[mark].worth == EVERYDAY
    signals = TextSignals(Portfolio(rights=(word_mark("House of X", mark, "珂梵"),)))
    assert value_of("text.mark", f"new {mark} bag", signals=signals) == 0.3
    assert value_of("text.mark", f"new {mark} bag 珂梵", signals=signals) == 1
    assert value_of("text.mark", "new bag", signals=signals, brand_text=mark) == 1


@pytest.mark.parametrize("mark", ["Corvane", "珂梵", "TNX", "Stone Mirror"])
def test_distinctive_names_are_not_generic(mark: str):
    assert named(word_mark("House of X", mark))[mark].worth == WHOLE


def test_the_owner_can_call_a_mark_generic_without_its_aliases():
    names = named(word_mark("Halcyr", "Meridianne", "赫希尔", generic=True))
    assert names["Meridianne"].worth == GENERIC
    assert names["赫希尔"].worth == WHOLE


def test_a_lapsed_right_brings_no_names():
    assert "Corvane" not in named(word_mark("House", "Corvane", status=RightStatus.LAPSED))


def test_a_right_without_words_brings_the_name_of_its_house():
    names = named(Right(brand="Corvane", kind=RightKind.TRADEMARK, title="figurative mark"))
    assert names["Corvane"].what == NAME
    assert names["Corvane"].right_id == ""


def test_words_and_stretches_of_longer_marks_are_parts():
    names = named(word_mark("House", "Maison Aurelle", "昂黛儿"), word_mark("Other", "Jean Corvanet"))
    assert {name.written for name in names.values() if name.what == PART} == {"aurelle", "昂黛", "corvanet"}


def test_a_part_that_two_houses_share_is_none_of_theirs():
    names = named(word_mark("One", "Maison Aurelle"), word_mark("Two", "Aurelle Paris"))
    assert not [name for name in names.values() if name.what == PART]


@pytest.mark.parametrize(
    ("mark", "title"),
    [
        ("TheNorthQuay", "The North Quay jacket"),
        ("L’Ondrel", "LOndrel scarf"),
        ("Maison Aurelle", "maisonaurelle scarf"),
        ("C.P. Corvane", "c p corvane jacket"),
        ("Ondrelle 1990", "ONDRELLE1990"),
    ],
)
def test_a_mark_is_found_in_its_honest_spellings(mark: str, title: str):
    signals = TextSignals(Portfolio(rights=(word_mark("House", mark),)))
    assert value_of("text.mark", title, signals=signals) == 1


@pytest.mark.parametrize("mark", ["", " ", "™", "!!!", "\u200b"])
def test_a_mark_of_no_letters_is_passed_over(mark: str):
    rights = (Right(brand="House", kind=RightKind.TRADEMARK, title="x", mark=Text(mark)),)
    assert TextSignals(Portfolio(rights=rights)).measure_text("any !!! title") == []


def test_an_empty_portfolio_measures_the_lexicon_alone():
    signals = TextSignals(Portfolio())
    assert [one.name for one in signals.measure_text("Corvane replica")] == ["text.replica_word"]
