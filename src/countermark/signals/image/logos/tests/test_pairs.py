import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from countermark.signals.image.logos.pairs import Views, carry, moved, offsets, sound
from countermark.signals.image.logos.templates import JUDGE_LONG, JUDGE_SIDE, cut, draw, unit_to_window
from countermark.signals.image.logos.tests.drawing import halcyr

small = st.floats(-0.3, 0.3)


def place(half=50.0, x=120.0, y=90.0):
    return np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]])


@given(st.lists(small, min_size=8, max_size=8))
def test_moving_by_the_offsets_reaches_the_truth(values):
    corner_offsets = np.array(values, np.float32)
    truth = moved(place(), corner_offsets)
    assert np.allclose(offsets(place(), truth), corner_offsets, atol=1e-3)


def test_upright_undoes_the_pose_it_is_given():
    mark = cut(halcyr())
    drawn = draw(mark, JUDGE_SIDE, JUDGE_LONG)
    same = Views(drawn).upright(unit_to_window(JUDGE_SIDE, JUDGE_LONG))
    assert np.abs(same.astype(int) - drawn).max() <= 1


def test_a_mirrored_folded_tiny_or_overturned_pose_is_not_sound():
    turned = place() @ np.array([[0, -1.0, 0], [1.0, 0, 0], [0, 0, 1.0]])
    assert sound(place(), 30)
    assert not sound(place() @ np.diag([-1.0, 1, 1]), 30)
    assert not sound(place(half=10), 30)
    assert not sound(turned, 30)
    assert not sound(place() @ np.diag([1.0, 3.0, 1.0]), 30)
    assert not sound(np.full((3, 3), np.nan), 30)


def test_carry_divides_by_the_third_coordinate():
    assert np.allclose(carry(np.diag([2.0, 2.0, 4.0]), np.array([[4.0, 8.0]])), [[2.0, 4.0]])
