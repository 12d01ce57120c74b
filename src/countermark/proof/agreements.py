"""What two parties signed: terms, and the keys that may speak for each of them."""

import hashlib
import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from countermark.proof.canonical import canonical
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.entries import read_moment
from countermark.proof.ijson import read_object
from countermark.proof.keys import PublicKey, Signer
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

#: First line of what is signed, so that no signature for something else can pass for one of an agreement.
_DOMAIN = b"countermark-agreement/1\n"
MOST_BYTES = 512 * 1024
_OPAQUE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Purpose(StrEnum):
    """What a key is for; one key serves one purpose."""

    ORGANISATION = "organisation"
    ENTRIES = "entries"
    LOG = "log"
    WITNESS = "witness"
    HTTP = "http"
    EVIDENCE = "evidence"


class OperationalKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key that a party uses daily.

    Attributes:
        purpose: what it may sign.
        key: 43 characters of base64url.
        valid_from, valid_until: as entries write times; signatures of other times do not count.
    """

    purpose: Purpose
    key: str
    valid_from: str
    valid_until: str

    def __post_init__(self) -> None:
        _ = self.public
        if self.purpose is Purpose.ORGANISATION:
            raise Refused("wrong-purpose", "The organisation's key is no operational key.")
        if self.start >= self.end:
            raise Refused("key-not-valid", "A key ends before it begins.")

    @property
    def public(self) -> PublicKey:
        """The key itself."""
        return PublicKey.from_text(self.key)

    @property
    def start(self) -> datetime:
        """From when its signatures count."""
        return read_moment(self.valid_from)

    @property
    def end(self) -> datetime:
        """Until when, exclusive."""
        return read_moment(self.valid_until)


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of an agreement.

    Attributes:
        id: short and opaque, part of the feed's id, such as `maison-aurelle`.
        name: the organisation, for people.
        node: name of its node in logs and notes, a URL without scheme.
        key: the organisation's key, 43 characters; its fingerprint was read aloud when the agreement was made.
        keys: operational keys at that time; later ones come by rotation.
    """

    id: str
    name: str
    node: str
    key: str
    keys: tuple[OperationalKey, ...]

    def __post_init__(self) -> None:
        _ = self.public
        if not _OPAQUE.fullmatch(self.id) or not self.name.strip() or not self.node or any(map(str.isspace, self.node)):
            raise Refused("not-an-entry", "A party needs an id in small letters, a name, and a node without spaces.")

    @property
    def public(self) -> PublicKey:
        """The organisation's key."""
        return PublicKey.from_text(self.key)


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of an agreement between two parties.

    Attributes:
        v: version of this shape.
        id: stays the same through amendments.
        version: counts amendments from 1.
        parties: exactly two.
        terms: what they agreed, for the node to read.
    """

    v: Literal[1]
    id: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    parties: tuple[Party, Party]
    terms: dict[str, Any]

    def __post_init__(self) -> None:
        one, other = self.parties
        if not _OPAQUE.fullmatch(self.id):
            raise Refused("not-an-entry", "An agreement's id is in small letters.")
        if one.id == other.id or one.key == other.key or one.node == other.node:
            raise Refused("not-an-entry", "The two parties of an agreement differ.")

    def to_bytes(self) -> bytes:
        """Canonical bytes: what is hashed and signed."""
        return canonical(msgspec.to_builtins(self))

    @property
    def digest(self) -> str:
        """SHA-256 over the bytes, as every entry names it."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def feed_of(self, party: str) -> str:
        """Id of the feed in which a party speaks under this agreement."""
        return f"{self.id}:{party}"


class SignedAgreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agreement with the signatures of both organisations.

    Attributes:
        agreement: canonical bytes, base64url.
        signatures: by party id, 64 bytes as base64url.
    """

    agreement: str
    signatures: dict[str, str]


def sign_agreement(agreement: Agreement, signer: Signer) -> str:
    """Signature of one organisation, as base64url."""
    return to_base64url(signer.sign(_DOMAIN + agreement.to_bytes()))


def open_agreement(signed: SignedAgreement) -> Agreement:
    """Read an agreement and make sure that both organisations have signed it.

    Raises:
        Refused: not-an-entry, bad-signature, too-large or a form error.
    """
    agreement = read_agreement(from_base64url(signed.agreement, "not-an-entry"))
    if set(signed.signatures) != {party.id for party in agreement.parties}:
        raise Refused("bad-signature", "Both parties sign an agreement, and nobody else.")
    for party in agreement.parties:
        check_signature(agreement, party, signed.signatures[party.id])
    return agreement


def read_agreement(data: bytes) -> Agreement:
    """Read the canonical bytes of an agreement, signed or not.

    Raises:
        Refused: not-an-entry, too-large or a form error.
    """
    if len(data) > MOST_BYTES:
        raise Refused("too-large", f"An agreement has at most {MOST_BYTES} bytes.")
    agreement = as_record(read_object(data), Agreement, what="Agreement: ")
    if agreement.to_bytes() != data:
        raise Refused("not-an-entry", "The agreement is not in its canonical spelling.")
    return agreement


def check_signature(agreement: Agreement, party: Party, signature: str) -> None:
    """Make sure that a party's organisation has signed an agreement.

    Raises:
        Refused: bad-signature.
    """
    party.public.verify(from_base64url(signature, "bad-signature"), _DOMAIN + agreement.to_bytes())
