"""Two invented organisations, their keys, logs and one agreement, all in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from countermark.proof.agreements import Agreement, OperationalKey, Party, Purpose, SignedAgreement, sign_agreement
from countermark.proof.checkpoints import Checkpoint, cosign, sign_checkpoint
from countermark.proof.commitments import Carried
from countermark.proof.encoding import to_base64url
from countermark.proof.entries import NOTHING_BEFORE, DataClass, Entry, SignedEntry, sign_entry, write_moment
from countermark.proof.extracts import Beside, Extract, ExtractEntry, Logged, Receipt, receipt_data
from countermark.proof.ijson import Plain
from countermark.proof.keys import PrivateKey
from countermark.proof.log_proofs import LogProof, leaf_of
from countermark.proof.merkle import grow, inclusion_proof, leaf_hash, root

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
END = START + timedelta(days=365)
PURPOSES = (Purpose.ENTRIES, Purpose.LOG, Purpose.WITNESS)


class Tree:
    """A Merkle tree that keeps its nodes in a dictionary."""

    def __init__(self) -> None:
        self.size = 0
        self._nodes: dict[tuple[int, int], bytes] = {}

    def add(self, leaf: bytes) -> int:
        for level, index, node in grow(self.read, self.size, leaf_hash(leaf)):
            self._nodes[level, index] = node
        self.size += 1
        return self.size - 1

    def read(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]

    def root(self, size: int | None = None) -> bytes:
        return root(self.read, self.size if size is None else size)

    def proof(self, index: int) -> tuple[bytes, ...]:
        return tuple(inclusion_proof(self.read, index, self.size))


def _one_key(_: object) -> PrivateKey:
    return PrivateKey.generate()


@dataclass
class Side:
    """One party with all its keys; what it says goes to its feed and its log."""

    id: str
    name: str
    organisation: PrivateKey = field(default_factory=PrivateKey.generate)
    keys: dict[Purpose, PrivateKey] = field(default_factory=lambda: {one: _one_key(one) for one in PURPOSES})
    log: Tree = field(default_factory=Tree)
    feed: Tree = field(default_factory=Tree)
    said: list[SignedEntry] = field(default_factory=list)
    salts: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def node(self) -> str:
        return f"node.{self.id}.example"

    def party(self) -> Party:
        keys = tuple(
            OperationalKey(one, key.public.text, write_moment(START), write_moment(END))
            for one, key in self.keys.items()
        )
        return Party(self.id, self.name, self.node, self.organisation.public.text, keys)


@dataclass
class TwoParties:
    """A brand and a marketplace under one agreement."""

    brand: Side = field(default_factory=lambda: Side("aurelle", "Maison Aurelle"))
    market: Side = field(default_factory=lambda: Side("bazaar", "Bazaar"))
    clock: datetime = START + timedelta(hours=1)

    def __post_init__(self) -> None:
        terms: dict[str, Plain] = {"purpose": "removal of counterfeits"}
        parties = (self.brand.party(), self.market.party())
        self.agreement = Agreement(v=1, id="aurelle-bazaar", version=1, parties=parties, terms=terms)

    def signed_agreement(self) -> SignedAgreement:
        signatures = {side.id: sign_agreement(self.agreement, side.organisation) for side in (self.brand, self.market)}
        return SignedAgreement(to_base64url(self.agreement.to_bytes()), signatures)

    def say(
        self,
        side: Side,
        kind: str = "finding.shared",
        data: dict[str, Plain] | None = None,
        carried: Carried | None = None,
        **other: object,
    ) -> SignedEntry:
        """Append one entry to the feed and the log of a side."""
        self.clock += timedelta(seconds=10)
        number = len(side.said) + 1
        said: dict[str, object] = {
            "feed": self.agreement.feed_of(side.id),
            "seq": number,
            "prev": side.said[-1].digest if side.said else NOTHING_BEFORE,
            "id": f"01890a5d-ac96-774b-bcce-{number:012x}",
            "type": kind,
            "subject": f"lst_{number}",
            "time": write_moment(self.clock),
            "agreement": self.agreement.digest,
            "purpose": "counterfeit-removal",
            "data_class": DataClass.PERSONAL if carried else DataClass.TRADER_PUBLIC,
        }
        if carried is not None:
            said["data_ref"] = carried.reference.as_plain()
        else:
            said["data"] = data if data is not None else {"word": "high"}
        entry = msgspec.convert(said | other, Entry)
        signed = sign_entry(entry, side.keys[Purpose.ENTRIES])
        side.said.append(signed)
        salt = number.to_bytes(32, "big")
        side.salts[signed.entry_id] = side.log.add(leaf_of(salt, signed.entry_id)), salt
        side.feed.add(bytes.fromhex(signed.entry_id))
        return signed

    def receipt(self, side: Side, of: Side) -> SignedEntry:
        """`side` signs that it has all of the other's feed."""
        data = receipt_data(self.agreement.feed_of(of.id), of.feed.size, of.feed.root())
        return self.say(side, "receipt", dict(data))

    def checkpoint(self, side: Side, witness: Side | None = None) -> str:
        """The note of a side's log as it is now, cosigned by the other."""
        now = Checkpoint(side.node, side.log.size, side.log.root())
        note = sign_checkpoint(now, side.keys[Purpose.LOG])
        if witness is not None:
            note += cosign(now, witness.node, witness.keys[Purpose.WITNESS], self.clock + timedelta(seconds=30))
        return note

    def logged(self, side: Side, signed: SignedEntry, witness: Side | None) -> Logged:
        index, salt = side.salts[signed.entry_id]
        return Logged(to_base64url(salt), LogProof(index, side.log.proof(index), self.checkpoint(side, witness)).text)

    def whole_extract(self, carried: Carried | None = None) -> Extract:
        """Three entries of the brand, each receipted by the marketplace and standing in both logs."""
        private = carried or Carried.with_salt(b'{"phone": "+33 1 99 00 12 34"}')
        self.say(self.brand)
        self.say(self.brand, data={"word": "moderate", "risk": "0.61"})
        self.say(self.brand, carried=private)
        receipt = self.receipt(self.market, self.brand)
        entries = [
            ExtractEntry(
                signed.token,
                Beside.of(private) if signed.entry.data_ref else None,
                self.logged(self.brand, signed, self.market),
                self.received(signed, receipt),
            )
            for signed in self.brand.said
        ]
        return Extract(agreements=(self.signed_agreement(),), entries=tuple(entries))

    def received(self, signed: SignedEntry, receipt: SignedEntry) -> Receipt:
        path = tuple(to_base64url(one) for one in self.brand.feed.proof(signed.entry.seq - 1))
        logged = self.logged(self.market, receipt, self.brand)
        return Receipt(receipt.token, signed.entry.seq - 1, path, logged)
