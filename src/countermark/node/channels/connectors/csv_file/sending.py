"""A file for each call. The batch names it: one that a killed worker had begun is written again, not twice."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

from countermark.node.channels.connector import (
    Arrived,
    Limits,
    Outcome,
    Parcel,
    Place,
    Seen,
    TryLater,
    Wanted,
)
from countermark.node.channels.connectors.csv_file import columns
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.line import Line
from countermark.node.channels.statuses import Status
from countermark.node.kernel.errors import FieldProblem

_TEMPLATE = """Kind = kind
Reference = reference
Item = item_id
Link = url
Trademark = right_title
Registration = right_number [60]
Reason = ground_title
Explanation = explanation [2000]"""
_HELP = (
    "The partner's template: one line a column, “heading = field”, with “[500]” behind it for the characters that the "
    'column takes, or “heading = "text"” for a fixed text.'
)


class CsvFile:
    """See `connector.Connector`."""

    id = "csv_file"
    title = "CSV file"
    says = "A file in the partner's own template, in a folder from which it is fetched or uploaded."
    carries = frozenset({Cargo.NOTICE, Cargo.WITHDRAWAL})
    limits = Limits(in_a_call=300)
    wants = (Wanted("columns", "Columns", _HELP, _TEMPLATE, 10),)
    repeats_safely = True
    looks = False
    approves = False
    files = True
    platform = ""

    def missing(self, place: Place) -> tuple[FieldProblem, ...]:
        """Readable columns."""
        try:
            columns.read_columns(place.details.get("columns", ""))
        except ValueError as error:
            return (FieldProblem("columns", "csv-columns", str(error), "Correct that line."),)
        return ()

    def check(self, letter: Letter, place: Place) -> tuple[FieldProblem, ...]:
        """Cells that are longer than the template allows."""
        found = []
        for one in columns.read_columns(place.details["columns"]):
            length = len(letter.fields.get(one.field, ""))
            if one.most and length > one.most:
                said = f"The column “{one.heading}” takes {one.most:,} characters; this has {length:,}."
                found.append(FieldProblem(one.field, "channel-too-long", said, "Shorten it."))
        return tuple(found)

    def known(self, place: Place, ground: str) -> Mapping[str, str]:
        """Nothing."""
        del place, ground
        return {}

    def render(self, letter: Letter, place: Place) -> str:
        """Headings and cells as JSON: a later change of the template changes no message that was made."""
        made = columns.read_columns(place.details["columns"])
        return json.dumps([[one.heading for one in made], columns.row(made, letter.fields)], ensure_ascii=False)

    def send(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """One file for each template that the messages were made with; it appears whole or not at all."""
        del line
        sheets: dict[tuple[str, ...], list[list[str]]] = {}
        for one in parcels:
            heading, cells = json.loads(one.body)
            sheets.setdefault(tuple(heading), []).append(cells)
        names = {}
        for number, (heading, rows) in enumerate(sheets.items(), 1):
            name = f"{parcels[0].began:%Y%m%dT%H%M%SZ}-{parcels[0].batch}-{number}.csv"
            _put(Path(settings.COUNTERMARK_CHANNEL_FOLDER) / place.id, name, columns.write(heading, rows))
            names[heading] = name
        return [Arrived(names[tuple(json.loads(one.body)[0])], "file written", Status.SUBMITTED) for one in parcels]

    def find(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """The same file again."""
        return self.send(parcels, place, line)

    def look(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Seen]:
        """A file says nothing back."""
        del place, line
        return [Seen("", Status.UNKNOWN) for _ in parcels]


def _put(folder: Path, name: str, data: bytes) -> None:
    """Raises TryLater: the folder cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name that begins with a dot is not fetched; a rename shows the whole file at once.
        beside = folder / f".{name}.part"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / name)
    except OSError as error:
        mend = "Look at COUNTERMARK_CHANNEL_FOLDER: who owns it, and whether the disk is full."
        raise TryLater("not-written", f"The file cannot be written: {error.strerror}.", mend=mend) from error
