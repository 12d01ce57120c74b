"""Ids of entries: UUID version 7 (RFC 9562), whose first 48 bits are milliseconds."""

import secrets
from datetime import datetime
from uuid import UUID


def entry_uuid(moment: datetime) -> str:
    """A new id that sorts by time, with 74 random bits."""
    value = int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return str(UUID(int=value | 0b10 << 62 | secrets.randbits(62)))
