"""What passes between nodes before and about agreements: cards, offers, signatures. All of it strict JSON."""

from typing import TypeVar

import msgspec

from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.agreements import Agreement as SignedTerms
from countermark.proof.agreements import Party, read_agreement
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

T = TypeVar("T", bound=msgspec.Struct)


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a node introduces itself. Public, and not believed: people compare the fingerprint of its key aloud.

    Attributes:
        party: ids, names and keys.
        kind: rights_holder, marketplace or payment.
    """

    format: str = "countermark-card/1"
    party: Party
    kind: OrganisationKind


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A version of an agreement, sent to be read and signed.

    Attributes:
        document: canonical bytes, base64url.
        kind: of the sender's organisation.
    """

    format: str = "countermark-offer/1"
    document: str
    kind: OrganisationKind


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One organisation's signature for a version: `signature` is base64url over it, `digest` names it."""

    format: str = "countermark-signature/1"
    agreement: str
    digest: str
    party: str
    signature: str


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """That an offer was declined, and why, in the words of the one who declined."""

    format: str = "countermark-declined/1"
    agreement: str
    digest: str
    reason: str


def offer_of(terms: SignedTerms, kind: OrganisationKind) -> Offer:
    """An agreement as it is sent."""
    return Offer(document=to_base64url(terms.to_bytes()), kind=kind)


def read_card(data: bytes) -> Card:
    """Read a card.

    Raises:
        Refused: not-json or not-an-entry.
    """
    return _read(data, Card)


def read_offer(data: bytes) -> tuple[SignedTerms, OrganisationKind]:
    """Read an offer; the document must be in its canonical spelling.

    Raises:
        Refused: not-json, not-an-entry, weak-key.
    """
    offer = _read(data, Offer)
    return read_agreement(from_base64url(offer.document, "not-an-entry")), offer.kind


def read_signature(data: bytes) -> Signature:
    """Read a signature.

    Raises:
        Refused: not-json or not-an-entry.
    """
    return _read(data, Signature)


def read_refusal(data: bytes) -> Refusal:
    """Read that an offer was declined.

    Raises:
        Refused: not-json or not-an-entry.
    """
    said = _read(data, Refusal)
    if len(said.reason) > 1000:
        raise Refused("too-large", "A reason has at most 1,000 characters.")
    return said


def _read(data: bytes, kind: type[T]) -> T:
    said = read_object(data)
    expected = next(one.default for one in msgspec.structs.fields(kind) if one.name == "format")
    if said.get("format") != expected:
        raise Refused("newer-version", f"It does not say that it is {expected}.")
    return as_record(said, kind)
