"""Rights as screens are given them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from countermark.model import ImageRole, RightKind, RightStatus


@dataclass(frozen=True, slots=True)
class AliasShown:
    """Another spelling, translation or nickname of a mark, and its language (BCP 47, None when nobody said)."""

    value: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RightRow:
    """One right as a line of a list.

    Attributes:
        id: `rgt_…`, in addresses.
        mark: verbal element, empty when there is none.
        territories: ISO 3166-1 alpha-2, `EU`, `WO`.
        withdrawn: nothing relies on it any more.
        capture_id: `cap_…` of its first reference picture, None when it has none.
        references: how many reference pictures it has.
    """

    id: str
    brand: str
    kind: RightKind
    title: str
    mark: str
    mark_language: str | None
    territories: tuple[str, ...]
    office: str
    number: str
    status: RightStatus
    valid_to: date | None
    withdrawn: bool
    capture_id: str | None
    references: int


@dataclass(frozen=True, slots=True)
class RightPage:
    """One page of rights; `next_cursor` is None on the last."""

    rows: tuple[RightRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceShown:
    """An official picture of a right.

    Attributes:
        id: `ref_…`.
        capture_id: `cap_…`, for the picture itself.
        uri: how findings name it (`sha256:…`).
        width, height: pixels.
    """

    id: str
    capture_id: str
    uri: str
    role: ImageRole
    width: int
    height: int
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RightShown:
    """Everything a page about one right needs.

    Attributes:
        row: the right as a list shows it.
        aliases: other spellings.
        generic: an everyday word; never fires alone.
        classes: Nice classes.
        source: where the record was read from, empty when typed in here.
        withdrawn_at, withdrawn_reason: None and empty unless withdrawn.
        references: official pictures, in the order they were added.
    """

    row: RightRow
    aliases: tuple[AliasShown, ...]
    generic: bool
    classes: tuple[int, ...]
    valid_from: date | None
    source: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    references: tuple[ReferenceShown, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BandShown:
    """What genuine goods usually cost new, in one currency."""

    currency: str
    low: Decimal
    high: Decimal
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisedSellerShown:
    """A shop that the house allows; the name is empty for one who may not see personal data."""

    name: str
    marketplace: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverMadeShown:
    """Something the house never produced."""

    words: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandShown:
    """A house with what it makes, asks for and allows."""

    name: str
    owner: str
    rights: int
    price_bands: tuple[BandShown, ...]
    authorised_sellers: tuple[AuthorisedSellerShown, ...]
    never_made: tuple[NeverMadeShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRights:
    """What bringing a portfolio in changed.

    Attributes:
        brands: houses that were added or changed.
        added, changed, unchanged: rights.
        references: reference pictures that are new.
        pictures_refused: reference pictures that could not be taken, each with its reason.
    """

    brands: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    references: int = 0
    pictures_refused: tuple[str, ...] = ()
