"""The store: files named by the hash of the original picture, written once, whole or not at all."""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

_HASH = re.compile(r"[0-9a-f]{64}")
_PIECE = 1024 * 1024


class Form(StrEnum):
    """Which file of a picture; the value is its suffix."""

    ORIGINAL = "original"  # the bytes as they came: the evidence
    FULL = "full.jpg"  # re-encoded for showing, at most FULL_SIDE pixels
    THUMB = "thumb.jpg"


class Missing(Exception):
    """The store has no such file, or its bytes are no longer what its name says."""


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file of any size, in hex; empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Store:
    """Pictures below one folder, spread over 256 sub-folders by the first two digits of their hash."""

    root: Path

    def path(self, sha256: str, form: Form) -> Path:
        """Where a file lies; raises ValueError unless the hash is one: no name from outside becomes a path."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256 in hex")
        return self.root / "pictures" / sha256[:2] / f"{sha256}.{form}"

    def write(self, sha256: str, form: Form, data: bytes) -> None:
        """Keep a file. An original that is there already stays; it could only be the same."""
        path = self.path(sha256, form)
        if form is Form.ORIGINAL:
            if digest(data) != sha256:
                raise ValueError("the bytes are not what the hash says")
            if path.is_file() and path.stat().st_size == len(data):
                return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_whole(path, data, durable=form is Form.ORIGINAL)

    def read(self, sha256: str, form: Form) -> bytes:
        """The bytes of a file; an original is checked against its hash. Raises Missing."""
        try:
            data = self.path(sha256, form).read_bytes()
        except (OSError, ValueError) as error:
            raise Missing("the picture is not in the store") from error
        if form is Form.ORIGINAL and digest(data) != sha256:
            raise Missing("the picture in the store is no longer what it was")
        return data

    def evidence_path(self, sha256: str) -> Path:
        """Where a file of evidence lies; raises ValueError unless the hash is one."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256 in hex")
        return self.root / "evidence" / sha256[:2] / sha256

    def keep_evidence(self, data: bytes) -> str:
        """Keep a file of evidence, read-only; gives its hash."""
        sha256 = digest(data)
        path = self.evidence_path(sha256)
        if not (path.is_file() and path.stat().st_size == len(data)):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(path, data, durable=True)
            path.chmod(0o400)
        return sha256

    def keep_stream(self, file: BinaryIO) -> str:
        """Keep a file of evidence that may be as large as a film, a piece at a time; gives its hash."""
        folder = self.root / "evidence"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            seen = hashlib.sha256()
            with os.fdopen(handle, "wb") as out:
                file.seek(0)
                while piece := file.read(_PIECE):
                    seen.update(piece)
                    out.write(piece)
                out.flush()
                os.fsync(handle)
            path = self.evidence_path(seen.hexdigest())
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            Path(name).chmod(0o400)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        _sync_folder(path.parent)
        return seen.hexdigest()


def store() -> Store:
    """The node's store (setting COUNTERMARK_STORE)."""
    return Store(Path(settings.COUNTERMARK_STORE))


def _write_whole(path: Path, data: bytes, *, durable: bool) -> None:
    """Through a temporary file beside it: a reader, also after a crash, sees the whole file or none."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(handle)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
