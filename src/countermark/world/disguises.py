"""How a name is written by those who do not want a filter to read it."""

from collections.abc import Callable

import numpy as np

Dice = np.random.Generator

_LOOKS_LIKE = {"a": "а", "c": "с", "e": "е", "o": "о", "r": "г", "y": "у", "n": "п", "l": "ӏ", "h": "һ", "d": "ԁ"}
_FIGURES = {"a": "4", "e": "3", "o": "0", "l": "1"}
_IDEOGRAPHS = "*～●x·"


def _letter(name: str, dice: Dice) -> int:
    """The place of a letter to hide: never the first or the last."""
    return int(dice.integers(1, len(name) - 1))


def _starred(name: str, dice: Dice) -> str:
    at = _letter(name, dice)
    return name[:at] + "*" + name[at + 1 :]


def _figures(name: str, _: Dice) -> str:
    return "".join(_FIGURES.get(c, c) for c in name)


def _cyrillic(name: str, dice: Dice) -> str:
    return name[0] + "".join(_LOOKS_LIKE.get(c, c) if dice.random() < 0.7 else c for c in name[1:])


def _wide(name: str, _: Dice) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in name)


def _spaced(name: str, _: Dice) -> str:
    return " ".join(name)


def _dotted(name: str, dice: Dice) -> str:
    return str(dice.choice([".", "-", "_", "·"])).join(name)


def _mathematical(name: str, _: Dice) -> str:
    return "".join(chr(0x1D400 + ord(c) - 65) if c.isupper() else chr(0x1D41A + ord(c) - 97) for c in name)


def _unseen(name: str, dice: Dice) -> str:
    at = _letter(name, dice)
    return name[:at] + "\u200b" + name[at:]


LATIN: dict[str, Callable[[str, Dice], str]] = {
    "starred": _starred,
    "figures": _figures,
    "cyrillic": _cyrillic,
    "wide": _wide,
    "spaced": _spaced,
    "dotted": _dotted,
    "mathematical": _mathematical,
    "unseen": _unseen,
}


def disguised(name: str, dice: Dice) -> str:
    """A Latin name in one of the disguises; the result always differs from the name."""
    ways = list(LATIN.values())
    written = ways[int(dice.integers(len(ways)))](name, dice)
    return written if written != name else _starred(name, dice)


def disguised_chinese(name: str, dice: Dice) -> str:
    """A Chinese name with its last sign hidden, or its signs pulled apart."""
    if dice.random() < 0.5:
        return name[:-1] + _IDEOGRAPHS[int(dice.integers(len(_IDEOGRAPHS)))]
    return str(dice.choice([".", "/", "丨", " "])).join(name)
