"""Who may sign what, and when: built from signed agreements, and from entries that rotate and revoke keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from countermark.proof.agreements import Agreement, OperationalKey, Purpose
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.entries import Entry, SignedEntry, open_entry, read_moment, write_moment
from countermark.proof.ijson import Plain
from countermark.proof.keys import PublicKey, Signer
from countermark.proof.notes import NoteKey, SignatureKind
from countermark.proof.refusals import Refused
from countermark.proof.shapes import as_record

ROTATED, REVOKED = "key.rotated", "key.revoked"
_DOMAIN = "countermark-key/1"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key of a party.

    Attributes:
        party: id of the party.
        node: name of its node.
        key: what it may sign and when.
        revoked: from when on nothing counts that no witness had seen before.
    """

    party: str
    node: str
    key: OperationalKey
    revoked: datetime | None = None


@dataclass(frozen=True)
class KeyRing:
    """Keys by id. A ring never changes: each change gives a new one.

    Attributes:
        keys: by key id.
        feeds: by feed id, the party that speaks there.
        agreements: by digest.
    """

    keys: Mapping[str, KnownKey] = field(default_factory=dict)
    feeds: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)

    @classmethod
    def of(cls, agreements: Iterable[Agreement]) -> "KeyRing":
        """The ring that signed agreements give.

        Raises:
            Refused: wrong-purpose, when one key is to serve two purposes or two parties.
        """
        ring = cls()
        for agreement in agreements:
            ring = ring._with_agreement(agreement)
        return ring

    def _with_agreement(self, agreement: Agreement) -> "KeyRing":
        keys, feeds = dict(self.keys), dict(self.feeds)
        for party in agreement.parties:
            feeds[agreement.feed_of(party.id)] = party.id
            for key in party.keys:
                _add(keys, KnownKey(party.id, party.node, key))
        return KeyRing(keys, feeds, {**self.agreements, agreement.digest: agreement})

    def find_for_entries(self, kid: str, entry: Entry) -> PublicKey:
        """The key with this id, if it may sign this entry; a `KeyFinder`.

        Raises:
            Refused: unknown-key, wrong-purpose, wrong-signer, wrong-feed, wrong-agreement or key-not-valid.
        """
        if entry.feed not in self.feeds:
            raise Refused("wrong-feed", f"No agreement here knows {entry.feed}.")
        if entry.agreement not in self.agreements:
            raise Refused("wrong-agreement")
        known = self._get(kid, Purpose.ENTRIES)
        if known.party != self.feeds[entry.feed]:
            raise Refused("wrong-signer", f"{known.party} speaks in the feed of {self.feeds[entry.feed]}.")
        if not known.key.start <= read_moment(entry.time) < known.key.end:
            raise Refused("key-not-valid", f"Valid from {known.key.valid_from} until {known.key.valid_until}.")
        return known.key.public

    def note_keys(self, purpose: Purpose) -> list[NoteKey]:
        """Keys of all parties for notes: those of logs, or those of witnesses."""
        kind = SignatureKind.COSIGNATURE if purpose is Purpose.WITNESS else SignatureKind.ED25519
        return [NoteKey(one.node, one.key.public, kind) for one in self.keys.values() if one.key.purpose is purpose]

    def check_not_revoked(self, signed: SignedEntry, witnessed: datetime | None) -> None:
        """Make sure that a revoked key cannot have signed this after it was lost.

        Args:
            witnessed: when a witness had surely seen it; None when nobody shows that.

        Raises:
            Refused: key-revoked.
        """
        revoked = self.keys[signed.kid].revoked
        if revoked is not None and (witnessed is None or witnessed >= revoked):
            raise Refused("key-revoked", f"At {write_moment(revoked)}.")

    def changed_by(self, token: str) -> "KeyRing":
        """The ring after an entry that rotates or revokes a key.

        Raises:
            Refused: what `open_entry` raises; not-an-entry; bad-signature when the new key has not signed.
        """
        signed = open_entry(token, self.find_for_entries)
        data = signed.entry.data or {}
        if signed.entry.type == ROTATED:
            return self._rotated(signed, as_record(data, _Rotation))
        if signed.entry.type == REVOKED:
            return self._revoked(signed, as_record(data, _Revocation))
        raise Refused("not-an-entry", f"{signed.entry.type} changes no key.")

    def _rotated(self, signed: SignedEntry, said: "_Rotation") -> "KeyRing":
        speaker = self.keys[signed.kid]
        said.key.public.verify(
            from_base64url(said.possession, "bad-signature"), _possession(signed.entry.feed, said.key)
        )
        keys = dict(self.keys)
        _add(keys, KnownKey(speaker.party, speaker.node, said.key))
        return KeyRing(keys, self.feeds, self.agreements)

    def _revoked(self, signed: SignedEntry, said: "_Revocation") -> "KeyRing":
        if said.kid not in self.keys:
            raise Refused("unknown-key")
        known = self.keys[said.kid]
        if known.party != self.keys[signed.kid].party:
            raise Refused("wrong-signer", "Only its owner revokes a key.")
        moment = read_moment(said.revoked)
        first = moment if known.revoked is None else min(moment, known.revoked)
        return KeyRing({**self.keys, said.kid: replace(known, revoked=first)}, self.feeds, self.agreements)

    def _get(self, kid: str, purpose: Purpose) -> KnownKey:
        if kid not in self.keys:
            raise Refused("unknown-key")
        if self.keys[kid].key.purpose is not purpose:
            raise Refused("wrong-purpose", f"It is for {self.keys[kid].key.purpose}.")
        return self.keys[kid]


class _Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: OperationalKey
    possession: str


class _Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kid: str
    revoked: str


def rotation_data(feed: str, key: OperationalKey, new: Signer) -> dict[str, Plain]:
    """What an entry of type `key.rotated` carries; the old key signs the entry, the new one signs here.

    Raises:
        ValueError: a signer that does not hold the key.
    """
    if new.public != key.public:
        raise ValueError("The signer does not hold the new key.")
    possession = to_base64url(new.sign(_possession(feed, key)))
    return {"key": msgspec.to_builtins(key), "possession": possession}


def revocation_data(kid: str, moment: datetime) -> dict[str, Plain]:
    """What an entry of type `key.revoked` carries."""
    return {"kid": kid, "revoked": write_moment(moment)}


def _possession(feed: str, key: OperationalKey) -> bytes:
    said = (_DOMAIN, feed, key.purpose, key.key, key.valid_from, key.valid_until)
    return "\n".join(said).encode()


def _add(keys: dict[str, KnownKey], known: KnownKey) -> None:
    kid = known.key.public.kid
    present = keys.get(kid)
    if present is not None and (present.party, present.key.purpose) != (known.party, known.key.purpose):
        raise Refused("wrong-purpose", "One key serves one purpose of one party.")
    # A later agreement may not lengthen or revive a key that is known already.
    keys.setdefault(kid, known)
