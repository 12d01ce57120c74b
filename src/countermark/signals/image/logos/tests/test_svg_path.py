import numpy as np
import pytest

from countermark.signals.image.logos.svg import RefusedSvg, draw_svg
from countermark.signals.image.logos.svg_path import outlines


def icon(path, box="0 0 24 24"):
    return f'<svg viewBox="{box}"><path d="{path}"/></svg>'


def share(path):
    return draw_svg(icon(path).encode(), 128)[..., 3].mean() / 255


def test_a_square_covers_its_share():
    assert share("M6 6h12v12H6z") == pytest.approx(0.25, abs=0.01)


def test_a_circle_of_arcs_covers_pi_r_squared():
    assert share("M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0z") == pytest.approx(np.pi * 100 / 576, abs=0.01)


def test_a_ring_drawn_the_other_way_inside_has_a_hole():
    assert share("M0 0h24v24H0zM6 6v12h12V6z") == pytest.approx(0.75, abs=0.01)


def test_an_inner_square_drawn_the_same_way_fills():
    assert share("M0 0h24v24H0zM6 6h12v12H6z") == pytest.approx(1.0, abs=0.01)


def test_arc_flags_without_separators_are_read():
    assert share("M2 12a10 10 0 1020 0 10 10 0 10-20 0z") == share("M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0z")


def test_curves_end_where_they_say():
    for path in (
        "M0 0C1 2 3 4 9 9L0 9z",
        "M0 0Q1 2 9 9L0 9z",
        "M0 0c1 2 3 4 4 4s5 5 5 5l-9 0z",
        "M0 0q2 0 4 4t5 5l-9 0z",
    ):
        assert any(np.allclose(point, (9, 9)) for point in outlines(path)[0])


def test_a_path_without_end_is_refused():
    with pytest.raises(RefusedSvg, match="commands"):
        draw_svg(icon("M0 0" + "h1v1" * 15_000).encode())
