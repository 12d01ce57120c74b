import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.findings.cursor import Cursor


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_a_cursor_survives_its_way_through_an_address_exactly(harm, row):
    token = Cursor(harm, row).token()
    assert Cursor.read(token) == Cursor(harm, row)
    assert token.isascii()
    assert not set(token) & set("+/=&?#")


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_none_and_never_an_error(token):
    assert Cursor.read(token) is None or isinstance(Cursor.read(token), Cursor)


@pytest.mark.parametrize("harm", [float("nan"), float("inf")])
def test_a_cursor_that_no_row_can_have_is_refused(harm):
    assert Cursor.read(Cursor(harm, 1).token()) is None
