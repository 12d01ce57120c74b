"""Folder in, folder out: the same bytes whoever runs it, however often, whatever dies meanwhile."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from countermark.formats import Defaults
from countermark.scan import parts as parts_module
from countermark.scan.folders import HEADER, Engine, scan_folder
from countermark.scan.journal import JournalMismatch
from countermark.scan.local import WorkerLost
from countermark.scan.parts import PartRunner, find_parts
from countermark.scan.tests.plans import ListingPlan


def runner(listings: Path, output: Path, at: str = "") -> PartRunner:
    return PartRunner(ListingPlan(listings.parent, at), str(listings), str(output), Defaults())


def written(output: Path) -> dict[str, bytes]:
    return {str(path.relative_to(output)): path.read_bytes() for path in sorted(output.rglob("*")) if path.is_file()}


def ids(output: Path) -> list[int]:
    files = sorted(output.rglob("*.findings.parquet"))
    return [int(one) for path in files for one in pq.read_table(path).column("external_id").to_pylist()]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "ROWS_PER_PART", 10)


def test_each_range_of_row_groups_becomes_one_file_of_a_name_that_says_so(listings: Path, tmp_path: Path) -> None:
    tally = scan_folder(runner(listings, tmp_path / "out"), None, inputs="x")
    assert (tally.listings, tally.findings, tally.parts, tally.problems) == (60, 60, 6, 0)
    assert ids(tmp_path / "out") == list(range(60))
    names = [name for name in written(tmp_path / "out") if name != HEADER]
    assert names[:2] == [
        "day-1/a.rg000000-000001.findings.parquet",
        "day-1/a.rg000001-000002.findings.parquet",
    ]


def test_row_groups_are_gathered_until_a_part_is_large_enough(listings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "ROWS_PER_PART", 15)
    assert [(part.first, part.last, part.rows) for part in find_parts(str(listings))] == [(0, 2, 20)] * 3


def test_a_killed_worker_loses_no_part_and_doubles_none(listings: Path, tmp_path: Path) -> None:
    scan_folder(runner(listings, tmp_path / "quiet"), None, inputs="x")
    (tmp_path / "die-1").touch()
    scan_folder(runner(listings, tmp_path / "killed", at="25"), None, inputs="x", workers=2)
    assert not (tmp_path / "die-1").exists()
    assert written(tmp_path / "killed") == written(tmp_path / "quiet")


def test_a_part_that_kills_again_and_again_stops_the_scan_and_the_next_run_goes_on(
    listings: Path, tmp_path: Path
) -> None:
    for n in range(9):
        (tmp_path / f"die-{n}").touch()
    with pytest.raises(WorkerLost):
        scan_folder(runner(listings, tmp_path / "out", at="55"), None, inputs="x", workers=2)
    for mark in tmp_path.glob("die-*"):
        mark.unlink()
    tally = scan_folder(runner(listings, tmp_path / "out", at="55"), None, inputs="x")
    assert tally.resumed > 0
    assert ids(tmp_path / "out") == list(range(60))


def test_findings_of_other_inputs_are_neither_mixed_in_nor_removed(listings: Path, tmp_path: Path) -> None:
    scan_folder(runner(listings, tmp_path / "out"), None, inputs="x")
    before = written(tmp_path / "out")
    with pytest.raises(JournalMismatch):
        scan_folder(runner(listings, tmp_path / "out"), None, inputs="y")
    assert written(tmp_path / "out") == before


def test_a_file_that_was_rewritten_to_the_same_size_is_another_input(listings: Path, tmp_path: Path) -> None:
    scan_folder(runner(listings, tmp_path / "out"), None, inputs="x")
    path = listings / "day-2" / "a.parquet"
    data, written_at = path.read_bytes(), path.stat().st_mtime_ns
    path.write_bytes(data)
    os.utime(path, ns=(written_at + 1_000_000, written_at + 1_000_000))
    with pytest.raises(JournalMismatch):
        scan_folder(runner(listings, tmp_path / "out"), None, inputs="x")


def test_a_store_with_an_address_is_read_and_written_alike(listings: Path, tmp_path: Path) -> None:
    scan_folder(runner(listings, tmp_path / "plain"), None, inputs="x")
    there = PartRunner(ListingPlan(tmp_path), listings.as_uri(), (tmp_path / "there").as_uri(), Defaults())
    scan_folder(there, None, inputs="x", engine=Engine.LOCAL)
    assert written(tmp_path / "there") == written(tmp_path / "plain")


def test_bad_rows_are_told_beside_the_findings(listings: Path, tmp_path: Path) -> None:
    path = listings / "day-2" / "a.parquet"
    table = pq.read_table(path)
    column = table.schema.get_field_index("external_id")
    bad = ["40", "40", *table.column(column).to_pylist()[2:]]
    pq.write_table(table.set_column(column, table.schema.field(column), [bad]), path, row_group_size=10)
    tally = scan_folder(runner(listings, tmp_path / "out"), None, inputs="x")
    assert (tally.listings, tally.problems) == (59, 1)
    told = (tmp_path / "out" / "_problems" / "day-2" / "a.rg000000-000001.jsonl").read_text()
    assert "duplicate-id" in told
    assert [part.source for part in find_parts(str(tmp_path / "out"))], "findings can be read as a folder again"
