"""Names found plainly: where a word ends, which of two names wins, and what a generic one waits for."""

import pytest

from countermark.model import Portfolio, Signal, Span
from countermark.signals.text import TextSignals
from countermark.signals.text.tests.houses import HOUSES, found, value_of, word_mark

MARK = "text.mark"


def mark_signals(
    title: str, *, signals: TextSignals = HOUSES, brand_text: str = "", description: str = ""
) -> dict[str, Signal]:
    return {
        s.brand: s
        for s in signals.measure_text(title, brand_text=brand_text, description=description)
        if s.name == MARK
    }


@pytest.mark.parametrize(
    "title", ["Corvane", "corvane.", "(Corvane)", "CORVANE's", "新Corvane包", "Corvane2024", "#corvane"]
)
def test_a_name_ends_where_a_word_ends(title: str):
    assert found(MARK, title) == [title[title.lower().index("corvane") :][:7]]


@pytest.mark.parametrize("title", ["Corvanette", "Scorvane", "Corvanexyz", "cor", "vane"])
def test_a_name_inside_another_word_is_not_found(title: str):
    assert value_of(MARK, title, brand="Corvane") == 0


def test_the_longest_name_wins_whichever_the_house():
    signals = TextSignals(Portfolio(rights=(word_mark("A", "Corvane"), word_mark("B", "Corvane Pont Noir"))))
    assert set(mark_signals("Corvane Pont Noir coat", signals=signals)) == {"B"}
    assert set(mark_signals("Corvane coat, Corvane Pont Noir coat", signals=signals)) == {"A", "B"}


def test_two_houses_with_one_name_are_both_named():
    signals = TextSignals(Portfolio(rights=(word_mark("A", "Corvane"), word_mark("B", "Corvane"))))
    assert set(mark_signals("Corvane coat", signals=signals)) == {"A", "B"}


def test_a_signal_knows_its_right_and_shows_every_place():
    right = word_mark("Corvane", "Corvane", "珂梵")
    signals = TextSignals(Portfolio(rights=(right,)))
    signal = mark_signals("CORVANE 珂梵 corvane", signals=signals, brand_text="Corvane", description="Corvane")[
        "Corvane"
    ]
    assert signal.right_id == right.id
    assert signal.spans == (
        Span("title", 0, 7),
        Span("title", 8, 10),
        Span("title", 11, 18),
        Span("brand_text", 0, 7),
        Span("description", 0, 7),
    )
    assert signal.facts["found"] == "CORVANE"


def test_at_most_eight_places_are_shown():
    assert len(mark_signals("Corvane " * 20)["Corvane"].spans) == 8


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("Halcyr Meridian", {}),
        ("Meridian 赫希尔", {}),
        ("Meridian", {"brand_text": "HALCYR"}),
        ("Meridian H.a.l.c.y.r", {}),
        ("Meridian", {"description": "made by Halcyr"}),
    ],
)
def test_a_generic_name_counts_beside_another_name_of_its_house(title: str, fields: dict[str, str]):
    signals = HOUSES.measure_text(
        title, brand_text=fields.get("brand_text", ""), description=fields.get("description", "")
    )
    signal = next(one for one in signals if one.name == MARK)
    assert title.index("Meridian") in [span.start for span in signal.spans if span.field == "title"]
    assert signal.value == 1


@pytest.mark.parametrize("title", ["Meridian", "Meridian meridian", "Meridian Corvane", "Meridian Halcyrr", "M3ridian"])
def test_a_generic_name_alone_or_beside_another_house_counts_nothing(title: str):
    assert "Halcyr" not in mark_signals(title)


def test_two_different_generic_names_of_one_house_support_each_other():
    both = (word_mark("House", "Meridian", generic=True), word_mark("House", "Zenyr", generic=True))
    signals = TextSignals(Portfolio(rights=both))
    assert value_of(MARK, "Meridian Zenyr", signals=signals) == 1
    assert value_of(MARK, "Meridian", signals=signals) == 0


def test_a_brand_field_that_is_a_generic_name_counts_and_one_that_holds_it_does_not():
    assert value_of(MARK, "Watch", brand_text="Meridian®") == 1
    assert value_of(MARK, "Watch", brand_text="Meridian time company") == 0


def test_what_only_the_description_names_counts_half():
    assert value_of(MARK, "Watch", description="like a Corvane") == 0.5
    assert value_of(MARK, "Corvane", description="like a Corvane") == 1


def test_parts_are_not_looked_for_in_descriptions():
    assert value_of(MARK, "Aurelle scarf") == 0.5
    assert value_of(MARK, "Scarf", description="Aurelle") == 0


def test_tags_that_join_a_name_and_an_everyday_word_are_found_whole():
    assert found(MARK, "new #corvanebags today") == ["corvanebags"]
    assert found(MARK, "luxurycorvane") == ["luxurycorvane"]
    assert found(MARK, "corvanexqz") == []
