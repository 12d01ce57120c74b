"""Requests signed by RFC 9421, in one strict profile: what is signed, and what is checked before anything is believed.

The library builds the signature base; the profile, the clock, the keys and the memory of nonces are ours. With its
defaults the library accepts a signature that covers only the method, does not look at the body, knows no replay and
lets a request live for a day.
"""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
)

from countermark.node.exchange.wire.headers import Headers, read_headers
from countermark.node.exchange.wire.nonces import MemoryFull, NonceMemory
from countermark.node.exchange.wire.refusals import REASONS, RequestRefused
from countermark.node.exchange.wire.signature_input import (
    ALGORITHM,
    PARTY_HEADER,
    REQUIRED,
    TAG,
    SignatureInput,
    read_signature_input,
)
from countermark.proof.keys import PublicKey, Signer
from countermark.proof.refusals import Refused

#: From a key's id to the key and the party that it speaks for; raises `Refused` of the core (unknown-key,
#: wrong-purpose, key-not-valid, key-revoked, …) or `RequestRefused`.
KeyFinder: TypeAlias = Callable[[str], tuple[PublicKey, str]]

#: Longer than a request can live: `LONGEST_AGE` and twice what two clocks may differ.
NONCE_KEPT = timedelta(minutes=10)
#: Of a whole URL.
LONGEST_URL = 4096
_LABEL = "cm"
_DIGEST = re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:")
# A fragment never travels, and a name before @ has no place in a URL that is signed.
_URL = re.compile(r"https?://[^/?#@\s]+(?:[/?][!-\"$-~]*)?")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, now known.

    Attributes:
        party: id of the party that the key speaks for.
        kid: id of the key.
        created: when the request was signed, by the caller's clock; UTC.
    """

    party: str
    kid: str
    created: datetime


@dataclass(frozen=True, slots=True)
class _Message:
    """A request as the library wants it."""

    method: str
    url: str
    headers: dict[str, str]


class _Ed25519(HTTPSignatureAlgorithm):
    """Ed25519 with keys of the core, which refuses weak ones. Signing is done outside, by a `Signer`."""

    algorithm_id = ALGORITHM

    def __init__(self, public_key: PublicKey, private_key: None = None) -> None:
        self._key = public_key

    def verify(self, signature: bytes, message: bytes) -> None:
        self._key.verify(signature, message)


@dataclass(frozen=True, slots=True)
class _OneKey(HTTPSignatureKeyResolver):
    """The key that was found already."""

    key: PublicKey

    def resolve_public_key(self, key_id: str) -> PublicKey:
        return self.key


class _Verifier(HTTPMessageVerifier):
    """The library's verifier; times are checked by `SignatureInput.check_time`, by the node's clock."""

    def validate_created_and_expires(self, sig_input: object, max_age: timedelta | None = None) -> None:
        """Done before."""


def sign(
    method: str,
    url: str,
    body: bytes,
    signer: Signer,
    *,
    party: str,
    now: datetime,
    content_type: str = "application/json",
) -> dict[str, str]:
    """Headers to send with a request, all of them.

    Args:
        method: in capitals.
        url: absolute, as it will be sent, letter by letter: ASCII, without fragment and without a user's name.
        body: as it will be sent; empty for none.
        signer: holds a key of purpose `http`.
        party: id of the party that speaks.
        now: aware.
        content_type: of the body.

    Raises:
        ValueError: a method or URL that cannot be signed.
    """
    if not (method.isascii() and method.isalpha() and method.isupper()):
        raise ValueError("A method is written in capital letters.")
    if len(url) > LONGEST_URL or not _URL.fullmatch(url):
        raise ValueError("A signed URL is absolute, short, in ASCII, without fragment or user name.")
    covered = [*REQUIRED, PARTY_HEADER]
    message = _Message(method, url, {"Countermark-Party": party})
    if body:
        message.headers["Content-Type"] = content_type
        covered.append("content-type")
    library = HTTPMessageSigner(signature_algorithm=_Ed25519)
    prepared = library.prepare(
        message,
        key_id=signer.public.kid,
        created=now,
        nonce=secrets.token_urlsafe(16),
        tag=TAG,
        label=_LABEL,
        covered_component_ids=covered,
        body=body,
    )
    library.apply(message, prepared, signer.sign(prepared.signature_base))
    return message.headers


def check(
    method: str,
    url: str,
    headers: Headers,
    body: bytes,
    find_key: KeyFinder,
    nonces: NonceMemory,
    now: datetime,
) -> Caller:
    """Who sent this request, if it is whole, fresh, and was not here before.

    Cheap checks come first; the nonce is remembered last, so that nobody without a key can use up a nonce or fill the
    memory. What the message says of its algorithm is never what decides: the key is of one kind.

    Args:
        method: in capitals.
        url: absolute, as the caller signed it.
        headers: as they came, each line of them.
        body: as it came.
        find_key: finds a key that may sign requests now.
        nonces: the memory of this node.
        now: aware, by the node's clock.

    Raises:
        RequestRefused: with one of `refusals.REASONS`.
    """
    if len(url) > LONGEST_URL:
        raise RequestRefused("too-large", f"A URL has at most {LONGEST_URL} characters.")
    fields = read_headers(headers)
    said = read_signature_input(fields, has_body=bool(body))
    said.check_time(now)
    _check_body_headers(fields)
    key, party = _find(find_key, said.kid)
    if fields.get(PARTY_HEADER, party) != party:
        raise RequestRefused("wrong-signer")
    _verify(_Message(method, url, fields), key)
    if not hmac.compare_digest(fields["content-digest"], ContentDigest.create(body)):
        raise RequestRefused("digest-mismatch")
    _remember(nonces, said, now)
    return Caller(party, said.kid, datetime.fromtimestamp(said.created, UTC))


def _check_body_headers(fields: dict[str, str]) -> None:
    if not _DIGEST.fullmatch(fields["content-digest"]):
        raise RequestRefused("malformed", "Content-Digest holds one SHA-256 and nothing else.")
    if "content-encoding" in fields:
        raise RequestRefused("malformed", "A body travels as it is, without Content-Encoding.")


def _find(find_key: KeyFinder, kid: str) -> tuple[PublicKey, str]:
    try:
        return find_key(kid)
    except Refused as refused:
        raise RequestRefused(refused.code if refused.code in REASONS else "unknown-key", refused.detail) from refused


def _verify(message: _Message, key: PublicKey) -> None:
    verifier = _Verifier(signature_algorithm=_Ed25519, key_resolver=_OneKey(key))
    try:
        verifier.verify(message, max_age=None, expect_tag=TAG, require_components=REQUIRED)
    except HTTPMessageSignaturesException as error:
        raise RequestRefused("bad-signature") from error


def _remember(nonces: NonceMemory, said: SignatureInput, now: datetime) -> None:
    try:
        new = nonces.remember(said.kid, said.nonce, now=now, until=now + NONCE_KEPT)
    except MemoryFull as full:
        raise RequestRefused("too-many") from full
    if not new:
        raise RequestRefused("replayed")
