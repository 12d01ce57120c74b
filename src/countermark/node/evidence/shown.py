"""Evidence as screens are given it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PictureSize(StrEnum):
    """Which copy of a picture."""

    FULL = "full"  # at most 1,600 pixels a side
    THUMB = "thumb"  # at most 320


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureShown:
    """A picture that was kept.

    Attributes:
        id: `cap_…`.
        sha256: of the original bytes, hex.
        media_type, size, width, height: of the original; size in bytes.
        source: how it first came to us.
        created_at: when it first came to us, UTC.
    """

    id: str
    sha256: str
    media_type: str
    size: int
    width: int
    height: int
    source: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """A copy to send to a browser.

    Attributes:
        data: its bytes.
        media_type: always `image/jpeg`.
        etag: names the copy; the same one never has other bytes, so a browser may keep it for ever.
    """

    data: bytes
    media_type: str
    etag: str
