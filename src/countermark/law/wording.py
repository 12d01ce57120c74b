"""The law in the languages of the pages: an English sentence, its translations, and days as each language has them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import yaml

from countermark.model import InvalidRecord
from countermark.model.decoding import convert

FILE = Path(__file__).with_name("words.yaml")
FORMAT = "countermark-words/1"
#: Languages in which a seller can be answered; the first is the one that the regimes are written in.
LANGUAGES = ("en", "fr", "zh-hans")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    words: dict[str, dict[str, str]]


@cache
def shipped_words() -> Mapping[str, Mapping[str, str]]:
    """English sentence to language to translation.

    Raises:
        InvalidRecord: the file is not of this format, or a sentence lacks a language.
    """
    return read_words(FILE.read_bytes())


def read_words(data: bytes) -> Mapping[str, Mapping[str, str]]:
    """Read a file of translations. Raises InvalidRecord, which names the sentence."""
    try:
        found = convert(yaml.safe_load(data), _File)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise InvalidRecord("words", f"{error}.", f"Write it as {FORMAT}.") from error
    if found.format != FORMAT:
        raise InvalidRecord("format", f"{found.format[:60]!r} is unknown.", f"Write {FORMAT}.")
    for sentence, into in found.words.items():
        lacking = [one for one in LANGUAGES[1:] if not into.get(one, "").strip()]
        if lacking:
            raise InvalidRecord("words", f"{sentence[:60]!r} lacks {', '.join(lacking)}.", "Translate it.")
    return found.words


def said(sentence: str, language: str) -> str:
    """A sentence of the law in a language; the English one where there is no translation."""
    return shipped_words().get(sentence, {}).get(language, sentence)


def is_said(sentence: str, language: str) -> bool:
    """Whether a sentence can be read in a language."""
    return language == LANGUAGES[0] or bool(shipped_words().get(sentence, {}).get(language))


def day_in_words(day: date, language: str) -> str:
    """A day as people write it: `28 November 2026`, `28 novembre 2026`, `2026年11月28日`."""
    if language == "zh-hans":
        return f"{day.year}年{day.month}月{day.day}日"
    months = _MONTHS.get(language, _MONTHS["en"]).split()
    first = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{first} {months[day.month - 1]} {day.year}"
