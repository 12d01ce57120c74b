"""Headers as they came over the wire: no value twice, none too large, no character that ends a line."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from countermark.node.exchange.wire.refusals import RequestRefused

#: Pairs in the order of the wire (so that a repeated one is seen), or a mapping where they are known to be unique.
Headers: TypeAlias = Iterable[tuple[str, str]] | Mapping[str, str]

MOST_HEADERS = 100
#: Characters of one name, of one value, and of all together.
LONGEST_NAME, LONGEST_VALUE, LONGEST_ALL = 100, 8 * 1024, 32 * 1024
#: Proxies on the way add a line of their own to these; nothing here is read from them.
_ADDED_TO_BY_PROXIES = frozenset({"forwarded", "via", "x-forwarded-for"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# A line break in a value is how a second header is smuggled in behind it; also its folded form (RFC 9112, 5.2).
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def read_headers(headers: Headers) -> dict[str, str]:
    """Values by name in small letters, without space around them.

    Raises:
        RequestRefused: too-large, malformed or repeated-header.
    """
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found: dict[str, str] = {}
    left = LONGEST_ALL
    for count, (name, value) in enumerate(pairs, start=1):
        left -= len(name) + len(value)
        if count > MOST_HEADERS or len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE or left < 0:
            raise RequestRefused("too-large")
        if not _TOKEN.fullmatch(name) or _CONTROL.search(value):
            raise RequestRefused("malformed", "A header holds a character that no header may hold.")
        folded = name.lower()
        if folded in found and folded not in _ADDED_TO_BY_PROXIES:
            raise RequestRefused("repeated-header", f"{folded}.")
        found[folded] = value.strip(" \t")
    return found
