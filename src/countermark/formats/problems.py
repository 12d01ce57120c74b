"""Everything that can be wrong with what we are given: one table of codes, words and mends."""

from dataclasses import dataclass
from enum import StrEnum

from countermark.model import RowProblem
from countermark.model.problem import excerpt_of

#: Characters of an offending value that a report shows.
EXCERPT = 79


class Effect(StrEnum):
    """What a problem does to the data around it."""

    ROW = "row"  # the row is set aside, every other row is kept
    FIELD = "field"  # the row is kept without that field
    FILE = "file"  # the file, or what is left of it, is set aside; rows before stay


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One code: its effect, and what is said about it; `{words}` are filled in where it happens."""

    effect: Effect
    message: str
    mend: str


class Unfit(Exception):
    """A value that cannot be used as what its field says; carries the code and the words for the report."""

    def __init__(self, code: str, value: object = None, **words: str) -> None:
        super().__init__(code, value, words)
        self.code = code
        self.value = value
        self.words = words


class UnreadableSource(Exception):
    """Nothing at all can be read from a source; `problem` says why and how to mend it."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.sentence()


def problem(
    code: str, *, source: str, row: int = 0, field: str = "", value: object = None, words: dict[str, str] | None = None
) -> RowProblem:
    """Put a problem into words.

    Args:
        code: a key of KINDS.
        source: name of the file as its owner knows it.
        row: 1 for the first record, 0 for the file as a whole.
        field: the column, key or path at fault.
        value: the offending value; shown short and with control characters made visible.
        words: fill the `{placeholders}` of the message and the mend.
    """
    kind = KINDS[code]
    filled = words or {}
    message = kind.message.format(**filled)
    if kind.effect is Effect.FIELD and "the row is kept" not in message:
        message = f"{message.removesuffix('.')}; the row is kept without it."
    return RowProblem(
        source=source,
        row=row,
        field=field,
        code=code,
        message=message,
        mend=kind.mend.format(**filled),
        excerpt=shown(value),
    )


