"""The files of a bag, in a folder or in a ZIP: safe names, no links, and of a ZIP the one spelling that we write.

Readers of ZIP disagree about odd archives, and an attacker lives in the difference. So a bag's ZIP has one spelling:
members stored, in the order of their names, one after the other, with headers that follow from name, size and checksum.
Any byte that is spelled otherwise is refused, and there is nothing to decompress.
"""

import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from countermark.proof.refusals import Refused

MOST_FILES, MOST_BYTES, LONGEST_NAME, DEEPEST = 10_000, 4 * 1024**3 - 1, 200, 8
PIECE = 1024 * 1024

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
#: Windows reads these as devices, whatever follows the first full stop.
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{one}{n}" for one in ("com", "lpt") for n in range(10)})

_LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE.TXT 6.3.10, section 4.3.7
_CENTRAL = struct.Struct("<4s6H3I5H2I")  # section 4.3.12
_END = struct.Struct("<4s4H2IH")  # section 4.3.16
_VERSION, _STORED, _MIDNIGHT, _FIRST_DAY = 20, 0, 0, 0x21  # 1 January 1980


class BagFiles(Protocol):
    """The files of a bag by name."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file, by name."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, at most `PIECE` at a time; raises Refused."""


def check_names(names: list[str]) -> None:
    """Make sure that every machine sees these names as the same, different files, all within the bag.

    Names are letters, digits, full stop, underscore and hyphen of ASCII, so no second Unicode form of a name exists.

    Raises:
        Refused: bag-name.
    """
    seen: dict[str, str] = {}
    for name in names:
        parts = name.lower().split("/")
        if len(name) > LONGEST_NAME or len(parts) > DEEPEST or not _NAME.fullmatch(name):
            raise Refused("bag-name", f"{_shown(name)} is not a plain name such as data/page.warc.gz.")
        if any(part.endswith(".") or part.split(".")[0] in _DEVICES for part in parts):
            raise Refused("bag-name", f"{_shown(name)} means something else on Windows.")
        other = seen.setdefault(name.lower(), name)
        if other is not name:
            raise Refused("bag-name", f"{_shown(name)} and {_shown(other)} are one name on some machines.")
    for small, name in seen.items():
        if any(small[:place] in seen for place, letter in enumerate(small) if letter == "/"):
            raise Refused("bag-name", f"{_shown(name)} lies in what is also a file.")


def _shown(name: str) -> str:
    return ascii(name if len(name) <= 80 else f"{name[:77]}...")


def _check_amounts(count: int, size: int) -> None:
    if count > MOST_FILES or size > MOST_BYTES:
        raise Refused("too-large", f"A bag has at most {MOST_FILES:,} files and {MOST_BYTES + 1 >> 30} GiB.")


@dataclass(frozen=True)
class FolderFiles:
    """A bag in a folder. Links are refused, not followed."""

    root: Path
    sizes: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, int] = {}
        self._look(self.root, "", found)
        check_names(sorted(found))
        object.__setattr__(self, "sizes", found)

    def _look(self, folder: Path, before: str, found: dict[str, int]) -> None:
        if before.count("/") > DEEPEST:
            raise Refused("bag-name", f"{_shown(before)} lies too deep.")
        with os.scandir(folder) as entries:
            for entry in entries:
                name, status = before + entry.name, entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    self._look(Path(entry.path), f"{name}/", found)
                elif stat.S_ISREG(status.st_mode):
                    found[name] = status.st_size
                else:
                    raise Refused("bag-link", _shown(name) + ".")
                _check_amounts(len(found), sum(found.values()) if len(found) % 100 == 0 else status.st_size)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file."""
        try:
            handle = os.open(self.root / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            raise Refused("bag-missing", f"{name} cannot be read.") from error
        with os.fdopen(handle, "rb") as file:
            yield from _pieces(file, self.sizes[name], name)


def _pieces(file: BinaryIO, size: int, name: str) -> Iterator[bytes]:
    left = size
    while left:
        piece = file.read(min(PIECE, left))
        if not piece:
            raise Refused("bag-changed", f"{name} ends too soon.")
        left -= len(piece)
        yield piece


@dataclass(frozen=True)
class ZipFiles:
    """A bag in a ZIP file, in the one spelling."""

    path: Path
    sizes: Mapping[str, int] = field(init=False)
    _places: dict[str, tuple[int, int]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        with self.path.open("rb") as file:
            object.__setattr__(self, "sizes", self._read(file, self.path.stat().st_size))

    def _read(self, file: BinaryIO, whole: int) -> dict[str, int]:
        _check_amounts(0, whole)
        count, length, start = _end(file, whole)
        _check_amounts(count, whole)
        file.seek(start)
        directory, read, place = file.read(length), 0, 0
        sizes: dict[str, int] = {}
        for _ in range(count):
            name, size, crc = _member(directory, read)
            local = _local(name, size, crc)
            if directory[read : read + _CENTRAL.size + len(name)] != _central(name, size, crc, place):
                raise Refused("bag-archive", f"The directory spells {_shown(name)} in another way.")
            file.seek(place)
            if file.read(len(local)) != local:
                raise Refused("bag-archive", f"The header of {_shown(name)} contradicts the directory.")
            self._places[name] = place + len(local), crc
            sizes[name] = size
            place, read = place + len(local) + size, read + _CENTRAL.size + len(name)
        if place != start or read != length or len(sizes) != count:
            raise Refused("bag-archive", "There are bytes between its parts, or a name stands twice.")
        if list(sizes) != sorted(sizes):
            raise Refused("bag-archive", "Its members do not stand in the order of their names.")
        check_names(list(sizes))
        return sizes

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; raises Refused at the end when they are not those of its checksum."""
        place, crc = self._places[name]
        seen = 0
        with self.path.open("rb") as file:
            file.seek(place)
            for piece in _pieces(file, self.sizes[name], name):
                seen = zlib.crc32(piece, seen)
                yield piece
        if seen != crc:
            raise Refused("bag-changed", f"{name} does not fit its checksum in the ZIP file.")


