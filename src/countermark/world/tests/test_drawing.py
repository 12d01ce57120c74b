"""Everything that can be drawn is drawn, each thing differs from the next, and nothing needs a font."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.world.catalogue import HOUSES, MODELS, in_currency
from countermark.world.disguises import LATIN, disguised, disguised_chinese
from countermark.world.drawing.bags import Look
from countermark.world.drawing.emblems import emblem, monogram
from countermark.world.drawing.grounds import GROUNDS, PHOTO, ground
from countermark.world.drawing.letters import LETTERS, word
from countermark.world.drawing.materials import TILE, tile
from countermark.world.drawing.others import THINGS, ThingLook
from countermark.world.drawing.photographs import Scene, jpeg, photograph
from countermark.world.drawing.prints import PRINTS, silk_print
from countermark.world.drawing.scarves import SCARVES, ScarfLook
from countermark.world.drawing.small_leather import LEATHER
from countermark.world.drawing.sprites import Goods, cutout
from countermark.world.drawing.watches import MODELS as WATCHES
from countermark.world.drawing.watches import WatchLook
from countermark.world.edits import EDITS, THEFT, stolen
from countermark.world.scenes import counterfeit, studio

_RED, _SAND = (0.6, 0.2, 0.2), (0.8, 0.7, 0.6)
_PALETTE = (_SAND, _RED, (0.2, 0.3, 0.5), (0.9, 0.8, 0.4))
_FORMS = [
    *(Goods(form, Look(_RED, _SAND, _SAND)) for form in LEATHER),
    *(Goods(form, WatchLook(_SAND, _RED)) for form in (*WATCHES, "strap")),
    *(Goods(form, ScarfLook("waves", _PALETTE)) for form in SCARVES),
    *(Goods(form, ThingLook(_RED)) for form in THINGS),
]


@pytest.mark.parametrize("goods", _FORMS, ids=lambda goods: goods.form)
def test_every_form_covers_part_of_its_canvas(goods: Goods) -> None:
    drawn = cutout(goods)
    share = float((drawn[..., 3] > 128).mean())
    assert 0.02 < share < 0.9
    assert (drawn[..., :3].max(axis=2) <= drawn[..., 3].astype(int) + 1).mean() > 0.999


@pytest.mark.parametrize("style", PRINTS)
def test_every_print_shows_its_palette(style: str) -> None:
    image = silk_print(style, _PALETTE, "Ondrelle")
    assert float(image.std()) > 0.05
    assert not np.array_equal(image, silk_print(style, _PALETTE))


@pytest.mark.parametrize("name", GROUNDS)
def test_every_ground_is_a_picture_of_light_between_black_and_white(name: str) -> None:
    image = ground(name, np.random.default_rng(1))
    assert image.shape == (3, PHOTO, PHOTO)
    assert 0.05 < float(image.mean()) < 1
    assert float(image.min()) >= -0.01


@pytest.mark.parametrize("name", ["smooth", "pebble", "weave", "nap", "twill", "knit", "brushed", "wood", "marble"])
def test_every_texture_is_even_and_of_the_same_strength(name: str) -> None:
    texture = tile(name)
    assert texture.shape == (TILE, TILE)
    assert abs(float(texture.mean())) < 1e-3
    assert 0.45 < float(texture.std()) < 0.55


@pytest.mark.parametrize("house", [house.name for house in HOUSES])
def test_every_house_can_write_its_name_and_draw_its_emblem(house: str) -> None:
    assert set(house.upper()) <= set(LETTERS)
    places = np.concatenate(word(house.upper(), 500, 500, 100))
    assert abs(float(places[:, 0].min() + places[:, 0].max()) / 2 - 500) < 40
    assert all(len(area) > 3 for area in emblem(house, 0, 0, 1))
    assert 0.02 < float(monogram(house).mean()) < 0.4


def test_equal_scenes_give_equal_photos_and_other_seeds_do_not() -> None:
    goods = MODELS[0].goods(0)
    one = photograph(goods, Scene("wood", seed=5, turn=10, grain=0.01))
    assert np.array_equal(one, photograph(goods, Scene("wood", seed=5, turn=10, grain=0.01)))
    assert not np.array_equal(one, photograph(goods, Scene("wood", seed=6, turn=10, grain=0.01)))
    assert one.shape == (PHOTO, PHOTO, 3)


def test_two_scenes_can_share_a_room() -> None:
    goods = MODELS[0].goods(0)
    rooms = [photograph(goods, Scene("carpet", seed=seed, size=0.4, ground_seed=3)) for seed in (1, 2)]
    others = [photograph(goods, Scene("carpet", seed=seed, size=0.4)) for seed in (1, 2)]
    assert np.array_equal(rooms[0][:40, :40], rooms[1][:40, :40])
    assert not np.array_equal(others[0][:40, :40], others[1][:40, :40])


def test_a_counterfeit_looks_nearly_but_not_quite_like_the_original() -> None:
    for model in MODELS:
        genuine = model.goods(0)
        assert counterfeit(genuine, 0) != genuine
    original, copy = cutout(MODELS[0].goods(0)), cutout(counterfeit(MODELS[0].goods(0), 0))
    assert not np.array_equal(original, copy)
    assert np.abs(original.astype(int) - copy).mean() < 20


def test_every_model_is_photographed_in_a_way_of_its_own() -> None:
    scenes = {(scene := studio(model, 0, view)).seed: scene for model in MODELS for view in (0, 1)}
    assert len(scenes) == 2 * len(MODELS)


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_gives_a_picture_and_the_same_one_twice(name: str) -> None:
    photo = photograph(MODELS[2].goods(0), studio(MODELS[2], 0, 0))
    edited = EDITS[name](photo, np.random.default_rng(3))
    assert edited.dtype == np.uint8
    assert edited.shape[2] == 3
    assert np.array_equal(edited, EDITS[name](photo, np.random.default_rng(3)))
    assert name == "none" or edited.shape != photo.shape or not np.array_equal(edited, photo)
    assert jpeg(edited).startswith(b"\xff\xd8")


def test_thieves_use_known_edits() -> None:
    assert set(THEFT) <= set(EDITS)
    dice = np.random.default_rng(1)
    assert {stolen(dice) for _ in range(2000)} == set(THEFT)


@pytest.mark.parametrize("way", LATIN.values(), ids=list(LATIN))
@pytest.mark.parametrize("house", [house.name for house in HOUSES])
def test_every_disguise_changes_the_name(way: Callable[[str, np.random.Generator], str], house: str) -> None:
    written = {way(house, np.random.default_rng(seed)) for seed in range(20)}
    assert any(one != house for one in written)


@given(st.sampled_from([house.name for house in HOUSES]), st.integers(0, 10_000))
def test_a_disguised_name_is_never_the_name(house: str, seed: int) -> None:
    assert disguised(house, np.random.default_rng(seed)) != house


@given(st.sampled_from([house.chinese for house in HOUSES]), st.integers(0, 10_000))
def test_a_disguised_chinese_name_keeps_its_first_sign(chinese: str, seed: int) -> None:
    written = disguised_chinese(chinese, np.random.default_rng(seed))
    assert written != chinese
    assert written[0] == chinese[0]


@given(st.floats(0.01, 50_000), st.sampled_from(["EUR", "USD", "GBP", "CNY"]))
def test_prices_look_like_prices(euros: float, currency: str) -> None:
    price = in_currency(euros, currency)
    assert price >= 1
    assert price == price.to_integral_value()
