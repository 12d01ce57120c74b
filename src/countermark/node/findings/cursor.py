"""Where a page of the queue ended: an opaque token, so that a page never skips or repeats what others decide."""

import base64
import binascii
import math
import struct
from dataclasses import dataclass
from typing import Self

#: A double for the expected harm, a 64-bit integer for the row: 16 bytes, 22 characters.
_SHAPE = struct.Struct(">dq")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next page begins after it.

    Attributes:
        expected_harm: harm points of that row.
        row: its number in the table; among equal harm the older comes first.
    """

    expected_harm: float
    row: int

    def token(self) -> str:
        """The cursor as it stands in an address; its inside is nobody's business and may change."""
        return base64.urlsafe_b64encode(_SHAPE.pack(self.expected_harm, self.row)).rstrip(b"=").decode("ascii")

    @classmethod
    def read(cls, token: str) -> Self | None:
        """Read a token; None when it is empty or not one of ours (the list then begins at its start)."""
        try:
            expected_harm, row = _SHAPE.unpack(base64.urlsafe_b64decode(token + "=="))
        except (binascii.Error, struct.error, ValueError):
            return None
        return cls(expected_harm, row) if math.isfinite(expected_harm) else None
