"""Plain JSON values into records, and what is refused when they do not fit."""

from typing import TypeVar

import msgspec

from countermark.model.decoding import convert
from countermark.proof.refusals import Refused

Record = TypeVar("Record")


def as_record(value: object, record: type[Record], code: str = "not-an-entry", what: str = "") -> Record:
    """Read a record from a value that `ijson` has read.

    Raises:
        Refused: what the record itself refuses, or `code` with the field that is wrong.
    """
    try:
        return convert(value, record)
    except msgspec.ValidationError as error:
        # msgspec wraps what a record raises about itself; the reason inside is the better one.
        if isinstance(error.__cause__, Refused):
            raise error.__cause__ from None
        raise Refused(code, f"{what}{error}.") from error
