"""Entries: signed once, opened only in their one spelling, refused with a reason."""

import json
import pickle
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from countermark.proof.agreements import OperationalKey, Purpose
from countermark.proof.canonical import canonical
from countermark.proof.chains import Head
from countermark.proof.commitments import Carried
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.entries import (
    MOST_DATA,
    Entry,
    SignedEntry,
    open_entry,
    read_moment,
    sign_entry,
    write_moment,
)
from countermark.proof.key_ring import KeyRing, revocation_data, rotation_data
from countermark.proof.keys import PrivateKey, PublicKey
from countermark.proof.refusals import Refused
from countermark.proof.tests.two_parties import END, START, TwoParties


@pytest.fixture
def two() -> TwoParties:
    return TwoParties()


@pytest.fixture
def ring(two: TwoParties) -> KeyRing:
    return KeyRing.of([two.agreement])


def _code(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def _resigned(token: str, key: PrivateKey, header: dict[str, Any] | None = None, payload: bytes | None = None) -> str:
    """The same token with another header or payload, signed again by its owner: only the form is wrong."""
    parts = token.split(".")
    first = to_base64url(canonical(header)) if header is not None else parts[0]
    second = to_base64url(payload) if payload is not None else parts[1]
    return f"{first}.{second}.{to_base64url(key.sign(f'{first}.{second}'.encode()))}"


def _said(signed: SignedEntry, **changes: object) -> bytes:
    said = msgspec.to_builtins(signed.entry) | changes
    return json.dumps({key: value for key, value in said.items() if value != "gone"}).encode()


def test_an_entry_is_opened_as_it_was_signed(two: TwoParties, ring: KeyRing) -> None:
    signed = two.say(two.brand)
    assert open_entry(signed.token, ring.find_for_entries) == signed


def test_another_library_accepts_what_we_sign_and_we_what_it_signs(two: TwoParties, ring: KeyRing) -> None:
    signed = two.say(two.brand)
    key = two.brand.keys[Purpose.ENTRIES]
    theirs = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": key.public.text})
    found = jws.deserialize_compact(signed.token, theirs, algorithms=["Ed25519"])
    assert json.loads(found.payload) == msgspec.to_builtins(signed.entry)
    private = OKPKey.import_key(key.to_pem(b"open"), {"kid": key.public.kid}, password=b"open")
    header = {"alg": "Ed25519", "kid": key.public.kid, "typ": "acx+jws"}
    token = jws.serialize_compact(header, found.payload, private, algorithms=["Ed25519"])
    assert open_entry(token, ring.find_for_entries).entry == signed.entry
    assert theirs.thumbprint() == key.public.kid


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_flipped_bit_anywhere_in_a_token_is_refused(data: st.DataObject) -> None:
    token = FLIPPED.brand.said[0].token.encode()
    place = data.draw(st.integers(0, len(token) - 1))
    broken = bytearray(token)
    broken[place] ^= 1 << data.draw(st.integers(0, 6))
    with pytest.raises(Refused):
        open_entry(broken.decode("ascii"), KeyRing.of([FLIPPED.agreement]).find_for_entries)


FLIPPED = TwoParties()
FLIPPED.say(FLIPPED.brand)


@pytest.mark.parametrize(
    "respell",
    [
        lambda t: t + "=",
        lambda t: t.replace(".", "=.", 1),
        lambda t: t + "\n",
        lambda t: " " + t,
        lambda t: t + ".",
        lambda t: t.rpartition(".")[0],
        lambda t: t.rpartition(".")[0] + ".",
        lambda t: t[:-1] + chr(ord(t[-1]) + 1),
    ],
)
def test_a_second_spelling_is_refused(two: TwoParties, ring: KeyRing, respell) -> None:
    token = two.say(two.brand).token
    assert _code(lambda: open_entry(respell(token), ring.find_for_entries)) in {"not-a-token", "bad-signature"}


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "EdDSA"},
        {"alg": "HS256"},
        {"typ": "JWT"},
        {"crit": ["b64"]},
        {"b64": False},
        {"jwk": {}},
    ],
)
def test_any_other_header_is_refused(two: TwoParties, ring: KeyRing, change: dict[str, Any]) -> None:
    signed, key = two.say(two.brand), two.brand.keys[Purpose.ENTRIES]
    header = {"alg": "Ed25519", "kid": key.public.kid, "typ": "acx+jws"} | change
    token = _resigned(signed.token, key, header)
    assert _code(lambda: open_entry(token, ring.find_for_entries)) == "header"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seq": 0}, "not-an-entry"),
        ({"seq": 2}, "not-an-entry"),
        ({"seq": "1"}, "not-an-entry"),
        ({"prev": "0" * 63}, "not-an-entry"),
        ({"id": "01890a5d-ac96-474b-bcce-000000000001"}, "not-an-entry"),
        ({"time": "2026-03-01T09:00:00Z"}, "not-an-entry"),
        ({"time": "2026-03-01T10:00:10.000+01:00"}, "not-an-entry"),
        ({"subject": "Mira Okoye, +33 1"}, "not-an-entry"),
        ({"data_class": "SECRET"}, "not-an-entry"),
        ({"data_class": "PERSONAL"}, "not-an-entry"),
        ({"data": None}, "not-an-entry"),
        ({"data": "gone"}, "not-an-entry"),
        ({"retain_until": "2026-13-01"}, "not-an-entry"),
        ({"more": 1}, "not-an-entry"),
        ({"v": 2, "more": 1}, "newer-version"),
        ({"data": {"risk": 0.5}}, "not-json"),
        ({"data": {"big": 2**53}}, "not-json"),
    ],
)
def test_a_payload_that_is_no_entry_is_refused(
    two: TwoParties, ring: KeyRing, change: dict[str, Any], code: str
) -> None:
    signed, key = two.say(two.brand), two.brand.keys[Purpose.ENTRIES]
    token = _resigned(signed.token, key, payload=_said(signed, **change))
    assert _code(lambda: open_entry(token, ring.find_for_entries)) == code


