"""The solver of the lines: inside its bounds, and nowhere further down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.evaluate.learning import lines


@given(st.integers(0, 2**32 - 1))
def test_no_height_could_move_inside_its_bounds_and_lose_less(seed: int):
    dice = np.random.default_rng(seed)
    rows = np.column_stack([np.ones(60), np.clip(dice.normal(0.3, 0.6, (60, 5)), 0, 1)])
    truth = (dice.random(60) < dice.random()).astype(float)
    wanted, pulls = dice.normal(0, 2, 6), np.array([0.01, *[dice.choice([0.01, 1.0, 10.0])] * 5])
    low = np.array([-np.inf, *np.where(dice.random(5) < 0.5, 0.01, -3.0)])
    high = np.array([np.inf, *(np.maximum(low[1:], 0) + dice.random(5))])

    heights = lines._descend(rows, truth, wanted, pulls, low, high)

    assert np.all((low <= heights) & (heights <= high))
    slope = rows.T @ (lines.probability(rows @ heights) - truth) + pulls * (heights - wanted)
    may_fall, may_rise = heights > low, heights < high
    assert np.all(slope[may_fall] <= 1e-5)
    assert np.all(slope[may_rise] >= -1e-5)


def test_heights_without_room_stay_where_they_are():
    rows, held = np.ones((4, 2)), np.array([0.5, 1.0])
    heights = lines._descend(rows, np.array([1.0, 0, 1, 1]), held, np.ones(2), held, held)
    assert heights == pytest.approx(held)
