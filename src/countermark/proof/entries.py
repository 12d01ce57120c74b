"""Entries of a feed: one statement of one organisation, signed once and carried byte for byte."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

import msgspec

from countermark.proof.canonical import canonical
from countermark.proof.commitments import DataReference, read_reference
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.ijson import read_object
from countermark.proof.keys import PublicKey, Signer
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

VERSION = 1
#: RFC 9864 names the algorithm `Ed25519`; the older `EdDSA` does not say which curve.
ALGORITHM, TYPE = "Ed25519", "acx+jws"
#: Characters of a token, bytes of what it carries openly; more goes beside it, behind a commitment.
MOST_TOKEN, MOST_DATA = 128 * 1024, 64 * 1024
#: `prev` of the first entry of a feed.
NOTHING_BEFORE = "0" * 64

_HEX_32 = re.compile(r"[0-9a-f]{64}")
_UUID_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,79}")
_OPAQUE = re.compile(r"[A-Za-z0-9_.:-]{1,120}")


class DataClass(StrEnum):
    """What kind of data an entry carries. Secrets have no member here: no code can send them."""

    PUBLIC = "PUBLIC"
    TRADER_PUBLIC = "TRADER_PUBLIC"
    PSEUDONYM = "PSEUDONYM"
    PERSONAL = "PERSONAL"
    SENSITIVE = "SENSITIVE"


#: Classes that never stand openly in an entry, so that deleting them leaves every proof whole.
BESIDE_ONLY = frozenset({DataClass.PERSONAL, DataClass.SENSITIVE})


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The payload of an entry.

    Attributes:
        v: version of this shape.
        feed: id of the feed, one for each publisher and agreement.
        seq: place in the feed, from 1, without gaps.
        prev: SHA-256 of the signing input of the entry before, 64 hexadecimal digits; zeros for the first.
        id: UUID version 7.
        type: what is stated, such as `finding.shared` or `receipt`.
        subject: an opaque id of what it is about; never a name or an account.
        time: when it happened, UTC, RFC 3339 with milliseconds and `Z`.
        agreement: SHA-256 of the signed agreement.
        purpose: the purpose of the agreement that it serves.
        data_class: the strictest class of what it carries.
        retain_until: date (YYYY-MM-DD) at which data beside it are deleted; None where there are none.
        data: open content; None when it lies beside.
        data_ref: commitment to content that lies beside; None when it is open.
    """

    v: Literal[1] = 1
    feed: str
    seq: int
    prev: str
    id: str
    type: str
    subject: str
    time: str
    agreement: str
    purpose: str
    data_class: DataClass
    retain_until: str | None = None
    data: dict[str, Any] | None = None
    data_ref: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        for name, pattern in _PATTERNS.items():
            value = getattr(self, name)
            if not pattern.fullmatch(value):
                raise Refused("not-an-entry", f"{name}: {value[:80]!r} has the wrong form.")
        if self.seq < 1:
            raise Refused("not-an-entry", "seq counts from 1.")
        if (self.seq == 1) != (self.prev == NOTHING_BEFORE):
            raise Refused("not-an-entry", "Only the first entry has nothing before it.")
        read_moment(self.time)
        self._check_data()

    def _check_data(self) -> None:
        if (self.data is None) == (self.data_ref is None):
            raise Refused("not-an-entry", "An entry has either data or data_ref.")
        if self.data_ref is not None:
            read_reference(self.data_ref)
        if self.data_class in BESIDE_ONLY and self.data is not None:
            raise Refused("not-an-entry", f"{self.data_class} data lie beside the entry, never in it.")
        if self.retain_until is not None:
            _read_date(self.retain_until)

    @property
    def reference(self) -> DataReference | None:
        """The commitment to what lies beside, if there is one."""
        return None if self.data_ref is None else read_reference(self.data_ref)


_PATTERNS = {
    "feed": _OPAQUE,
    "prev": _HEX_32,
    "id": _UUID_7,
    "type": _NAME,
    "subject": _OPAQUE,
    "agreement": _HEX_32,
    "purpose": _NAME,
}


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """An entry with the bytes that were signed.

    Attributes:
        token: compact JWS, as it was received.
        entry: what it says.
        kid: id of the key that signed it.
        entry_id: SHA-256 over protected header and payload bytes, 64 hexadecimal digits: the same for any spelling.
        digest: SHA-256 over the signing input, what the next entry names as `prev`.
    """

    token: str
    entry: Entry
    kid: str
    entry_id: str
    digest: str


