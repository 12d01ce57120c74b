"""What a seller can do against a restriction, in plain words and each language: who can be asked, and the source."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
import yaml

from countermark.law.tags import Source
from countermark.law.wording import LANGUAGES
from countermark.model import InvalidRecord
from countermark.model.decoding import convert

FILE = Path(__file__).with_name("recourse.yaml")
FORMAT = "countermark-recourse/1"

#: Language to words.
Words = dict[str, str]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An authority, court or body that can be asked.

    Attributes:
        id: within the regime.
        name, says: in every language: who it is, and what it does for a seller.
        sources: never empty; the tag says whether the address was checked.
        url: its page; empty where there is none for all.
    """

    id: str
    name: Words
    says: Words
    sources: tuple[Source, ...]
    url: str = ""


class Recourse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a regime gives a seller.

    Attributes:
        answer: what an answer is under this law, and what it needs.
        next: what happens after it.
        counted: how its last day is counted; empty where the law sets none.
        sources: never empty.
        bodies: who can be asked besides.
    """

    answer: Words
    next: Words
    sources: tuple[Source, ...]
    bodies: tuple[Body, ...]
    counted: Words = {}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    regimes: dict[str, Recourse]


@cache
def shipped_recourse() -> dict[str, Recourse]:
    """Regime to what it gives a seller."""
    return read_recourse(FILE.read_bytes())


def read_recourse(data: bytes) -> dict[str, Recourse]:
    """Read a file.

    Raises:
        InvalidRecord: not of this format; a text lacks a language; something has no source; an address is not https.
    """
    try:
        found = convert(yaml.safe_load(data), _File)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise InvalidRecord("recourse", f"{error}.", f"Write it as {FORMAT}.") from error
    if found.format != FORMAT:
        raise InvalidRecord("format", f"{found.format[:60]!r} is unknown.", f"Write {FORMAT}.")
    for regime, one in found.regimes.items():
        _check(regime, one)
    return found.regimes


def _check(regime: str, one: Recourse) -> None:
    _check_texts(regime, (one.answer, one.next, *((one.counted,) if one.counted else ())))
    if not one.sources:
        raise InvalidRecord(regime, "something has no source.", "Say where it stands.")
    check_bodies(regime, one.bodies)


def check_bodies(where: str, bodies: Iterable[Body]) -> None:
    """Whether bodies stand in every language, with sources, at addresses that are safe to open.

    Raises:
        InvalidRecord: at `where`, with what is missing.
    """
    for body in bodies:
        _check_texts(where, (body.name, body.says))
        if not body.sources:
            raise InvalidRecord(where, "something has no source.", "Say where it stands.")
        if body.url and not body.url.startswith("https://"):
            raise InvalidRecord(where, "an address is not https.", "Write the address of the page itself.")


def _check_texts(where: str, texts: Iterable[Words]) -> None:
    for text in texts:
        lacking = [language for language in LANGUAGES if not text.get(language, "").strip()]
        if lacking:
            raise InvalidRecord(where, f"a text lacks {', '.join(lacking)}.", "Write it in every language.")
