"""Marks behind tricks: each is found, named and placed; what only looks like a trick is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.model import Portfolio
from countermark.signals.text import TextSignals
from countermark.signals.text.directions import as_drawn, as_written
from countermark.signals.text.tests.houses import HOUSES, found, value_of, word_mark

DISGUISED = "text.disguised_mark"


@pytest.mark.parametrize(
    "spelling",
    [
        "Соrvаnе",
        "ϹΟRVANE",
        "𝐂𝐨𝐫𝐯𝐚𝐧𝐞",
        "🅲🅾🆁🆅🅰🅽🅴",
        "🇨🇴🇷🇻🇦🇳🇪",
        "C\u200borvane",
        "C0rv4n3",
        "Corv@ne",
        "C.o.r.v.a.n.e",
        "C-o-r-v-a-n-e",
        "C o r v a n e",
        "C_o_r_v_a_n_e",
        "Cor.vane",
        "Cor~vane",
        "珂 梵",
        "珂.梵",
        "珂\u200b梵",
        "Corvaaaane",
        "C*rvane",
        "Corv～",
        "Cor♥ane",
    ],
)
def test_a_disguise_is_found_exactly_where_it_stands(spelling: str):
    for title in (f"{spelling} bag", f"new {spelling}", f"新款 {spelling} 包"):
        assert spelling in found(DISGUISED, title)
        assert value_of("text.mark", title) == 0


@pytest.mark.parametrize(
    "title",
    [
        "Home corv anew",
        "B055 C0",
        "часы мужские новые",
        "C, o, r and vane",
        "1-0-2-3",
        "сорока орел",
        "Hal 9000 cyr",
        "W.W.W. shop",
        "",
    ],
)
def test_ordinary_titles_hide_nothing(title: str):
    assert value_of(DISGUISED, title) == 0


def test_a_word_of_another_script_is_no_disguise_among_its_own():
    signals = TextSignals(Portfolio(rights=(word_mark("House", "Copoka"),)))
    assert value_of(DISGUISED, "сорока", signals=signals) > 0
    assert value_of(DISGUISED, "птица сорока", signals=signals) == 0


def test_a_plain_name_inside_a_longer_name_of_another_house_is_not_found_again():
    signals = TextSignals(Portfolio(rights=(word_mark("A", "Corvane"), word_mark("B", "Corvane Pont Noir"))))
    assert [s.brand for s in signals.measure_text("Corvane Pont Noir")] == ["B"]


def test_the_facts_name_every_trick():
    signal = next(s for s in HOUSES.measure_text("𝐂0r.vane") if s.name == DISGUISED)
    assert signal.facts["tricks"] == "figures or signs for letters, letters pulled apart, styled letters"
    assert signal.facts["mark"] == "Corvane"


def test_a_stretch_drawn_from_right_to_left_is_read_as_it_is_drawn():
    title = "new \u202eenavroC\u202c bag"
    assert found(DISGUISED, title) == ["enavroC"]


def test_an_override_over_the_whole_title_is_read_backwards():
    assert found(DISGUISED, "\u202egab enavroC") == ["enavroC"]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab\u202e\u202c"), max_size=12), st.integers(0, 11), st.integers(1, 12))
def test_what_is_drawn_leads_back_to_what_is_written(text: str, start: int, length: int):
    drawn = as_drawn(text)
    end = min(len(drawn), start + length)
    place = as_written(text, start, end) if start < end else None
    assert len(drawn) == len(text)
    if place is not None:
        assert drawn[start:end] == text[place[0] : place[1]][::-1]


@settings(deadline=None)
@given(st.permutations(range(1, 7)), st.sampled_from(" .-_*"))
def test_any_letters_pulled_apart_by_any_sign_are_found(order: list[int], sign: str):
    spelling = sign.join("Corvane")
    title = f"{'x ' * order[0]}{spelling} bag"
    assert found(DISGUISED, title) == [spelling]
