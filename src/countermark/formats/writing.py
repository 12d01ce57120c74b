"""Files that are whole or absent: written aside, synced, then renamed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only when the block ends well; on any error nothing is left behind.

    Raises:
        OSError: when the folder is missing or cannot be written to.
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(0o666 & ~_umask())
        aside.replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            aside.unlink()
        raise
    _sync_folder(target.parent)


def _umask() -> int:
    # Linux tells the mask without changing it for every thread of the process.
    with suppress(OSError, ValueError, StopIteration), Path("/proc/self/status").open() as status:
        return int(next(line for line in status if line.startswith("Umask:")).split()[1], 8)
    return 0o077


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot sync a folder; the file itself is safe
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
