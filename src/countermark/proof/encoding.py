"""base64, in its only spelling: a second spelling of the same bytes is refused."""

import base64
import binascii

from countermark.proof.refusals import Refused


def to_base64url(data: bytes) -> str:
    """Unpadded base64url (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str, code: str = "not-a-token") -> bytes:
    """Bytes of an unpadded base64url text.

    Raises:
        Refused: with `code`, for padding, another alphabet, white space or unused bits that are not zero.
    """
    try:
        # The library skips what it does not know; writing the bytes again shows it.
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise Refused(code, "A part is not base64url.") from error
    if to_base64url(data) != text:
        raise Refused(code, "A part is base64url in a second spelling.")
    return data


def to_base64(data: bytes) -> str:
    """Padded base64 (RFC 4648, 4), as notes and checkpoints write it."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, code: str) -> bytes:
    """Bytes of a padded base64 text.

    Raises:
        Refused: with `code`, for any other spelling of the same bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(code, "A part is not base64.") from error
    if to_base64(data) != text:
        raise Refused(code, "A part is base64 in a second spelling.")
    return data
