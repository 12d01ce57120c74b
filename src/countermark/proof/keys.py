"""Ed25519 keys (RFC 8032): their ids, the digits people read aloud, and where a hardware module can stand."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from countermark.proof.canonical import canonical
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.refusals import Refused

#: The field's prime, 2^255 - 19.
_PRIME = 2**255 - 19
#: y of a point of order 8; the points whose order divides 8 have this y, its negative, 0, 1 or -1.
_ORDER_8_Y = 2707385501144840649318225287225658788936804267575313519463743609750303402022
#: With a key of small order one signature fits many messages.
_SMALL_ORDER_Y = frozenset({0, 1, _PRIME - 1, _ORDER_8_Y, _PRIME - _ORDER_8_Y})
#: Five digits a group, twelve groups: 199 bits, what two people read to one another on the telephone.
_GROUPS, _DIGITS = 12, 5


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key, checked when it is made.

    Attributes:
        raw: the 32 bytes of RFC 8032.

    Raises:
        Refused: weak-key, for a wrong length, a y beyond the field, or a point of small order.
    """

    raw: bytes

    def __post_init__(self) -> None:
        y = int.from_bytes(self.raw, "little") & (2**255 - 1)
        if len(self.raw) != 32 or y >= _PRIME or y in _SMALL_ORDER_Y:
            raise Refused("weak-key")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the 43 characters that `text` writes.

        Raises:
            Refused: weak-key.
        """
        return cls(from_base64url(text, "weak-key"))

    @property
    def text(self) -> str:
        """The key as 43 characters of base64url."""
        return to_base64url(self.raw)

    @property
    def kid(self) -> str:
        """Its id: the JWK thumbprint of RFC 7638 with SHA-256, 43 characters."""
        return _kid(self)

    @property
    def spoken(self) -> str:
        """Its fingerprint as twelve groups of five digits, to be read aloud when an agreement is signed."""
        return spoken(self._thumbprint())

    def verify(self, signature: bytes, message: bytes) -> None:
        """Check a signature.

        Raises:
            Refused: bad-signature.
        """
        try:
            _loaded(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Refused("bad-signature") from error

    def _thumbprint(self) -> bytes:
        return hashlib.sha256(canonical({"crv": "Ed25519", "kty": "OKP", "x": self.text})).digest()


@lru_cache(maxsize=1024)
def _loaded(raw: bytes) -> Ed25519PublicKey:
    """Half of the time of a check goes into reading the key."""
    return Ed25519PublicKey.from_public_bytes(raw)


@lru_cache(maxsize=1024)
def _kid(key: PublicKey) -> str:
    """Asked for with every signature, and always the same."""
    return to_base64url(key._thumbprint())


def spoken(digest: bytes) -> str:
    """A SHA-256 as twelve groups of five digits, for two people to read to one another."""
    number = int.from_bytes(digest, "big") % 10 ** (_GROUPS * _DIGITS)
    digits = f"{number:0{_GROUPS * _DIGITS}d}"
    return " ".join(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


class Signer(Protocol):
    """Whatever signs with one key: a key in memory, another process, a hardware module."""

    @property
    def public(self) -> PublicKey:
        """The key that verifies."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over the message as it is (not pre-hashed)."""
        ...


class PrivateKey:
    """A private key in memory. It shows nothing of itself in `repr`, and cannot be pickled."""

    __slots__ = ("_key", "_public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public = PublicKey(key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        """A new key from the system's random source."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes | None = None) -> Self:
        """Read PKCS#8, encrypted when a passphrase is given.

        Raises:
            ValueError: a wrong passphrase, a passphrase missing or too many, or another kind of key.
        """
        try:
            key = serialization.load_pem_private_key(pem, passphrase)
        except TypeError as error:
            raise ValueError(str(error)) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("Not an Ed25519 key.")  # noqa: TRY004 - what was read is wrong, not how we were called
        return cls(key)

    def to_pem(self, passphrase: bytes) -> bytes:
        """PKCS#8, encrypted: a key is never written in the clear.

        Raises:
            ValueError: an empty passphrase.
        """
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        )

    @property
    def public(self) -> PublicKey:
        """The key that verifies."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over the message."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"PrivateKey(kid={self._public.kid!r})"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("A private key does not travel.")
