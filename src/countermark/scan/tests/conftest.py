"""A folder of Parquet listings, and the marker of tests that start a cluster."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.formats import listings_to_batch
from countermark.model import Listing, Seller, Text


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cluster: starts a local Ray cluster (run by `pytest -m cluster`)")


def offer(number: int) -> Listing:
    return Listing(
        marketplace="Bazaar",
        external_id=str(number),
        title=Text(f"Corvane tote replica {number}"),
        seller=Seller(marketplace="Bazaar", external_id=f"s{number % 5}"),
        captured_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


@pytest.fixture
def listings(tmp_path: Path) -> Path:
    """Three files of twenty listings, in two folders, in row groups of ten."""
    for number, name in enumerate(["day-1/a.parquet", "day-1/b.parquet", "day-2/a.parquet"]):
        path = tmp_path / "listings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        batch = listings_to_batch([offer(n) for n in range(number * 20, number * 20 + 20)])
        pq.write_table(pa.Table.from_batches([batch]), path, row_group_size=10)
    return tmp_path / "listings"
