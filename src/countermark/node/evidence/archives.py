"""Archives of pictures: opened only when they are plainly what they seem, read one bounded member at a time.

Readers of ZIP disagree about odd archives, and an attacker lives in the difference; so anything odd is refused: bytes
before, between or after the members, headers that contradict the directory, links, encryption, ZIP64, nested archives.
"""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from countermark.formats.limits import GIB, MIB
from countermark.model import ImageUnavailable
from countermark.node.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Bounds on one archive.

    Attributes:
        members: files and folders in it.
        unpacked: bytes of all files together, as declared and as read.
        member: bytes of one file.
        ratio: bytes out for each byte in, over the whole archive.
        name: characters of one path.
    """

    members: int = 50_000
    unpacked: int = 8 * GIB
    member: int = 20 * MIB
    ratio: int = 100
    name: int = 500


LIMITS = ArchiveLimits()

_LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE.TXT 6.3.10, section 4.3.7
_END = struct.Struct("<4s4H2IH")  # section 4.3.16
_DESCRIBED_LATER = 0x08  # sizes stand after the data
_ENCRYPTED = 0x01 | 0x40 | 0x2000
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".jar", ".cab", ".iso")
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")


def _refused(code: str, message: str, mend: str) -> Invalid:
    return Invalid.of("pictures", f"archive-{code}", message, mend)


_ODD = "Make the archive again with an ordinary ZIP program."


@dataclass
class PictureArchive:
    """An `ImageSource` over one ZIP file: pictures by their path in it.

    Everything about the archive is checked when it is opened; raises Invalid with what is wrong and how to mend it.
    One top folder that holds everything need not be named: `photos/a.jpg` is also found as `a.jpg`.
    """

    path: Path
    limits: ArchiveLimits = LIMITS
    _files: dict[str, zipfile.ZipInfo] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        with self.path.open("rb") as raw, _opened(raw) as archive:
            members = archive.infolist()
            _check_amounts(members, self.path.stat().st_size, self.limits)
            _check_layout(raw, archive, members)
            self._files = dict(_named(members, self.limits))
        self._files |= _without_top_folder(self._files)

    def __len__(self) -> int:
        """How many names pictures can be found by."""
        return len(self._files)

    def read(self, uri: str) -> bytes:
        """The bytes of one picture; raises ImageUnavailable."""
        info = self._files.get(_key(uri))
        if info is None:
            raise ImageUnavailable("there is no such picture in the archive.")
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(info) as member:
                data = member.read(self.limits.member + 1)
                # One byte more makes zipfile compare the checksum.
                if len(data) > self.limits.member or member.read(1):
                    raise ImageUnavailable("the picture is larger than the archive says.")
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise ImageUnavailable("the picture is damaged in the archive.") from error
        return data


def _opened(raw: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise _refused("unreadable", "The pictures are not a ZIP archive, or it is damaged.", _ODD) from error


def _check_amounts(members: list[zipfile.ZipInfo], size: int, limits: ArchiveLimits) -> None:
    if len(members) > limits.members:
        raise _refused("too-many", f"The archive has more than {limits.members:,} members.", "Split it.")
    unpacked = sum(info.file_size for info in members)
    if unpacked > limits.unpacked:
        raise _refused("too-large", f"Unpacked it is larger than {limits.unpacked // GIB} GiB.", "Split it.")
    if unpacked > limits.ratio * max(size, 1):
        raise _refused("ratio", "It unpacks to far more than pictures do.", "Put only JPEG, PNG or WebP files into it.")


def _check_layout(raw: BinaryIO, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Local headers agree with the directory, and the file holds nothing else than its members, each once."""
    raw.seek(0, 2)
    end = raw.tell()
    raw.seek(max(0, end - _END.size))
    tail = raw.read(_END.size)
    if len(tail) < _END.size or tail[:4] != b"PK\5\6" or archive.comment:
        raise _refused("trailing", "Something follows the end of the archive, or it carries a comment.", _ODD)
    _, disk, start_disk, here, total, directory_size, directory_at, _ = _END.unpack(tail)
    if disk or start_disk or here != total or total != len(members):
        raise _refused("directory", "The directory of the archive contradicts itself.", _ODD)
    if directory_at + directory_size + _END.size != end or directory_at != archive.start_dir:
        raise _refused("directory", "The archive is not where its directory says, or it is a ZIP64 archive.", _ODD)
    place = 0
    for info in sorted(members, key=lambda member: member.header_offset):
        if info.header_offset != place:
            raise _refused("gaps", "There are bytes between the members, or members that overlap.", _ODD)
        place = _end_of_member(raw, info)
    if place != directory_at:
        raise _refused("gaps", "There are bytes between the members and the directory.", _ODD)


