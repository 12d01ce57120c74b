"""Patterns are found where they stand, by every finder that looks for them, in one pass over a view."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from countermark.signals.text.codes import codes_of
from countermark.signals.text.folding import latin, plain
from countermark.signals.text.masks import masked_fields
from countermark.signals.text.patterns import PatternFinder, PatternSearch
from countermark.signals.text.views import Block, spaced

WORDS = ["corvane", "corvane tote", "tote", "珂梵", "梵"]
TEXTS = st.lists(st.sampled_from([*WORDS, "é", "😀", "œ", "x", "珂", "-"]), max_size=12).map(" ".join)


def patterns(words: list[str]) -> list[str]:
    return [f" {word} " if word.isascii() else word for word in words]


def rows(hits: tuple[np.ndarray, ...]) -> list[list[int]]:
    return [column.tolist() for column in hits]


@given(TEXTS)
def test_finders_that_share_a_search_find_what_each_finds_alone(text: str):
    search = PatternSearch()
    lists = [patterns(WORDS[:3]), patterns(WORDS[2:]), patterns(WORDS[::-2])]
    sharing = [PatternFinder(some, search) for some in lists]
    for some, shared in zip(lists, sharing, strict=True):
        for longest in (True, False):
            view = spaced(codes_of(f" {text} "), plain())
            assert rows(shared.find(view, longest=longest)) == rows(PatternFinder(some).find(view, longest=longest))


@given(TEXTS)
def test_patterns_are_found_at_their_places_whatever_stands_before_them(text: str):
    finder = PatternFinder(patterns(["corvane", "珂梵"]))
    block = Block([text], [0], ["title"])
    _, first, last = finder.find(spaced(block.codes, latin()), longest=False)
    found = [block.joined[start : end + 1] for start, end in zip(first.tolist(), last.tolist(), strict=True)]
    assert sorted(found) == sorted(["corvane"] * text.split().count("corvane") + ["珂梵"] * text.count("珂梵"))


def test_a_view_is_passed_through_once_for_all_finders():
    search = PatternSearch()
    PatternFinder([" corvane "], search), PatternFinder([" tote "], search)
    view = spaced(codes_of(" corvane tote "), plain())
    assert search.hits(view) is search.hits(view)
    assert len(search.hits(view)[0]) == 2


def test_signs_that_mask_only_between_letters_are_looked_at_only_there():
    texts = ["no. #1, 100% wool?", "what? sale!", "c#rvane", "c#*rvane", "corv*", "*rvane", "c_#rvane"]
    block = Block(texts, list(range(len(texts))), ["title"] * len(texts))
    assert block.codes.dtype == np.uint8
    assert masked_fields(block) == [2, 3, 4, 5, 6]
