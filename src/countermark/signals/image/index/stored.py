"""The index kept in a folder: what was said to be kept is there after any crash."""

import fcntl
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from countermark.signals.image.index.memory import FingerprintIndex, Hit, Hits, Keys, as_words
from countermark.signals.image.index.records import MOST_IN_RECORD, DamagedIndex, Record, RecordKind, pack, unpack

MANIFEST = "manifest.json"
_VERSION = 1


class StoredIndex:
    """A `FingerprintIndex` whose every change is on disk before the call returns.

    A change is appended to the log as records with checksums, and synced. `compact` writes what is held to a new base
    file and begins a new log; the manifest, replaced in one step, says which base and log are meant. Opened again, the
    base and the whole records of the log are read; a record that a crash tore off at the end is cut. One process
    writes at a time. On disk a hash takes 40 bytes with its key.

    Args:
        folder: made when it is not there.

    Raises:
        BlockingIOError: another process has the index open.
        DamagedIndex: a file is broken elsewhere than at a torn end.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held = FingerprintIndex()
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._log = -1
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not (folder / MANIFEST).exists():
                self._write_manifest(0, base_size=0)
            self._read()
        except BaseException:
            self.close()
            raise

    def __len__(self) -> int:
        return len(self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the files and the lock back; nothing is left to write."""
        for opened in (self._log, self._lock):
            if opened >= 0:
                os.close(opened)
        self._log = self._lock = -1

    def add_many(self, keys: Sequence[int], bits: Sequence[bytes]) -> None:
        """As `FingerprintIndex.add_many`; kept and searchable when it returns.

        Raises:
            ValueError: as there; nothing is written then.
            OSError: it could not be written; it is then neither kept nor searchable.
        """
        if len(keys) != len(bits):
            raise ValueError(f"{len(keys)} keys for {len(bits)} hashes")
        numbers, words = np.asarray(keys, np.int64), as_words(bits)
        cuts = range(0, len(numbers), MOST_IN_RECORD)
        self._append(
            [pack(RecordKind.ADDED, numbers[at : at + MOST_IN_RECORD], words[at : at + MOST_IN_RECORD]) for at in cuts]
        )
        self._held.add_arrays(numbers, words)

    def remove_many(self, keys: Sequence[int]) -> int:
        """Take out every hash of these keys, on disk and here; returns how many there were."""
        numbers: Keys = np.asarray(keys, np.int64)
        cuts = range(0, len(numbers), MOST_IN_RECORD)
        self._append([pack(RecordKind.REMOVED, numbers[at : at + MOST_IN_RECORD]) for at in cuts])
        return self._held.remove_many(keys)

    def search(self, bits: bytes, radius: int) -> list[Hit]:
        """As `FingerprintIndex.search`."""
        return self._held.search(bits, radius)

    def search_many(self, queries: Sequence[bytes], radius: int) -> Hits:
        """As `FingerprintIndex.search_many`."""
        return self._held.search_many(queries, radius)

    def compact(self) -> None:
        """Write what is held as one file and begin an empty log: what was removed leaves the disk."""
        number = self._number + 1
        size = _write_synced(
            self._folder / f"base-{number}",
            (
                pack(RecordKind.ADDED, keys[at : at + MOST_IN_RECORD], words[at : at + MOST_IN_RECORD])
                for keys, words in self._held.arrays()
                for at in range(0, len(keys), MOST_IN_RECORD)
            ),
        )
        self._write_manifest(number, base_size=size)
        os.close(self._log)
        self._log = -1
        self._open_log(number)
        self._sweep(number)

    def _read(self) -> None:
        try:
            said = json.loads((self._folder / MANIFEST).read_bytes())
            version, number, size = int(said["version"]), int(said["number"]), int(said["base_size"])
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedIndex("the manifest cannot be read") from error
        if version != _VERSION:
            raise DamagedIndex(f"the manifest is of version {version}; this engine reads {_VERSION}")
        base = self._folder / f"base-{number}"
        data = base.read_bytes() if size and base.exists() else b""
        # The base was synced before the manifest named it: it has no torn end to forgive.
        if len(data) != size or self._take(data) != size:
            raise DamagedIndex("the base file is not what was written")
        self._open_log(number)
        self._sweep(number)

    def _open_log(self, number: int) -> None:
        self._number = number
        path = self._folder / f"log-{number}"
        self._log = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        _sync_folder(self._folder)
        data = path.read_bytes()
        whole = self._take(data)
        if whole < len(data):
            os.ftruncate(self._log, whole)
            os.fsync(self._log)
        self._size = whole

    def _take(self, data: bytes) -> int:
        """Do again what the records say; gives the place after the last whole one."""
        place = 0
        for record, place in unpack(data):  # noqa: B007 - the last place is what is asked for
            self._apply(record)
        return place

    def _apply(self, record: Record) -> None:
        if record.kind is RecordKind.ADDED:
            self._held.add_arrays(record.keys, record.words)
        else:
            self._held.remove_many(record.keys.tolist())

    def _append(self, records: Sequence[bytes]) -> None:
        try:
            for data in records:
                _write_all(self._log, data)
                # Each by itself: pages reach the disk in any order, and only the last record may ever be torn.
                os.fsync(self._log)
        except OSError:
            # Half a record must not lie before the next whole one: that would read as damage.
            os.ftruncate(self._log, self._size)
            raise
        self._size += sum(map(len, records))

    def _write_manifest(self, number: int, *, base_size: int) -> None:
        said = {"version": _VERSION, "number": number, "base_size": base_size}
        fresh = self._folder / f"{MANIFEST}.new"
        _write_synced(fresh, [json.dumps(said).encode()])
        fresh.replace(self._folder / MANIFEST)
        _sync_folder(self._folder)

    def _sweep(self, number: int) -> None:
        """Delete what a crash between two steps of `compact`, or its end, left behind."""
        kept = {MANIFEST, "lock", f"base-{number}", f"log-{number}"}
        for path in self._folder.iterdir():
            if path.name not in kept and path.name.startswith(("base-", "log-", MANIFEST)):
                path.unlink()


def _write_all(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _write_synced(path: Path, pieces: Iterable[bytes]) -> int:
    size = 0
    with path.open("wb") as file:
        for piece in pieces:
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return size


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