@pytest.mark.parametrize(
    "payload", [b'{"v":1,"v":1}', b'{"a":NaN}', b"[]", b"\xff{}", b'{"a":"\\ud800"}', b"[" * 40 + b"]" * 40, b"", b"-0"]
)
def test_a_payload_with_two_meanings_is_refused(two: TwoParties, ring: KeyRing, payload: bytes) -> None:
    token = _resigned(two.say(two.brand).token, two.brand.keys[Purpose.ENTRIES], payload=payload)
    assert _code(lambda: open_entry(token, ring.find_for_entries)) == "not-json"


def test_the_id_comes_from_the_bytes_and_not_from_the_spelling(two: TwoParties, ring: KeyRing) -> None:
    signed, key = two.say(two.brand), two.brand.keys[Purpose.ENTRIES]
    spaced = open_entry(_resigned(signed.token, key, payload=_said(signed)), ring.find_for_entries)
    assert spaced.entry == signed.entry
    assert spaced.entry_id != signed.entry_id


def test_who_may_sign(two: TwoParties, ring: KeyRing) -> None:
    signed = two.say(two.brand)
    stranger = PrivateKey.generate()

    def by(key: PrivateKey) -> str:
        header = {"alg": "Ed25519", "kid": key.public.kid, "typ": "acx+jws"}
        token = _resigned(signed.token, key, header)
        return _code(lambda: open_entry(token, ring.find_for_entries))

    assert by(stranger) == "unknown-key"
    assert by(two.brand.keys[Purpose.LOG]) == "wrong-purpose"
    assert by(two.market.keys[Purpose.ENTRIES]) == "wrong-signer"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"feed": "aurelle-bazaar:alto"}, "wrong-feed"),
        ({"agreement": "a" * 64}, "wrong-agreement"),
        ({"time": write_moment(END)}, "key-not-valid"),
        ({"time": "2026-02-28T23:59:59.999Z"}, "key-not-valid"),
    ],
)
def test_where_and_when_a_key_may_sign(two: TwoParties, ring: KeyRing, change: dict[str, Any], code: str) -> None:
    token = two.say(two.brand, **change).token
    assert _code(lambda: open_entry(token, ring.find_for_entries)) == code


def test_too_much_open_data_is_refused_when_it_is_signed(two: TwoParties) -> None:
    assert _code(lambda: two.say(two.brand, data={"text": "x" * MOST_DATA})) == "too-large"


def test_a_chain_names_what_is_wrong(two: TwoParties) -> None:
    first, second, third = (two.say(two.brand) for _ in range(3))
    head = Head(two.agreement.feed_of("aurelle"), two.agreement.digest).follow(first)
    assert head.is_known(first)
    assert not head.is_known(second)
    assert _code(lambda: head.follow(third)) == "gap"
    assert _code(lambda: head.follow(first)) == "equivocation"
    key = two.brand.keys[Purpose.ENTRIES]
    moved = sign_entry(msgspec.structs.replace(second.entry, prev="a" * 64), key)
    assert _code(lambda: head.follow(moved)) == "broken-chain"
    ended = sign_entry(msgspec.structs.replace(second.entry, agreement="b" * 64), key)
    assert _code(lambda: head.follow(ended)) == "wrong-agreement"
    assert _code(lambda: head.follow(two.say(two.market))) == "wrong-feed"
    assert head.follow(second).follow(third).seq == 3


