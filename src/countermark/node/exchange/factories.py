"""Two organisations on one database with an agreement between them, and keys in memory (tests, benchmarks)."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from countermark.node.exchange.agreeing import arriving, drafting, signing
from countermark.node.exchange.agreeing.versions import latest, opened, our_party
from countermark.node.exchange.appending import Statement, append
from countermark.node.exchange.documents import Card
from countermark.node.exchange.documents import Signature as SignatureDocument
from countermark.node.exchange.models import Agreement, AgreementSignature, Feed, FeedEntry, Identity
from countermark.node.exchange.pages import page_after
from countermark.node.exchange.receiving import Received, receive
from countermark.node.exchange.signing import Keys, set_keys
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.proof.agreements import OperationalKey, Purpose, sign_agreement
from countermark.proof.commitments import Carried
from countermark.proof.entries import DataClass, write_moment
from countermark.proof.ijson import Plain
from countermark.proof.keys import PrivateKey, Signer

__all__ = ["KeysInMemory", "Side", "Team", "make_team"]

#: Purposes of operational keys.
PURPOSES = (Purpose.ENTRIES, Purpose.LOG, Purpose.WITNESS, Purpose.HTTP, Purpose.EVIDENCE)


@dataclass
class KeysInMemory:
    """Keys of any number of organisations, made when they are first asked for."""

    organisations: dict[int, PrivateKey] = field(default_factory=dict)
    operational: dict[tuple[int, Purpose], PrivateKey] = field(default_factory=dict)

    def organisation(self, row: int) -> PrivateKey:
        """The organisation's own key."""
        return self.organisations.setdefault(row, PrivateKey.generate())

    def signer(self, row: int, purpose: Purpose, _known: Container[str] | None = None) -> Signer:
        """Whatever signs for an organisation and a purpose."""
        if (row, purpose) not in self.operational:
            self.operational[row, purpose] = PrivateKey.generate()
        return self.operational[row, purpose]

    def public(self, row: int) -> list[OperationalKey]:
        """Its operational keys, valid from a day ago for a year."""
        start, end = now() - timedelta(days=1), now() + timedelta(days=364)
        return [
            OperationalKey(one, self.signer(row, one).public.text, write_moment(start), write_moment(end))
            for one in PURPOSES
        ]

    def use(self) -> None:
        """Let the node sign with these; `set_keys(None)` puts its own back."""
        frozen: dict[int, list[OperationalKey]] = {}
        set_keys(Keys(self.signer, lambda row: frozen.setdefault(row, self.public(row))))


@dataclass
class Side:
    """One organisation of a team: an administrator, and its row of the agreement."""

    administrator: Member
    analyst: Member
    keys: KeysInMemory
    agreement_name: str = ""

    @property
    def organisation_id(self) -> int:
        """Row of the organisation."""
        return self.administrator.organisation_id

    @property
    def agreement(self) -> Agreement:
        """As it stands now."""
        return Agreement.objects.get(organisation_id=self.organisation_id, name=self.agreement_name)

    @property
    def card(self) -> Card:
        """How its node introduces itself."""
        return Card(party=our_party(self.organisation_id), kind=self.administrator.organisation_kind)

    @property
    def feed(self) -> Feed:
        """What it says."""
        return Feed.objects.get(organisation_id=self.organisation_id, ours=True)

    @property
    def partners_feed(self) -> Feed:
        """What it has of the other side."""
        return Feed.objects.get(organisation_id=self.organisation_id, ours=False)

    def sign(self) -> None:
        """Compare fingerprints, and sign what is under discussion."""
        signing.confirm_fingerprint(self.administrator, self.agreement_name)
        version = latest(self.agreement, self.agreement.pending)
        signature = sign_agreement(opened(version), self.keys.organisation(self.organisation_id))
        signing.sign(self.administrator, self.agreement_name, version.digest, signature)

    def say(self, kind: str = "comment", subject: str = "cas_1", **other: object) -> FeedEntry:
        """Say something under the agreement."""
        said: dict[str, object] = {"purpose": "counterfeit-removal", "data_class": DataClass.TRADER_PUBLIC}
        if "beside" not in other:
            said["data"] = {"text": "Seen."}
        return append(self.agreement, Statement(type=kind, subject=subject, **(said | other)))  # type: ignore[arg-type]

    def say_beside(self, data: bytes = b'{"phone":"+33 1 99 00 12 34"}', **other: object) -> FeedEntry:
        """Say something whose data lie beside it."""
        carried: dict[str, object] = {"beside": Carried.with_salt(data), "data_class": DataClass.PERSONAL}
        return self.say(**(carried | other))  # type: ignore[arg-type]


@dataclass
class Team:
    """A brand and a marketplace."""

    brand: Side
    market: Side

    def other(self, side: Side) -> Side:
        """The other one."""
        return self.market if side is self.brand else self.brand

    def pull(self, side: Side) -> Received:
        """Let a side fetch everything new of the other's feed."""
        other = self.other(side)
        after = side.partners_feed.seq
        return receive(side.agreement, page_after(other.feed, after), asked_after=after)

    def carry_signature(self, sender: Side) -> None:
        """Bring the sender's signature for what is under discussion to the other side."""
        version = (
            AgreementSignature.objects.filter(version__agreement=sender.agreement, party=sender.card.party.id)
            .select_related("version")
            .order_by("-id")[0]
        )
        document = SignatureDocument(
            agreement=sender.agreement_name,
            digest=version.version.digest,
            party=version.party,
            signature=version.signature,
        )
        arriving.take_signature(self.other(sender).organisation_id, document, version.party)


def _side(name: str, kind: str, party: str, keys: KeysInMemory) -> Side:
    organisation, _ = Organisation.objects.get_or_create(name=name, defaults={"kind": kind})
    Identity.objects.create(
        organisation=organisation,
        party=party,
        node=f"node.{party}.example",
        key=keys.organisation(organisation.pk).public.text,
    )
    return Side(make_member(Role.ADMINISTRATOR, organisation), make_member(Role.ANALYST, organisation), keys)


def make_team(terms: Mapping[str, Plain] | None = None, keys: KeysInMemory | None = None) -> Team:
    """Two organisations whose agreement is in force, with keys in memory.

    Args:
        terms: of the agreement; None for a few words.
        keys: to go on with; None makes new ones. The caller puts the node's own back with `set_keys(None)`.
    """
    keys = keys or KeysInMemory()
    keys.use()
    team = Team(
        _side("Maison Aurelle", "rights_holder", "maison-aurelle", keys), _side("Bazaar", "marketplace", "bazaar", keys)
    )
    row = drafting.draft(team.brand.administrator, team.market.card, terms or {"purposes": []})
    drafting.offer(team.brand.administrator, row.name)
    document = opened(latest(row, 1))
    arriving.take_offer(team.market.organisation_id, document, team.brand.administrator.organisation_kind)
    team.brand.agreement_name = team.market.agreement_name = row.name
    team.brand.sign()
    team.carry_signature(team.brand)
    team.market.sign()
    team.carry_signature(team.market)
    return team
