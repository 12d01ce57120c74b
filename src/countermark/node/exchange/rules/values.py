"""Values of fields: flat, bounded, and the same for every reader."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from countermark.node.exchange.rules.fields import Shape
from countermark.proof.entries import read_moment, write_moment
from countermark.proof.ijson import LARGEST
from countermark.proof.refusals import Refused

Value: TypeAlias = str | int | bool | tuple[str, ...]

MOST_LINE, MOST_TEXT = 2_000, 20_000
MOST_TEXTS, MOST_OF_TEXTS = 200, 2_000

#: Shape -> what it holds, in words for a mend.
HOLDS: dict[Shape, str] = {
    Shape.CODE: f"one line of at most {MOST_LINE:,} characters",
    Shape.TEXT: f"a text of at most {MOST_TEXT:,} characters",
    Shape.TEXTS: f"at most {MOST_TEXTS} texts of at most {MOST_OF_TEXTS:,} characters each",
    Shape.COUNT: "a whole number that is not negative",
    Shape.AMOUNT: "a decimal number written as text, such as 129.00",
    Shape.FLAG: "yes or no",
    Shape.DATE: "a date such as 2026-03-01",
    Shape.MOMENT: "a time in UTC such as 2026-03-01T09:30:00.000Z",
}
_AMOUNT = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class UnfitValue(ValueError):
    """A value that a shape does not hold. Says nothing of the value, which may be personal."""


def fit(shape: Shape, value: object) -> Value | None:
    """A value in its one spelling; None when there is nothing in it.

    Args:
        shape: of the field.
        value: text, whole number, yes or no, or a list of texts; a date, an aware time and a `Decimal` are written
            as text.

    Raises:
        UnfitValue: anything else; also lone surrogates, hidden control characters in one line, and numbers beyond
            2^53 - 1, which readers do not keep exact.
    """
    if value is None or (isinstance(value, str | list | tuple) and not value):
        return None
    return _FITTING[shape](value)


def _plain_text(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise UnfitValue
    # A member of an enumeration is a text too; only the text travels.
    text = str.__str__(value)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UnfitValue
    return text


def _code(value: object) -> str:
    text = _plain_text(value, MOST_LINE)
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise UnfitValue
    return text


def _text(value: object) -> str:
    return _plain_text(value, MOST_TEXT)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > MOST_TEXTS:
        raise UnfitValue
    return tuple(_plain_text(one, MOST_OF_TEXTS) for one in value)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise UnfitValue
    return int(value)


def _amount(value: object) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) and value.is_finite() and _writable(value) else value
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise UnfitValue
    return text


def _writable(value: Decimal) -> bool:
    """An exponent of a billion is short as a number and a gigabyte as text."""
    return abs(value.adjusted()) <= 40 and len(value.as_tuple().digits) <= 40


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnfitValue
    return value


def _date(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise UnfitValue
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UnfitValue from error


def _moment(value: object) -> str:
    try:
        text = write_moment(value) if isinstance(value, datetime) else _plain_text(value, MOST_LINE)
        # Also what we wrote ourselves: a year before 1000 has fewer digits than readers accept.
        read_moment(text)
    except (Refused, ValueError, OverflowError) as error:
        raise UnfitValue from error
    return text


_FITTING: dict[Shape, Callable[[object], Value]] = {
    Shape.CODE: _code,
    Shape.TEXT: _text,
    Shape.TEXTS: _texts,
    Shape.COUNT: _count,
    Shape.AMOUNT: _amount,
    Shape.FLAG: _flag,
    Shape.DATE: _date,
    Shape.MOMENT: _moment,
}
