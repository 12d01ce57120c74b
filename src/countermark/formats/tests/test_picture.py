"""Pictures from outside: measured before they are decoded, refused when cut, too large, or two things at once."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from countermark.formats.picture import PictureLimits, RefusedPicture, decode_rgb, inspect_picture, verify_picture

PIXELS = np.random.default_rng(7).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def encode(kind: str, mode: str = "RGB", *, more: dict[str, object] | None = None, **plain: object) -> bytes:
    picture = Image.fromarray(PIXELS).convert(mode)
    file = io.BytesIO()
    picture.save(file, kind, **(more or {}), **plain)
    return file.getvalue()


ALL = [
    ("JPEG", "RGB", {}),
    ("JPEG", "L", {}),
    ("JPEG", "CMYK", {}),
    ("JPEG", "RGB", {"progressive": True}),
    ("PNG", "RGB", {}),
    ("PNG", "RGBA", {}),
    ("PNG", "LA", {}),
    ("PNG", "L", {}),
    ("PNG", "P", {}),
    ("PNG", "1", {}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGB", {"lossless": True}),
    ("WEBP", "RGBA", {"lossless": True}),
]
NAMES = [f"{kind}-{mode}-{'-'.join(more) or 'plain'}" for kind, mode, more in ALL]


def refusal(data: bytes, limits: PictureLimits | None = None) -> str:
    with pytest.raises(RefusedPicture) as refused:
        inspect_picture(data, limits or PictureLimits())
    assert refused.value.message.endswith(".")
    assert refused.value.mend.endswith(".")
    return refused.value.code


@pytest.mark.parametrize(("kind", "mode", "more"), ALL, ids=NAMES)
def test_pictures_of_shops_are_measured_and_decoded(kind: str, mode: str, more: dict[str, object]) -> None:
    data = encode(kind, mode, more=more)
    facts = verify_picture(data)
    assert (facts.media_type, facts.width, facts.height) == (f"image/{kind.lower()}", 60, 40)
    assert facts.trailing == 0
    pixels = decode_rgb(data)
    assert pixels.shape == (40, 60, 3)
    assert pixels.dtype == np.uint8
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    assert np.abs(pixels.astype(int) - expected).mean() < 3


@pytest.mark.parametrize(("kind", "mode", "more"), ALL, ids=NAMES)
@settings(max_examples=25, deadline=None)
@given(share=st.floats(0.01, 0.999))
def test_a_picture_cut_anywhere_is_refused(kind: str, mode: str, more: dict[str, object], share: float) -> None:
    data = encode(kind, mode, more=more)
    with pytest.raises(RefusedPicture):
        verify_picture(data[: int(len(data) * share)])


def test_transparency_lies_on_white() -> None:
    clear = Image.new("RGBA", (4, 4), (200, 0, 0, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")
    assert (decode_rgb(file.getvalue()) == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_as_its_exif_says(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    more: dict[str, object] = {"lossless": True} if kind == "WEBP" else {}
    data = encode(kind, more=more, exif=exif.tobytes())
    assert inspect_picture(data).orientation == orientation
    with Image.open(io.BytesIO(data)) as picture:
        upright = np.asarray(ImageOps.exif_transpose(picture).convert("RGB")).astype(int)
    assert np.abs(decode_rgb(data).astype(int) - upright).mean() < 3
    assert decode_rgb(data, upright=False).shape == (40, 60, 3)


def test_a_jpeg_may_come_back_reduced_but_not_below_what_was_asked() -> None:
    file = io.BytesIO()
    Image.fromarray(PIXELS).resize((1600, 1200)).save(file, "JPEG")
    reduced = decode_rgb(file.getvalue(), at_least=256)
    assert 256 <= min(reduced.shape[:2]) < 600
    assert decode_rgb(encode("JPEG"), at_least=256).shape == (40, 60, 3)


def png_of(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_a_picture_of_a_hundred_megapixels_is_refused_before_a_pixel_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Image, "open", lambda *_a, **_k: pytest.fail("decoded"))
    assert refusal(png_of(10_000, 10_000)) == "too-many-pixels"
    assert refusal(png_of(30_000, 10)) == "too-many-pixels"
    with pytest.raises(RefusedPicture):
        decode_rgb(png_of(10_000, 10_000))


def test_a_picture_that_lies_about_its_pixels_is_refused() -> None:
    assert inspect_picture(png_of(4000, 4000)).width == 4000
    with pytest.raises(RefusedPicture, match="damaged"):
        verify_picture(png_of(4000, 4000))


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    assert refusal(encode("PNG") + bytes(100), PictureLimits(bytes=100)) == "too-large"


def test_a_picture_without_pixels_is_refused() -> None:
    assert refusal(png_of(0, 10)) == "no-pixels"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unsupported-type"),
        (b"<?xml version='1.0'?><svg/>", "unsupported-type"),
        (b"  <!-- x --><SVG>", "unsupported-type"),
        (b"<!DOCTYPE html><script>", "unsupported-type"),
        (b"GIF89a" + bytes(20), "unsupported-type"),
        (b"BM" + bytes(60), "unsupported-type"),
        (b"%PDF-1.4", "unsupported-type"),
        (b"PK\x03\x04", "unsupported-type"),
        (b"\0\0\0\x18ftypheic", "unsupported-type"),
        (b"RIFF\x04\0\0\0WAVE", "unsupported-type"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"RIFF\x04\0\0\0WEBP", "damaged"),
        (b"hello", "unsupported-type"),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "tail",
    [
        b"PK\x03\x04" + bytes(30),
        b"<html><body>",
        b"<SCRIPT>alert(1)</script>",
        b"<?php x ?>",
        b"Rar!\x1a\x07\0",
        b"%PDF-1.7",
    ],
)
def test_a_picture_that_is_also_something_else_is_refused(kind: str, tail: bytes) -> None:
    assert refusal(encode(kind) + tail) == "polyglot"


def test_a_page_in_the_comment_of_a_photo_is_refused() -> None:
    assert refusal(encode("JPEG", comment=b"*/=1;</script><script>alert(1)")) == "polyglot"
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("x", "<script>alert(1)</script>")
    assert refusal(encode("PNG", pnginfo=note)) == "polyglot"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_padding_after_a_picture_is_counted_and_forgiven(kind: str) -> None:
    assert inspect_picture(encode(kind) + bytes(11)).trailing == 11
    verify_picture(encode(kind) + bytes(11))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_counts(kind: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue", "green")]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], lossless=True)
    facts = verify_picture(file.getvalue())
    assert facts.animated
    assert (decode_rgb(file.getvalue())[0, 0] == (255, 0, 0)).all()


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    data = encode("JPEG", progressive=True)
    start = data.index(b"\xff\xda")
    scan = data[start : data.index(b"\xff\xda", start + 2)]
    scan = scan[: scan.index(b"\xff\xc4")] if b"\xff\xc4" in scan else scan
    assert refusal(data[:start] + scan * 1000 + data[start:]) == "too-many-scans"


def test_a_refusal_travels_between_processes() -> None:
    import pickle

    refused = RefusedPicture("damaged", "It is cut.", "Send it again.")
    again = pickle.loads(pickle.dumps(refused))
    assert (again.code, again.message, again.mend) == ("damaged", "It is cut.", "Send it again.")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ALL), st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_damage_anywhere_is_seen_or_harmless_but_never_a_fall(which, at: int, patch: bytes) -> None:
    kind, mode, more = which
    data = bytearray(encode(kind, mode, more=more))
    at %= len(data)
    data[at : at + len(patch)] = patch
    try:
        pixels = decode_rgb(bytes(data), PictureLimits(pixels=100_000))
    except RefusedPicture as refused:
        assert refused.mend
    else:
        assert pixels.size <= 300_000


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBP"):
        with pytest.raises(RefusedPicture):
            inspect_picture(start + data)


@pytest.mark.real_data
def test_real_photos_are_taken_and_the_corrupt_one_is_not(shared_data: Path) -> None:
    photos = sorted((shared_data / "photos").rglob("*.jpg"))[::25]
    assert photos
    for path in photos:
        verify_picture(path.read_bytes())
    corrupt = next((shared_data / "near-duplicates").rglob("ukbench09268_corrupt.jpg"))
    with pytest.raises(RefusedPicture):
        verify_picture(corrupt.read_bytes())
