"""What stands in the file of a regime."""

from datetime import date
from enum import StrEnum

import msgspec

from countermark.law.asked import Asked
from countermark.law.procedure import Procedure
from countermark.law.rule import Rule
from countermark.law.tags import Source
from countermark.model import RightKind


class Subject(StrEnum):
    """What the matter is about."""

    GOODS = "goods"  # things offered for sale
    CONTENT = "content"  # pictures and texts of the offer
    DOMAIN = "domain"  # a name on the internet
    BORDER = "border"  # goods at customs
    RECORDAL = "recordal"  # a right entered with customs
    TRADER = "trader"  # who sells
    PAYEE = "payee"  # who is paid
    COURT = "court"  # a case before a court


class Channel(StrEnum):
    """By law, or by the programme of the platform."""

    STATUTORY = "statutory"
    PLATFORM = "platform"


class Applies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which matters a regime is for; `*` among countries or platforms = all that no other regime names.

    `names`: each platform that is named, as people call it.
    """

    subjects: tuple[Subject, ...]
    channel: Channel
    countries: tuple[str, ...] = ("*",)
    kinds: tuple[RightKind, ...] = tuple(RightKind)
    platforms: tuple[str, ...] = ()
    names: dict[str, str] = {}


class RegimeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What stands in the file of a regime.

    Attributes:
        id, title, summary: for people.
        applies: which matters.
        zone: IANA time zone in which a moment becomes a day; empty = that of the case.
        place: whose calendar, unless the case says another; empty = the case must say.
        valid_from, valid_to: first and last day in force.
        sources: where its being in force stands.
        actors: who acts, in words.
        facts: glossary of facts that a case or an event can bring.
        procedure: states and moves; None for a regime of rules alone.
        rules: every rule; one id may stand several times with validity dates that do not overlap.
        asked: what must be written.
    """

    format: str
    id: str
    title: str
    summary: str
    applies: Applies
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    zone: str = ""
    place: str = ""
    valid_from: date
    valid_to: date | None = None
    actors: dict[str, str] = {}
    facts: dict[str, str] = {}
    procedure: Procedure | None = None
    asked: Asked = Asked()
