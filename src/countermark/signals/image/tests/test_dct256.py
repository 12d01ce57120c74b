"""The bits of dct256: the same everywhere, unmoved by light and size, silent about pictures that show nothing."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.signals.image.dct256 import (
    MOST_SIDE,
    TURNS,
    Dct256,
    coefficients,
    hash_coefficients,
    hash_grey,
    turned,
)


def noise(seed: int, height: int, width: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 9)).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def ramp(height: int, width: int) -> np.ndarray:
    """Made of whole numbers only, so that no library can draw it differently."""
    y, x = np.mgrid[0:height, 0:width]
    return np.asarray((x * x * 3 + y * y * 5 + x * y * 7 + (x // 9) * 40 + (y // 7) * 60) % 256, np.uint8)


def test_the_bits_of_a_known_picture_never_change() -> None:
    found = hash_grey(ramp(120, 90))
    assert found.bits.hex() == "903a69749486baaa4f39898e3035b29b05e3f9d5243d669799429a2a2ca758c4"
    assert found.quality == 91


def test_the_largest_sides_stay_exact_in_single_precision() -> None:
    grey = np.where(np.indices((MOST_SIDE, MOST_SIDE)).sum(axis=0) % 2, 255, 0).astype(np.uint8)
    rows = grey.astype(np.float32) - np.float32(128)
    place, frequency = np.arange(MOST_SIDE), np.arange(1, 17)[:, None]
    cosines = np.rint(256 * np.cos(np.pi * (2 * place + 1) * frequency / (2 * MOST_SIDE))).astype(np.int64)
    exact = cosines @ (rows.astype(np.int64) @ cosines.T)
    assert np.array_equal(coefficients(grey), exact * (4.0 / (256 * 256 * MOST_SIDE * MOST_SIDE)))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(24, 256), st.integers(24, 256))
def test_turning_the_frequencies_is_turning_the_picture(seed: int, height: int, width: int) -> None:
    grey = noise(seed, height, width)
    found = coefficients(grey)
    for quarters, mirrored in TURNS.values():
        seen = np.ascontiguousarray(np.rot90(grey[:, ::-1] if mirrored else grey, quarters))
        assert np.allclose(coefficients(seen), turned(found, quarters, mirrored=mirrored), atol=1e-9)


@pytest.mark.parametrize(("height", "width"), [(40, 30), (80, 60), (240, 180), (100, 256)])
def test_another_size_of_the_same_picture_is_near(height: int, width: int) -> None:
    large = noise(1, 256, 192)
    small = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)
    assert hash_grey(large).distance(hash_grey(np.asarray(small))) <= 12


def test_brightness_moves_no_bit() -> None:
    grey = noise(2, 100, 80) // 2 + 20
    assert hash_grey(grey).distance(hash_grey(grey + 60)) == 0


def test_half_the_contrast_moves_few_bits() -> None:
    grey = noise(3, 100, 80)
    assert hash_grey(grey).distance(hash_grey(grey // 2 + 64)) <= 6


def test_unrelated_pictures_are_far_apart() -> None:
    hashes = [hash_grey(noise(seed, 100, 80)) for seed in range(30)]
    distances = [a.distance(b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(distances) > 60


@pytest.mark.parametrize("level", [0, 7, 128, 255])
def test_a_flat_picture_has_no_quality(level: int) -> None:
    assert hash_grey(np.full((100, 80), level, np.uint8)).quality == 0


def test_faint_noise_on_a_flat_picture_has_next_to_no_quality() -> None:
    grey = 240 + np.random.default_rng(4).integers(-2, 3, (100, 80))
    assert hash_grey(grey.astype(np.uint8)).quality < 20


def test_a_symmetric_drawing_gives_steady_zeros_where_it_has_no_frequencies() -> None:
    half = noise(5, 100, 40)
    whole = np.concatenate([half, half[:, ::-1]], axis=1)
    shaken = np.clip(whole.astype(int) + np.random.default_rng(6).integers(-1, 2, whole.shape), 0, 255)
    assert hash_grey(whole).distance(hash_grey(shaken.astype(np.uint8))) <= 6


def test_quality_counts_frequencies_in_percent() -> None:
    found = np.zeros((16, 16))
    found[:4] = 5.0
    assert hash_coefficients(found) == Dct256(b"\xff" * 8 + bytes(24), 25)


def test_distance_counts_differing_bits() -> None:
    one, other = Dct256(b"\xff" + bytes(31), 90), Dct256(bytes(31) + b"\x01", 90)
    assert one.distance(other) == other.distance(one) == 9
    assert one.distance(one) == 0
