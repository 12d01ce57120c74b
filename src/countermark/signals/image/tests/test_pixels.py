"""Bytes from outside: decoded small and grey, or refused before they cost anything."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from countermark.formats.picture import RefusedPicture
from countermark.signals.image.pixels import grey_pixels, light_pixels
from countermark.signals.image.tests.drawing import (
    hues_turned,
    jpeg,
    many_scans,
    photo,
    png,
    png_header_only,
    with_orientation,
)


@pytest.mark.parametrize(
    ("height", "width", "shape"),
    [
        (480, 360, (240, 180)),
        (533, 400, (134, 100)),
        (1600, 1200, (200, 150)),
        (90, 70, (90, 70)),
        (3000, 2500, (256, 256)),
        (2400, 100, (256, 100)),
    ],
)
def test_a_jpeg_is_decoded_no_larger_than_needed(height: int, width: int, shape: tuple[int, int]) -> None:
    data = jpeg(np.full((height, width, 3), 99, np.uint8))
    grey = grey_pixels(data)
    assert grey.shape == shape
    assert grey.dtype == np.uint8


def test_a_picture_of_other_format_gives_nearly_the_same_pixels() -> None:
    picture = photo(1, 200, 150)
    exact = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    assert np.array_equal(grey_pixels(png(picture)), exact)
    webp = grey_pixels(bytes(cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, 95])[1]))
    for decoded in (webp, grey_pixels(jpeg(picture, 95))[:, :]):
        target = cv2.resize(exact, decoded.shape[::-1], interpolation=cv2.INTER_AREA)
        assert np.abs(decoded.astype(int) - target).mean() < 4


def test_transparency_lies_on_white() -> None:
    clear = np.zeros((50, 50, 4), np.uint8)
    assert int(grey_pixels(png(clear)).min()) == 255


def test_an_orientation_is_not_applied() -> None:
    data = jpeg(photo(2))
    assert np.array_equal(grey_pixels(with_orientation(data, 6)), grey_pixels(data))


def test_a_cmyk_jpeg_is_read() -> None:
    buffer = BytesIO()
    Image.fromarray(photo(3)).convert("CMYK").save(buffer, "JPEG")
    assert grey_pixels(buffer.getvalue()).shape == (256, 256)


def test_a_jpeg_cut_short_is_decoded_as_far_as_it_goes() -> None:
    data = jpeg(photo(4))
    whole, half = grey_pixels(data), grey_pixels(data[: len(data) // 2])
    assert half.shape == whole.shape
    assert np.array_equal(half[:60], whole[:60])


def test_a_script_behind_the_picture_hides_nothing() -> None:
    data = jpeg(photo(5))
    assert np.array_equal(grey_pixels(data + b"<script>alert(1)</script>"), grey_pixels(data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n" + bytes(60),
        b"RIFF\x24\0\0\0WEBPVP8 " + bytes(24),
        jpeg(photo(6))[:300],
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedPicture):
        grey_pixels(data)


def test_a_hundred_megapixels_are_refused_before_decoding() -> None:
    with pytest.raises(RefusedPicture, match="pixels"):
        grey_pixels(png_header_only(10_000, 10_000))


def test_a_jpeg_that_promises_too_many_pixels_is_refused() -> None:
    data = bytearray(jpeg(np.full((64, 64, 3), 50, np.uint8)))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\x27\x10\x27\x10"
    with pytest.raises(RefusedPicture, match="10000 x 10000"):
        grey_pixels(bytes(data))


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    assert grey_pixels(many_scans(photo(7), 1)).size > 0
    with pytest.raises(RefusedPicture, match="scans"):
        grey_pixels(many_scans(photo(7, 64, 64), 1000))


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_damage_anywhere_gives_pixels_or_a_refusal(data: st.DataObject) -> None:
    picture = photo(8, 64, 64)
    good = data.draw(st.sampled_from([jpeg(picture), png(picture), many_scans(picture, 1)]))
    at = data.draw(st.integers(0, len(good) - 1))
    with_damage = good[:at] + data.draw(st.binary(max_size=8)) + good[at + data.draw(st.integers(0, 4)) :]
    try:
        grey = grey_pixels(with_damage)
    except RefusedPicture:
        return
    assert grey.ndim == 2
    assert max(grey.shape) <= 256


def test_lightness_does_not_change_when_hues_are_turned_and_luma_does() -> None:
    picture = photo(1, 200, 150)
    turned = hues_turned(picture)
    light, again = light_pixels(png(picture)).astype(int), light_pixels(png(turned)).astype(int)
    assert np.abs(light - again).max() <= 3
    luma = grey_pixels(png(picture)).astype(int) - grey_pixels(png(turned)).astype(int)
    assert np.abs(luma).mean() > 5
    exact = (picture.max(2).astype(int) + picture.min(2)) / 2
    assert np.abs(light - exact).max() <= 1


@pytest.mark.parametrize("data", [jpeg(photo(1, 480, 360)), png(photo(1, 480, 360)), jpeg(photo(1, 90, 70))])
def test_lightness_has_the_shape_of_the_grey_picture_and_bad_bytes_are_refused_alike(data: bytes) -> None:
    assert light_pixels(data).shape == grey_pixels(data).shape
    with pytest.raises(RefusedPicture):
        light_pixels(data[:20])