def _end(file: BinaryIO, whole: int) -> tuple[int, int, int]:
    """Members, length and place of the directory."""
    file.seek(max(0, whole - _END.size))
    tail = file.read(_END.size)
    if len(tail) < _END.size or tail[:4] != b"PK\5\6":
        raise Refused("bag-archive", "It is no ZIP file, it is cut short, or something follows its end.")
    _, _, _, _, count, length, start, _ = _END.unpack(tail)
    if tail != _END.pack(b"PK\5\6", 0, 0, count, count, length, start, 0) or start + length + _END.size != whole:
        raise Refused("bag-archive", "Its directory contradicts itself.")
    return count, length, start


def _member(directory: bytes, read: int) -> tuple[str, int, int]:
    head = directory[read : read + _CENTRAL.size]
    if len(head) < _CENTRAL.size:
        raise Refused("bag-archive", "Its directory is cut short.")
    parts = _CENTRAL.unpack(head)
    crc, size, length = parts[7], parts[9], parts[10]
    try:
        name = directory[read + _CENTRAL.size : read + _CENTRAL.size + length].decode("ascii")
    except UnicodeDecodeError as error:
        raise Refused("bag-name", "A name in the ZIP file is not ASCII.") from error
    check_names([name])
    return name, size, crc


def _local(name: str, size: int, crc: int) -> bytes:
    fixed = (_VERSION, 0, _STORED, _MIDNIGHT, _FIRST_DAY)
    return _LOCAL.pack(b"PK\3\4", *fixed, crc, size, size, len(name), 0) + name.encode("ascii")


def _central(name: str, size: int, crc: int, place: int) -> bytes:
    fixed = (_VERSION, _VERSION, 0, _STORED, _MIDNIGHT, _FIRST_DAY)
    lengths = (len(name), 0, 0, 0, 0, 0)
    return _CENTRAL.pack(b"PK\1\2", *fixed, crc, size, size, *lengths, place) + name.encode("ascii")


def write_zip(files: BagFiles, out: BinaryIO) -> None:
    """Write a bag as a ZIP file: the same files give the same bytes.

    Raises:
        Refused: too-large, bag-name.
    """
    check_names(sorted(files.sizes))
    _check_amounts(len(files.sizes), sum(files.sizes.values()) + 400 * len(files.sizes))
    directory, place = b"", 0
    for name in sorted(files.sizes):
        size, crc = files.sizes[name], 0
        for piece in files.pieces(name):
            crc = zlib.crc32(piece, crc)
        directory += _central(name, size, crc, place)
        local = _local(name, size, crc)
        out.write(local)
        for piece in files.pieces(name):
            out.write(piece)
        place += len(local) + size
    count = len(files.sizes)
    out.write(directory + _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), place, 0))


def open_files(path: Path) -> BagFiles:
    """The files of a bag, whichever form it has.

    Raises:
        Refused: what is wrong with the folder or the ZIP file.
    """
    if path.is_symlink():
        raise Refused("bag-link", "The bag itself is a link.")
    return FolderFiles(path) if path.is_dir() else ZipFiles(path)