def _end_of_member(raw: BinaryIO, info: zipfile.ZipInfo) -> int:
    raw.seek(info.header_offset)
    header = raw.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        raise _refused("headers", "A member is cut short.", _ODD)
    mark, _, flags, method, _, _, crc, packed, unpacked, name_length, extra_length = _LOCAL.unpack(header)
    name = raw.read(name_length)
    declared = (info.CRC, info.compress_size, info.file_size)
    later = bool(flags & _DESCRIBED_LATER)
    agree = (crc, packed, unpacked) == declared or (later and (crc, packed, unpacked) == (0, 0, 0))
    same_name = name == info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")
    if mark != b"PK\3\4" or method != info.compress_type or flags != info.flag_bits or not agree or not same_name:
        raise _refused("headers", "The header of a member contradicts the directory.", _ODD)
    place: int = info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size
    return place + _descriptor(raw, place, declared) if later else place


def _descriptor(raw: BinaryIO, place: int, declared: tuple[int, int, int]) -> int:
    """Length of the data descriptor after a member (section 4.3.9), which may begin with a signature."""
    raw.seek(place)
    found = raw.read(16)
    plain = struct.pack("<3I", *declared)
    if found == b"PK\7\x08" + plain:
        return 16
    if found[:12] == plain:
        return 12
    raise _refused("headers", "What follows a member contradicts the directory.", _ODD)


def _named(members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    taken: set[str] = set()
    for info in members:
        _check_member(info, limits)
        name = info.orig_filename
        if name.endswith("/") or _CLUTTER.search(name):
            continue
        key = _key(name)
        if key in taken:
            raise _refused("twice", "Two members have the same name.", "Give each picture a name of its own.")
        taken.add(key)
        yield key, info


def _check_member(info: zipfile.ZipInfo, limits: ArchiveLimits) -> None:
    name = info.orig_filename
    path = PurePosixPath(name)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in name or _DRIVE.match(name) or not path.parts:
        raise _refused("path", "A member's name leads out of the archive.", "Use plain names like photos/a.jpg.")
    if len(name) > limits.name or not name.isprintable():
        raise _refused("name", "A member's name is too long or cannot be printed.", "Use plain names.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused("link", "The archive holds a link or a device.", "Put the pictures themselves into it.")
    if info.flag_bits & _ENCRYPTED:
        raise _refused("encrypted", "The archive is encrypted.", "Make it without a password.")
    if info.compress_type not in _METHODS:
        raise _refused("method", "The archive is packed in an unusual way.", _ODD)
    if name.lower().endswith(_NESTED):
        raise _refused("nested", "There is an archive inside the archive.", "Put the pictures themselves into it.")
    if info.file_size > limits.member:
        raise _refused("member", f"A member is larger than {limits.member // MIB} MiB.", "Save the picture smaller.")


def _key(name: str) -> str:
    """One spelling of a path: composed accents (macOS writes them apart), no leading `./`, forward strokes."""
    parts = PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/"))).parts
    return "/".join(part for part in parts if part not in {".", "/"})


def _without_top_folder(files: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    tops = {key.split("/", 1)[0] for key in files}
    if len(tops) != 1 or any("/" not in key for key in files):
        return {}
    return {short: info for key, info in files.items() if (short := key.split("/", 1)[1]) not in files}
