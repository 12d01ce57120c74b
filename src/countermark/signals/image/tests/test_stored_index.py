"""The index in a folder keeps what it said it kept, wherever the writing of the next thing was cut off."""

import json
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from countermark.signals.image.index import DamagedIndex, FingerprintIndex, Hit, StoredIndex
from countermark.signals.image.index import stored as room
from countermark.signals.image.tests.index_ways import WAYS

BITS = [np.random.default_rng(n).integers(0, 256, 32).astype(np.uint8).tobytes() for n in range(6)]


@pytest.fixture(autouse=True, params=WAYS)
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test counts with numpy, and with faiss."""
    monkeypatch.setattr(room, "FingerprintIndex", partial(FingerprintIndex, faiss=request.param))


def keys_of(index: StoredIndex) -> list[int]:
    return sorted({hit.key for bits in BITS for hit in index.search(bits, 0)})


def test_what_was_added_and_removed_is_so_after_opening_again(tmp_path: Path) -> None:
    with StoredIndex(tmp_path) as index:
        index.add_many([1, 2, 3], BITS[:3])
        assert index.remove_many([2]) == 1
        index.add_many([4], [BITS[3]])
        assert keys_of(index) == [1, 3, 4]
    with StoredIndex(tmp_path) as index:
        assert keys_of(index) == [1, 3, 4]
        assert index.search(BITS[3], 31) == [Hit(4, 0)]
        assert index.search_many(BITS, 31).query.tolist() == [0, 2, 3]


def test_a_log_cut_at_any_byte_of_its_last_record_keeps_all_before_it(tmp_path: Path) -> None:
    with StoredIndex(tmp_path / "whole") as index:
        index.add_many([1, 2], BITS[:2])
        index.remove_many([1])
        before = (tmp_path / "whole" / "log-0").stat().st_size
        index.add_many([3, 4], BITS[2:4])
    whole = (tmp_path / "whole" / "log-0").read_bytes()
    for cut in range(before, len(whole) + 1):
        folder = tmp_path / "cut"
        shutil.copytree(tmp_path / "whole", folder)
        (folder / "log-0").write_bytes(whole[:cut])
        with StoredIndex(folder) as index:
            assert keys_of(index) == ([2, 3, 4] if cut == len(whole) else [2])
            index.add_many([5], [BITS[4]])
        with StoredIndex(folder) as index:
            assert keys_of(index) == ([2, 3, 4, 5] if cut == len(whole) else [2, 5])
        shutil.rmtree(folder)


def test_a_last_record_of_zeros_is_a_torn_end_too(tmp_path: Path) -> None:
    """Some file systems grow a file before they write into it."""
    with StoredIndex(tmp_path) as index:
        index.add_many([1], BITS[:1])
    with (tmp_path / "log-0").open("ab") as log:
        log.write(bytes(500))
    with StoredIndex(tmp_path) as index:
        assert keys_of(index) == [1]


@pytest.mark.parametrize("place", [2, 9, 17, 30])
def test_a_broken_record_before_whole_ones_is_damage_not_a_torn_end(tmp_path: Path, place: int) -> None:
    with StoredIndex(tmp_path) as index:
        index.add_many([1], BITS[:1])
        index.add_many([2], BITS[1:2])
    data = bytearray((tmp_path / "log-0").read_bytes())
    data[place] ^= 4
    (tmp_path / "log-0").write_bytes(data)
    with pytest.raises(DamagedIndex, match="broken"):
        StoredIndex(tmp_path)


def test_compacting_keeps_what_is_held_and_drops_the_rest(tmp_path: Path) -> None:
    with StoredIndex(tmp_path) as index:
        index.add_many([1, 2, 3], BITS[:3])
        index.remove_many([2])
        index.compact()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["base-1", "lock", "log-1", "manifest.json"]
        index.add_many([4], BITS[3:4])
    with StoredIndex(tmp_path) as index:
        assert keys_of(index) == [1, 3, 4]
        index.compact()
        assert (tmp_path / "log-2").stat().st_size == 0
        assert (tmp_path / "base-2").stat().st_size == 3 * 40 + 20
        assert keys_of(index) == [1, 3, 4]


@pytest.mark.parametrize("step", ["_write_manifest", "_open_log", "_sweep"])
def test_a_crash_at_any_step_of_compacting_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with StoredIndex(tmp_path) as index:
        index.add_many([1, 2], BITS[:2])
        index.remove_many([1])
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(StoredIndex, step, crash)
            index.compact()
    with StoredIndex(tmp_path) as index:
        assert keys_of(index) == [2]
        assert len([path for path in tmp_path.iterdir() if path.name.startswith("base-")]) <= 1


def test_a_disk_that_is_full_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(file: int, data: bytes) -> None:
        os.write(file, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with StoredIndex(tmp_path) as index:
        index.add_many([1], BITS[:1])
        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
            patch.setattr(room, "_write_all", half)
            index.add_many([2], BITS[1:2])
        assert keys_of(index) == [1]
        index.add_many([3], BITS[2:3])
    with StoredIndex(tmp_path) as index:
        assert keys_of(index) == [1, 3]


def test_a_writer_that_is_killed_leaves_every_change_it_told_of(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from countermark.signals.image.index import StoredIndex
index = StoredIndex(Path(sys.argv[1]))
for key in range(100_000):
    index.add_many([key], [key.to_bytes(32)])
    print(key, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(40):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        told = 40 + len([line for line in writer.stdout.read().splitlines() if line])
    with StoredIndex(tmp_path) as index:
        assert len(index) >= told - 1
        assert all(index.search(key.to_bytes(32), 0)[0].key == key for key in range(told - 1))


def test_only_one_process_writes_and_a_closed_index_lets_the_next_in(tmp_path: Path) -> None:
    first = StoredIndex(tmp_path)
    with pytest.raises(BlockingIOError):
        StoredIndex(tmp_path)
    first.close()
    StoredIndex(tmp_path).close()


def test_a_changed_base_or_an_unknown_manifest_is_refused(tmp_path: Path) -> None:
    with StoredIndex(tmp_path) as index:
        index.add_many([1], BITS[:1])
        index.compact()
    base = bytearray((tmp_path / "base-1").read_bytes())
    (tmp_path / "base-1").write_bytes(base[:-1])
    with pytest.raises(DamagedIndex, match="base"):
        StoredIndex(tmp_path)
    base[25] ^= 1
    (tmp_path / "base-1").write_bytes(base)
    with pytest.raises(DamagedIndex, match="base"):
        StoredIndex(tmp_path)
    for text in ["{", "[]", json.dumps({"version": 99, "number": 1, "base_size": 0})]:
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(DamagedIndex, match="manifest"):
            StoredIndex(tmp_path)


def test_what_does_not_fit_is_refused_before_it_is_written(tmp_path: Path) -> None:
    with StoredIndex(tmp_path) as index:
        for keys, bits in (([1], [b"short"]), ([1, 2], BITS[:1])):
            with pytest.raises(ValueError, match=r"32 bytes|2 keys"):
                index.add_many(keys, bits)
        assert (tmp_path / "log-0").stat().st_size == 0


def test_a_folder_of_the_first_version_opens(tmp_path: Path) -> None:
    """Bytes as the first version wrote them: three hashes compacted, one more added, one removed."""
    base = "434d66700100000003000000a90a9eb8c8bcb511" + "".join(key + "00" * 7 for key in ("0a", "0b", "0c"))
    base += bytes(range(32)).hex() + "01" * 32 + "02" * 32
    log = "434d6670010000000100000075331661b81bfd180d" + "00" * 7 + "03" * 32
    log += "434d667002000000010000003fc348384b9b81180b" + "00" * 7
    (tmp_path / "base-1").write_bytes(bytes.fromhex(base))
    (tmp_path / "log-1").write_bytes(bytes.fromhex(log))
    (tmp_path / "manifest.json").write_text('{"version": 1, "number": 1, "base_size": 140}')
    with StoredIndex(tmp_path) as index:
        asked = [bytes(range(32)), *(bytes([byte]) * 32 for byte in (1, 2, 3))]
        assert [index.search(bits, 0) for bits in asked] == [[Hit(10, 0)], [], [Hit(12, 0)], [Hit(13, 0)]]
