"""Folding for search."""

from hypothesis import given
from hypothesis import strategies as st

from countermark.node.kernel.folding import fold


def test_capitals_widths_and_spaces_do_not_count():
    assert fold("  ＣＯＲＶＡＮＥ \t Straße ") == "corvane strasse"


@given(st.text())
def test_folding_twice_is_folding_once_for_search(text):
    assert fold(fold(fold(text))) == fold(fold(text))
