"""Parquet: our own columns as they are, other people's as far as their types have one reading."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.formats import Limits, UnreadableSource, listings_to_batch
from countermark.formats.tests.test_jsonl_rows import FULL
from countermark.model import Listing, Seller, Text


def listing(number: int, **more) -> Listing:
    return Listing(
        **{
            "marketplace": "Bazaar",
            "external_id": f"L{number}",
            "title": Text(f"Tote {number}"),
            "seller": Seller(marketplace="Bazaar", external_id="s"),
            "captured_at": datetime(2026, 3, 1, tzinfo=UTC),
            **more,
        }
    )


def save(path: Path, columns: Mapping[str, object], **more) -> Path:
    pq.write_table(pa.table(columns), path, **more)
    return path


def test_our_own_columns_come_back_equal(tmp_path: Path, read) -> None:
    listings = [FULL, *(listing(n) for n in range(2, 12))]
    pq.write_table(pa.Table.from_batches([listings_to_batch(listings)]), tmp_path / "a.parquet", row_group_size=4)
    found = read(tmp_path / "a.parquet")
    assert found.problems == []
    assert found.listings == listings


def test_bad_values_in_our_own_columns_are_told_by_row(tmp_path: Path, read) -> None:
    batch = listings_to_batch([listing(n) for n in range(4)]).to_pylist()
    batch[1]["title"] = "  "
    batch[2]["price_amount"] = "NaN"
    batch[2]["price_currency"] = "EUR"
    batch[3]["captured_at"] = datetime(1890, 1, 1, tzinfo=UTC)
    schema = listings_to_batch([]).schema
    pq.write_table(pa.Table.from_pylist(batch, schema=schema), tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    assert found.ids == ["L0", "L2"]
    assert found.codes == [(2, "missing-title"), (3, "price-not-a-number"), (4, "time-absurd")]


@pytest.mark.parametrize(
    ("prices", "read_as"),
    [
        (pa.array([Decimal("129.000"), None], pa.decimal128(12, 3)), "129.000"),
        (pa.array([129.5, float("nan")], pa.float64()), "129.5"),
        (pa.array([129, None], pa.int32()), "129"),
        (pa.array(["129.50", ""], pa.large_string()), "129.50"),
        (pa.array(["129.50", "x"]).dictionary_encode(), "129.50"),
        (pa.array([b"129.50", b"\xff"], pa.binary()), "129.50"),
    ],
)
def test_prices_of_other_types_are_read(tmp_path: Path, read, prices: pa.Array, read_as: str) -> None:
    path = save(
        tmp_path / "a.parquet", {"id": [1, 2], "title": ["a", "b"], "price": prices, "currency": ["EUR", "EUR"]}
    )
    found = read(path)
    assert found.listings[0].price is not None
    assert str(found.listings[0].price.amount) == read_as
    assert found.listings[1].price is None


def test_times_and_days_of_other_types_are_read(tmp_path: Path, read) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    path = save(
        tmp_path / "a.parquet",
        {
            "id": ["1"],
            "title": ["a"],
            "captured_at": pa.array([moment], pa.timestamp("ns", "Europe/Paris")),
            "seller": ["s"],
            "seller_since": pa.array([datetime(2020, 5, 6)], pa.timestamp("ms")),
            "stock": pa.array([3.0]),
        },
    )
    found = read(path)
    assert found.problems == []
    assert found.listings[0].captured_at == moment
    assert found.listings[0].seller.since == date(2020, 5, 6)
    assert found.listings[0].stock == 3


def test_times_without_a_zone_are_told(tmp_path: Path, read) -> None:
    columns = {"id": ["1"], "title": ["a"], "captured_at": pa.array([datetime(2026, 3, 1)], pa.timestamp("us"))}
    assert read(save(tmp_path / "a.parquet", columns)).codes == [(1, "time-without-zone")]
    columns["captured_at_utc"] = columns.pop("captured_at")
    assert read(save(tmp_path / "b.parquet", columns)).codes == []


def test_times_beyond_the_calendar_are_told(tmp_path: Path, read) -> None:
    columns = {"id": ["1"], "title": ["a"], "captured_at": pa.array([2**62], pa.timestamp("us", "UTC"))}
    found = read(save(tmp_path / "a.parquet", columns))
    assert found.listings == []
    assert found.codes[0][0] == 1


def test_text_that_is_not_utf8_is_told_by_row(tmp_path: Path, read) -> None:
    bad = pa.array([b"a", b"\xff\xfe", b"c"]).view(pa.string())
    lists = pa.ListArray.from_arrays([0, 1, 2, 3], pa.array([b"a.jpg", b"b\xff.jpg", b"c.jpg"]).view(pa.string()))
    path = save(tmp_path / "a.parquet", {"id": ["1", "2", "3"], "title": bad, "images": lists})
    found = read(path)
    assert found.ids == ["1", "3"]
    assert set(found.codes) == {(2, "broken-text"), (2, "bad-image-name")}


def test_a_column_of_a_type_without_a_reading_is_left_out_and_told(tmp_path: Path, read) -> None:
    path = save(tmp_path / "a.parquet", {"id": ["1"], "title": ["a"], "price": [[1]], "stock": [{"a": 1}]})
    found = read(path)
    assert found.ids == ["1"]
    assert [(p.field, p.code) for p in found.problems] == [
        ("price", "unsupported-column-type"),
        ("stock", "unsupported-column-type"),
    ]


def test_one_long_text_shared_by_all_rows_does_not_become_a_gigabyte(tmp_path: Path, read) -> None:
    rows = 4096
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 1_000_000]))
    path = save(tmp_path / "a.parquet", {"id": [str(n) for n in range(rows)], "title": shared, "brand": shared})
    assert path.stat().st_size < 1_000_000
    before = pa.total_allocated_bytes()
    found = read(path)
    assert found.listings == []
    assert {code for _, code in found.codes} == {"title-too-long", "text-too-long"}
    assert pa.total_allocated_bytes() - before < 64 * 1024 * 1024
    assert pa.default_memory_pool().max_memory() < 2 * 1024**3


def test_a_batch_is_cut_when_its_texts_are_heavy(tmp_path: Path, read) -> None:
    columns = {"id": [str(n) for n in range(100)], "title": ["a"] * 100, "description": ["x" * 40_000] * 100}
    found = read(save(tmp_path / "a.parquet", columns), limits=Limits(batch_bytes=400_000))
    assert len(found.listings) == 100
    assert found.problems == []


def test_a_row_group_beyond_the_limit_is_passed_over(tmp_path: Path, read) -> None:
    ids = [str(n) for n in range(200)]
    path = save(tmp_path / "a.parquet", {"id": ids, "title": [f"{n} " * 50 for n in ids]}, row_group_size=100)
    found = read(path, limits=Limits(row_group_bytes=100))
    assert found.listings == []
    assert [code for _, code in found.codes] == ["parquet-too-large"] * 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PAR1", "bad-parquet"),
        (b"PAR1" + b"x" * 200 + b"PAR1", "bad-parquet"),
        (b"id,title\n", "bad-parquet"),
        (b"", "empty-file"),
    ],
)
def test_what_is_no_whole_parquet_is_refused(write, read, content: bytes, code: str) -> None:
    with pytest.raises(UnreadableSource) as refused:
        read(write("a.parquet", content))
    assert refused.value.problem.code == code


def test_a_cut_parquet_is_refused(tmp_path: Path, read) -> None:
    path = save(tmp_path / "a.parquet", {"id": ["1"], "title": ["a"]})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableSource, match="Parquet"):
        read(path)


def test_parquet_can_come_out_of_a_stream(read) -> None:
    data = io.BytesIO()
    pq.write_table(pa.table({"id": ["1"], "title": ["a"]}), data)

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.inner = io.BytesIO(data.getvalue())

        def read(self, size: int = -1) -> bytes:
            return self.inner.read(size)

    assert read(Pipe()).ids == ["1"]
    data.seek(0)
    assert read(data).ids == ["1"]
