import cv2
import numpy as np
import pytest

from countermark.signals.image.logos.evidence import Drawing, seen_maps, settle
from countermark.signals.image.logos.layers import VERDICT_PLAN
from countermark.signals.image.logos.maps import NAMES
from countermark.signals.image.logos.templates import cut
from countermark.signals.image.logos.tests.drawing import corvane

DRAWING = Drawing(cut(corvane()))
INK = DRAWING.ink[..., None]
INKED, BARE = DRAWING.ink > 0.9, cv2.dilate(DRAWING.ink, np.ones((9, 9))) < 0.05


def window(ink, ground, shift=(0, 0)):
    """The drawing in one colour on another, with a little noise."""
    shown = np.array(ink) * INK + np.asarray(ground) * (1 - INK)
    noise = np.random.default_rng(3).normal(0, 2, shown.shape)
    return np.roll(np.clip(shown + noise, 0, 255).astype(np.uint8), shift, axis=(0, 1))


def plane(name, shown):
    return seen_maps(shown, DRAWING, settle(shown, DRAWING)[1])[NAMES.index(name)]


def two_grounds():
    ground = np.zeros((56, 56, 3))
    ground[:, :28], ground[:, 28:] = (200, 40, 40), (235, 235, 235)
    return ground


def test_there_is_a_plane_for_each_input_of_the_network():
    assert seen_maps(window((250,) * 3, (30,) * 3), DRAWING, (0, 0)).shape == (VERDICT_PLAN[0].inputs, 56, 56)
    assert len(NAMES) == VERDICT_PLAN[0].inputs


@pytest.mark.parametrize("ink, ground", [((250, 250, 250), (30, 30, 30)), ((30, 30, 30), (250, 250, 250))])
@pytest.mark.parametrize("name", ["mix", "mix without shade", "mix nearby", "ink colour"])
def test_ink_is_positive_whether_it_is_light_or_dark(name, ink, ground):
    seen = plane(name, window(ink, ground))
    assert seen[INKED].mean() > seen[BARE].mean() + 0.4


def test_colours_of_the_same_grey_are_told_apart():
    seen = plane("mix nearby", window((200, 60, 60), (60, 132, 60)))
    assert seen[INKED].mean() > 0.7 > 0.3 > seen[BARE].mean()


def test_where_half_of_the_ground_has_the_colour_of_the_ink_the_other_half_still_agrees():
    shown = window((235, 235, 235), two_grounds())
    share, colour = plane("nearby share", shown), plane("ink colour", shown)
    left, right = np.s_[10:46, 10:20], np.s_[10:46, 40:44]
    edge = DRAWING.field[2] > 0.5
    assert share[left][edge[left]].mean() > 0.8 > 0.3 > share[right][edge[right]].mean()
    assert colour[INKED].mean() > 0.8  # all ink has one colour,
    assert colour[right].mean() > 0.8  # and what it merges with has it too


def test_the_drawing_goes_where_it_lies_best():
    moved = window((250,) * 3, (30,) * 3, shift=(2, -1))
    assert settle(moved, DRAWING)[1] == (2, -1)
    assert np.array_equal(plane("ink", moved), np.roll(DRAWING.ink, (2, -1), axis=(0, 1)))


def test_one_flat_colour_gives_no_ink_anywhere():
    seen = seen_maps(np.full((56, 56, 3), 90, np.uint8), DRAWING, (0, 0))
    assert np.isfinite(seen).all()
    assert np.abs(seen[NAMES.index("mix")]).max() < 1e-3
    assert seen[NAMES.index("nearby share")].max() < 1e-3
