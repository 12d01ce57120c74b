"""Views of a block: words with their spaces, letters alone, and the way back to every original character."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.model import Span
from countermark.signals.text.codes import codes_of
from countermark.signals.text.folding import latin, plain
from countermark.signals.text.lexicon import shipped_lexicon
from countermark.signals.text.views import Block, View, bare, pattern, patterns_of, spaced

FIELDS = st.lists(st.text(max_size=30), min_size=1, max_size=5)


def block_of(*texts: str) -> Block:
    return Block(list(texts), list(range(len(texts))), ["title"] * len(texts))


def view_of(text: str) -> str:
    return spaced(codes_of(f" {text} "), plain()).text.strip()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Corvane,  tote—bag!", "corvane tote bag"),
        ("L’ORÉAL C.P.", "l oreal c p"),
        ("corvane2024珂梵包", "corvane 2024 珂梵包"),
        ("1:1 and size:40", "1:1 and size 40"),
        ("V❤信", "v 信"),
        ("#tag_word", "tag word"),
        ("", ""),
    ],
)
def test_words_stand_between_single_spaces(text: str, words: str):
    assert view_of(text) == words


@pytest.mark.parametrize(
    ("name", "searched"),
    [
        ("Corvane", " corvane "),
        ("珂梵", "珂梵"),
        ("Corvane珂梵", " corvane 珂梵"),
        ("珂梵 Corvane", "珂梵 corvane "),
        ("™", ""),
    ],
)
def test_patterns_carry_spaces_only_where_words_end(name: str, searched: str):
    assert pattern(name, plain()) == searched


@settings(deadline=None)
@given(FIELDS)
def test_each_folded_character_leads_back_to_the_one_it_came_from(texts: list[str]):
    block = block_of(*texts)
    for view, fold in ((spaced(block.codes, plain()), plain()), (spaced(block.codes, latin()), latin())):
        assert_leads_back(block, view, fold)


def assert_leads_back(block: Block, view: View, fold) -> None:
    places = np.arange(len(view.text))
    origins = view.original(places)
    assert (np.diff(origins) >= 0).all()
    for place, origin in zip(places.tolist(), origins.tolist(), strict=True):
        if view.text[place] not in " \0":
            assert view.text[place] in fold(block.joined[origin])


@settings(deadline=None)
@given(FIELDS)
def test_the_bare_view_leads_back_and_keeps_fields_apart(texts: list[str]):
    block = block_of(*(text.replace("\0", "") for text in texts))
    view = bare(block.codes)
    assert view.text.count("\0") == len(texts) - 1
    origins = view.original(np.arange(len(view.text))).tolist()
    assert origins == sorted(origins)


@settings(deadline=None)
@given(FIELDS)
def test_every_position_of_a_field_is_found_in_that_field(texts: list[str]):
    block = block_of(*texts)
    for field, text in enumerate(texts):
        start = int(block.starts[field])
        assert block.joined[start : start + len(text)] == text
        assert {block.field_of(start + offset) for offset in range(len(text))} <= {field}


def test_a_span_takes_in_the_accents_of_its_last_letter():
    block = block_of("x", "Corvane\u0301 bag")
    start = int(block.starts[1])
    assert block.span(1, start, start + 7) == Span("title", 0, 8)


def test_a_nul_in_a_text_does_not_shift_the_fields_after_it():
    block = block_of("a\0b", "Corvane")
    view = spaced(block.codes, plain())
    place = view.text.index("corvane")
    assert block.field_of(int(view.original(np.array([place]))[0])) == 1


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=12), max_size=6))
def test_many_patterns_at_once_are_those_of_each(texts: list[str]):
    assert patterns_of(texts, plain()) == {text: pattern(text, plain()) for text in texts}


def test_the_shipped_phrases_are_searched_as_each_alone():
    phrases = set(shipped_lexicon().every_phrase())
    assert len(phrases) > 1_000
    assert patterns_of(phrases, plain()) == {phrase: pattern(phrase, plain()) for phrase in phrases}
