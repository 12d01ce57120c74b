"""A share says how much its count allows one to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.evaluate.share import Share, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # Known values of the Wilson score interval without continuity correction.
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_the_interval_agrees_with_known_values(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_is_neither_nothing_nor_all() -> None:
    assert Share.of(0, 0) == Share(hits=0, n=0, value=None, low=None, high=None)


@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_inside_its_interval(pair: tuple[int, int]) -> None:
    share = Share.of(*pair)
    assert share.value is not None
    assert share.low is not None
    assert share.high is not None
    assert 0 <= share.low <= share.value <= share.high <= 1


@given(st.integers(1, 1000), st.integers(0, 10))
def test_more_of_the_same_is_surer(n: int, tenths: int) -> None:
    few, many = wilson(n * tenths, n * 10), wilson(n * tenths * 10, n * 100)
    assert many[1] - many[0] < few[1] - few[0]
