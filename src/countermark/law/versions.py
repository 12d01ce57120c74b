"""The version of a piece of law is the hash of what it says."""

import hashlib

import msgspec
import rfc8785


def version_of(content: object) -> str:
    """SHA-256 in hexadecimal over the canonical JSON (RFC 8785) of a record or of what a file was read to.

    Comments, order of keys and spacing of the file do not change it; every word that counts does.
    """
    return hashlib.sha256(rfc8785.dumps(msgspec.to_builtins(content))).hexdigest()
