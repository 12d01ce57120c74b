"""Requests signed and checked a second on one core; the bare calls of `http-message-signatures` as peer.

The peer does less. Its `verify` is called with all that it offers (tag, age, required components, body); ours reads the
headers line by line, holds them to the profile, finds the key in a ring, refuses weak keys and remembers the nonce.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from countermark.node.exchange.wire.nonces import NoncesInMemory
from countermark.node.exchange.wire.signed_requests import check, sign
from countermark.proof.keys import PrivateKey

SIZES = {"small": 1_000, "full": 10_000}
REPEATS = 3
URL = "https://node.bazaar.example/exchange/v1/agreements/aurelle-bazaar/entries?after=4711"
PARTY = "maison-aurelle"
#: A page of some twenty entries.
BODY = b"x" * 32 * 1024
COVERED = ("@method", "@target-uri", "content-digest", "content-type")


@dataclass
class Message:
    method: str
    url: str
    headers: dict[str, str]


def run(size: str) -> dict[str, object]:
    number = SIZES[size]
    secret = Ed25519PrivateKey.generate()
    key, now = PrivateKey(secret), datetime.now(UTC)
    ring = {key.public.kid: (key.public, PARTY)}
    figures: dict[str, object] = {"requests": number, "bytes of a body": len(BODY)}
    for name, body in {"no body": b"", "a page": BODY}.items():
        requests = [sign("POST", URL, body, key, party=PARTY, now=now) for _ in range(number)]
        ours = {
            "sign": _rate(_signing(key, body, number, now), number),
            "check": _rate(_checking(requests, body, ring, now), number),
        }
        peer = _peer(secret, key.public.kid, body, number)
        figures[name] = {
            "a second": {what: round(one) for what, one in ours.items()},
            "http-message-signatures, a second": {what: round(one) for what, one in peer.items()},
            "ratio": {
                "sign": round(ours["sign"] / peer["sign"], 2),
                "check": round(ours["check"] / peer["verify"], 2),
            },
        }
        print(f"   {name}: {figures[name]}")
    return figures


def _signing(key: PrivateKey, body: bytes, number: int, now: datetime) -> Callable[[], object]:
    return lambda: [sign("POST", URL, body, key, party=PARTY, now=now) for _ in range(number)]


def _checking(requests: list[dict[str, str]], body: bytes, ring: dict, now: datetime) -> Callable[[], object]:
    def work() -> None:
        # A new memory for each run: a request is accepted once.
        nonces = NoncesInMemory(most_per_key=len(requests))
        for headers in requests:
            check("POST", URL, headers, body, ring.__getitem__, nonces, now)

    return work


def _peer(secret: Ed25519PrivateKey, kid: str, body: bytes, number: int) -> dict[str, float]:
    resolver = MappingKeyResolver(public_keys={kid: secret.public_key()}, private_keys={kid: secret})
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver)
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=resolver)

    def signed() -> Message:
        message = Message("POST", URL, {"Content-Type": "application/json"})
        signer.sign(
            message,
            key_id=kid,
            nonce=secrets.token_urlsafe(16),
            tag="countermark-exchange/1",
            covered_component_ids=COVERED,
            body=body,
        )
        return message

    messages = [signed() for _ in range(number)]

    def verify() -> None:
        for message in messages:
            verifier.verify(
                message,
                max_age=timedelta(minutes=5),
                expect_tag="countermark-exchange/1",
                require_components=COVERED,
                body=body,
            )

    return {"sign": _rate(lambda: [signed() for _ in range(number)], number), "verify": _rate(verify, number)}


def _rate(work: Callable[[], object], number: int) -> float:
    """A second, the best of a few runs, in seconds of the processor."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return number / best
