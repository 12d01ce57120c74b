"""What is protected: rights, and what a house makes, asks for and allows."""

import hashlib
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from countermark.model.ids import derive_id
from countermark.model.image import ImageRef
from countermark.model.problem import InvalidRecord
from countermark.model.text import Text


class RightKind(StrEnum):
    """The branch of law a right stands in."""

    TRADEMARK = "trademark"
    DESIGN = "design"
    COPYRIGHT = "copyright"
    PATENT = "patent"


class RightStatus(StrEnum):
    """Whether the right can be relied on today, as its register or its owner says."""

    IN_FORCE = "in_force"
    PENDING = "pending"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


class PriceBand(msgspec.Struct, frozen=True, kw_only=True):
    """What genuine goods usually cost new, in one currency.

    Attributes:
        currency: ISO 4217.
        low, high: usual range for one new unit, both included, in units of the currency.
        category: words that must occur in a listing's category or title for the band to apply; empty = any.
    """

    currency: str
    low: Decimal
    high: Decimal
    category: str = ""

    def __post_init__(self) -> None:
        if not (self.low.is_finite() and self.high.is_finite() and 0 < self.low <= self.high):
            raise InvalidRecord(
                "price_bands",
                "the band is upside down or not positive.",
                "Write low ≤ high, both above zero.",
            )


class AuthorisedSeller(msgspec.Struct, frozen=True, kw_only=True):
    """A shop that the house itself supplies or allows, on one marketplace or (marketplace empty) by name alone."""

    name: str
    marketplace: str = ""
    external_id: str = ""


class NeverMade(msgspec.Struct, frozen=True, kw_only=True):
    """Something the house never produced: words that, all together in one title, cannot describe a genuine product.

    Attributes:
        words: each must occur, folded, in the title (`("canvas", "neon")`).
        explanation: why it cannot be genuine, in a sentence a lawyer can quote.
    """

    words: tuple[str, ...]
    explanation: str


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """A house: its name, its owner, and what it makes, asks for and allows."""

    name: str
    owner: str = ""
    price_bands: tuple[PriceBand, ...] = ()
    authorised_sellers: tuple[AuthorisedSeller, ...] = ()
    never_made: tuple[NeverMade, ...] = ()


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """One registered or unregistered right that a notice could rely on.

    Attributes:
        brand: name of the house (a `Brand` of the same portfolio).
        kind: branch of law.
        title: how people call it (`Corvane, word mark`).
        mark: the verbal element, None for a figurative mark, a design or a photograph.
        aliases: other spellings, translations and nicknames that buyers use for the mark.
        generic: the mark is an everyday word or very short; it never fires alone.
        territories: ISO 3166-1 alpha-2, `EU` or `WO`.
        classes: Nice classes, 1 to 45.
        office: register that keeps it, ISO/WIPO ST.3 (`EM`, `US`, `CN`, `WO`); empty when unregistered.
        number: registration number, or application number while pending.
        valid_from, valid_to: first and last day in force, None when not known.
        references: official photographs and logos that show it.
        source: where the record was read from (`ST.96`, `rights.yaml`).
    """

    brand: str
    kind: RightKind
    title: str
    mark: Text | None = None
    aliases: tuple[Text, ...] = ()
    generic: bool = False
    territories: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()
    office: str = ""
    number: str = ""
    status: RightStatus = RightStatus.UNKNOWN
    valid_from: date | None = None
    valid_to: date | None = None
    references: tuple[ImageRef, ...] = ()
    source: str = ""
    given_id: str = ""

    def __post_init__(self) -> None:
        if not self.brand:
            raise InvalidRecord("brand", "the right names no house.", "Say which brand it protects.")
        if any(not 1 <= c <= 45 for c in self.classes):
            raise InvalidRecord("classes", "a Nice class is outside 1 to 45.", "Use the classes of the Nice list.")

    @property
    def id(self) -> str:
        """`rgt_…`: the id its keeper gave it, else derived from brand, kind, office, number and title."""
        return self.given_id or derive_id("rgt", self.brand, self.kind, self.office, self.number, self.title)


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """The whole reference side: small, and sent to every worker; listings stream past it."""

    brands: tuple[Brand, ...] = ()
    rights: tuple[Right, ...] = ()

    def brand(self, name: str) -> Brand:
        """The house of that name; a bare one when the portfolio holds rights but no facts about it."""
        for brand in self.brands:
            if brand.name == name:
                return brand
        return Brand(name=name)

    def rights_of(self, brand: str) -> tuple[Right, ...]:
        """All rights of one house, in file order."""
        return tuple(right for right in self.rights if right.brand == brand)

    def brand_names(self) -> tuple[str, ...]:
        """Every house that has facts or rights, sorted."""
        return tuple(sorted({b.name for b in self.brands} | {r.brand for r in self.rights}))

    def digest(self) -> str:
        """SHA-256 in hex over the canonical JSON of the portfolio: the reference hash that every finding records."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()
