"""Real photographs and published near-duplicates: found when edited, told apart when not."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from countermark.formats.picture import RefusedPicture
from countermark.signals.image import RADIUS, Fingerprint, FingerprintIndex, fingerprint
from countermark.signals.image.dct256 import TURNS, coefficients, hash_coefficients, turned
from countermark.signals.image.pixels import grey_pixels
from countermark.signals.image.tests.drawing import EXAMPLES

pytestmark = pytest.mark.real_data

#: Edits that a copy survives, of those the worked examples describe.
SURVIVED = (
    "recompressed at quality 10",
    "resized to 25 %",
    "in grey",
    "in a red frame of 15 %",
    "under a tiled watermark",
)


@pytest.fixture(scope="module")
def duplicates(shared_data: Path) -> Path:
    return shared_data / "near-duplicates"


@pytest.fixture(scope="module")
def photos(shared_data: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((shared_data / "photos").glob("*/*.jpg"))[::17]]


def nearest(one: Fingerprint, other: Fingerprint) -> int:
    return min(a.distance(b) for a in one.usable() for b in other.usable())


@pytest.mark.parametrize(
    "edited",
    ["blur-a-little", "high-contrast", "high-saturation", "sharpen-a-little", "sharpen-a-lot", "shrink-a-little",
     "shrink-a-lot", "square-512x512", "square-256x256", "square-128x128", "blur-a-lot"],
)  # fmt: skip
def test_published_edits_of_one_photo_are_its_copies(duplicates: Path, edited: str) -> None:
    folder = duplicates / "pdq" / "bridge-mods"
    original = fingerprint((folder / "aaa-orig.jpg").read_bytes())
    assert nearest(original, fingerprint((folder / f"{edited}.jpg").read_bytes())) <= RADIUS


def test_published_different_photos_are_no_copies(duplicates: Path) -> None:
    folder = duplicates / "imagededup" / "base_images"
    prints = [fingerprint(path.read_bytes()) for path in sorted(folder.glob("*.jpg"))]
    assert len(prints) == 10
    # Groups of four of this set show one object from several sides; none is an edit of another.
    assert min(nearest(a, b) for i, a in enumerate(prints) for b in prints[:i]) > RADIUS


def test_a_published_resize_and_a_grey_copy_are_found(duplicates: Path) -> None:
    folder = duplicates / "imagededup"
    original = fingerprint((folder / "mixed_images" / "ukbench00120.jpg").read_bytes())
    for copy in (folder / "mixed_images" / "ukbench00120_resize.jpg", folder / "ukbench00120_gray.jpg"):
        assert nearest(original, fingerprint(copy.read_bytes())) <= RADIUS


def test_a_published_flip_is_found_by_its_turned_frequencies(duplicates: Path) -> None:
    folder = duplicates / "imagededup" / "mixed_images"
    original = coefficients(grey_pixels((folder / "ukbench00120.jpg").read_bytes()))
    flip = fingerprint((folder / "ukbench00120_hflip.jpg").read_bytes()).whole
    variants = {
        name: hash_coefficients(turned(original, quarters, mirrored=mirrored)).distance(flip)
        for name, (quarters, mirrored) in TURNS.items()
    }
    assert min(variants, key=lambda name: variants[name]) == "mirrored"
    assert variants["mirrored"] <= RADIUS < variants["as is"]


def test_a_published_corrupt_file_is_refused(duplicates: Path) -> None:
    data = (duplicates / "imagededup" / "mixed_images" / "ukbench09268_corrupt.jpg").read_bytes()
    with pytest.raises(RefusedPicture):
        fingerprint(data)


@pytest.mark.parametrize("edit", SURVIVED)
def test_edited_copies_of_real_photos_are_found(photos: list[bytes], edit: str) -> None:
    found = 0
    for data in photos[:40]:
        picture = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
        found += nearest(fingerprint(data), fingerprint(EXAMPLES[edit](picture))) <= RADIUS
    assert found >= 39


def test_unrelated_real_photos_are_not_confused(photos: list[bytes]) -> None:
    prints = [fingerprint(data) for data in photos]
    index = FingerprintIndex()
    for key, one in enumerate(prints):
        for part in one.usable():
            index.add(key, part.bits)
    confused = [
        (key, hit.key)
        for key, one in enumerate(prints)
        for part in one.usable()
        for hit in index.search(part.bits, RADIUS)
        if hit.key != key
    ]
    assert confused == []


def test_real_photos_have_quality(photos: list[bytes]) -> None:
    usable = sum(bool(fingerprint(data).usable()) for data in photos)
    assert usable == len(photos)
