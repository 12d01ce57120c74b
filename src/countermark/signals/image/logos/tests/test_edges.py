import numpy as np

from countermark.signals.image.logos.cover import hidden_share
from countermark.signals.image.logos.edges import edge_field
from countermark.signals.image.logos.flat import inked
from countermark.signals.image.logos.pairs import Views
from countermark.signals.image.logos.templates import JUDGE_LONG, JUDGE_SIDE, cut, judge_field
from countermark.signals.image.logos.tests.drawing import cloth, halcyr, printed


def test_polarity_and_colour_do_not_matter():
    ink = np.zeros((40, 40, 3), np.uint8)
    ink[10:30, 15:25] = 200
    assert np.allclose(edge_field(ink), edge_field(255 - ink), atol=1e-4)
    red = ink.copy()
    red[..., 1:] = 0
    assert np.argmax(edge_field(red)[2]) == np.argmax(edge_field(ink)[2])


def test_a_plain_picture_has_no_edges():
    assert (edge_field(np.full((30, 30, 3), 90, np.uint8)) == 0).all()


def test_upright_edges_and_level_edges_are_opposite_in_the_first_channel():
    ink = np.zeros((40, 40, 3), np.uint8)
    ink[:, 20:] = 255
    assert edge_field(ink)[0].max() > 0.5
    assert edge_field(ink.transpose(1, 0, 2))[0].min() < -0.5


def test_a_covered_half_counts_as_hidden():
    mark = cut(halcyr())
    photo = printed(cloth(), halcyr(), (200, 200), 168)
    half = 60.0
    pose = np.array([[half, 0, 200.0], [0, half, 200.0], [0, 0, 1.0]])
    whole = hidden_share(Views(photo).upright(pose), judge_field(mark), inked(mark, JUDGE_SIDE, JUDGE_LONG))
    covered = photo.copy()
    covered[:, 205:] = (60, 80, 140)
    assert whole < 0.15
    assert (
        0.3 < hidden_share(Views(covered).upright(pose), judge_field(mark), inked(mark, JUDGE_SIDE, JUDGE_LONG)) < 0.8
    )
