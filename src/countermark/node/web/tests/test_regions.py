import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.web.regions import Outline, outlines

SQUARE = "0.1,0.2 0.9,0.2 0.9,0.8 0.1,0.8"


def test_an_outline_is_drawn_in_pixels_with_its_number_at_the_top_left():
    drawn = Outline.read(3, SQUARE, 200, 100)
    assert drawn is not None
    assert drawn.points == "20.0,20.0 180.0,20.0 180.0,80.0 20.0,80.0"
    assert (drawn.number, drawn.x, drawn.y) == (3, 20.0, 20.0)


def test_an_outline_that_leaves_the_picture_is_kept_inside_it():
    drawn = Outline.read(1, "-3,-3 9,-3 9,9 -3,9", 100, 50)
    assert drawn is not None
    assert drawn.points == "0.0,0.0 100.0,0.0 100.0,50.0 0.0,50.0"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0.1,0.1 0.2,0.2",
        "a,b c,d e,f",
        "0.1 0.2 0.3",
        "nan,0 1,0 1,1",
        "inf,0 1,0 1,1",
        "0,0,0 1,1,1 0,1,1",
        "0,0 " * 65,
    ],
)
def test_what_is_no_outline_is_not_drawn(written):
    assert Outline.read(1, written, 100, 100) is None


def test_nothing_is_drawn_over_a_picture_of_unknown_size():
    assert outlines([(1, SQUARE)], 0, 0) == ()


@given(st.text(max_size=60))
def test_hostile_facts_draw_only_numbers(written):
    for outline in outlines([(1, written)], 100, 100):
        assert set(outline.points) <= set("0123456789., ")
