"""One flipped bit anywhere in an entry, a proof or a file is refused by name."""

import base64
from collections.abc import Callable, Iterable

import msgspec
import pytest

from countermark.proof import KeyRing, open_agreement, open_entry, verify_extract
from countermark.proof.extracts import Extract, read_extract, write_extract
from countermark.proof.refusals import REASONS, Refused
from tests.exchange.nodes import Pair, wait_until
from tests.exchange.sizes import FULL, STRIDE

pytestmark = pytest.mark.exchange


@pytest.fixture(scope="module")
def extract(shared_pair: Pair) -> Extract:
    """Three entries of a real pair of nodes, one with data beside it, all in a witnessed log."""
    brand = shared_pair.brand
    brand.ask("say", name=shared_pair.agreement)
    brand.ask("say", name=shared_pair.agreement, beside=True)
    wait_until(lambda: brand.ask("standing")["witnessed"] >= 3, "it is witnessed")
    extract = read_extract(base64.b64decode(brand.ask("extract", name=shared_pair.agreement, first=1, last=3)))
    assert verify_extract(write_extract(extract)).holds
    assert all(one.logged for one in extract.entries)
    return extract


def flipped(data: bytes, places: Iterable[int]) -> Iterable[bytes]:
    for place in places:
        altered = bytearray(data)
        altered[place // 8] ^= 1 << place % 8
        yield bytes(altered)


def every_bit(data: bytes) -> range:
    return range(8 * len(data))


def every_byte(data: bytes) -> range:
    """One bit of each byte, another one each time; all of them in the full size."""
    return range(0, 8 * len(data), 1 if FULL else 9)


def codes(data: bytes, places: Iterable[int], check: Callable[[bytes], str]) -> set[str]:
    found = {check(altered) for altered in flipped(data, places)}
    assert found <= set(REASONS), "something was taken that was not signed"
    return found


def test_in_an_entry(extract: Extract):
    ring = KeyRing.of(open_agreement(one) for one in extract.agreements)

    def opened(token: bytes) -> str:
        try:
            open_entry(token.decode("latin-1"), ring.find_for_entries)
        except Refused as refused:
            return refused.code
        return ""

    token = extract.entries[1].token.encode()
    assert opened(token) == ""
    assert {"bad-signature", "not-a-token"} <= codes(token, every_bit(token), opened)


def test_in_a_proof(extract: Extract):
    entry = extract.entries[1]
    assert entry.logged is not None
    logged = entry.logged

    def checked(proof: bytes) -> str:
        altered = msgspec.structs.replace(logged, proof=proof.decode("utf-8", "replace"))
        return failure(msgspec.structs.replace(entry, logged=altered))

    def failure(altered: object) -> str:
        report = verify_extract(write_extract(msgspec.structs.replace(extract, entries=(altered,))))
        return report.failure.code if report.failure else ""

    text = logged.proof.encode()
    assert checked(text) == ""
    assert len(codes(text, every_byte(text), checked)) > 3


def test_in_a_whole_file(extract: Extract):
    def checked(data: bytes) -> str:
        report = verify_extract(data)
        return report.failure.code if report.failure else ""

    data = write_extract(extract)
    assert checked(data) == ""
    assert len(codes(data, range(0, 8 * len(data), STRIDE), checked)) > 3
