"""Borders of one colour are cut, pictures are not."""

import numpy as np
import pytest

from countermark.signals.image.borders import LAYERS, Box, inside_borders

DICE = np.random.default_rng(8)
INSIDE = DICE.integers(0, 256, (60, 50)).astype(np.uint8)


def framed(top: int, bottom: int, left: int, right: int, colour: int = 200, inside: np.ndarray = INSIDE) -> np.ndarray:
    return np.pad(inside, ((top, bottom), (left, right)), constant_values=colour)


@pytest.mark.parametrize(
    ("top", "bottom", "left", "right"),
    [(10, 10, 10, 10), (0, 0, 20, 20), (30, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 7), (40, 3, 25, 1)],
)
def test_a_frame_a_bar_or_an_edge_is_cut_exactly(top: int, bottom: int, left: int, right: int) -> None:
    assert inside_borders(framed(top, bottom, left, right)) == [Box(top, top + 60, left, left + 50)]


def test_what_is_cut_out_is_the_picture() -> None:
    grey = framed(5, 6, 7, 8)
    (box,) = inside_borders(grey)
    assert np.array_equal(box.cut(grey), INSIDE)


def test_a_picture_without_borders_is_left_alone() -> None:
    assert inside_borders(INSIDE) == []


def test_noise_as_of_jpeg_is_still_one_colour() -> None:
    grey = framed(10, 10, 10, 10).astype(int) + np.random.default_rng(9).integers(-3, 4, (80, 70))
    assert inside_borders(np.clip(grey, 0, 255).astype(np.uint8)) == [Box(10, 70, 10, 60)]


def test_a_frame_in_a_frame_is_cut_step_by_step() -> None:
    twice = framed(12, 12, 12, 12, 20, inside=framed(5, 5, 5, 5, 240))
    assert inside_borders(twice) == [Box(12, 82, 12, 72), Box(17, 77, 17, 67)]


def test_bars_of_two_colours_at_the_two_ends_are_cut() -> None:
    grey = np.concatenate([np.zeros((9, 50)), INSIDE, np.full((11, 50), 255)]).astype(np.uint8)
    assert inside_borders(grey) == [Box(9, 69, 0, 50)]


def test_a_slow_gradient_is_no_border_beyond_its_tolerance() -> None:
    sky = np.repeat(np.arange(200, 80, -2)[:, None], 50, axis=1)
    boxes = inside_borders(np.concatenate([sky, INSIDE]).astype(np.uint8))
    assert boxes
    assert boxes[-1].top <= 7 * LAYERS


def test_a_blank_picture_has_nothing_inside() -> None:
    assert inside_borders(np.full((60, 60), 9, np.uint8)) == []


def test_what_is_too_small_inside_is_not_worth_comparing() -> None:
    assert inside_borders(framed(30, 30, 30, 30, inside=INSIDE[:10, :10])) == []
