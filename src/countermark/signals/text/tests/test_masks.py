"""Masked marks: letters that show must fit, and a star is also a multiplication sign."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.model import Portfolio
from countermark.signals.text import TextSignals
from countermark.signals.text.masked_letters import MaskedIdeographs, MaskedLatin
from countermark.signals.text.tests.houses import HOUSES, found, value_of, word_mark

DISGUISED = "text.disguised_mark"


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("C*rvane", 0.9),
        ("C**vane", 0.9),
        ("C*rv*ne", 0.9),
        ("＊orvane", 0.9),
        ("Corva●e", 0.9),
        ("C#rvane", 0.9),
        ("C🌹rvane", 0.9),
        ("C*ne", 0.0),  # three of seven
        ("Corv*", 0.75),
        ("Cor*ne", 0.75),
        ("昂*儿", 0.9),
        ("昂黛*", 0.9),
        ("*希尔", 0.9),
        ("昂~", 0.3),
        ("珂*", 0.3),
        ("新珂*", 0.0),
    ],
)
def test_a_masked_mark_counts_by_what_shows(title: str, value: float):
    assert value_of(DISGUISED, title) == value


@pytest.mark.parametrize(
    "title",
    [
        "*NEW*",
        "Sale* now",
        "38*40 cm",
        "5*3*2",
        "Corvane*",
        "good~",
        "~~~",
        "***",
        "size_xl",
        "why?",
        "长*宽",
        "M*",
        "C*",
        "a*b",
    ],
)
def test_stars_and_waves_of_honest_titles_mask_nothing(title: str):
    assert value_of(DISGUISED, title) == 0


def test_a_masked_word_that_fits_two_houses_accuses_none():
    signals = TextSignals(Portfolio(rights=(word_mark("A", "Corvane"), word_mark("B", "Corvine"))))
    assert value_of(DISGUISED, "Corv*ne", signals=signals) == 0
    assert value_of(DISGUISED, "Corva*e", signals=signals) == 0.9


def test_a_masked_word_that_an_everyday_word_fits_accuses_nobody():
    signals = TextSignals(Portfolio(rights=(word_mark("A", "Lexther"), word_mark("B", "Ledther"))))
    assert value_of(DISGUISED, "le*ther", signals=signals) == 0


@pytest.mark.parametrize("title", ["珂*手袋 高仿", "珂*手袋 加微信", "珂*手袋 Corvane"])
def test_little_that_shows_counts_beside_a_second_clue(title: str):
    assert value_of(DISGUISED, title) == 0.7


def test_a_masked_generic_mark_waits_for_another_name():
    assert value_of(DISGUISED, "M*ridian watch") == 0
    assert value_of(DISGUISED, "M*ridian watch replica") == 0
    assert value_of(DISGUISED, "M*ridian Halcyr watch") > 0


def test_the_span_and_the_count_of_visible_letters_are_exact():
    title = "新款 Ｃ*rvane 包"
    assert found(DISGUISED, title) == ["Ｃ*rvane"]
    signal = next(s for s in HOUSES.measure_text(title) if s.name == DISGUISED)
    assert signal.facts["visible"] == "6 of 7"


@settings(deadline=None)
@given(st.text(st.sampled_from("cor*~vane#_ 1"), max_size=60))
def test_what_a_latin_reading_shows_is_in_the_name_in_order(text: str):
    for reading in MaskedLatin(["corvane", "corona"]).read(text):
        shown = iter(c for c in text[reading.start : reading.end] if c.isalpha())
        name = ["corvane", "corona"][reading.number]
        rest = iter(name)
        assert all(letter in rest for letter in shown)
        assert reading.visible + reading.hidden == len(name)
        assert reading.hidden > 0


@settings(deadline=None)
@given(st.text(st.sampled_from("昂黛儿珂梵*~ 新"), max_size=30))
def test_ideographic_readings_stay_inside_the_text(text: str):
    for reading in MaskedIdeographs(["昂黛儿", "珂梵"]).read(text):
        assert 0 <= reading.start < reading.end <= len(text)
        assert reading.visible >= 1
        assert reading.hidden >= 1


def test_two_readings_of_one_masked_word_do_not_support_each_other():
    names = (word_mark("House", "Corvane"), word_mark("House", "Corvina"), word_mark("Other", "Corvess"))
    signals = TextSignals(Portfolio(rights=names))
    assert value_of(DISGUISED, "c* bag", signals=signals) == 0
