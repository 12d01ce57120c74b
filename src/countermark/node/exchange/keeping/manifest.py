"""The public list of keys beside the key files: what each is for, and from when until when."""

import calendar
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from countermark.node.exchange.keeping.problems import BrokenFolder
from countermark.proof import OperationalKey, PrivateKey, PublicKey, Purpose, Refused
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.entries import read_moment, write_moment
from countermark.proof.ijson import read_object
from countermark.proof.shapes import as_record

MOST_BYTES, MOST_KEYS = 1024 * 1024, 1_000
#: A key that lasts longer than a year is a key that nobody renews.
MOST_MONTHS = 12
#: First line of what a new key signs about itself.
DOMAIN = b"countermark-kept-key/1\n"
OPERATIONAL = tuple(purpose for purpose in Purpose if purpose is not Purpose.ORGANISATION)


class KeptKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One operational key of the node; its private half lies in `<kid>.pem`.

    Attributes:
        purpose: what it may sign.
        kid: its id.
        key: 43 characters of base64url.
        valid_from, valid_until: as entries write times; at most 12 months apart.
        made_at: when it was made.
        retired: from when on it is not used any more, though it stays good; None while it is used.
        revoked: from when on nothing counts that it signed; None while it is trusted.
        proof: signature of the key over the fields before `retired`: nobody else gives it another purpose or time.
    """

    purpose: Purpose
    kid: str
    key: str
    valid_from: str
    valid_until: str
    made_at: str
    retired: str | None = None
    revoked: str | None = None
    proof: str

    @classmethod
    def of(cls, purpose: Purpose, private: PrivateKey, now: datetime, months: int) -> "KeptKey":
        """Describe a new key, valid from `now` (aware) for some months."""
        moments = write_moment(now), write_moment(add_months(now, months)), write_moment(now)
        said = _said(purpose, private.public.text, *moments)
        start, end, made = moments
        return cls(
            purpose=purpose,
            kid=private.public.kid,
            key=private.public.text,
            valid_from=start,
            valid_until=end,
            made_at=made,
            proof=to_base64url(private.sign(said)),
        )

    @property
    def public(self) -> OperationalKey:
        """As agreements and rotations carry it."""
        return OperationalKey(self.purpose, self.key, self.valid_from, self.valid_until)

    def used_at(self, moment: datetime) -> bool:
        """Whether it may sign at a moment."""
        # Moments have one spelling, in which the order of letters is the order of time.
        in_time = self.valid_from <= write_moment(moment) < self.valid_until
        return in_time and self.retired is None and self.revoked is None

    def check(self) -> None:
        """Make sure that the fields fit one another, and are those that the key has signed.

        Raises:
            Refused.
        """
        public = self.public.public
        if public.kid != self.kid:
            raise Refused("weak-key", "It does not have this id.")
        if self.public.end > add_months(self.public.start, MOST_MONTHS):
            raise Refused("key-not-valid", f"An operational key lasts {MOST_MONTHS} months at most.")
        for moment in (self.retired, self.revoked):
            if moment is not None:
                read_moment(moment)
        said = _said(self.purpose, self.key, self.valid_from, self.valid_until, self.made_at)
        public.verify(from_base64url(self.proof, "bad-signature"), said)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All keys of a node, none of them secret.

    Attributes:
        v: version of this shape.
        organisation: the organisation's public key, 43 characters; None before it is known. Its private half lies
            elsewhere.
        keys: operational keys in the order in which they were made; none is ever taken out.
    """

    v: Literal[1] = 1
    organisation: str | None = None
    keys: tuple[KeptKey, ...] = ()

    def to_bytes(self) -> bytes:
        """Indented JSON, for people too."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """Read the list strictly.

    Raises:
        BrokenFolder: any field missing, unknown, or not what the key itself has signed.
    """
    try:
        return _read(data)
    except Refused as refused:
        reason = f"{refused}"
    raise BrokenFolder(f"keys.json does not hold: {reason} Nobody edits it by hand; bring it back from a copy.")


def _read(data: bytes) -> Manifest:
    manifest = as_record(read_object(data), Manifest, "not-json")
    if len(manifest.keys) > MOST_KEYS:
        raise Refused("too-large", f"It names more than {MOST_KEYS} keys.")
    if manifest.organisation is not None:
        PublicKey.from_text(manifest.organisation)
    for number, kept in enumerate(manifest.keys):
        try:
            kept.check()
        except Refused as refused:
            raise Refused(refused.code, f"keys[{number}]: {refused.detail}") from refused
    if len({kept.kid for kept in manifest.keys}) != len(manifest.keys):
        raise Refused("wrong-purpose", "It names a key twice.")
    return manifest


def add_months(moment: datetime, months: int) -> datetime:
    """The same day some months on, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def days_left(kept: KeptKey, now: datetime) -> int:
    """Whole days until a key ends; below zero when it has."""
    return (kept.public.end - now) // timedelta(days=1)


def _said(purpose: Purpose, *fields: str) -> bytes:
    return DOMAIN + "\n".join((purpose.value, *fields)).encode()
