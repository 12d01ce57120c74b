"""I-JSON (RFC 7493), stricter still: what is signed must mean the same to every reader."""

from typing import TypeAlias

from countermark.formats.strict_json import JsonValue, NotJson, NumberText, read_json
from countermark.proof.refusals import Refused

Plain: TypeAlias = "str | bool | int | list[Plain] | dict[str, Plain] | None"

#: Brackets that may be open at once.
DEPTH = 32
#: Whole numbers that every JSON reader keeps exact (RFC 7493, 2.2).
LARGEST = 2**53 - 1
#: Digits of such a number, and a sign.
_MOST_DIGITS = 17


def read_ijson(data: bytes) -> Plain:
    """Read one document: UTF-8 without byte order mark, no key twice, no fraction, no lone surrogate.

    Amounts travel as strings: a fraction is refused, because two readers may round it in two ways.

    Raises:
        Refused: not-json, with what was seen.
    """
    try:
        return _plain(read_json(data, depth=DEPTH))
    except NotJson as error:
        raise Refused("not-json", f"Seen: {error.code} {' '.join(error.words.values())}".strip()) from error


def read_object(data: bytes) -> dict[str, Plain]:
    """Read one document that must be an object.

    Raises:
        Refused: not-json.
    """
    found = read_ijson(data)
    if not isinstance(found, dict):
        raise Refused("not-json", "Expected an object.")
    return found


def _plain(value: JsonValue) -> Plain:
    if isinstance(value, NumberText):
        return _whole(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {_text(key): _plain(one) for key, one in value.items()}
    return value


def _whole(written: str) -> int:
    # "-0" is a second spelling of zero.
    if len(written) > _MOST_DIGITS or not written.lstrip("-").isdigit() or written == "-0":
        raise Refused("not-json", f"{written[:40]!r} is not a whole number that every reader keeps exact.")
    number = int(written)
    if abs(number) > LARGEST:
        raise Refused("not-json", f"{written} is beyond 2^53 - 1.")
    return number


def _text(written: str) -> str:
    if written.isascii():
        return written
    if any("\ud800" <= character <= "\udfff" for character in written):
        raise Refused("not-json", "Text holds half of a character (a lone surrogate).")
    return written
