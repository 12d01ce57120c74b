"""Identifiers that say their kind, so that a log line or a court exhibit explains itself."""

import hashlib

#: Crockford base 32, the alphabet of ULIDs: no I, L, O or U to misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY_LENGTH = 26

#: Every kind of identifier of the core, with what it names.
KINDS = {
    "lst": "listing",
    "slr": "seller",
    "rgt": "right",
    "fnd": "finding",
}


def encode_crockford(value: int, length: int = BODY_LENGTH) -> str:
    """Write a non-negative integer as `length` Crockford base 32 characters, most significant first."""
    characters = []
    for _ in range(length):
        value, remainder = divmod(value, 32)
        characters.append(ALPHABET[remainder])
    return "".join(reversed(characters))


def derive_id(kind: str, *parts: str) -> str:
    """Name a thing by what it is: the same parts give the same id on every machine, in every year.

    The body is the first 128 bits of SHA-256 over the parts, each preceded by its length in UTF-8 bytes (so that
    ("ab", "c") and ("a", "bc") differ), in the shape of a ULID: `lst_` and 26 characters.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a kind of identifier; known: {', '.join(sorted(KINDS))}")
    digest = hashlib.sha256()
    for part in parts:
        # A lone surrogate can reach us in hostile JSON; it must give an id, not a crash.
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return f"{kind}_{encode_crockford(int.from_bytes(digest.digest()[:16], 'big'))}"


def kind_of_id(identifier: str) -> str | None:
    """Say which kind of thing an identifier names, or None when it is not one of ours."""
    prefix, separator, body = identifier.partition("_")
    if not separator or prefix not in KINDS or len(body) != BODY_LENGTH or set(body) - set(ALPHABET):
        return None
    return prefix
