"""Everything that can be drawn is drawn, each thing differs from the next, and nothing needs a font."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.world.catalogue import HOUSES, MODELS, in_currency
from countermark.world.composing import lettered
from countermark.world.disguises import CHINESE, LATIN, disguised, disguised_chinese, misspelt
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
from countermark.world.edits import EDITS, THEFT, part, stolen
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
def test_a_disguised_chinese_name_is_another_one(chinese: str, seed: int) -> None:
    written = disguised_chinese(chinese, np.random.default_rng(seed))
    assert written
    assert written != chinese


@pytest.mark.parametrize(
    ("way", "name", "written"),
    [
        ("traditional", "昂黛儿", {"昂黛兒"}),
        ("pinyin", "珂梵", {"ke fan", "kefan"}),
        ("looks alike", "珂梵", {"坷梵", "轲梵", "珂焚", "珂楚"}),
        ("hidden sign", "珂梵", {"珂*", "珂～", "珂●", "珂x", "珂·"}),
    ],
)
def test_chinese_names_are_written_in_other_ways(way: str, name: str, written: set[str]) -> None:
    assert {CHINESE[way](name, np.random.default_rng(seed)) for seed in range(40)} == written


def test_a_sign_is_exchanged_for_a_common_one_that_sounds_the_same() -> None:
    assert "科梵" in {CHINESE["sounds alike"]("珂梵", np.random.default_rng(seed)) for seed in range(200)}


def test_a_name_without_another_writing_comes_back_as_it_is() -> None:
    assert CHINESE["looks alike"]("小", np.random.default_rng(1)) == "小"
    assert CHINESE["traditional"]("珂梵", np.random.default_rng(1)) == "珂梵"


@given(st.sampled_from([house.name for house in HOUSES]), st.integers(0, 10_000))
def test_a_misspelt_name_differs_by_a_letter_or_two(name: str, seed: int) -> None:
    written = misspelt(name, np.random.default_rng(seed))
    assert written != name
    assert written[0] == name[0]
    assert abs(len(written) - len(name)) <= 1


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_every_edit_gives_a_picture_and_gives_it_twice(edit: str) -> None:
    photo = np.random.default_rng(3).integers(0, 255, (160, 200, 3), dtype=np.uint8)
    kept = photo.copy()
    first, second = (EDITS[edit](photo, np.random.default_rng(5)) for _ in range(2))
    assert (first == second).all()
    assert first.dtype == np.uint8
    assert first.shape[2] == 3
    assert (photo == kept).all()


def test_a_part_has_its_share_of_the_area() -> None:
    photo = np.zeros((400, 600, 3), np.uint8)
    cut = part(0.3)(photo, np.random.default_rng(2))
    assert cut.shape[0] * cut.shape[1] == pytest.approx(0.3 * 400 * 600, rel=0.02)


def test_words_change_only_a_band_of_the_picture() -> None:
    photo = np.full((640, 640, 3), 128, np.uint8)
    changed = np.flatnonzero((lettered(photo, "CORVANE", np.random.default_rng(4)) != photo).any(axis=(1, 2)))
    assert 20 < changed.size < 250


@given(st.floats(0.01, 50_000), st.sampled_from(["EUR", "USD", "GBP", "CNY"]))
def test_prices_look_like_prices(euros: float, currency: str) -> None:
    price = in_currency(euros, currency)
    assert price >= 1
    assert price == price.to_integral_value()
