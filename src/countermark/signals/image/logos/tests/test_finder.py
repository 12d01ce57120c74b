import pickle

import numpy as np
import pytest

from countermark.signals.image.logos import LogoFinder, LogoReference, Options
from countermark.signals.image.logos.tests.drawing import (
    cloth,
    corvane,
    halcyr,
    ondrelle,
    printed,
    reference,
    references,
)


@pytest.fixture(scope="module")
def finder():
    return LogoFinder(references())


@pytest.mark.parametrize("name, alpha", [("corvane", corvane()), ("halcyr", halcyr()), ("ondrelle", ondrelle())])
@pytest.mark.parametrize("turn", [-15, 0, 15])
def test_a_mark_printed_on_cloth_is_found_where_it_is(finder, name, alpha, turn):
    photo = printed(cloth(), alpha, (190, 220), 130, turn)
    matches = finder.find(photo)
    assert [match.reference for match in matches] == [name]
    assert np.linalg.norm(np.mean(matches[0].polygon, axis=0) - (190, 220)) < 15
    assert not matches[0].masked


def test_both_polarities_are_found(finder):
    dark = printed(cloth(colour=(225, 220, 215)), halcyr(), (200, 250), 120, ink=(20, 20, 20))
    assert [match.reference for match in finder.find(dark)] == ["halcyr"]


@pytest.mark.parametrize(
    "name, alpha, edge", [("halcyr", halcyr(), 205), ("corvane", corvane(), 220), ("ondrelle", ondrelle(), 220)]
)
def test_a_mark_of_which_a_side_has_the_colour_of_the_wall_behind_is_found(finder, name, alpha, edge):
    photo = cloth()
    photo[:, edge:] = cloth(6, colour=(235, 230, 220))[:, edge:]
    assert [match.reference for match in finder.find(printed(photo, alpha, (200, 250), 100))] == [name]


def test_a_wall_beside_cloth_is_no_mark(finder):
    for edge in (190, 205, 220):
        photo = cloth()
        photo[:, edge:] = cloth(6, colour=(235, 230, 220))[:, edge:]
        assert finder.find(photo) == []


def test_bare_cloth_has_no_mark(finder):
    assert all(finder.find(cloth(seed)) == [] for seed in range(4))


def test_a_large_photo_gives_polygons_in_its_own_pixels(finder):
    photo = printed(cloth(width=1600, height=1200), corvane(), (900, 500), 420)
    matches = finder.find(photo)
    assert [match.reference for match in matches] == ["corvane"]
    assert np.linalg.norm(np.mean(matches[0].polygon, axis=0) - (900, 500)) < 60


def test_the_same_photo_gives_the_same_matches_also_after_travel(finder):
    photo = printed(cloth(), corvane(), (190, 220), 130)
    assert pickle.loads(pickle.dumps(finder)).find(photo) == finder.find(photo)


def test_no_references_and_tiny_photos_give_nothing(finder):
    assert LogoFinder([]).find(cloth()) == []
    assert finder.find(np.zeros((20, 20, 3), np.uint8)) == []


@pytest.mark.parametrize("shape", [(48, 3000, 3), (3000, 48, 3), (64, 64, 3)])
def test_odd_shapes_do_no_harm(finder, shape):
    noise = np.random.default_rng(1).integers(0, 255, shape).astype(np.uint8)
    assert isinstance(finder.find(noise), list)


def test_photos_of_another_type_are_refused(finder):
    with pytest.raises(ValueError, match="bytes"):
        finder.find(np.zeros((100, 100), np.uint8))
    with pytest.raises(ValueError, match="bytes"):
        finder.find(np.zeros((100, 100, 3), np.float32))


def test_bad_references_are_refused_by_name():
    with pytest.raises(ValueError, match="blank: this mark is empty"):
        LogoFinder([reference("blank", np.zeros((50, 50), np.uint8))])
    with pytest.raises(ValueError, match="same id"):
        LogoFinder([reference("one", corvane()), reference("one", halcyr())])
    with pytest.raises(ValueError, match="RGBA"):
        LogoFinder([LogoReference("flat", np.zeros((50, 50, 3), np.uint8))])
    with pytest.raises(ValueError, match="at most"):
        LogoFinder([LogoReference(str(at), np.zeros((2, 2, 4), np.uint8)) for at in range(1001)])


def test_an_unreachable_threshold_finds_nothing():
    photo = printed(cloth(), corvane(), (190, 220), 130)
    assert LogoFinder(references(), Options(threshold=1.01)).find(photo) == []
