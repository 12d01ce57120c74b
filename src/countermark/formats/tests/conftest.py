"""What the tests of this room share: files with listings, and listings out of files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from countermark.formats import Defaults, Limits, ListingFormat, batch_to_listings, read_listings
from countermark.model import Listing, RowProblem

SEEN_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Read:
    """Everything a source gave."""

    listings: list[Listing]
    problems: list[RowProblem]

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(problem.row, problem.code) for problem in self.problems]

    @property
    def ids(self) -> list[str]:
        return [listing.external_id for listing in self.listings]


@pytest.fixture
def read() -> Callable[..., Read]:
    """Reads a source to its end."""

    def all_of(source, *, limits: Limits | None = None, wanted: ListingFormat | None = None, **defaults) -> Read:
        defaults = {"marketplace": "Bazaar", "captured_at": SEEN_AT, **defaults}
        found = Read([], [])
        for piece in read_listings(source, format=wanted, limits=limits or Limits(), defaults=Defaults(**defaults)):
            found.listings += batch_to_listings(piece.batch)
            found.problems += piece.problems
        return found

    return all_of


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file and says where."""

    def to_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file
