"""How a name is written by those who do not want a filter to read it."""

from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np

Dice = np.random.Generator
Way = Callable[[str, Dice], str]

_LOOKS_LIKE = {"a": "а", "c": "с", "e": "е", "o": "о", "r": "г", "y": "у", "n": "п", "l": "ӏ", "h": "һ", "d": "ԁ",
               "i": "і", "s": "ѕ", "p": "р", "x": "х", "u": "ս", "t": "т", "m": "м", "k": "к", "b": "Ь", "g": "ɡ",
               "v": "ѵ", "w": "ԝ", "q": "ԛ", "j": "ј", "z": "ᴢ", "f": "ƒ"}  # fmt: skip
_FIGURES = {"a": "4", "e": "3", "o": "0", "l": "1", "i": "1", "s": "5", "t": "7", "g": "9", "b": "8"}
_IDEOGRAPHS = "*～●x·"
#: Ideographs that share most of their strokes with another.
_STROKES = {
    "珂": "坷轲", "梵": "焚楚", "昂": "昴", "黛": "岱黧", "儿": "几兀", "赫": "郝赤", "希": "布郗",
    "尔": "尓你", "妮": "泥", "路": "露", "易": "昜", "大": "太犬", "香": "杳", "奈": "柰", "古": "占",
    "巴": "巳", "马": "焉", "仕": "任", "宝": "玉", "天": "夭", "王": "玊", "士": "土", "未": "末", "己": "已",
    "人": "入", "日": "曰", "目": "且", "力": "刀", "千": "干",
}  # fmt: skip


def _letter(name: str, dice: Dice) -> int:
    """The place of a letter to hide: never the first or the last."""
    return int(dice.integers(1, max(len(name) - 1, 2)))


def _starred(name: str, dice: Dice) -> str:
    at = _letter(name, dice)
    return name[:at] + "*" + name[at + 1 :]


def _figures(name: str, _: Dice) -> str:
    return "".join(_FIGURES.get(c, c) for c in name)


def _cyrillic(name: str, dice: Dice) -> str:
    return name[0] + "".join(_LOOKS_LIKE.get(c, c) if dice.random() < 0.7 else c for c in name[1:])


def _wide(name: str, _: Dice) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)


def _spaced(name: str, _: Dice) -> str:
    return " ".join(name)


def _dotted(name: str, dice: Dice) -> str:
    return str(dice.choice([".", "-", "_", "·"])).join(name)


def _shifted(capital: int, small: int) -> Way:
    def way(name: str, _: Dice) -> str:
        moved = []
        for c in name:
            upper, lower = "A" <= c <= "Z", "a" <= c <= "z"
            moved.append(chr(capital + ord(c) - 65) if upper else chr(small + ord(c) - 97) if lower else c)
        return "".join(moved)

    return way


def _unseen(name: str, dice: Dice) -> str:
    at = _letter(name, dice)
    return name[:at] + "\u200b" + name[at:]


def _flags(name: str, _: Dice) -> str:
    """Letters as the halves of flags, kept apart so that no flag appears."""
    return "\u200b".join(chr(0x1F1E6 + ord(c) - 97) if "a" <= c <= "z" else c for c in name.lower())


def _backwards(name: str, _: Dice) -> str:
    """Stored from the end, shown from the beginning, by the mark that turns the direction of writing."""
    return f"\u202e{name[::-1]}\u202c"


#: Ways to write a Latin name so that people still read it.
LATIN: dict[str, Way] = {
    "starred": _starred,
    "figures": _figures,
    "cyrillic": _cyrillic,
    "wide": _wide,
    "spaced": _spaced,
    "dotted": _dotted,
    "mathematical": _shifted(0x1D400, 0x1D41A),
    "unseen": _unseen,
    "squared": _shifted(0x1F130, 0x1F130),
    "flags": _flags,
    "backwards": _backwards,
}


def _dropped(name: str, dice: Dice) -> str:
    at = _letter(name, dice)
    return name[:at] + name[at + 1 :]


