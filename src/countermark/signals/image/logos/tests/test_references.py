import cv2
import numpy as np
import pytest

from countermark.formats.picture import RefusedPicture
from countermark.signals.image.logos.references import UnusableLogo, drawing_of
from countermark.signals.image.logos.svg import RefusedSvg
from countermark.signals.image.logos.tests.drawing import halcyr

SVG = '<svg viewBox="0 0 24 24">{}<path fill="{}" d="M4 4h4v16H4zM16 4h4v16h-4zM8 10h8v4H8z"/></svg>'


def png(pixels):
    return cv2.imencode(".png", pixels)[1].tobytes()


def ink(data):
    return drawing_of(data)[..., 3].astype(float) / 255


def on(ground, colour):
    cover = np.pad(halcyr(), 10)[..., None] / 255.0
    return (np.array(ground) * (1 - cover) + np.array(colour) * cover).astype(np.uint8)


@pytest.mark.parametrize(
    ("ground", "colour"), [((255,) * 3, (0,) * 3), ((0,) * 3, (255,) * 3), ((200, 30, 30), (240,) * 3)]
)
def test_either_polarity_and_any_colour_gives_the_same_ink(ground, colour):
    expected = np.pad(halcyr(), 10) / 255.0
    assert np.abs(ink(png(on(ground, colour))) - expected).mean() < 0.02


def test_a_white_mark_on_transparency_is_ink():
    alpha = halcyr()
    assert np.allclose(ink(png(np.dstack([np.full((*alpha.shape, 3), 255, np.uint8), alpha]))), alpha / 255.0)


def test_grey_and_sixteen_bit_pictures_are_read():
    grey = 255 - np.pad(halcyr(), 10)
    assert np.abs(ink(png(grey)) - ink(png(grey.astype(np.uint16) * 257))).mean() < 0.01


def test_an_svg_on_its_own_ground_and_one_without_are_the_same():
    bare = ink(SVG.format("", "black").encode())
    grounded = ink(SVG.format('<rect width="24" height="24" fill="#fff"/>', "#a00").encode())
    assert np.abs(bare - grounded).mean() < 0.02


def test_a_mark_in_a_plate_keeps_its_drawing():
    inside = '<circle cx="12" cy="12" r="12" fill="#036"/><rect x="6" y="10" width="12" height="4" fill="#fff"/>'
    drawn = ink(f'<svg viewBox="0 0 24 24">{inside}</svg>'.encode())
    assert drawn[256, 256] < 0.1 < 0.9 < drawn[100, 256]


def test_large_pictures_are_made_small():
    assert drawing_of(png(np.pad(255 - cv2.resize(halcyr(), (2000, 1000)), 20, constant_values=255))).shape[1] == 512


@pytest.mark.parametrize(
    ("data", "kind", "why"),
    [
        (png(np.full((50, 50, 3), 200, np.uint8)), UnusableLogo, "stands out"),
        (png(np.random.default_rng(1).integers(0, 255, (50, 50, 3)).astype(np.uint8)), UnusableLogo, "border"),
        (b"<svg><script/></svg>", RefusedSvg, "script"),
        (b"\x89PNG\r\n\x1a\nnothing", RefusedPicture, "."),
        (b"", RefusedPicture, "."),
    ],
)
def test_what_cannot_be_used_is_refused_with_words(data, kind, why):
    with pytest.raises(kind, match=why):
        drawing_of(data)
