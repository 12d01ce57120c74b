"""Files of the key folder: their owner's alone, whole or absent, and never followed through a link."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from countermark.node.exchange.keeping.problems import BrokenFolder, LooseFile, NotWritten

FOLDER_MODE, SECRET_MODE, PUBLIC_MODE = 0o700, 0o600, 0o644
_LOCK = ".lock"


def make_folder(folder: Path) -> None:
    """Make the folder its owner's alone, or make sure that it is.

    Raises:
        LooseFile, NotWritten.
    """
    try:
        os.mkdir(folder, FOLDER_MODE)  # noqa: PTH102 - tests let each system call fail
    except FileExistsError:
        check_folder(folder)
    except OSError as error:
        raise NotWritten(f"The key folder {folder} cannot be made: {error.strerror}.") from error


def check_folder(folder: Path) -> os.stat_result:
    """Make sure that nobody but the owner can look into the folder; gives what the system says of it.

    Raises:
        LooseFile, BrokenFolder.
    """
    try:
        found = os.stat(folder, follow_symlinks=False)  # noqa: PTH116
    except OSError as error:
        raise BrokenFolder(
            f"The key folder {folder} cannot be read: {error.strerror}. Make it with: countermark node keys init"
        ) from error
    if not stat.S_ISDIR(found.st_mode):
        raise BrokenFolder(f"{folder} is not a folder. Put a folder of its own there.")
    _check_mode(folder, found, loose=0o077, mend=f"chmod 700 {folder}")
    return found


def read_secret(file: Path, most: int) -> bytes:
    """Read a file that only its owner may read.

    Raises:
        LooseFile, BrokenFolder: also when it is longer than `most` bytes or no plain file.
    """
    return _read(file, most, loose=0o077, mend=f"chmod 600 {file}")


def read_public(file: Path, most: int) -> bytes:
    """Read a file that only its owner may change.

    Raises:
        LooseFile, BrokenFolder.
    """
    return _read(file, most, loose=0o022, mend=f"chmod 644 {file}")


def write_whole(file: Path, data: bytes, mode: int) -> None:
    """Put data under a name, at once: whoever looks, also after a crash, sees what was before or all of it.

    Raises:
        NotWritten.
    """
    aside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        _write_aside(aside, data, mode)
        os.replace(aside, file)  # noqa: PTH105
        sync_folder(file.parent)
    except OSError as error:
        _drop(aside)
        raise NotWritten(f"{file} cannot be written: {error.strerror}.") from error


def write_new(file: Path, data: bytes) -> None:
    """Put a secret under a name that must be free, at once.

    Raises:
        NotWritten: also when the name is taken.
    """
    aside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        _write_aside(aside, data, SECRET_MODE)
        _give_name(aside, file)
        sync_folder(file.parent)
    except FileExistsError as error:
        raise NotWritten(f"{file} is there already and is not written over. Choose another name.") from error
    except OSError as error:
        raise NotWritten(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        _drop(aside)


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError:  # some file systems cannot sync a folder; the file itself is safe
        pass
    finally:
        os.close(handle)


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Let one process at a time change the folder; others wait."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, SECRET_MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_aside(aside: Path, data: bytes, mode: int) -> None:
    _drop(aside)  # of a process that had our number and was killed
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, SECRET_MODE)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        with suppress(PermissionError):  # FAT on a stick knows no modes
            os.fchmod(handle, mode)
        os.fsync(handle)
    finally:
        os.close(handle)


def _give_name(aside: Path, file: Path) -> None:
    try:
        os.link(aside, file)  # unlike a rename, it never takes a name from another file
    except FileExistsError:
        raise
    except OSError:  # FAT on a stick knows no links
        if file.exists():
            raise FileExistsError(file) from None
        os.replace(aside, file)  # noqa: PTH105


def _drop(aside: Path) -> None:
    with suppress(OSError):
        os.unlink(aside)  # noqa: PTH108


def _read(file: Path, most: int, *, loose: int, mend: str) -> bytes:
    try:
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise BrokenFolder(f"{file} cannot be read: {error.strerror}. Bring it back from a copy.") from error
    with os.fdopen(handle, "rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise BrokenFolder(f"{file} is not a file of at most {most} bytes. Bring it back from a copy.")
        _check_mode(file, found, loose=loose, mend=mend)
        return opened.read(most)


def _check_mode(path: Path, found: os.stat_result, *, loose: int, mend: str) -> None:
    if found.st_uid not in (os.geteuid(), 0):
        raise LooseFile(f"{path} belongs to another user. Give it to the user that runs the node: chown.")
    if found.st_mode & loose:
        mode = stat.S_IMODE(found.st_mode)
        raise LooseFile(f"{path} is open to others (mode {mode:04o}). Close it, and ask who has read it: {mend}")
