"""Archives of pictures: plain ones are read, odd ones refused when they are opened."""

import contextlib
import io
import os
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from countermark.model import ImageUnavailable
from countermark.node.evidence.archives import ArchiveLimits, PictureArchive
from countermark.node.evidence.factories import picture_bytes
from countermark.node.kernel.errors import Invalid

PICTURE = picture_bytes()
NOISE = random.Random(3).randbytes(4000)


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, *, streamed: bool = False) -> bytes:
    out = _Stream() if streamed else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


class _Stream(io.BytesIO):
    """Cannot go back: sizes are then written after the data."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError


def with_info(data: bytes = PICTURE, **facts) -> bytes:
    info = zipfile.ZipInfo("a.jpg")
    for name, value in facts.items():
        setattr(info, name, value)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, data)
    return out.getvalue()


@pytest.fixture
def opened(tmp_path: Path):
    def open_(data: bytes, **limits) -> PictureArchive:
        path = tmp_path / "pictures.zip"
        path.write_bytes(data)
        return PictureArchive(path, ArchiveLimits(**limits)) if limits else PictureArchive(path)

    return open_


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("streamed", [True, False])
def test_plain_archives_are_read(opened, method, streamed):
    archive = opened(packed({"photos/a.jpg": PICTURE, "photos/b/é.jpg": NOISE}, method, streamed=streamed))
    assert archive.read("photos/a.jpg") == PICTURE
    assert archive.read("./photos/b/é.jpg") == NOISE


def test_a_top_folder_that_holds_everything_need_not_be_named(opened):
    assert opened(packed({"photos/a.jpg": PICTURE, "photos/b.jpg": NOISE})).read("a.jpg") == PICTURE
    two_tops = opened(packed({"photos/a.jpg": PICTURE, "b.jpg": NOISE}))
    with pytest.raises(ImageUnavailable):
        two_tops.read("a.jpg")


def test_folders_and_what_systems_leave_behind_are_passed_over(opened):
    archive = opened(packed({"p/": b"", "p/a.jpg": PICTURE, "__MACOSX/p/._a.jpg": b"x", "p/.DS_Store": b"x"}))
    assert archive.read("a.jpg") == PICTURE
    with pytest.raises(ImageUnavailable):
        archive.read("__MACOSX/p/._a.jpg")


@pytest.mark.parametrize("uri", ["../a.jpg", "https://x.example/a.jpg", "", "b.jpg", "/etc/passwd", "a.jpg\0"])
def test_other_names_are_unavailable(opened, uri):
    with pytest.raises(ImageUnavailable):
        opened(packed({"a.jpg": PICTURE})).read(uri)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def contradicting_name() -> bytes:
    data = packed({"a.jpg": PICTURE})
    return data.replace(b"a.jpg", b"b.jpg", 1)


def contradicting_size() -> bytes:
    data = bytearray(packed({"a.jpg": PICTURE}, zipfile.ZIP_STORED))
    struct.pack_into("<I", data, 22, len(PICTURE) - 1)
    return bytes(data)


def hidden_member() -> bytes:
    """A member that only readers of local headers see."""
    one, two = packed({"a.jpg": PICTURE}), packed({"hidden.jpg": NOISE})
    body_two = two[: two.index(b"PK\1\2")]
    directory = bytearray(one[one.index(b"PK\1\2") :])
    end = directory.index(b"PK\5\6")
    struct.pack_into("<I", directory, end + 16, one.index(b"PK\1\2") + len(body_two))
    return one[: one.index(b"PK\1\2")] + body_two + bytes(directory)


def overlapping() -> bytes:
    """Two names for the same bytes, as a bomb that quotes itself."""
    data = packed({"a.jpg": PICTURE, "b.jpg": PICTURE}, zipfile.ZIP_STORED)
    at = data.index(b"PK\1\2", data.index(b"PK\1\2") + 1)
    changed = bytearray(data)
    struct.pack_into("<I", changed, at + 42, 0)
    return bytes(changed)


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.jpg", PICTURE)
        archive.writestr("a.jpg", NOISE)
    return out.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed({"a.jpg": PICTURE}))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.index(mark) + place
        data[at] |= 1
    return bytes(data)


def link() -> bytes:
    return with_info(b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16)


def huge_directory() -> bytes:
    return packed({f"{number}.jpg": b"" for number in range(60)})


ODD = {
    "no archive": (lambda: b"not a zip", "archive-unreadable"),
    "nothing": (lambda: b"", "archive-unreadable"),
    "cut short": (lambda: cut(packed({"a.jpg": PICTURE})), "archive-unreadable"),
    "something before": (lambda: b"#!/bin/sh\n" + packed({"a.jpg": PICTURE}), "archive-directory"),
    "a picture before": (lambda: PICTURE + packed({"a.jpg": PICTURE}), "archive-directory"),
    "something behind": (lambda: packed({"a.jpg": PICTURE}) + b"<script>", "archive-trailing"),
    "another name in front": (contradicting_name, "archive-headers"),
    "another size in front": (contradicting_size, "archive-headers"),
    "a hidden member": (hidden_member, "archive-gaps"),
    "members that overlap": (overlapping, "archive-gaps"),
    "one name twice": (twice, "archive-twice"),
    "one name in two spellings": (lambda: packed({"é.jpg": PICTURE, "e\u0301.jpg": NOISE}), "archive-twice"),
    "encrypted": (encrypted, "archive-encrypted"),
    "a link": (link, "archive-link"),
    "a device": (lambda: with_info(external_attr=stat.S_IFCHR << 16), "archive-link"),
    "a way out": (lambda: packed({"../../etc/cron.d/x.jpg": PICTURE}), "archive-path"),
    "an absolute path": (lambda: packed({"/etc/x.jpg": PICTURE}), "archive-path"),
    "a drive": (lambda: packed({"C:/x.jpg": PICTURE}), "archive-path"),
    "a back stroke": (lambda: packed({"..\\x.jpg": PICTURE}), "archive-path"),
    "a line break in a name": (lambda: packed({"a\n.jpg": PICTURE}), "archive-name"),
    "a very long name": (lambda: packed({"a" * 600 + ".jpg": PICTURE}), "archive-name"),
    "an archive inside": (lambda: packed({"more.zip": packed({"a.jpg": PICTURE})}), "archive-nested"),
    "another way of packing": (lambda: packed({"a.jpg": PICTURE}, zipfile.ZIP_BZIP2), "archive-method"),
    "a bomb": (lambda: packed({"a.jpg": b"\0" * 15_000_000}), "archive-ratio"),
}


@pytest.mark.parametrize("what", sorted(ODD))
def test_an_odd_archive_is_refused_with_a_mend(opened, what):
    make, code = ODD[what]
    with pytest.raises(Invalid) as refused:
        opened(make())
    assert refused.value.code == code
    assert refused.value.problems[0].mend


def test_amounts_are_bounded_before_anything_is_unpacked(opened):
    with pytest.raises(Invalid, match="members"):
        opened(huge_directory(), members=50)
    with pytest.raises(Invalid, match="Unpacked"):
        opened(packed({"a.jpg": NOISE, "b.jpg": NOISE}, zipfile.ZIP_STORED), unpacked=5000)
    with pytest.raises(Invalid, match="larger than"):
        opened(packed({"a.jpg": NOISE}, zipfile.ZIP_STORED), member=3000)


def test_a_member_whose_bytes_are_damaged_is_unavailable(opened):
    data = bytearray(packed({"a.jpg": NOISE}, zipfile.ZIP_STORED))
    data[200] ^= 1
    with pytest.raises(ImageUnavailable, match="damaged"):
        opened(bytes(data)).read("a.jpg")


def test_an_archive_that_goes_away_makes_its_pictures_unavailable(opened, tmp_path):
    archive = opened(packed({"a.jpg": PICTURE}))
    (tmp_path / "pictures.zip").unlink()
    with pytest.raises(ImageUnavailable):
        archive.read("a.jpg")


def test_no_damage_anywhere_does_anything_but_refuse(opened):
    data = packed({"photos/a.jpg": NOISE[:300], "photos/b.jpg": NOISE[300:500]})
    chance = random.Random(int(os.environ.get("SEED", "11")))
    for _ in range(400):
        changed = bytearray(data)
        for _ in range(chance.choice([1, 1, 2, 8])):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            archive = opened(bytes(changed))
        except Invalid:
            continue
        for name in ("a.jpg", "photos/b.jpg"):
            with contextlib.suppress(ImageUnavailable):
                archive.read(name)