def _doubled(name: str, dice: Dice) -> str:
    at = _letter(name, dice)
    return name[: at + 1] + name[at:]


def _swapped(name: str, dice: Dice) -> str:
    """Two neighbours that differ change places."""
    places = [at for at in range(1, len(name) - 1) if name[at] != name[at + 1]]
    if not places:
        return _doubled(name, dice)
    at = places[int(dice.integers(len(places)))]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _turned(name: str, _: Dice) -> str:
    """Written from the last letter to the first, with nothing that turns it for the reader."""
    return name[::-1]


#: Ways that only the adversarial suite tries; markets that were drawn before stay as they are.
RARE: dict[str, Way] = {"last letter first": _turned}

#: Ways to misspell a Latin name so that it still brings the house to mind.
NEAR: dict[str, Way] = {"dropped": _dropped, "doubled": _doubled, "swapped": _swapped}


def _hidden_sign(name: str, dice: Dice) -> str:
    return name[:-1] + _IDEOGRAPHS[int(dice.integers(len(_IDEOGRAPHS)))]


def _apart(name: str, dice: Dice) -> str:
    return str(dice.choice([".", "/", "丨", " "])).join(name)


def _pinyin(name: str, dice: Dice) -> str:
    syllables = [_sound(sign) for sign in name]
    return ("" if dice.random() < 0.5 else " ").join(syllables)


def _traditional(name: str, _: Dice) -> str:
    return _to_traditional(name)


def _sounds_alike(name: str, dice: Dice) -> str:
    """One sign replaced by a common one that is read the same."""
    places = [at for at, sign in enumerate(name) if _alike(sign)]
    if not places:
        return name
    at = places[int(dice.integers(len(places)))]
    others = _alike(name[at])
    return name[:at] + others[int(dice.integers(len(others)))] + name[at + 1 :]


def _looks_alike(name: str, dice: Dice) -> str:
    """One sign replaced by one of nearly the same strokes."""
    places = [at for at, sign in enumerate(name) if sign in _STROKES]
    if not places:
        return name
    at = places[int(dice.integers(len(places)))]
    others = _STROKES[name[at]]
    return name[:at] + others[int(dice.integers(len(others)))] + name[at + 1 :]


#: Ways to write a Chinese name. Where one cannot be used on a name, it comes back as it is.
CHINESE: dict[str, Way] = {
    "hidden sign": _hidden_sign,
    "apart": _apart,
    "pinyin": _pinyin,
    "traditional": _traditional,
    "sounds alike": _sounds_alike,
    "looks alike": _looks_alike,
}


@lru_cache(maxsize=4096)
def _sound(sign: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary takes a fifth of a second to load

    return str(lazy_pinyin(sign)[0])


@cache
def _to_traditional(name: str) -> str:
    from opencc import OpenCC  # noqa: PLC0415 - loads its dictionaries

    return str(OpenCC("s2t").convert(name))


@cache
def _alike(sign: str) -> str:
    """Other signs of the first level of GB 2312 (3,755 common ones, ordered by sound) that are read the same."""
    return "".join(other for other in _common() if other != sign and _sound(other) == _sound(sign))


@cache
def _common() -> str:
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in rows)


def disguised(name: str, dice: Dice) -> str:
    """A Latin name in one of the disguises; the result always differs from the name."""
    return _one_of(LATIN, name, dice, _starred)


def misspelt(name: str, dice: Dice) -> str:
    """A Latin name with one letter too few, too many, or two that changed places."""
    return _one_of(NEAR, name, dice, _doubled)


def disguised_chinese(name: str, dice: Dice) -> str:
    """A Chinese name with a sign hidden or exchanged, its signs pulled apart, or spelt out."""
    return _one_of(CHINESE, name, dice, _hidden_sign)


def _one_of(ways: dict[str, Way], name: str, dice: Dice, otherwise: Way) -> str:
    written = list(ways.values())[int(dice.integers(len(ways)))](name, dice)
    return written if written != name else otherwise(name, dice)
