"""Uploads on their way in: kept in the store under the import's own id, bounded, and removed when it has ended."""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from countermark.formats.limits import MIB
from countermark.node.kernel.errors import Invalid

_PIECE = MIB
#: What of a name says the format; nothing else of it touches a path.
_SUFFIX = re.compile(r"(\.[a-z0-9]{1,8}){1,2}$")


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file that was taken in: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Spool:
    """The place of one import's files."""

    import_id: str

    @property
    def folder(self) -> Path:
        """Holds nothing else."""
        return Path(settings.COUNTERMARK_STORE) / "uploads" / self.import_id

    def listings(self) -> Path | None:
        """The file of listings, None when there is none."""
        return next(iter(sorted(self.folder.glob("listings*"))), None)

    def pictures(self) -> Path | None:
        """The archive of pictures, None when none came."""
        path = self.folder / "pictures.zip"
        return path if path.is_file() else None

    def take_listings(self, file: BinaryIO, name: str) -> Spooled:
        """Keep the file of listings. Raises Invalid (`file`): empty or too large."""
        suffix = _SUFFIX.search(name.lower())
        return self._take(file, f"listings{suffix[0] if suffix else ''}", "file")

    def take_pictures(self, file: BinaryIO) -> Spooled:
        """Keep the archive of pictures. Raises Invalid (`pictures`): empty or too large."""
        return self._take(file, "pictures.zip", "pictures")

    def remove(self) -> None:
        """Forget the files; may be called again."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _take(self, file: BinaryIO, name: str, field: str) -> Spooled:
        limit = int(settings.COUNTERMARK_MAX_UPLOAD_BYTES)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size, hashed = 0, hashlib.sha256()
        with (self.folder / name).open("xb") as kept:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise Invalid.of(
                        field, "file-too-large", f"The file is larger than {limit // MIB:,} MiB.", "Split it."
                    )
                hashed.update(piece)
                kept.write(piece)
            kept.flush()
            os.fsync(kept.fileno())
        if not size:
            raise Invalid.of(field, "file-empty", "The file is empty.", "Choose the file again.")
        return Spooled(size, hashed.hexdigest())