def test_data_beside_an_entry_are_bound_by_salt_and_bytes() -> None:
    carried = Carried.with_salt(b"+33 1 99 00 12 34", "text/plain")
    carried.check(carried.reference)
    for other in (
        Carried(carried.data, b"\0" * 32, "text/plain"),
        Carried(b"+33 1 99 00 12 35", carried.salt, "text/plain"),
        Carried(carried.data, carried.salt[:-1], "text/plain"),
        Carried(carried.data, carried.salt, "text/html"),
    ):
        assert _code(lambda other=other: other.check(carried.reference)) == "wrong-data"
    assert Carried.with_salt(carried.data).reference.commitment != carried.reference.commitment


def test_keys_rotate_in_the_middle_of_a_feed(two: TwoParties, ring: KeyRing) -> None:
    new = PrivateKey.generate()
    key = OperationalKey(Purpose.ENTRIES, new.public.text, write_moment(two.clock), write_moment(END))
    feed = two.agreement.feed_of("aurelle")
    token = two.say(two.brand, "key.rotated", rotation_data(feed, key, new)).token
    two.brand.keys[Purpose.ENTRIES] = new
    later = two.say(two.brand)
    assert _code(lambda: open_entry(later.token, ring.find_for_entries)) == "unknown-key"
    assert open_entry(later.token, ring.changed_by(token).find_for_entries) == later


def test_nobody_brings_in_a_key_that_is_not_in_hand(two: TwoParties, ring: KeyRing) -> None:
    mine, other = PrivateKey.generate(), PrivateKey.generate()
    feed = two.agreement.feed_of("aurelle")
    said = OperationalKey(Purpose.ENTRIES, other.public.text, write_moment(START), write_moment(END))
    with pytest.raises(ValueError, match="does not hold"):
        rotation_data(feed, said, mine)
    made_up = rotation_data(feed, msgspec.structs.replace(said, key=mine.public.text), mine)
    made_up["key"] = msgspec.to_builtins(said)
    assert _code(lambda: ring.changed_by(two.say(two.brand, "key.rotated", made_up).token)) == "bad-signature"
    assert _code(lambda: ring.changed_by(two.say(two.brand).token)) == "not-an-entry"


def test_a_revoked_key_counts_only_for_what_was_witnessed_before(two: TwoParties, ring: KeyRing) -> None:
    signed = two.say(two.brand)
    ring.check_not_revoked(signed, None)
    moment = two.clock
    kid = two.brand.keys[Purpose.ENTRIES].public.kid
    after = ring.changed_by(two.say(two.brand, "key.revoked", revocation_data(kid, moment)).token)
    after.check_not_revoked(signed, datetime.fromtimestamp(moment.timestamp() - 60, moment.tzinfo))
    assert _code(lambda: after.check_not_revoked(signed, moment)) == "key-revoked"
    assert _code(lambda: after.check_not_revoked(signed, None)) == "key-revoked"
    theirs = two.market.keys[Purpose.ENTRIES].public.kid
    foreign = two.say(two.brand, "key.revoked", revocation_data(theirs, moment)).token
    assert _code(lambda: ring.changed_by(foreign)) == "wrong-signer"


def test_a_private_key_is_read_only_with_its_passphrase_and_shows_nothing() -> None:
    key = PrivateKey.generate()
    pem = key.to_pem(b"correct horse")
    assert PrivateKey.from_pem(pem, b"correct horse").public == key.public
    for wrong in (b"wrong horse", None):
        with pytest.raises(ValueError):
            PrivateKey.from_pem(pem, wrong)
    with pytest.raises(ValueError):
        key.to_pem(b"")
    assert to_base64url(pem) not in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize(
    "raw",
    [
        bytes(32),
        b"\x01" + bytes(31),
        b"\xec" + b"\xff" * 30 + b"\x7f",
        b"\xed" + b"\xff" * 30 + b"\x7f",
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        b"short",
    ],
)
def test_a_key_under_which_anything_verifies_is_refused(raw: bytes) -> None:
    assert _code(lambda: PublicKey(raw)) == "weak-key"


def test_fingerprints_are_read_aloud_in_twelve_groups() -> None:
    key = PublicKey(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
    # The thumbprint that RFC 8037, appendix A.3, gives for this key.
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert [len(group) for group in key.spoken.split()] == [5] * 12
    assert from_base64url(key.text) == key.raw


def test_times_have_one_spelling() -> None:
    assert write_moment(read_moment("2026-03-01T09:30:00.250Z")) == "2026-03-01T09:30:00.250Z"
    with pytest.raises(ValueError, match="zone"):
        write_moment(datetime(2026, 3, 1))


def test_an_entry_keeps_its_fields(two: TwoParties) -> None:
    assert set(Entry.__struct_fields__) >= {"feed", "seq", "prev", "agreement", "purpose", "data_class", "retain_until"}
