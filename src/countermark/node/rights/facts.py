"""What a person, or a file, says about a right or a house: checked here, field by field, before anything is written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from countermark.formats.codes import COUNTRIES
from countermark.model import RightKind, RightStatus
from countermark.model.money import LARGEST_AMOUNT, is_currency
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.rights.shown import AliasShown, AuthorisedSellerShown, BandShown, NeverMadeShown

#: Territories that are no country: the European Union, WIPO, Benelux, ARIPO and OAPI offices (WIPO ST.3).
OFFICES_OF_SEVERAL = frozenset({"EU", "EM", "WO", "BX", "AP", "OA"})
TERRITORIES = COUNTRIES | OFFICES_OF_SEVERAL

#: A price band keeps four places.
LEAST = Decimal("0.0001")
MOST_ALIASES = 200
MOST_OF_A_HOUSE = 2000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_OFFICE = re.compile(r"[A-Z]{2}")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RightFacts:
    """A right as it is to be: every field, also the ones that stay.

    Attributes: as in `countermark.model.Right`; texts as typed, codes in capitals.
    """

    brand: str
    kind: str
    title: str
    mark: str = ""
    mark_language: str | None = None
    aliases: tuple[AliasShown, ...] = ()
    generic: bool = False
    territories: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()
    office: str = ""
    number: str = ""
    status: str = RightStatus.UNKNOWN.value
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandFacts:
    """A house as it is to be: lists given here take the place of the lists that are there."""

    name: str
    owner: str = ""
    price_bands: tuple[BandShown, ...] = ()
    authorised_sellers: tuple[AuthorisedSellerShown, ...] = ()
    never_made: tuple[NeverMadeShown, ...] = ()


def check_right(facts: RightFacts) -> None:
    """Raise Invalid with every problem of a right, or return."""
    problems = [
        *_text("brand", facts.brand, 200, needed=True),
        *_text("title", facts.title, 300, needed=True),
        *_text("mark", facts.mark, 500),
        *_text("number", facts.number, 100),
        *_text("source", facts.source, 200),
        *_choice("kind", facts.kind, [kind.value for kind in RightKind]),
        *_choice("status", facts.status, [status.value for status in RightStatus]),
        *_language("mark_language", facts.mark_language),
        *_codes(facts),
        *_aliases(facts.aliases),
    ]
    if facts.valid_from and facts.valid_to and facts.valid_from > facts.valid_to:
        problems.append(
            FieldProblem("valid_to", "dates-reversed", "The right ends before it begins.", "Check both days.")
        )
    if problems:
        raise Invalid(problems)


def check_brand(facts: BrandFacts) -> None:
    """Raise Invalid with every problem of a house, or return."""
    problems = [*_text("name", facts.name, 200, needed=True), *_text("owner", facts.owner, 300)]
    for number, band in enumerate(facts.price_bands):
        problems += _band(f"price_bands.{number}", band)
    for number, seller in enumerate(facts.authorised_sellers):
        where = f"authorised_sellers.{number}"
        problems += _text(f"{where}.name", seller.name, 300, needed=not seller.external_id)
        problems += _text(f"{where}.marketplace", seller.marketplace, 200, needed=bool(seller.external_id))
        problems += _text(f"{where}.external_id", seller.external_id, 200)
    for number, never in enumerate(facts.never_made):
        problems += _never_made(f"never_made.{number}", never)
    lists = (facts.price_bands, facts.authorised_sellers, facts.never_made)
    if any(len(each) > MOST_OF_A_HOUSE for each in lists):
        problems.append(FieldProblem("", "too-many", f"A list has more than {MOST_OF_A_HOUSE} lines.", "Shorten it."))
    if problems:
        raise Invalid(problems)


def _text(field: str, value: str, longest: int, *, needed: bool = False) -> Iterable[FieldProblem]:
    if needed and not value.strip():
        yield FieldProblem(field, "missing", "It is empty.", "Write it as its owner writes it.")
    elif len(value) > longest:
        yield FieldProblem(field, "too-long", f"It has more than {longest} characters.", "Shorten it.")
    elif _UNSEEN.search(value):
        yield FieldProblem(field, "unseen-characters", "It holds characters that cannot be seen.", "Type it again.")


def _choice(field: str, value: str, known: list[str]) -> Iterable[FieldProblem]:
    if value not in known:
        yield FieldProblem(field, f"{field}-unknown", "That is not one of the choices.", f"Use: {', '.join(known)}.")


def _language(field: str, value: str | None) -> Iterable[FieldProblem]:
    if value is not None and not _LANGUAGE.fullmatch(value):
        yield FieldProblem(field, "language-wrong", "That is no language tag.", "Write it like fr or zh-Hans.")


def _codes(facts: RightFacts) -> Iterable[FieldProblem]:
    unknown = sorted(set(facts.territories) - TERRITORIES)
    if unknown:
        yield FieldProblem(
            "territories",
            "territory-unknown",
            f"{', '.join(repr(code[:10]) for code in unknown[:5])}: no such territory.",
            "Use two letters of ISO 3166-1, or EU, WO, BX, AP, OA.",
        )
    if any(not 1 <= number <= 45 for number in facts.classes):
        yield FieldProblem("classes", "class-unknown", "A class is outside 1 to 45.", "Use classes of the Nice list.")
    if facts.office and not _OFFICE.fullmatch(facts.office):
        yield FieldProblem(
            "office", "office-wrong", "That is no office code.", "Use two letters of WIPO ST.3, like EM."
        )


def _aliases(aliases: tuple[AliasShown, ...]) -> Iterable[FieldProblem]:
    if len(aliases) > MOST_ALIASES:
        yield FieldProblem("aliases", "too-many", f"There are more than {MOST_ALIASES}.", "Keep what buyers use.")
    for alias in aliases[:MOST_ALIASES]:
        yield from _text("aliases", alias.value, 500, needed=True)
        yield from _language("aliases", alias.language)


def _band(where: str, band: BandShown) -> Iterable[FieldProblem]:
    if not is_currency(band.currency):
        yield FieldProblem(f"{where}.currency", "currency-unknown", "No such currency.", "Use ISO 4217, like EUR.")
    if not (band.low.is_finite() and band.high.is_finite() and LEAST <= band.low <= band.high <= LARGEST_AMOUNT):
        yield FieldProblem(
            f"{where}.low",
            "band-wrong",
            "The band is upside down or not positive.",
            "Write low ≤ high, both above zero.",
        )
    yield from _text(f"{where}.category", band.category, 200)


def _never_made(where: str, never: NeverMadeShown) -> Iterable[FieldProblem]:
    if not never.words or len(never.words) > 20 or any(not word.strip() or len(word) > 100 for word in never.words):
        yield FieldProblem(
            f"{where}.words",
            "words-wrong",
            "It needs 1 to 20 words, none empty.",
            "Name what no genuine product joins.",
        )
    yield from _text(f"{where}.explanation", never.explanation, 1000, needed=True)
