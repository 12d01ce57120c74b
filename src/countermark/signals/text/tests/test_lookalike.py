"""Words near a mark: the gate lets every near word through, and everyday words are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from countermark.model import Portfolio
from countermark.signals.text import TextSignals
from countermark.signals.text.codes import codes_of
from countermark.signals.text.lookalike import closeness, cut_short, edits_allowed
from countermark.signals.text.neighbours import NeighbourIndex
from countermark.signals.text.squeezed import readings
from countermark.signals.text.tests.houses import found, value_of, word_mark
from countermark.signals.text.word_hashes import Words, hashes_of

LOOKALIKE = "text.lookalike"
WORD = st.text(st.sampled_from("abyz"), min_size=4, max_size=24)
SMALL = st.text(st.sampled_from("abc"), min_size=4, max_size=10)


@settings(deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=6, unique=True), st.lists(SMALL, min_size=1, max_size=6))
def test_no_word_within_the_edits_is_lost_at_the_gate(known: list[str], seen: list[str]):
    edits = [2 if len(word) >= 8 else 1 for word in known]
    passed = NeighbourIndex(known, edits).candidates(seen)
    for number, word in enumerate(seen):
        for place, name in enumerate(known):
            if OSA.distance(word, name) <= edits[place]:
                assert (number, place) in passed


@settings(deadline=None)
@given(WORD, WORD)
def test_equal_words_have_equal_hashes_wherever_they_stand_and_others_differ(first: str, second: str):
    words = Words(codes_of(f" {first} 珂 x {second} {first} "))
    hashes = words.whole.tolist()
    assert hashes[0] == hashes[2]
    assert (hashes[0] == hashes[1]) == (first == second)


def test_words_of_other_lengths_and_scripts_are_passed_over():
    words = Words(codes_of(f" abc abcd {'a' * 25} 珂梵梵梵梵 {'b' * 24}"))
    assert (words.ends - words.starts).tolist() == [4, 24]


def test_a_known_word_that_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="4 to 24 letters"):
        NeighbourIndex(["abc"], [1])


def test_no_known_words_have_no_neighbours():
    assert NeighbourIndex([], []).candidates(["corvane"]) == set()
    assert len(hashes_of([])) == 0


@pytest.mark.parametrize("word", ["Corvan", "Corvanne", "Korvane", "Corvnae", "Corvame", "Orvane", "Corvanes"])
def test_one_edit_of_seven_letters_is_near(word: str):
    assert value_of(LOOKALIKE, f"{word} bag") == pytest.approx(closeness(1, 7), abs=1e-6)


@pytest.mark.parametrize("word", ["Korvan", "Vane", "Cor", "Halcy8r", "Caravane", "Carving", "Meridiam", "Curtain"])
def test_further_words_everyday_words_and_generic_marks_are_not_near(word: str):
    assert value_of(LOOKALIKE, f"{word} bag") == 0


@pytest.mark.parametrize("title", ["REF Corvanx77", "77Corvanx"])
def test_pieces_of_article_numbers_are_not_near(title: str):
    assert value_of(LOOKALIKE, title) == 0


def test_the_name_of_another_house_is_not_near():
    signals = TextSignals(Portfolio(rights=(word_mark("A", "Corvane"), word_mark("B", "Corvanne"))))
    assert [s.brand for s in signals.measure_text("Corvanne bag")] == ["B"]


def test_descriptions_are_not_searched_for_near_words():
    assert value_of(LOOKALIKE, "bag", description="Corvanne") == 0
    assert value_of(LOOKALIKE, "bag", brand_text="Corvanne") > 0


def test_every_place_of_a_near_word_is_shown_with_its_accents():
    assert found(LOOKALIKE, "Corvánne bag, CORVANNE tote, corvan̂ne") == ["Corvánne", "CORVANNE", "corvan̂ne"]


def test_styled_words_are_near_as_well_but_words_of_other_scripts_are_not():
    assert value_of(LOOKALIKE, "𝐂𝐨𝐫𝐯𝐚𝐧 bag") > 0
    assert value_of(LOOKALIKE, "сорваne"[:6]) == 0


@pytest.mark.parametrize(
    ("letters", "rests"),
    [("corvane", []), ("ondrelle", ["ondre", "relle"]), ("aurellina", ["aurel", "llina", "aurell", "ellina"])],
)
def test_names_cut_short_show_half_and_five_letters(letters: str, rests: list[str]):
    assert cut_short(letters) == rests
    assert all(len(letters) - len(rest) > edits_allowed(letters) for rest in rests)


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(5, 24))
def test_closeness_falls_with_edits_and_rises_with_length(distance: int, length: int):
    assert 0 <= closeness(distance + 1, length) <= closeness(distance, length) <= closeness(distance, length + 1) < 1


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("corvaaane", "corvane"),
        ("onclrelle", "ondrelle"),
        ("rneridian", "meridian"),
        ("vvatch", "watch"),
        ("ondrellllle", "ondrelle"),
    ],
)
def test_repeated_letters_and_pairs_are_read_as_meant(word: str, read: str):
    assert read in [reading for reading, _ in readings(word)]


def test_a_word_without_tricks_has_no_other_reading():
    assert list(readings("corvane")) == []


SHORT = TextSignals(Portfolio(rights=(word_mark("Velo", "Velo"),)))


@pytest.mark.parametrize(
    ("title", "value"), [("Vleo bag", 0.625), ("Veol bag", 0.625), ("Evlo bag", 0.0), ("Vela bag", 0.0)]
)
def test_of_a_mark_of_four_letters_only_neighbours_exchanged_are_near(title: str, value: float):
    assert value_of(LOOKALIKE, title, signals=SHORT) == value
