"""Findings in and out: whole or absent, equal when read back, refused when cut."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.formats import FindingWriter, UnreadableSource, findings_to_batch, read_findings
from countermark.model import Direction, Finding, Kind, Level, Reason, Span, to_json


def finding(number: int) -> Finding:
    reason = Reason(
        signal="text.mark",
        version=1,
        direction=Direction.FOR,
        value=0.5,
        weight=1.25,
        sentence="The title names “Corvane”.",
        wrong_when="It is a place.",
        spans=(Span("title", 0, 7),),
        facts={"found": "Corvane", "z": "1"},
    )
    return Finding(
        id=f"fnd_{number:026}",
        listing_id=f"lst_{number:026}",
        marketplace="Bazaar",
        external_id=str(number),
        seller_id="slr_1",
        brand="Corvane",
        right_id="rgt_1",
        kind=Kind.MASKED_MARK,
        risk=0.75,
        level=Level.HIGH,
        expected_harm=12.5,
        base=-3.0,
        reasons=(reason,) if number % 2 else (),
        engine_version="1",
        policy_hash="p",
        reference_hash="r",
        listing_hash="l",
    )


FINDINGS = [finding(number) for number in range(25)]


@pytest.mark.parametrize("name", ["f.parquet", "f.jsonl", "f.ndjson"])
def test_findings_are_read_back_equal(tmp_path: Path, name: str) -> None:
    with FindingWriter(tmp_path / name) as writer:
        writer.write(FINDINGS[:10])
        writer.write_batch(findings_to_batch(FINDINGS[10:]))
        writer.write_batch(findings_to_batch([]))
    assert list(read_findings(tmp_path / name)) == FINDINGS
    assert list(read_findings(str(tmp_path / name))) == FINDINGS
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["f.parquet", "f.jsonl"])
def test_equal_findings_give_equal_bytes_however_they_came(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("countermark.formats.findings.ROW_GROUP", 7)
    contents = []
    for size in (1, 4, 25):
        with FindingWriter(tmp_path / name) as writer:
            for start in range(0, 25, size):
                writer.write_batch(findings_to_batch(FINDINGS[start : start + size]))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1] == contents[2]
    if name.endswith("parquet"):
        assert [pq.ParquetFile(tmp_path / name).metadata.row_group(n).num_rows for n in range(4)] == [7, 7, 7, 4]


def test_one_line_is_one_canonical_finding(tmp_path: Path) -> None:
    with FindingWriter(tmp_path / "f.jsonl") as writer:
        writer.write(FINDINGS)
    lines = (tmp_path / "f.jsonl").read_bytes().splitlines()
    assert lines == [to_json(each) for each in FINDINGS]


@pytest.mark.parametrize("name", ["f.parquet", "f.jsonl"])
def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("old")
    with pytest.raises(RuntimeError, match="stop"), FindingWriter(tmp_path / name) as writer:
        writer.write(FINDINGS)
        raise RuntimeError("stop")
    assert (tmp_path / name).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_no_findings_is_a_file_too(tmp_path: Path) -> None:
    for name in ("f.parquet", "f.jsonl"):
        with FindingWriter(tmp_path / name):
            pass
        assert list(read_findings(tmp_path / name)) == []


def test_a_dash_means_standard_output_and_input(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    with FindingWriter("-") as writer:
        writer.write(FINDINGS)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(out.getvalue())))
    assert list(read_findings("-")) == FINDINGS


def test_an_unknown_ending_and_a_writer_out_of_its_block_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="parquet"):
        FindingWriter(tmp_path / "f.csv")
    with pytest.raises(RuntimeError):
        FindingWriter(tmp_path / "f.jsonl").write(FINDINGS)


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    with FindingWriter(tmp_path / "f.parquet") as writer:
        writer.write(FINDINGS)
    (tmp_path / "f.parquet").rename(tmp_path / "f.jsonl")
    assert list(read_findings(tmp_path / "f.jsonl")) == FINDINGS
    with (tmp_path / "f.jsonl").open("rb") as file:
        assert list(read_findings(file)) == FINDINGS


def refused(source: Path) -> UnreadableSource:
    with pytest.raises(UnreadableSource) as told:
        list(read_findings(source))
    assert told.value.problem.mend
    return told.value


def test_a_file_cut_in_the_middle_of_a_line_is_told_by_its_line(tmp_path: Path) -> None:
    lines = b"".join(to_json(each) + b"\n" for each in FINDINGS)
    (tmp_path / "f.jsonl").write_bytes(lines[:-100])
    given: list[Finding] = []
    with pytest.raises(UnreadableSource) as told:
        given.extend(read_findings(tmp_path / "f.jsonl"))
    assert (told.value.problem.code, told.value.problem.row) == ("cut-short", 25)


def test_a_cut_parquet_file_is_told(tmp_path: Path) -> None:
    with FindingWriter(tmp_path / "f.parquet") as writer:
        writer.write(FINDINGS)
    (tmp_path / "f.parquet").write_bytes((tmp_path / "f.parquet").read_bytes()[:-50])
    assert refused(tmp_path / "f.parquet").problem.code == "bad-parquet"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{}", "bad-finding"),
        (b"[1]", "bad-finding"),
        (b"id,title", "bad-finding"),
        (b'{"id": "\xff"}', "bad-finding"),
        (b"[" * 100_000, "bad-finding"),
        (to_json(msgspec.structs.replace(finding(1), schema_version=99)), "newer-schema"),
    ],
)
def test_what_is_no_finding_is_told_by_its_line(tmp_path: Path, line: bytes, code: str) -> None:
    (tmp_path / "f.jsonl").write_bytes(to_json(FINDINGS[0]) + b"\n" + line + b"\n")
    problem = refused(tmp_path / "f.jsonl").problem
    assert (problem.code, problem.row) == (code, 2)


def test_other_parquet_files_are_told(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["1"]}), tmp_path / "a.parquet")
    assert refused(tmp_path / "a.parquet").problem.code == "bad-finding"
    rows = findings_to_batch(FINDINGS[:2]).to_pylist()
    rows[1]["kind"] = "wish"
    pq.write_table(pa.Table.from_pylist(rows, schema=findings_to_batch([]).schema), tmp_path / "b.parquet")
    assert refused(tmp_path / "b.parquet").problem.row == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.jsonl").problem.code == "not-found"
    assert refused(tmp_path).problem.code == "cannot-read"
