"""PDQ comes out as its authors publish it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from countermark.formats.picture import RefusedPicture
from countermark.signals.image.pdq import PDQ_RADIUS, USABLE_PDQ_QUALITY, pdq

pytest.importorskip("pdqhash", reason="needs the extra `pictures`")

FOLDER = "near-duplicates/pdq"
#: As facebook/ThreatExchange publishes them for its own test pictures (pdq/data/reg-test-input/dih).
PUBLISHED = {
    "bridge-1-original": "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
    "bridge-2-rotate-90": "30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af",
    "bridge-3-rotate-180": "adad5a64b5a142e75b62a09857da895ae63b847fc23794b766b319361bc93188",
    "bridge-4-rotate-270": "a5f0a457a48995e8c9065c275aaa5498b61ba4bdf8fcf80387c32f8b1bfc4f05",
    "bridge-5-flipx": "f8f80f31e0f417b20e37f5cd028f980fb36ed02a9662c1e233e64c634e9c64dd",
    "bridge-6-flipy": "0dad2599b1a1bd1a5362576742da32a5e63b7380c2374b4866b366c91bc9ce77",
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_vectors_come_out_bit_for_bit(name: str, shared_data: Path):
    found = pdq((shared_data / FOLDER / "reg-test-input/dih" / f"{name}.jpg").read_bytes())
    assert (found.bits.hex(), found.quality) == (PUBLISHED[name], 100)


@pytest.mark.real_data
def test_edits_of_one_photo_stay_within_the_radius_its_authors_advise(shared_data: Path):
    original = pdq((shared_data / FOLDER / "bridge-mods/aaa-orig.jpg").read_bytes())
    edited = sorted((shared_data / FOLDER / "bridge-mods").glob("*.jpg"))
    assert len(edited) > 10
    for path in edited:
        assert pdq(path.read_bytes()).distance(original) <= PDQ_RADIUS, path.name


def test_a_plain_picture_says_that_it_cannot_be_compared_and_no_picture_is_refused():
    plain = cv2.imencode(".png", np.full((90, 120, 3), 200, np.uint8))[1].tobytes()
    assert pdq(plain).quality < USABLE_PDQ_QUALITY
    with pytest.raises(RefusedPicture):
        pdq(b"no picture")
