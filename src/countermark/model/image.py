"""Pictures by reference: records name them, an `ImageSource` fetches their bytes."""

from enum import StrEnum
from typing import Protocol

import msgspec


class ImageRole(StrEnum):
    """What a picture is to the record that names it."""

    OFFERED = "offered"  # a photo in a listing
    OFFICIAL = "official"  # the right holder's own photo of a genuine product
    LOGO = "logo"  # the registered mark as a drawing


class ImageRef(msgspec.Struct, frozen=True, kw_only=True):
    """A picture by name; the bytes stay where they are.

    Attributes:
        uri: a path relative to the file that named it, or a content address `sha256:<64 hex digits>`.
        role: what it is to its owner.
        sha256: hash of the original bytes in lower-case hex, when known.
    """

    uri: str
    role: ImageRole = ImageRole.OFFERED
    sha256: str | None = None


class ImageUnavailable(Exception):
    """The bytes of a picture could not be had; the message says why, in words fit for a report."""


class ImageSource(Protocol):
    """Where bytes of pictures come from. Must be picklable: it travels to every worker."""

    def read(self, uri: str) -> bytes:
        """The original bytes behind a `uri`; raises ImageUnavailable, never anything else."""
        ...
