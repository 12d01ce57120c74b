"""What is to be sent, and what the sender knows about the world on that day."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from countermark.law.asked import Paper
from countermark.model import Right


class Standing(StrEnum):
    """What became of an earlier matter about the same item and right."""

    OPEN = "open"
    DOWN = "down"
    RESTORED = "restored"
    RESTORED_FINAL = "restored_final"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a notice is about.

    Attributes:
        id: of the listing or domain, as the sender names it.
        url: exact location.
        live: whether it was there when last seen; None = nobody looked.
        seen: when it was last seen.
        seller_is_authorised: the house itself supplies or allows this shop.
        genuine_resale: everything speaks for a genuine product that was sold before.
    """

    id: str
    url: str
    live: bool | None = None
    seen: date | None = None
    seller_is_authorised: bool = False
    genuine_resale: bool = False


class Proof(msgspec.Struct, frozen=True):
    """One piece of evidence: its kind (glossary of the regime) and the SHA-256 of its bytes."""

    kind: str
    digest: str


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A declaration that somebody signed.

    Attributes:
        declaration: id.
        version: hash of the words that were shown.
        signer: who.
        at: when.
    """

    declaration: str
    version: str
    signer: str
    at: datetime


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A notice or counter-notice before it is sent.

    Attributes:
        paper: which.
        ground: id of the reason; empty for a counter-notice.
        rights: that it relies on.
        items: that it is about.
        fields: id of the field to text.
        evidence, signed: what lies beside it.
    """

    paper: Paper
    items: tuple[Item, ...]
    ground: str = ""
    rights: tuple[Right, ...] = ()
    fields: dict[str, str] = {}
    evidence: tuple[Proof, ...] = ()
    signed: tuple[Signed, ...] = ()


class Mandate(msgspec.Struct, frozen=True, kw_only=True):
    """An authorisation to act for the owner of a right.

    Attributes:
        brand: house that gave it.
        valid_to: last day; None = until revoked.
        territories: ISO 3166, `EU` or `WO`; empty = everywhere.
        revoked: whether it was taken back.
    """

    brand: str
    valid_to: date | None = None
    territories: tuple[str, ...] = ()
    revoked: bool = False


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier matter about the same item, under the same regime.

    Attributes:
        item: id.
        right: id of the right.
        standing: what became of it.
        ground: the reason that was given.
    """

    item: str
    right: str
    standing: Standing
    ground: str = ""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller knows on the day.

    Attributes:
        day: today, in the zone of the regime.
        markets: countries to which the offer is directed, ISO 3166.
        classes: Nice classes that the goods may fall in; empty = nobody looked.
        acts_for_itself: brands that the sender owns.
        mandates: that the sender holds.
        earlier: matters about the same items under the same regime.
        seen_within: days after which a sighting is stale.
    """

    day: date
    markets: tuple[str, ...]
    classes: tuple[int, ...] = ()
    acts_for_itself: tuple[str, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    seen_within: int = 3


class Problem(msgspec.Struct, frozen=True):
    """Something that stands against sending.

    Attributes:
        field: what it is about.
        code: a key of `PREFLIGHT_CODES`.
        message: what is wrong, with the norm where one asks.
        mend: what to do.
        blocks: False = a person may weigh it and send all the same.
        item: id of the item, where it is about one.
    """

    field: str
    code: str
    message: str
    mend: str
    blocks: bool = True
    item: str = ""


#: Every code of a pre-flight, with its meaning; printed in docs/reference/law.md.
PREFLIGHT_CODES = {
    "already-down": "An earlier notice about the item and the right has taken it down.",
    "class-mismatch": "The goods lie in none of the classes of the mark.",
    "class-unknown": "Nobody has said in which class the goods lie.",
    "duplicate": "A notice about the item and the right is open already.",
    "evidence-not-enough": "The reason asks for evidence that is not there.",
    "evidence-unknown": "A piece of evidence is of a kind that the regime does not know.",
    "field-missing": "A field that the regime asks for is empty.",
    "field-not-listed": "A field holds none of the texts that the other side takes.",
    "field-thin": "A field says too little to mean anything.",
    "field-too-long": "A field is longer than the other side takes.",
    "genuine-resale": "It looks like a genuine product sold before; the right is exhausted where it was.",
    "item-twice": "An item stands twice in the notice.",
    "listing-gone": "The listing is no longer there.",
    "listing-stale": "Nobody has looked at the listing lately.",
    "location-missing": "An item has no exact location.",
    "mandate-over": "The authorisation is over or was taken back.",
    "mandate-territory": "The authorisation does not reach this market.",
    "no-items": "The notice is about nothing.",
    "no-mandate": "The sender is neither the owner nor authorised.",
    "no-rights": "The notice relies on no right.",
    "no-second-notice": "The item was restored for good; only a court can decide.",
    "not-signed": "A declaration that the regime asks for is not signed.",
    "reason-needs-other-right": "The reason rests on another kind of right.",
    "reason-unknown": "The regime does not know the reason.",
    "regime-needs-other-right": "The regime is not for rights of this kind.",
    "regime-not-in-force": "The regime is not in force on the day.",
    "rejected-before": "A notice for the same reason was rejected.",
    "restored-before": "An earlier notice was answered and the item came back.",
    "right-expired": "The right is over.",
    "right-not-in-force": "The register says that the right is not in force.",
    "right-not-yet": "The right begins later.",
    "right-unknown": "Nobody knows whether the right is in force.",
    "seller-authorised": "The house itself supplies or allows the seller.",
    "signed-later": "A declaration is dated in the future.",
    "signed-other-words": "Other words were signed than those asked for.",
    "signer-missing": "A signature names nobody.",
    "too-many-items": "The notice names more items than the platform takes.",
    "wrong-territory": "The right does not reach the market of the offer.",
}
