"""The journal: what was done is kept whole, and never mixed with other work."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from countermark.formats.arrow import findings_to_batch
from countermark.scan.journal import BATCHES_PER_PART, Journal, JournalMismatch
from countermark.scan.tests.plans import finding


def answers(first: int, count: int) -> Iterator[pa.RecordBatch]:
    for n in range(first, first + count):
        yield findings_to_batch([finding(n)])


def kept(journal: Journal) -> list[int]:
    return [int(n) for batch in journal.findings() for n in batch.column("external_id").to_pylist()]


def test_an_interrupted_scan_goes_on_after_its_last_whole_part(tmp_path: Path) -> None:
    def interrupted() -> Iterator[pa.RecordBatch]:
        yield from answers(0, BATCHES_PER_PART + 3)
        raise KeyboardInterrupt

    first = Journal.open(tmp_path / "f.parquet", "inputs")
    with pytest.raises(KeyboardInterrupt):
        list(first.keep(interrupted()))

    again = Journal.open(tmp_path / "f.parquet", "inputs")
    assert again.batches_done == BATCHES_PER_PART
    list(again.keep(answers(again.batches_done, 5)))
    assert kept(again) == list(range(BATCHES_PER_PART + 5))
    again.close()
    assert list(tmp_path.iterdir()) == []


def test_partial_work_of_other_inputs_is_neither_used_nor_removed(tmp_path: Path) -> None:
    list(Journal.open(tmp_path / "f.parquet", "these").keep(answers(0, 2)))
    with pytest.raises(JournalMismatch, match="other listings"):
        Journal.open(tmp_path / "f.parquet", "those")
    assert kept(Journal.open(tmp_path / "f.parquet", "these")) == [0, 1]


def test_a_half_written_part_is_not_counted(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "f.parquet", "inputs")
    list(journal.keep(answers(0, BATCHES_PER_PART)))
    (journal.folder / ".part-000001.parquet.123").write_bytes(b"half")
    assert Journal.open(tmp_path / "f.parquet", "inputs").batches_done == BATCHES_PER_PART
    assert kept(journal) == list(range(BATCHES_PER_PART))
