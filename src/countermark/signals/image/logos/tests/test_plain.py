import cv2
import numpy as np
import pytest

from countermark.signals.image.logos.plain import plain_shape
from countermark.signals.image.logos.templates import cut
from countermark.signals.image.logos.tests.drawing import corvane, halcyr, ondrelle


def blank():
    return np.zeros((240, 240), np.uint8)


def stripes():
    out = blank()
    for top in (20, 95, 170):
        out[top : top + 45] = 255
    return out


PLAIN = {
    "disc": cv2.ellipse(blank(), (120, 120), (110, 60), 0, 0, 360, 255, -1),
    "ring": cv2.circle(blank(), (120, 120), 90, 255, 24),
    "block": cv2.rectangle(blank(), (10, 90), (230, 150), 255, -1),
    "stripes": stripes(),
    "triangle": cv2.fillPoly(blank(), [np.array([[20, 200], [220, 200], [120, 30]])], 255),
    "letter B": cv2.putText(blank(), "B", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 6.0, 255, 20, cv2.LINE_AA),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_shape_is_known_by_name(name):
    assert plain_shape(cut(PLAIN[name]).alpha) == name


@pytest.mark.parametrize("alpha", [corvane(), halcyr(), ondrelle()], ids=["corvane", "halcyr", "ondrelle"])
def test_a_mark_of_its_own_is_not_plain(alpha):
    assert plain_shape(cut(alpha).alpha) is None
