"""Promises about bytes that may have to be deleted: the commitment stays, bytes and salt go together."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping

import msgspec

from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.ijson import Plain
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

SALT_BYTES = 32
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")


class DataReference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an entry says of data that travel beside it.

    Attributes:
        commitment: SHA-256 over salt and bytes, 43 characters of base64url.
        size: bytes.
        media_type: such as `application/json`.
    """

    commitment: str
    size: int
    media_type: str

    def __post_init__(self) -> None:
        if len(from_base64url(self.commitment, "not-an-entry")) != hashlib.sha256().digest_size:
            raise Refused("not-an-entry", "A commitment has 32 bytes.")
        if self.size < 0 or not _MEDIA_TYPE.fullmatch(self.media_type):
            raise Refused("not-an-entry", "A reference to data needs a size and a media type in small letters.")

    def as_plain(self) -> Plain:
        """As it stands in an entry."""
        return {"commitment": self.commitment, "size": self.size, "media_type": self.media_type}


class Carried(msgspec.Struct, frozen=True):
    """Bytes with the salt that binds them to their commitment; erased together.

    Without the salt nobody can guess a telephone number back from the commitment.
    """

    data: bytes
    salt: bytes
    media_type: str = "application/json"

    @classmethod
    def with_salt(cls, data: bytes, media_type: str = "application/json") -> "Carried":
        """Take a new random salt."""
        return cls(data, secrets.token_bytes(SALT_BYTES), media_type)

    @property
    def reference(self) -> DataReference:
        """What the entry says of it."""
        return DataReference(to_base64url(_commit(self.salt, self.data)), len(self.data), self.media_type)

    def check(self, reference: DataReference) -> None:
        """Make sure that these are the bytes which were signed for.

        Raises:
            Refused: wrong-data.
        """
        if len(self.salt) != SALT_BYTES or (len(self.data), self.media_type) != (reference.size, reference.media_type):
            raise Refused("wrong-data", "Size, media type or salt differ.")
        if not hmac.compare_digest(_commit(self.salt, self.data), from_base64url(reference.commitment)):
            raise Refused("wrong-data")


def read_reference(value: Mapping[str, Plain]) -> DataReference:
    """Read `data_ref` of an entry.

    Raises:
        Refused: not-an-entry.
    """
    return as_record(value, DataReference, what="data_ref: ")


def _commit(salt: bytes, data: bytes) -> bytes:
    return hashlib.sha256(salt + data).digest()
