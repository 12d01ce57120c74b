"""The published JSON Schemas: made from the records, so that page and code cannot part ways."""

from pathlib import Path

import msgspec

from countermark.formats.portfolio_file import PortfolioFile
from countermark.formats.truth import Truth
from countermark.model import Finding, Listing, Right, json_schema

#: Name of the published file -> the record it describes.
PUBLISHED: dict[str, type] = {
    "listing": Listing,
    "right": Right,
    "portfolio": PortfolioFile,
    "finding": Finding,
    "truth": Truth,
}


def schema_text(name: str) -> str:
    """The schema of one record as it is published: draft 2020-12, sorted keys, two spaces, a line end.

    Args:
        name: a key of PUBLISHED.
    """
    encoded = msgspec.json.encode(json_schema(PUBLISHED[name]), order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def write_schemas(folder: Path) -> None:
    """Write every schema as `<name>.schema.json` into a folder that exists."""
    for name in PUBLISHED:
        (folder / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")
