"""Names of pictures in a row: one cell with several, a JSON list, or a typed list."""

import re
from typing import TypeGuard

from countermark.formats.limits import Limits
from countermark.formats.problems import Unfit
from countermark.formats.strict_json import NotJson, read_json

_SHA256 = re.compile(r"[0-9a-f]{64}")
#: Google separates additional pictures by commas; elsewhere a comma may be part of a file name.
_COMMA_BEFORE_LINK = re.compile(r",\s*(?=https?://)")


def read_names(first: object, more: object, limits: Limits) -> tuple[list[str], list[Unfit]]:
    """Read the names of a listing's pictures, the main one first.

    Args:
        first: text (`a.jpg|b.jpg`, `a.jpg; b.jpg`, a JSON list), a list of names, or None.
        more: additional pictures, in the same forms.

    Returns:
        The usable names, at most `limits.images`, and what was wrong with the others.
    """
    names: list[str] = []
    unfit: list[Unfit] = []
    for value in (first, more):
        try:
            parts = split_names(value)
        except Unfit as error:
            unfit.append(error)
            continue
        for part in parts:
            if is_name(part, limits):
                names.append(part)
            else:
                unfit.append(Unfit("bad-image-name", part))
    if len(names) > limits.images:
        unfit.append(Unfit("too-many-images", names, limit=str(limits.images)))
    return names[: limits.images], unfit[:3]


def is_name(name: object, limits: Limits) -> TypeGuard[str]:
    """Whether a picture can have this name: short, on one line, printable."""
    return isinstance(name, str) and 0 < len(name) <= limits.uri_characters and name.isprintable()


def split_names(value: object) -> list[object]:
    """The names in one cell or list, in order; raises Unfit(wrong-type)."""
    if value is None:
        return []
    if isinstance(value, str):
        return list(_split_text(value.strip()))
    if isinstance(value, list | tuple):
        return [item["uri"] if isinstance(item, dict) and "uri" in item else item for item in value]
    raise Unfit("wrong-type", value, expected="a list of picture names")


def _split_text(text: str) -> list[str]:
    if text.startswith("["):
        return _split_json(text)
    for separator in ("|", ";"):
        if separator in text:
            return [part.strip() for part in text.split(separator) if part.strip()]
    if "," in text:
        return [part.strip() for part in _COMMA_BEFORE_LINK.split(text)]
    return [text] if text else []


def _split_json(text: str) -> list[str]:
    try:
        names = read_json(text)
    except NotJson as error:
        raise Unfit("wrong-type", text, expected="a JSON list of picture names") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Unfit("wrong-type", text, expected="a JSON list of picture names")
    return [str(name) for name in names]


def read_hashes(value: object) -> list[str | None] | None:
    """Hashes of pictures in lower-case hex, None where unknown; raises Unfit(bad-image-hash)."""
    if value is None or value in ("", []):
        return None
    if not isinstance(value, list | tuple):
        raise Unfit("bad-image-hash", value)
    hashes = [item if isinstance(item, str) else None for item in value]
    if any(item is not None and not _SHA256.fullmatch(item) for item in hashes):
        raise Unfit("bad-image-hash", value)
    return hashes if any(hashes) else None
