"""Pictures beside the file that names them: read only from below one folder."""

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from countermark.formats.limits import MIB
from countermark.formats.problems import problem
from countermark.model import ImageUnavailable, RowProblem

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def is_address(uri: str) -> bool:
    """Whether a picture is named by an address (`https://…`) rather than by the name of a file."""
    return _SCHEME.match(uri) is not None


def unusable_picture(source: str, row: int, uri: str, why: str, mend: str) -> RowProblem:
    """A picture that a row of listings names and that cannot be looked at; `why` and `mend` are whole sentences."""
    words = {"reason": why, "mend": mend}
    return problem("unusable-picture", source=source, row=row, field="images", value=uri, words=words)


@dataclass(frozen=True, slots=True)
class FolderImages:
    """An `ImageSource`: pictures below a folder, by path relative to it.

    Attributes:
        root: the folder; nothing outside it is ever opened, whatever a name or a link says.
        largest: bytes of one picture.

    Picklable; holds no open file. Raises ImageUnavailable and nothing else.
    """

    root: Path
    largest: int = 20 * MIB

    def read(self, uri: str) -> bytes:
        """The bytes of one picture; raises ImageUnavailable with the reason in words."""
        relative = _relative(uri)
        try:
            root = self.root.resolve(strict=True)
            path = (root / relative).resolve(strict=True)
            if not path.is_relative_to(root):
                raise ImageUnavailable("the picture's name leads out of its folder.")
            return self._read(path)
        except OSError as error:
            raise ImageUnavailable(_reason(error)) from error
        except (ValueError, RuntimeError) as error:  # a NUL in the name; a loop of links
            raise ImageUnavailable("the picture's name is not a file name.") from error

    def _read(self, path: Path) -> bytes:
        # Without following a link that was put there meanwhile, and without waiting on a pipe.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise ImageUnavailable("the picture is a folder, device or pipe.")
            if facts.st_size > self.largest:
                raise ImageUnavailable(f"the picture is larger than {self.largest // MIB} MiB.")
            data = file.read(self.largest + 1)
        if len(data) > self.largest:
            raise ImageUnavailable(f"the picture is larger than {self.largest // MIB} MiB.")
        return data


def _relative(uri: str) -> PurePosixPath:
    """A name as a path below the folder; raises ImageUnavailable for any other."""
    if not uri or "\0" in uri or len(uri) > 4096:
        raise ImageUnavailable("the picture has no usable name.")
    if is_address(uri):
        raise ImageUnavailable("the picture is named by an address; only files beside the list are read.")
    path = PurePosixPath(uri.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise ImageUnavailable("the picture's name leads out of its folder.")
    return path


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "there is no such picture."
    if error.errno == errno.ELOOP:
        return "the picture is a link that cannot be followed."
    return f"the picture cannot be read: {error.strerror or type(error).__name__}."
