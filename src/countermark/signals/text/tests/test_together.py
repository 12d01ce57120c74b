"""Entries of several parts: all of them, near each other, in one field, not upon each other."""

import pytest

from countermark.signals.text.excuses import Excused
from countermark.signals.text.folding import plain
from countermark.signals.text.lexicon import read_lexicon
from countermark.signals.text.patterns import PatternSearch
from countermark.signals.text.phrases import Phrases
from countermark.signals.text.senses import SenseFinder
from countermark.signals.text.views import Block, bare, spaced

LEXICON = """
negation: {words: ["no"], fillers: [], before: "^$", after: "^$"}
entries:
  - id: likeness
    sense: replica
    language: en
    weight: 0.6
    meaning: praises likeness
    together: [[same works, logo], [the boutique, logo engraved]]
    within: 30
    unless: [repair]
    source: test
    examples: {positive: [], negative: []}
"""
FINDER = SenseFinder(Phrases(read_lexicon(LEXICON)), PatternSearch(), PatternSearch())


def found(*fields: str) -> list[str]:
    block = Block(list(fields), [0] * len(fields), ["title", "description"][: len(fields)])
    seen = FINDER.find(block, spaced(block.codes, plain()), bare(block.codes), Excused())
    return [one.facts["found"] for one in seen]


@pytest.mark.parametrize("text", ["bag, same works as the boutique pair", "the boutique? same works"])
def test_parts_near_each_other_are_found_in_any_order(text: str):
    assert len(found(text)) == 1


def test_what_is_found_reaches_from_the_first_part_to_the_last():
    assert found("A bag, same works as the boutique pair") == ["same works as the boutique"]


@pytest.mark.parametrize(
    "text",
    [
        "same works",
        "same works, and a long way after it, and longer still, the boutique",
        "logo engraved",
        "repair: same works as the boutique",
    ],
)
def test_one_part_alone_far_parts_parts_upon_each_other_and_excused_ones_say_nothing(text: str):
    assert found(text) == []


def test_parts_in_two_fields_say_nothing():
    assert found("same works", "the boutique") == []


def test_a_part_repeated_a_thousand_times_is_found_once():
    assert len(found("same works " * 1000 + "the boutique")) <= 1
