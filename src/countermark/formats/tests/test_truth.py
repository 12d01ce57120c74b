"""Truth in and out: one bad row refuses the file, by row and field."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.formats import Truth, UnreadableSource, read_truth, write_truth
from countermark.model import Kind, derive_id

ONE, TWO = derive_id("lst", "Bazaar", "1"), derive_id("lst", "Bazaar", "2")
TRUTHS = [
    Truth(listing_id=ONE, brand="Corvane", infringing=True, kind=Kind.OBVIOUS_FAKE),
    Truth(listing_id=TWO, brand="", infringing=False),
]


@pytest.mark.parametrize("name", ["truth.jsonl", "truth.parquet"])
def test_truths_are_read_back_equal(tmp_path: Path, name: str) -> None:
    write_truth(tmp_path / name, TRUTHS)
    assert list(read_truth(tmp_path / name)) == TRUTHS
    with (tmp_path / name).open("rb") as file:
        assert list(read_truth(file)) == TRUTHS


@pytest.mark.parametrize(
    "text",
    [
        "marketplace,external_id,brand,infringing,kind\nBazaar,1,Corvane,true,obvious_fake\nBazaar,2,,no,\n",
        f"listing_id;brand;infringing;kind\n{ONE};Corvane;1;obvious_fake\n\n{TWO};;0;\n",
        "\ufeffMarketplace\tExternal_ID\tBrand\tInfringing\tKind\nBazaar\t1\tCorvane\tYES\tobvious_fake\nBazaar\t2\t\tFalse\t\n",
        """{"marketplace":"Bazaar","external_id":1,"brand":"Corvane","infringing":true,"kind":"obvious_fake"}

{"marketplace":"Bazaar","external_id":"2","brand":"","infringing":false,"kind":null}
""",
    ],
)
def test_truth_is_read_from_tables_and_lines(tmp_path: Path, text: str) -> None:
    (tmp_path / "t").write_text(text)
    assert list(read_truth(tmp_path / "t")) == TRUTHS


@pytest.mark.parametrize(
    ("text", "row", "field"),
    [
        ("marketplace,external_id,infringing\nBazaar,1,maybe\n", 1, "infringing"),
        ("marketplace,external_id,infringing\nBazaar,1,1\nBazaar,,1\n", 2, "listing_id"),
        ("listing_id,infringing\nlst_1,1\n", 1, "listing_id"),
        ("external_id,infringing,kind\n1,1,wish\n", 1, "kind"),
        ("external_id,infringing\n1,1,x\n", 1, ""),
        ('external_id,infringing\n"1,1\n', 1, ""),
        ("external_id\n1\n", 0, ""),
        ('{"external_id": 1}\n', 1, "infringing"),
        ('{"external_id": 1, "infringing": true}\n{', 2, ""),
        ('{"external_id": 1, "infringing": true}\n[1]', 2, ""),
        ("PAR1xxxxx", 0, ""),
        ("", 0, ""),
    ],
)
def test_a_bad_row_refuses_the_file(tmp_path: Path, text: str, row: int, field: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(UnreadableSource) as refused:
        list(read_truth(tmp_path / "t.csv"))
    assert (refused.value.problem.row, refused.value.problem.field) == (row, field)
    assert refused.value.problem.mend


def test_parquet_with_other_columns_beside_is_read() -> None:
    data = io.BytesIO()
    table = pa.table(
        {"marketplace": ["Bazaar"], "external_id": ["1"], "infringing": [True], "kind": [None], "note": [[1]]}
    )
    pq.write_table(table, data)
    data.seek(0)
    assert [truth.listing_id for truth in read_truth(data)] == [ONE]


def test_a_half_written_truth_never_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    write_truth(tmp_path / "t.jsonl", TRUTHS)

    def broken():
        yield TRUTHS[0]
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        write_truth(tmp_path / "t.jsonl", broken())
    assert list(read_truth(tmp_path / "t.jsonl")) == TRUTHS
