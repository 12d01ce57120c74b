"""A register's zip archive: opened only when it holds exactly one plain XML file and nothing odd."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from countermark.formats.limits import MIB
from countermark.formats.problems import Unfit

_LARGEST_ARCHIVE = 64 * MIB
_MEMBERS = 1_000
_RATIO = 200
_ENCRYPTED = 0x1


@contextmanager
def open_archive(path: Path, limit: int) -> Iterator[IO[bytes]]:
    """Open a register file, or the one XML file in a `.zip`.

    Args:
        path: the file.
        limit: bytes of XML, unpacked.

    Raises:
        Unfit: too-large or bad-zip.
        OSError: when the file cannot be opened.
    """
    with path.open("rb") as file:
        if path.suffix.lower() != ".zip":
            if path.stat().st_size > limit:
                raise Unfit("too-large", limit=f"{limit:,} bytes")
            yield file
            return
        if path.stat().st_size > _LARGEST_ARCHIVE:
            raise Unfit("too-large", limit=f"{_LARGEST_ARCHIVE:,} bytes")
        try:
            with zipfile.ZipFile(file) as archive:
                member = _only_xml(archive, file, limit)
                with archive.open(member) as xml:
                    yield xml
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
            raise Unfit("bad-zip", reason=str(error)[:100] or "it is damaged") from error


def _only_xml(archive: zipfile.ZipFile, file: IO[bytes], limit: int) -> zipfile.ZipInfo:
    members = archive.infolist()
    if len(members) > _MEMBERS:
        raise Unfit("bad-zip", reason=f"it holds more than {_MEMBERS:,} files")
    # Bytes before the first member make one file that two programs open as two different things.
    if members and min(member.header_offset for member in members) != 0:
        raise Unfit("bad-zip", reason="something stands before the archive")
    found = [member for member in members if member.filename.lower().endswith(".xml")]
    if len(found) != 1:
        raise Unfit("bad-zip", reason=f"it holds {len(found)} XML files instead of one")
    _check(found[0], limit)
    file.seek(0)
    return found[0]


def _check(member: zipfile.ZipInfo, limit: int) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise Unfit("bad-zip", reason="the file in it is encrypted")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Unfit("bad-zip", reason="the file in it is a link or folder")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unfit("bad-zip", reason="it is packed in an unusual way")
    if member.file_size > limit or member.file_size > _RATIO * max(member.compress_size, 1):
        raise Unfit("bad-zip", reason="the file in it unpacks to too much")
