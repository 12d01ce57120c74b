import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.signals.text.homophones import STROKES, heard, syllables
from countermark.signals.text.tests.houses import HOUSES, found, value_of
from countermark.signals.text.views import Block

DISGUISED = "text.disguised_mark"


@pytest.mark.parametrize(
    ("title", "spelling"),
    [
        ("新款 昂丨黛丨儿 丝巾", "昂丨黛丨儿"),
        ("👜昂代儿丝巾", "昂代儿"),
        ("赫希爾手表", "赫希爾"),
        ("New Angdaier scarf", "Angdaier"),
        ("昂黛er 丝巾", "昂黛er"),
        ("新款 昂dai儿 丝巾", "昂dai儿"),
        ("ke梵 手袋", "ke梵"),
    ],
)
def test_spans_are_exactly_the_spelling(title: str, spelling: str) -> None:
    assert found(DISGUISED, title) == [spelling]


@pytest.mark.parametrize("title", ["昂黛儿 丝巾", "可烦 高兴", "angdaierism", "昂代 儿童"])
def test_plain_names_and_chance_are_no_disguise(title: str) -> None:
    assert value_of(DISGUISED, title) == 0


def test_two_syllables_without_a_shared_character_need_a_second_clue() -> None:
    assert value_of(DISGUISED, "科凡 手袋") == 0
    assert value_of(DISGUISED, "科凡 手袋 高仿") == 0.7


def test_a_name_is_not_heard_across_fields() -> None:
    view = heard(Block(["昂代", "儿"], [0, 1], ["title", "title"]))
    assert "\0" in view.text


def test_readings_carry_no_tone() -> None:
    assert all(one.isascii() and one.isalpha() for one in (syllables()[c] for c in "古驰昂黛儿"))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="昂代黛儿赫希尔柯梵 \u200b👜aЖ" + STROKES, max_size=30))
def test_spans_lie_in_the_title(title: str) -> None:
    for signal in HOUSES.measure_text(title):
        assert all(0 <= span.start < span.end <= len(title) for span in signal.spans)
