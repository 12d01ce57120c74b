"""Signed entries a second on one core: signed, opened with every check, and a whole extract; `joserfc` as peer.

The peer does less: it checks signature and form of a token, where ours also holds the payload to strict JSON, to the
shape of an entry, and the key to feed, agreement, purpose and time.
"""

import hashlib
import time
from collections.abc import Callable

from countermark.proof.agreements import Purpose
from countermark.proof.entries import open_entry, sign_entry
from countermark.proof.extracts import write_extract
from countermark.proof.key_ring import KeyRing
from countermark.proof.merkle import check_consistency, consistency_proof
from countermark.proof.tests.two_parties import Tree, TwoParties
from countermark.proof.verifying import verify_extract

SIZES = {"small": (2_000, 20_000), "full": (20_000, 1_000_000)}
TEXT = "Tote bag with a mark that looks like a registered one; " * 10
REPEATS = 3


def run(size: str) -> dict[str, object]:
    number, leaves = SIZES[size]
    two = TwoParties()
    key, ring = two.brand.keys[Purpose.ENTRIES], KeyRing.of([two.agreement])
    for _ in range(number):
        two.say(two.brand, data={"word": "high", "why": TEXT})
    entries, tokens = [one.entry for one in two.brand.said], [one.token for one in two.brand.said]
    rates = {
        "sign": _rate(lambda: [sign_entry(one, key) for one in entries], number),
        "open with every check": _rate(lambda: [open_entry(one, ring.find_for_entries) for one in tokens], number),
    }
    peers = _joserfc(tokens, key.to_pem(b"open"), key.public.kid)
    data = write_extract(TwoParties().whole_extract())
    rates["extract of three entries, both logs"] = _rate(lambda: [verify_extract(data) for _ in range(100)], 100)
    rates["leaves of a log"], proof_ms = _log(leaves)
    result: dict[str, object] = {
        "entries": number,
        "bytes an entry": len(tokens[0]),
        "a second": {name: round(one) for name, one in rates.items()},
        "joserfc, a second": {name: round(one) for name, one in peers.items()},
        "ratio to joserfc": {
            "sign": round(rates["sign"] / peers["sign"], 2),
            "open": round(rates["open with every check"] / peers["verify"], 2),
        },
        f"ms to prove and check that {leaves} leaves follow half of them": round(proof_ms, 3),
    }
    for name, one in rates.items():
        print(f"   {name:40} {one:>10,.0f} a second")
    for name, one in peers.items():
        print(f"   joserfc: {name:31} {one:>10,.0f} a second")
    print(f"   ratio to joserfc: {result['ratio to joserfc']}")
    return result


def _joserfc(tokens: list[str], pem: bytes, kid: str) -> dict[str, float]:
    from joserfc import jws
    from joserfc.jwk import OKPKey

    key = OKPKey.import_key(pem, {"kid": kid}, password=b"open")
    payloads = [jws.deserialize_compact(one, key, algorithms=["Ed25519"]).payload for one in tokens]
    header = {"alg": "Ed25519", "kid": kid, "typ": "acx+jws"}

    def sign() -> object:
        return [jws.serialize_compact(dict(header), one, key, algorithms=["Ed25519"]) for one in payloads]

    def verify() -> object:
        return [jws.deserialize_compact(one, key, algorithms=["Ed25519"]) for one in tokens]

    return {"sign": _rate(sign, len(tokens)), "verify": _rate(verify, len(tokens))}


def _log(leaves: int) -> tuple[float, float]:
    """Leaves a second, and milliseconds for one proof that the log only grew."""
    tree = Tree()
    start = time.process_time()
    for number in range(leaves):
        tree.add(hashlib.sha256(number.to_bytes(8, "big")).digest())
    grown = time.process_time() - start
    start = time.process_time()
    proof = consistency_proof(tree.read, leaves // 2 - 1, leaves)
    check_consistency(leaves // 2 - 1, tree.root(leaves // 2 - 1), leaves, tree.root(), proof)
    return leaves / grown, 1000 * (time.process_time() - start)


def _rate(work: Callable[[], object], number: int) -> float:
    """A second, the best of a few runs, in seconds of the processor."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return number / best
