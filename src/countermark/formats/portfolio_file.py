"""The rights file: what a person may write in it, entry by entry. Its JSON Schema is made from these records."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from countermark.model import RightKind, RightStatus

#: The one version there is.
VERSION = 1

ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
LongText = Annotated[str, msgspec.Meta(max_length=5_000)]
NiceClass = Annotated[int, msgspec.Meta(ge=1, le=45)]


class TextEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Words in a language: `{value: 珂梵, language: zh}`; plain words may be written without braces."""

    value: ShortText
    language: str | None = None


class PriceBandEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What genuine goods usually cost new."""

    currency: str
    low: Decimal
    high: Decimal
    category: str = ""


class SellerEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An authorised shop."""

    name: ShortText
    marketplace: str = ""
    external_id: str = ""


class NeverMadeEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Words that together cannot describe a genuine product."""

    words: Annotated[list[ShortText], msgspec.Meta(min_length=1, max_length=20)]
    explanation: LongText


class RightEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One right of a house; fields as in the record `Right`, pictures as files or folders."""

    kind: RightKind
    title: ShortText
    mark: ShortText | TextEntry | None = None
    aliases: list[ShortText | TextEntry] = []
    generic: bool = False
    territories: list[str] = []
    classes: list[NiceClass] = []
    office: str = ""
    number: str = ""
    status: RightStatus = RightStatus.UNKNOWN
    valid_from: date | None = None
    valid_to: date | None = None
    photos: ShortText | list[ShortText] = []
    logos: ShortText | list[ShortText] = []
    id: str = ""


class BrandEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One house and everything that protects it. `photos` of the house become one unregistered copyright."""

    name: ShortText
    owner: str = ""
    price_bands: list[PriceBandEntry] = []
    authorised_sellers: list[ShortText | SellerEntry] = []
    never_made: list[NeverMadeEntry] = []
    rights: list[RightEntry] = []
    photos: ShortText | list[ShortText] = []


class PortfolioFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    version: Annotated[int, msgspec.Meta(ge=VERSION, le=VERSION)]
    group: str = ""
    brands: list[BrandEntry]
