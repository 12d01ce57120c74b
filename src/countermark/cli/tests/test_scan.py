"""`countermark scan`, as a person runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from countermark.cli.tests.conftest import Run
from countermark.model import Finding, from_json


def scan(run: Run, shop: Path, *more: object, listings: object = "listings.csv"):
    return run(
        "scan", shop / str(listings), "--rights", shop / "rights.yaml", "--marketplace", "Bazaar", "--workers", 1, *more
    )


def lines(text: str) -> list[Finding]:
    return [from_json(line, Finding) for line in text.splitlines()]


def test_it_finds_fakes_and_leaves_the_honest_alone(run: Run, shop: Path) -> None:
    done = scan(run, shop)
    assert done.exit_code == 0, done.stderr
    by_id = {f.external_id: f for f in lines(done.stdout)}
    assert by_id["1"].level == "high"
    assert by_id["4"].level == "high"
    assert "2" not in by_id
    assert "3" not in by_id or by_id["3"].level == "low"
    assert "4 listings" in done.stderr


def test_data_goes_to_stdout_and_talk_to_stderr(run: Run, shop: Path) -> None:
    done = scan(run, shop, "--json")
    assert all(line.startswith("{") for line in done.stdout.splitlines())
    assert json.loads(done.stderr.splitlines()[-1])["listings"] == 4


def test_the_two_forms_of_output_hold_the_same_findings(run: Run, shop: Path) -> None:
    assert scan(run, shop, "-o", shop / "f.parquet", "--json").exit_code == 0
    assert scan(run, shop, "-o", shop / "f.jsonl").exit_code == 0
    ids = pq.read_table(shop / "f.parquet").column("id").to_pylist()
    assert ids == [f.id for f in lines((shop / "f.jsonl").read_text())]
    assert not list(shop.glob("*.partial"))


def test_the_same_scan_twice_gives_the_same_bytes(run: Run, shop: Path) -> None:
    assert scan(run, shop).stdout == scan(run, shop).stdout != ""


def test_standard_input_is_read(run: Run, shop: Path) -> None:
    rows = (shop / "listings.csv").read_bytes()
    done = run("scan", "-", "--format", "csv", "--rights", shop / "rights.yaml", "--marketplace", "Bazaar", stdin=rows)
    assert {f.external_id for f in lines(done.stdout)} >= {"1", "4"}


def test_bad_rows_are_named_and_good_rows_kept(run: Run, shop: Path) -> None:
    with (shop / "listings.csv").open("a") as file:
        file.write("5,Corvane wallet,NaN,EUR,x,s9,2026-11-01T10:00:00Z\n")
        file.write("6,,5,EUR,x,s9,2026-11-01T10:00:00Z\n")
        file.write("7,Corvane belt super copy,9,EUX,x,s9,2026-11-01T10:00:00Z\n")
    done = scan(run, shop, "--rejects", shop / "bad.jsonl")
    assert done.exit_code == 0
    problems = [json.loads(line) for line in (shop / "bad.jsonl").read_text().splitlines()]
    assert {(p["row"], p["field"]) for p in problems} >= {(5, "price"), (6, "title"), (7, "price")}
    assert all(p["mend"] for p in problems)
    assert "row 6" in done.stderr
    assert {"1", "4"} <= {f.external_id for f in lines(done.stdout)}


def test_fail_on_answers_with_the_exit_code(run: Run, shop: Path) -> None:
    assert scan(run, shop, "--fail-on", "high").exit_code == 1
    (shop / "honest.csv").write_text("id,title\n2,Handmade linen tote\n")
    assert scan(run, shop, "--fail-on", "low", listings="honest.csv").exit_code == 0


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("-o", "findings.xlsx"), 2, ".parquet or .jsonl"),
        (("--rights", "nowhere.yaml"), 3, "nowhere.yaml"),
        (("--policy", "nowhere.yaml"), 3, "nowhere.yaml"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_code(
    run: Run, shop: Path, change: tuple[str, ...], code: int, said: str
) -> None:
    done = scan(run, shop, *change)
    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize("option", ["--rejects", "--market-out", "-o"])
@pytest.mark.parametrize("name", ["listings.jsonl", "rights.jsonl"])
def test_nothing_is_written_over_what_is_read(run: Run, shop: Path, option: str, name: str) -> None:
    (shop / "listings.jsonl").write_text('{"id": "1", "title": "Corvane replica", "seller_id": "s"}\n')
    (shop / "rights.jsonl").write_bytes((shop / "rights.yaml").read_bytes())
    before = (shop / name).read_bytes()
    done = run("scan", shop / "listing*.jsonl", "--rights", shop / "rights.jsonl", option, shop / "x" / ".." / name)
    assert done.exit_code == 2
    assert "would be written over" in done.stderr
    assert (shop / name).read_bytes() == before


def test_missing_listings_are_an_input_error(run: Run, shop: Path) -> None:
    done = scan(run, shop, listings="nowhere.csv")
    assert done.exit_code == 3
    assert "nowhere.csv" in done.stderr


def test_rights_without_any_usable_right_are_refused(run: Run, shop: Path) -> None:
    (shop / "rights.yaml").write_text("version: 1\ngroup: g\nbrands: []\n")
    done = scan(run, shop)
    assert done.exit_code == 3
    assert "no right" in done.stderr


def test_partial_work_of_another_scan_is_not_mixed_in(run: Run, shop: Path) -> None:
    partial = shop / "f.parquet.partial"
    partial.mkdir()
    (partial / "header.json").write_text('{"inputs":"other","batches_per_part":8}')
    done = scan(run, shop, "-o", shop / "f.parquet")
    assert done.exit_code == 3
    assert "interrupted scan of other" in done.stderr


def test_a_killed_scan_goes_on_and_ends_with_the_same_findings(run: Run, shop: Path) -> None:
    rows = ["id,title,price,currency,seller_id,captured_at"]
    # The first part is quickly read; what follows takes long enough to be killed in.
    named = {True: "Corvane replica", False: "Linen tote"}
    rows += [f"{n},{named[n > 32_700]} {n},20,EUR,s{n % 50},2026-11-01T10:00:00Z" for n in range(39_000)]
    (shop / "many.csv").write_text("\n".join(rows) + "\n")
    whole = scan(run, shop, "-o", shop / "whole.parquet", listings="many.csv")
    assert whole.exit_code == 0, whole.stderr
    output = shop / "killed.parquet"
    command = [sys.executable, "-m", "countermark.cli.main", "scan", str(shop / "many.csv"), "-o", str(output)]
    command += ["--rights", str(shop / "rights.yaml"), "--marketplace", "Bazaar", "--workers", "1"]
    _kill_after_the_first_part(command, output)
    again = scan(run, shop, "-o", output, "--json", listings="many.csv")
    assert again.exit_code == 0, again.stderr
    assert json.loads(again.stdout)["resumed_after_batches"] > 0
    assert pq.read_table(output).equals(pq.read_table(shop / "whole.parquet"))


def _kill_after_the_first_part(command: list[str], output: Path) -> None:
    child = subprocess.Popen(command, env={**os.environ}, stderr=subprocess.DEVNULL)
    part = output.with_name(output.name + ".partial") / "part-000000.parquet"
    for _ in range(12_000):
        if part.exists() or child.poll() is not None:
            break
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert part.exists(), "the scan ended before it could be killed"
    assert not output.exists()
