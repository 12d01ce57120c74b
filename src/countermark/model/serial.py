"""Records to JSON and back, the same bytes every time."""

from typing import Any, TypeVar

import msgspec

from countermark.model.decoding import decode
from countermark.model.problem import InvalidRecord

R = TypeVar("R")


def to_json(record: object) -> bytes:
    """Write a record as UTF-8 JSON with sorted keys: equal records give equal bytes."""
    return msgspec.json.encode(record, order="deterministic")


def from_json(data: bytes | str, record_type: type[R]) -> R:
    """Read a record from JSON.

    Raises:
        InvalidRecord: when the text is not JSON or not such a record; says where (`$.price.amount`).
    """
    try:
        return decode(data, record_type)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord("json", f"{error}.", "Compare the record with the published JSON Schema.") from error


def json_schema(record_type: type) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record, as published in the reference docs."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(record_type),
    }
