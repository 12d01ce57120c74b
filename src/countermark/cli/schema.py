"""`countermark schema`: the published JSON Schema of a record."""

from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from countermark.model import Finding, Listing, Portfolio, Right, json_schema


class Record(StrEnum):
    """Records whose schema is published."""

    FINDING = "finding"
    LISTING = "listing"
    RIGHT = "right"
    PORTFOLIO = "portfolio"


_TYPES: dict[Record, type] = {
    Record.FINDING: Finding,
    Record.LISTING: Listing,
    Record.RIGHT: Right,
    Record.PORTFOLIO: Portfolio,
}


def schema(
    record: Annotated[Record, typer.Argument(help="Which record.")] = Record.FINDING,
    as_json: Annotated[bool, typer.Option("--json", help="On one line.")] = False,
) -> None:
    """Print the JSON Schema of a record, to check or to generate a reader from."""
    encoded = msgspec.json.encode(json_schema(_TYPES[record]))
    typer.echo(encoded if as_json else msgspec.json.format(encoded, indent=2))
