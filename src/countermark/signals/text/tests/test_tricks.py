"""Spellings explained letter by letter, and separators told from the ends of phrases."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.signals.text import tricks
from countermark.signals.text.tricks import APART, SEPARATED, explain, judge_gaps, strength_of


@pytest.mark.parametrize(
    ("found", "letters", "said"),
    [
        ("Corvane", "corvane", ()),
        ("Соrvаnе", "corvane", (tricks.LOOKALIKE,)),
        ("𝐂𝐨𝐫𝐯𝐚𝐧𝐞", "corvane", (tricks.STYLED,)),
        ("C\u200borvane", "corvane", (tricks.HIDDEN,)),
        ("C0rv@ne", "corvane", (tricks.SIGNS,)),
        ("HaIcyr", "halcyr", (tricks.CAPITALS,)),
        ("MERlDlAN", "meridian", (tricks.CAPITALS,)),
        ("𝐂0rvane", "corvane", (tricks.SIGNS, tricks.STYLED)),
        ("Corva\u0301ne", "corvane", ()),
    ],
)
def test_each_trick_has_its_name(found: str, letters: str, said: tuple[str, ...]):
    spelling = explain(found, letters)
    assert spelling is not None
    assert spelling.tricks == said


@pytest.mark.parametrize(
    ("found", "letters"),
    [
        ("Corvanx", "corvane"),
        ("Corvan", "corvane"),
        ("Corvanee", "corvane"),
        ("ball", "bali"),  # a small l among small letters shows
        ("HAICYR", "halcyr"),  # so does a capital I among capitals
        ("C" + "." * 60 + "orvane", "corvane"),
    ],
)
def test_what_is_no_trick_is_not_explained(found: str, letters: str):
    assert explain(found, letters) is None


@pytest.mark.parametrize(
    ("found", "words", "verdict"),
    [
        ("Maison-Aurelle", ("maison", "aurelle"), ""),
        ("Maison, Aurelle", ("maison", "aurelle"), ""),
        ("C o r v a n e", ("corvane",), SEPARATED),
        ("C,o,r,v,a,n,e", ("corvane",), SEPARATED),
        ("Cor.vane", ("corvane",), SEPARATED),
        ("珂 梵", ("珂梵",), SEPARATED),
        ("Cor vane", ("corvane",), APART),
        ("Cor-vane", ("corvane",), APART),
        ("Cor, vane", ("corvane",), None),
        ("C orvane", ("corvane",), None),
        ("Co rva ne", ("corvane",), None),
        ("No.va", ("nova",), None),  # too short to be known in pieces
        ("Water.color", ("watercolor",), None),  # two everyday words
    ],
)
def test_separators_are_judged_by_what_stands_between_them(found: str, words: tuple[str, ...], verdict: str | None):
    spelling = explain(found, "".join(words))
    assert spelling is not None
    assert judge_gaps(spelling, words) == verdict


@settings(deadline=None)
@given(st.sets(st.sampled_from(sorted(tricks.STRENGTH))))
def test_more_tricks_never_make_a_spelling_less_sure(some: set[str]):
    for one in some:
        assert strength_of(tuple(some)) >= strength_of(tuple(some - {one}))
    assert 0 <= strength_of(tuple(some)) <= 1


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_explanation(found: str):
    spelling = explain(found, "corvane")
    assert spelling is None or spelling.letters <= 7