def shown(value: object) -> str:
    """A value as a report may show it: at most 80 characters, on one line, never a whole tree."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return excerpt_of(value[: 4 * EXCERPT].decode("utf-8", "backslashreplace"), EXCERPT)
    if isinstance(value, dict | list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    return excerpt_of(value if isinstance(value, str) else str(value), EXCERPT)


def _row(message: str, mend: str) -> ProblemKind:
    return ProblemKind(Effect.ROW, message, mend)


def _field(message: str, mend: str) -> ProblemKind:
    return ProblemKind(Effect.FIELD, message, mend)


def _file(message: str, mend: str) -> ProblemKind:
    return ProblemKind(Effect.FILE, message, mend)


#: Every code, in the order of the reference page `docs/reference/formats.md`.
KINDS: dict[str, ProblemKind] = {
    # --- a row of listings -----------------------------------------------------------------------------------------
    "missing-id": _row("the listing has no id.", "Give the marketplace's own id of the listing."),
    "bad-id": _row(
        "the id holds control characters or is longer than {limit} characters.", "Give the id as it is shown."
    ),
    "missing-title": _row("the listing has no title.", "Give the title as shown to buyers."),
    "title-too-long": _row("the title is longer than {limit} characters.", "Check for a lost quote or a wrong column."),
    "broken-text": _row(
        "the text holds a NUL or half a character.", "Write the file again as UTF-8 from where the text is whole."
    ),
    "bad-seller": _row(
        "the seller's id or name holds control characters or is longer than {limit} characters.",
        "Give the seller as the marketplace shows it.",
    ),
    "time-not-understood": _row("the time is not understood.", "Write it as 2026-03-01T12:00:00Z."),
    "time-without-zone": _row(
        "the time has no zone, so it could be 26 different moments.",
        "Write it with Z or an offset (2026-03-01T12:00:00+08:00), or name the column {field}_utc if all are UTC.",
    ),
    "time-absurd": _row("the time is before 1990 or more than a day in the future.", "Check year, month and day."),
    "duplicate-id": _row(
        "the same listing already stands in {first}; the first one is kept.", "Keep one row for each listing."
    ),
    "row-too-long": _row("the row is longer than {limit} bytes.", "Check for a lost quote or a missing line end."),
    "cell-too-long": _row("a cell is longer than {limit} characters.", "Check for a lost quote or a wrong column."),
    "wrong-number-of-cells": _row(
        "the row has {found} cells where the header has {expected}.", "Check for a lost quote or separator."
    ),
    "broken-quotes": _row(
        "the quotes of the row do not close.", 'Double every quote inside a quoted cell ("") and close it.'
    ),
    "not-utf8": _row("the row is not UTF-8.", "Save the file as UTF-8."),
    "not-json": _row("the line is not JSON: {reason}.", "Write one JSON object a line."),
    "duplicate-key": _row("the key {key} stands twice in one object.", "Keep one of the two."),
    "too-deep": _row("the value is nested deeper than {limit} levels.", "Write a flat object."),
    "not-an-object": _row("the line is JSON, but not an object.", "Write one JSON object a line."),
    # --- a field of a listing ---------------------------------------------------------------------------------------
    "wrong-type": _field("the value is not {expected}.", "Write {expected}."),
    "bad-text": _field("the text holds a NUL or half a character.", "Write the file again as UTF-8."),
    "text-too-long": _field("the text is longer than {limit} characters.", "Check for a lost quote or a wrong column."),
    "bad-sale-dates": _field(
        "the dates of the sale are not two times with a zone.",
        "Write them as 2026-03-01T12:00:00+01:00/2026-03-08T12:00:00+01:00.",
    ),
    "bad-language": _field("the language is not a language tag.", "Write a BCP 47 tag, for example fr or zh-Hans."),
    "condition-unknown": _field("the condition is not one we know.", "Write new, used or refurbished."),
    "price-not-a-number": _field("the price is not a number.", "Write a plain amount, for example 129.00."),
    "price-negative": _field("the price is negative.", "Write what the buyer pays."),
    "price-absurd": _field("the price is beyond any real price.", "Check for a missing decimal point."),
    "price-ambiguous": _field(
        "the price can be read as {first} or as {second}.", "Write {first_mend} or {second_mend}."
    ),
    "currency-missing": _field("the price has no currency.", "Add a currency column, or write 129.00 EUR."),
    "currency-unknown": _field("the currency is not in ISO 4217.", "Write its three-letter code, for example EUR."),
    "currency-ambiguous": _field("{sign} stands for several currencies.", "Write the ISO 4217 code: {codes}."),
    "currency-contradiction": _field("the price says {one}, the currency column says {other}.", "Keep the right one."),
    "country-unknown": _field("the country is not in ISO 3166.", "Write its two-letter code, for example FR or CN."),
    "count-not-understood": _field("the count is not a whole number from 0 up.", "Write digits only."),
    "date-not-understood": _field("the date is not understood.", "Write it as 2026-03-01."),
    "date-absurd": _field("the date is before 1990 or in the future.", "Check year, month and day."),
    "too-many-images": _field(
        "the listing names more than {limit} pictures; the row is kept with the first {limit}.",
        "Keep the pictures that a buyer is shown.",
    ),
    "bad-image-name": _field("a picture's name is empty, too long or holds control characters.", "Give path or link."),
    "bad-image-hash": _field("a picture's hash is not 64 hex digits.", "Write the SHA-256 of the file, or nothing."),
    "bad-product-code": _field("the product code is not 8 to 14 digits.", "Write the GTIN, EAN, UPC or ISBN digits."),
    "bad-url": _field("the address does not begin with http:// or https://.", "Write the whole address."),
    # --- a file ------------------------------------------------------------------------------------------------------
    "not-found": _file("there is no such file.", "Check the name."),
    "cannot-read": _file("the file cannot be opened: {reason}.", "Check its permissions."),
    "not-a-file": _file("this is a device, pipe or socket inside a folder.", "Name it by itself if you mean it."),
    "symlink-not-followed": _file("this is a link; links inside folders are not followed.", "Name the file itself."),
    "empty-file": _file("the file is empty.", "Export it again."),
    "no-files": _file("no file with listings is here.", "Check the name, or give the format."),
    "too-many-files": _file("there are more than {limit} files.", "Scan the folder in parts."),
    "unknown-format": _file(
        "the name does not say which format this is.", "Use .csv, .tsv, .jsonl, .parquet, .html or .xml, or --format."
    ),
    "zip-not-read": _file("this is a zip archive or an Office file.", "Unpack it, or save the sheet as CSV."),
    "still-growing": _file(
        "the file changed while it was read; rows that were whole are kept.", "Wait until it is written, then read it."
    ),
    "bad-gzip": _file("the compressed file is damaged: {reason}.", "Compress it again."),
    "gzip-bomb": _file("the file unpacks to more than {limit}.", "Unpack it yourself and check what is in it."),
    "cut-short": _file("the file ends in the middle.", "Copy or export it again."),
    "bad-encoding": _file("the text is not in the encoding it declares.", "Save it as UTF-8."),
    "no-known-columns": _file(
        "no column of the first line is known.", "Begin with a line of column names: id, title, price, currency …"
    ),
    "missing-column": _file("there is no column for {field}.", "Add a column named {field}."),
    "unsupported-column-type": _file("the column is of type {found} and was left out.", "Write it as text."),
    "json-array": _file("this is one JSON array, not a line for each listing.", "Write one JSON object a line."),
    "bad-parquet": _file("this is not a whole Parquet file: {reason}.", "Write it again."),
    "parquet-too-large": _file("a row group unpacks to more than {limit}.", "Write smaller row groups."),
    "broken-xml": _file("the XML breaks off at line {line}: {reason}.", "Export the feed again."),
    "forbidden-xml": _file("the XML declares a document type or entities.", "Export it without a DOCTYPE."),
    "xml-too-deep": _file("the XML is nested deeper than {limit} levels.", "Export the feed again."),
    "page-too-large": _file("the page is larger than {limit}.", "Save the page without its pictures."),
    "no-product": _file("the page holds no schema.org Product.", "Save the page of one product."),
    "unusable-picture": _field("the picture cannot be used: {reason}", "{mend}"),
    # --- rights ------------------------------------------------------------------------------------------------------
    "too-large": _file("the file is larger than {limit}.", "Split it."),
    "not-yaml": _file("this is not YAML: {reason}.", "Check indentation and quotes near that line."),
    "yaml-too-many": _file("the file unfolds to more than {limit} values.", "Write fewer aliases, or split the file."),
    "yaml-tag": _file("tags (!{tag}) are not read.", "Write plain values."),
    "bad-version": _file("the version of the rights file is not 1.", "Begin the file with version: 1."),
    "bad-entry": _row("{reason}.", "Compare the entry with docs/reference/formats.md."),
    "duplicate-right": _row("the same right already stands above; the first one is kept.", "Keep one of the two."),
    "bad-picture": _row("the picture cannot be used: {reason}", "{mend}"),
    "no-pictures": _row("the folder holds no picture.", "Put JPEG, PNG or WebP files in it."),
    "not-a-picture-name": _row("the file in the picture folder is not .jpg, .png or .webp.", "Move it elsewhere."),
    "no-trademark": _file("the file holds no ST.96 or ST.66 trademark.", "Export the record from the register."),
    "bad-zip": _file("the archive cannot be read safely: {reason}.", "Unpack it and give the XML file."),
    # --- findings and truth ------------------------------------------------------------------------------------------
    "bad-finding": _file("the line is not a finding: {reason}.", "Scan again, or fetch the file again."),
    "newer-schema": _file("the finding was written by a newer version.", "Update Countermark."),
    "bad-truth": _file("the row is not a truth: {reason}.", "Compare it with docs/reference/formats.md."),
}
