"""Folder in, folder out, as a person asks for it: rejects, exit codes, the market and rates."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.cli.tests.conftest import Run
from countermark.scan import parts

COLUMNS = ("id", "title", "price", "currency", "seller_id", "captured_at")
WHEN = "2026-11-01T10:00:00Z"
ROWS = {
    "a": [
        ("1", "Corvane tote replica 1:1 mirror quality", "25.00", "EUR", "s1", WHEN),
        ("2", "Corvane wallet", "NaN", "EUR", "s1", WHEN),
        ("3", "", "5.00", "EUR", "s1", WHEN),
    ],
    "b": [("4", "Handmade linen tote", "45.00", "EUR", "s2", WHEN), ("5", "", "5.00", "EUR", "s2", WHEN)],
}


@pytest.fixture(autouse=True)
def _parts_of_one_row_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ROWS_PER_PART", 1)


@pytest.fixture
def days(shop: Path) -> Path:
    """A folder of two Parquet files; three of five rows have a problem."""
    for name, rows in ROWS.items():
        columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
        (shop / "days").mkdir(exist_ok=True)
        pq.write_table(pa.table(columns), shop / "days" / f"{name}.parquet", row_group_size=1)
    return shop / "days"


def scan(run: Run, days: Path, *more: object):
    given = ("--rights", days.parent / "rights.yaml", "--marketplace", "Bazaar", "--workers", 1, "--no-images")
    return run("scan", days, *given, "-o", days.parent / "out", *more)


def ids(rejects: Path) -> list[tuple[int, str]]:
    return [(one["row"], one["field"]) for one in map(json.loads, rejects.read_text().splitlines())]


def test_every_bad_row_is_written_once_in_order_also_by_a_run_that_only_resumes(run: Run, days: Path, tmp_path: Path):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    done = scan(run, days, "--rejects", first)
    assert done.exit_code == 0, done.output
    assert [field for _, field in ids(first)] == ["price", "title", "title"]
    assert "3 problems in the listings are in first.jsonl" in done.stderr
    again = scan(run, days, "--rejects", second)
    assert "of them from an earlier run" in again.stderr
    assert second.read_bytes() == first.read_bytes()


def test_a_scan_that_went_on_after_a_part_was_lost_writes_all_rejects(run: Run, days: Path, tmp_path: Path):
    scan(run, days, "--rejects", tmp_path / "whole.jsonl")
    lost = sorted((days.parent / "out").rglob("*.findings.parquet"))[1]
    lost.unlink()
    scan(run, days, "--rejects", tmp_path / "after.jsonl")
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_rejects_of_a_clean_folder_are_an_empty_file(run: Run, days: Path, tmp_path: Path):
    (days / "a.parquet").unlink()
    table = pq.read_table(days / "b.parquet").slice(0, 1)
    pq.write_table(table, days / "b.parquet")
    scan(run, days, "--rejects", tmp_path / "none.jsonl")
    assert (tmp_path / "none.jsonl").read_bytes() == b""


def test_fail_on_answers_as_for_a_file_also_when_all_is_in_place(run: Run, days: Path):
    told = scan(run, days, "--fail-on", "high", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["by_level"] == {"high": 1, "low": 1}
    assert scan(run, days, "--fail-on", "high").exit_code == 1
    assert scan(run, days).exit_code == 0


def test_fail_on_is_silent_where_nothing_reaches_it(run: Run, days: Path):
    (days / "a.parquet").unlink()
    assert scan(run, days, "--fail-on", "low").exit_code == 0


def test_the_market_is_learnt_kept_and_used_again(run: Run, days: Path):
    table = days.parent / "market.json"
    learnt = scan(run, days, "--market", days, "--market-out", table, "--json")
    assert learnt.exit_code == 0, learnt.output
    assert "Learnt from" in learnt.stderr
    kept = run(
        "scan", days, "--rights", days.parent / "rights.yaml", "--marketplace", "Bazaar", "--workers", 1, "--no-images",
        "-o", days.parent / "again", "--market", table, "--json",
    )  # fmt: skip
    assert json.loads(kept.stdout)["reference_hash"] == json.loads(learnt.stdout)["reference_hash"]
    without = scan(run, days)
    assert without.exit_code == 3
    assert "Choose another folder" in without.stderr


def test_rates_are_part_of_the_references_and_bad_ones_are_named(run: Run, days: Path):
    rates = days.parent / "rates.yaml"
    rates.write_text("version: 1\ndate: 2026-10-30\nbase: EUR\nsource: B\nrates: {USD: '1.16'}\n")
    with_rates = scan(run, days, "--rates", rates, "--json")
    assert with_rates.exit_code == 0, with_rates.output
    assert scan(run, days).exit_code == 3
    rates.write_text("nonsense: true\n")
    refused = scan(run, days, "--rates", rates)
    assert refused.exit_code == 3
    assert "rates.yaml" in refused.stderr
    assert "Traceback" not in refused.output


def test_a_store_that_cannot_be_reached_is_one_sentence(run: Run, days: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    address = "s3://bucket/out?endpoint_override=127.0.0.1:9&scheme=http&region=eu-west-1"
    done = run("scan", days, "--rights", days.parent / "rights.yaml", "--workers", 1, "--no-images", "-o", address)
    assert done.exit_code == 3, done.output
    assert "s3://bucket/out cannot be used: it does not answer" in done.stderr
    assert "nobody" not in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("listings", "more", "said"),
    [
        ("s3://key:hidden@bucket/days", ("--no-images", "-o", "out/"), "credentials stand in the address"),
        ("ftp://bucket/days", ("--no-images", "-o", "out/"), "nothing is known of ftp://"),
        ("s3://bucket/days", ("--no-images", "-o", "found.parquet"), "give -o a folder"),
        ("s3://bucket/days", ("-o", "out/"), "Pictures are not read from a store"),
    ],
)
def test_an_address_that_cannot_be_scanned_is_one_sentence_without_its_password(
    run: Run, days: Path, monkeypatch: pytest.MonkeyPatch, listings: str, more: tuple[str, ...], said: str
):
    monkeypatch.chdir(days.parent)
    done = run("scan", listings, "--rights", days.parent / "rights.yaml", "--workers", 1, *more)
    assert done.exit_code in (2, 3), done.output
    assert said in done.stderr
    assert "hidden" not in done.output
    assert "Traceback" not in done.output
