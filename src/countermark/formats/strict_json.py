"""JSON as RFC 8259 writes it, from hands we do not trust: no NaN, no key twice, no tower of brackets."""

import json
import re
from collections.abc import Callable
from typing import TypeAlias

JsonValue: TypeAlias = "str | bool | list[JsonValue] | dict[str, JsonValue] | None"

#: Nesting beyond this is an attack or a mistake.
DEPTH = 64

# Possessive, and content with a string that never closes: linear whatever the text.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{\]}]', re.DOTALL)


class NotJson(ValueError):
    """Text that is not acceptable JSON; `code` is a key of `problems.KINDS`, `words` fill its message."""

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


class NumberText(str):
    """A JSON number as it was written, so that an amount stays exact and a million digits cost nothing."""

    __slots__ = ()


def read_json(text: str | bytes, *, depth: int = DEPTH, unique_keys: bool = True) -> JsonValue:
    """Read one JSON document; every number comes back as `NumberText`.

    Args:
        text: characters, or bytes in UTF-8 without a byte order mark.
        depth: how many brackets may be open at once.
        unique_keys: refuse an object that holds a key twice (the grammar allows it, but nobody knows which is meant).

    Raises:
        NotJson: not-utf8, not-json, duplicate-key or too-deep.
    """
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson("not-utf8") from error
    if decoded.count("[") + decoded.count("{") > depth:
        _check_depth(decoded, depth)
    try:
        return _decode(decoded) if unique_keys else _decode_any(decoded)
    except NotJson:
        raise
    except RecursionError as error:
        raise NotJson("too-deep", limit=str(depth)) from error
    except ValueError as error:
        raise NotJson("not-json", reason=_reason(error)) from error


def _check_depth(text: str, depth: int) -> None:
    level = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if level > depth:
            raise NotJson("too-deep", limit=str(depth))


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}"
    return str(error)


def _refuse_constant(name: str) -> JsonValue:
    raise NotJson("not-json", reason=f"{name} is not a number of JSON")


def _pairs(pairs: list[tuple[str, JsonValue]]) -> JsonValue:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotJson("duplicate-key", key=repr(twice[:60]))
    return found


def _decoder(pairs_hook: Callable[[list[tuple[str, JsonValue]]], JsonValue] | None) -> Callable[[str], JsonValue]:
    return json.JSONDecoder(
        object_pairs_hook=pairs_hook, parse_float=NumberText, parse_int=NumberText, parse_constant=_refuse_constant
    ).decode


_decode = _decoder(_pairs)
_decode_any = _decoder(None)
