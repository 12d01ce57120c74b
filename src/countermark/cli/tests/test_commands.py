"""The smaller commands, as a person runs them."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from countermark.cli.tests.conftest import Run


@pytest.fixture
def findings(run: Run, shop: Path) -> Path:
    done = run(
        "scan",
        shop / "listings.csv",
        "--rights",
        shop / "rights.yaml",
        "--marketplace",
        "Bazaar",
        "-o",
        shop / "f.jsonl",
        "--workers",
        1,
    )
    assert done.exit_code == 0, done.stderr
    return shop / "f.jsonl"


def test_explain_says_why_and_what_speaks_against(run: Run, findings: Path) -> None:
    done = run("explain", "1", findings)
    assert done.exit_code == 0
    assert "Corvane" in done.stdout
    assert "against" in done.stdout.lower()


def test_explain_takes_any_of_the_three_ids(run: Run, findings: Path) -> None:
    finding = json.loads(findings.read_text().splitlines()[0])
    said = {run("explain", finding[key], findings).stdout for key in ("id", "listing_id", "external_id")}
    assert len(said) == 1


def test_explain_computes_the_finding_again_and_notices_a_changed_record(run: Run, findings: Path) -> None:
    assert "the same to the last digit" in run("explain", "1", findings).stderr
    finding = json.loads(findings.read_text().splitlines()[0])
    findings.write_text(json.dumps({**finding, "listing_hash": "cd" * 32}) + "\n")
    done = run("explain", "1", findings)
    assert done.exit_code == 1
    assert "the id does not follow" in done.stderr


def test_a_bound_is_found_from_decisions_or_refused_for_want_of_them(run: Run, tmp_path: Path) -> None:
    row = {"infringing": False, "decided_at": "2026-01-01T00:00:00Z", "signals": {"text.mark": 1.0}, "risk": 0.5}
    rows = tmp_path / "d.jsonl"
    rows.write_text("".join(json.dumps({"finding_id": f"f{n}", **row}) + "\n" for n in range(100)))
    done = run("evaluate", "--decisions", rows, "--bound", 0.05)
    assert done.exit_code == 0
    assert "only above a risk of 0.099750" in done.stdout
    few = run("evaluate", "--decisions", rows, "--bound", 0.05, "--recent", 50)
    assert few.exit_code == 3
    assert "9 more decided as honest are needed" in few.stderr
    assert run("evaluate", "--decisions", rows).exit_code == 2
    assert run("evaluate", rows, "--decisions", rows, "--bound", 0.05).exit_code == 2


def test_explain_of_something_not_found_is_an_input_error(run: Run, findings: Path) -> None:
    done = run("explain", "fnd_nothing", findings)
    assert done.exit_code == 3
    assert "not in" in done.stderr


def test_explain_as_json_is_json(run: Run, findings: Path) -> None:
    assert json.loads(run("explain", "1", findings, "--json").stdout)


def test_evaluate_measures_against_the_truth(run: Run, findings: Path, shop: Path) -> None:
    (shop / "truth.csv").write_text(
        "marketplace,external_id,brand,infringing,kind\n"
        "Bazaar,1,Corvane,true,obvious_fake\nBazaar,2,,false,\nBazaar,3,Corvane,false,\nBazaar,4,Corvane,true,masked_mark\n"
    )
    done = run("evaluate", findings, shop / "truth.csv", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)
    assert "recall" in run("evaluate", findings, shop / "truth.csv").stdout.lower()


@pytest.mark.parametrize("record", ["finding", "listing", "right", "portfolio"])
def test_schemas_are_schemas(run: Run, record: str) -> None:
    Draft202012Validator.check_schema(json.loads(run("schema", record).stdout))


def test_each_finding_obeys_the_published_schema(run: Run, findings: Path) -> None:
    validator = Draft202012Validator(json.loads(run("schema", "finding").stdout))
    for line in findings.read_text().splitlines():
        validator.validate(json.loads(line))


def test_the_version_is_the_engines(run: Run) -> None:
    from countermark.judge import ENGINE_VERSION

    assert ENGINE_VERSION in run("--version").stdout


def test_a_world_is_the_same_for_the_same_seed(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = run("world", tmp_path / name, "--listings", 20, "--seed", 5, "--json")
        assert done.exit_code == 0, done.output
    one, two = (tmp_path / name for name in ("one", "two"))
    files = [p.relative_to(one) for p in one.rglob("*") if p.is_file()]
    assert len(files) > 20
    assert all((one / f).read_bytes() == (two / f).read_bytes() for f in files)


def test_fingerprints_are_printed_one_a_line_and_what_is_no_picture_is_named(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("pdqhash", reason="needs the extra `pictures`")
    picture = tmp_path / "drawn.png"
    cv2.imwrite(str(picture), np.random.default_rng(1).integers(0, 256, (90, 120, 3), np.uint8))
    hashed = run("fingerprint", str(picture))
    assert hashed.exit_code == 0
    digits, quality, name = hashed.stdout.strip().split(" ", 2)
    assert (len(bytes.fromhex(digits)), name) == (32, str(picture))
    assert 0 <= int(quality) <= 100
    own = json.loads(run("fingerprint", "--json", "--algorithm", "dct256", str(picture)).stdout)
    assert own["algorithm"] == "dct256"
    assert own["hash"] != digits
    (tmp_path / "x.jpg").write_bytes(b"no picture")
    refused = run("fingerprint", str(tmp_path / "x.jpg"), str(picture))
    assert refused.exit_code == 3
    assert refused.stdout.count("\n") == 1
