"""One way to write a value (RFC 8785), and ids made from it."""

import hashlib

import rfc8785

from countermark.proof.ijson import Plain


def canonical(value: Plain) -> bytes:
    """Write a value as RFC 8785 does: keys in order of UTF-16, no space, the shortest escapes.

    Raises:
        ValueError: a number beyond 2^53 - 1, a lone surrogate, a key that is no text.
    """
    return rfc8785.dumps(value)


def content_id(value: Plain) -> str:
    """SHA-256 over the canonical bytes, 64 hexadecimal digits: the same content has the same id anywhere."""
    return hashlib.sha256(canonical(value)).hexdigest()
