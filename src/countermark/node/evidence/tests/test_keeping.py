"""Keeping pictures: the original unmodified and once, shown copies bare, hostile ones refused."""

import os
import pickle
import stat
from io import BytesIO

import pytest
from PIL import Image

from countermark.model import ImageUnavailable
from countermark.node.audit.models import Event
from countermark.node.evidence import selectors
from countermark.node.evidence.factories import make_capture, picture_bytes
from countermark.node.evidence.models import Capture
from countermark.node.evidence.selectors import StoreImages, address_of
from countermark.node.evidence.services import keep_picture
from countermark.node.evidence.shown import PictureSize
from countermark.node.evidence.store import Form, Missing, Store, digest
from countermark.node.kernel.errors import Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db


def with_exif(width=40, height=20) -> bytes:
    picture = Image.new("RGB", (width, height), (200, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    exif[0x010E] = "taken at 48.85 N by Mira Vale"
    drawn = BytesIO()
    picture.save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


def test_the_original_is_kept_byte_for_byte_under_its_hash(analyst, store):
    data = with_exif()
    kept = keep_picture(analyst, data, source="reference of rgt_1")
    assert (kept.sha256, kept.size, kept.media_type, kept.width) == (digest(data), len(data), "image/jpeg", 40)
    assert Store(store).read(kept.sha256, Form.ORIGINAL) == data
    facts = selectors.capture(analyst, kept.public_id)
    assert (facts.id, facts.source, facts.sha256) == (kept.public_id, "reference of rgt_1", kept.sha256)


def test_the_same_bytes_are_kept_once(analyst):
    assert make_capture(analyst).pk == make_capture(analyst).pk
    assert Capture.objects.count() == Event.objects.filter(action="picture.kept").count() == 1


def test_two_organisations_keep_the_same_bytes_each_for_itself(analyst, stranger):
    ours, theirs = make_capture(analyst), make_capture(stranger)
    assert ours.sha256 == theirs.sha256
    assert ours.public_id != theirs.public_id
    for ask in (selectors.capture, selectors.shown_bytes):
        with pytest.raises(NotFound):
            ask(analyst, theirs.public_id)


def test_a_shown_copy_is_upright_and_carries_nothing_but_pixels(analyst):
    kept = keep_picture(analyst, with_exif(), source="x")
    shown = selectors.shown_bytes(analyst, kept.public_id)
    assert b"Mira" not in shown.data
    with Image.open(BytesIO(shown.data)) as copy:
        assert copy.size == (20, 40)
        assert not copy.getexif()
    assert shown.media_type == "image/jpeg"


@pytest.mark.parametrize(("size", "side"), [(PictureSize.FULL, 1600), (PictureSize.THUMB, 320)])
def test_a_shown_copy_is_bounded_and_made_once(analyst, store, size, side):
    kept = keep_picture(analyst, picture_bytes(2400, 1200), source="x")
    first = selectors.shown_bytes(analyst, kept.public_id, size)
    with Image.open(BytesIO(first.data)) as copy:
        assert copy.size == (side, side // 2)
    Store(store).path(kept.sha256, Form.ORIGINAL).unlink()
    again = selectors.shown_bytes(analyst, kept.public_id, size)
    assert (again.data, again.etag) == (first.data, first.etag)


def test_a_small_picture_is_not_blown_up(analyst):
    kept = keep_picture(analyst, picture_bytes(50, 40), source="x")
    with Image.open(BytesIO(selectors.shown_bytes(analyst, kept.public_id).data)) as copy:
        assert copy.size == (50, 40)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_are_shown_as_jpeg(analyst, kind):
    kept = keep_picture(analyst, picture_bytes(kind=kind), source="x")
    assert kept.media_type == f"image/{kind.lower()}"
    assert selectors.shown_bytes(analyst, kept.public_id).data[:3] == b"\xff\xd8\xff"


def bomb() -> bytes:
    """A PNG that says 10,000 by 10,000 pixels in a few bytes."""
    return picture_bytes(kind="PNG")[:16] + (10_000).to_bytes(4, "big") * 2 + picture_bytes(kind="PNG")[24:]


HOSTILE = {
    "nothing": lambda: b"",
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "gif": lambda: b"GIF89a" + b"\0" * 100,
    "cut short": lambda: picture_bytes(300, 300)[:-200],
    "hundred megapixels": bomb,
    "archive behind": lambda: picture_bytes() + b"PK\x03\x04" + b"\0" * 60,
    "page behind": lambda: picture_bytes() + b"<html><script>alert(1)</script></html>",
    "noise": lambda: b"\xff\xd8\xff" + os.urandom(500),
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_what_is_no_plain_picture_is_refused_with_a_mend_and_leaves_nothing(analyst, store, what):
    with pytest.raises(Invalid) as refused:
        keep_picture(analyst, HOSTILE[what](), source="x")
    (problem,) = refused.value.problems
    assert problem.code.startswith("picture-")
    assert problem.mend
    assert not Capture.objects.exists()
    assert not list(store.rglob("*.original"))


def test_one_who_brings_nothing_in_keeps_no_picture(reader):
    with pytest.raises(NotPermitted):
        make_capture(reader)


def test_files_of_the_store_are_their_owners_alone(analyst, store):
    kept = make_capture(analyst)
    path = Store(store).path(kept.sha256, Form.ORIGINAL)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not list(path.parent.glob(".new-*"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "0" * 63, "", "0" * 64 + "\n"])
def test_no_name_from_outside_becomes_a_path(store, name):
    with pytest.raises(ValueError, match="SHA-256"):
        Store(store).path(name, Form.ORIGINAL)
    with pytest.raises(Missing):
        Store(store).read(name, Form.ORIGINAL)


def test_bytes_that_are_not_what_their_hash_says_are_never_written(store):
    with pytest.raises(ValueError, match="not what"):
        Store(store).write("0" * 64, Form.ORIGINAL, b"x")


def test_nothing_half_written_stays_when_writing_fails(store, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("countermark.node.evidence.store.os.fsync", full)
    with pytest.raises(OSError, match="space"):
        Store(store).write(digest(b"x"), Form.ORIGINAL, b"x")
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_the_engine_reads_originals_by_content_address_also_in_another_process(analyst):
    kept = make_capture(analyst)
    images = pickle.loads(pickle.dumps(StoreImages()))
    assert digest(images.read(address_of(kept.sha256))) == kept.sha256


@pytest.mark.parametrize("uri", ["a.jpg", "sha256:" + "0" * 64, "sha256:../x", "not-kept:" + "0" * 64, ""])
def test_a_picture_that_is_not_here_is_unavailable_to_the_engine(uri):
    with pytest.raises(ImageUnavailable):
        StoreImages().read(uri)


def test_an_original_that_was_tampered_with_is_not_given_to_anyone(analyst, store):
    kept = make_capture(analyst)
    path = Store(store).path(kept.sha256, Form.ORIGINAL)
    path.write_bytes(picture_bytes(colour=(1, 2, 3)))
    with pytest.raises(ImageUnavailable, match="no longer"):
        StoreImages().read(address_of(kept.sha256))
    with pytest.raises(NotFound):
        selectors.shown_bytes(analyst, kept.public_id)