#: Gives the key that has this id and may sign this entry, or raises `Refused`.
KeyFinder = Callable[[str, Entry], PublicKey]


def sign_entry(entry: Entry, signer: Signer) -> SignedEntry:
    """Write an entry once, and sign it.

    Raises:
        Refused: too-large.
    """
    header = canonical({"alg": ALGORITHM, "kid": signer.public.kid, "typ": TYPE})
    payload = canonical(msgspec.to_builtins(entry))
    signing_input = f"{to_base64url(header)}.{to_base64url(payload)}"
    signature = signer.sign(signing_input.encode("ascii"))
    token = f"{signing_input}.{to_base64url(signature)}"
    # The payload holds the data: only a long one is worth writing them once more.
    open_data = len(canonical(entry.data)) if entry.data is not None and len(payload) > MOST_DATA else 0
    if len(token) > MOST_TOKEN or open_data > MOST_DATA:
        raise Refused("too-large", f"An entry carries at most {MOST_DATA} bytes openly.")
    return _signed(token, entry, signer.public.kid, header, payload)


def open_entry(token: str, find_key: KeyFinder) -> SignedEntry:
    """Read and check one token from anybody.

    Args:
        token: compact JWS.
        find_key: gives the key for an id; it may look at the entry, whose signature is not checked yet.

    Raises:
        Refused: too-large, not-a-token, header, not-json, newer-version, not-an-entry, bad-signature, or what
            `find_key` raises.
    """
    kid, header, payload, signature = _parts(token)
    entry = _entry(payload)
    find_key(kid, entry).verify(signature, token.rpartition(".")[0].encode("ascii"))
    return _signed(token, entry, kid, header, payload)


def said_in(token: str) -> Entry:
    """What a token says whose signature was checked before, such as a stored one.

    Raises:
        Refused: not-json or not-an-entry.
    """
    return as_record(read_object(from_base64url(token.split(".")[1])), Entry)


@lru_cache(maxsize=4096)
def read_moment(text: str) -> datetime:
    """Read the time of an entry: `2026-03-01T09:30:00.000Z` and no other spelling.

    Raises:
        Refused: not-an-entry.
    """
    try:
        # Many times as fast as strptime; what else it reads is not written so again.
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("not-an-entry", f"{text[:40]!r} is not a time such as 2026-03-01T09:30:00.000Z.") from error
    if moment.tzinfo is not UTC or write_moment(moment) != text:
        raise Refused("not-an-entry", f"{text[:40]!r} is not a time such as 2026-03-01T09:30:00.000Z.")
    return moment


def write_moment(moment: datetime) -> str:
    """Write a time as entries do, in UTC with milliseconds.

    Raises:
        ValueError: a time without zone.
    """
    if moment.tzinfo is None:
        raise ValueError("A time needs a zone.")
    # Many times as fast as strftime; what is below a millisecond is cut off, not rounded.
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _read_date(text: str) -> None:
    try:
        if f"{datetime.strptime(text, '%Y-%m-%d').replace(tzinfo=UTC):%Y-%m-%d}" == text:
            return
    except ValueError:
        pass
    raise Refused("not-an-entry", f"{text[:40]!r} is not a date such as 2031-12-31.")


def _parts(token: str) -> tuple[str, bytes, bytes, bytes]:
    """Key id, header, payload and signature, each in its only spelling."""
    if len(token) > MOST_TOKEN:
        raise Refused("too-large", f"A token has at most {MOST_TOKEN} characters.")
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        raise Refused("not-a-token")
    header, payload, signature = (from_base64url(part) for part in parts)
    said = read_object(header)
    kid = said.get("kid")
    if not isinstance(kid, str) or said != {"alg": ALGORITHM, "kid": kid, "typ": TYPE}:
        raise Refused("header", f"Expected alg {ALGORITHM}, typ {TYPE} and a kid, and nothing else.")
    return kid, header, payload, signature


def _entry(payload: bytes) -> Entry:
    said = read_object(payload)
    version = said.get("v")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise Refused("newer-version", f"It says version {version}, this is version {VERSION}.")
    return as_record(said, Entry)


def _signed(token: str, entry: Entry, kid: str, header: bytes, payload: bytes) -> SignedEntry:
    entry_id = hashlib.sha256(header + payload).hexdigest()
    digest = hashlib.sha256(token.rpartition(".")[0].encode("ascii")).hexdigest()
    return SignedEntry(token, entry, kid, entry_id, digest)
