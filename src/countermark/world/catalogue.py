"""What the three houses make: `catalogue.yaml`, and how a piece of each model looks in each of its colours."""

from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from types import MappingProxyType

import msgspec
import yaml

from countermark.model.decoding import convert
from countermark.world.drawing.bags import GOLD, STEEL, Look
from countermark.world.drawing.materials import CALF, CANVAS, GRAINED, Colour
from countermark.world.drawing.prints import Palette
from countermark.world.drawing.scarves import ScarfLook
from countermark.world.drawing.sprites import AnyLook, Goods
from countermark.world.drawing.watches import ROSE_GOLD, WatchLook
from countermark.world.phrases import Words

GROUP = "Maison Aurelle"
MARKETPLACE = "Bazaar"
LANGUAGES = ("en", "fr", "zh")
#: Tag that listings carry for each language.
TAGS = {"en": "en", "fr": "fr", "zh": "zh-Hans"}
#: Units of each currency for one euro, fixed: a market that nobody trades in needs no rates of the day.
RATES = MappingProxyType({"EUR": Decimal(1), "USD": Decimal("1.10"), "GBP": Decimal("0.86"), "CNY": Decimal("7.80")})


@dataclass(frozen=True)
class Colourway:
    """One colour that a model comes in: its name, and how a piece in it looks."""

    name: Words
    look: AnyLook


@dataclass(frozen=True)
class Model:
    """One model of a house.

    Attributes:
        house, name: `Corvane`, `Pont`.
        form: how it is drawn.
        noun: what it is.
        category: path on the marketplace.
        band: word by which a price band knows it; one of the category.
        low, high: usual price new, in euros.
        colours: that it is made in.
    """

    house: str
    name: str
    form: str
    noun: Words
    category: str
    band: str
    low: int
    high: int
    colours: tuple[Colourway, ...]

    def goods(self, colour: int) -> Goods:
        """A genuine piece in one of the colours."""
        return Goods(self.form, self.colours[colour % len(self.colours)].look)


class NeverMadeRule(msgspec.Struct, frozen=True):
    """Words, and why they cannot describe genuine goods, as the house puts it."""

    words: tuple[str, ...]
    explanation: str


class House(msgspec.Struct, frozen=True):
    """One house: how it writes itself, what buyers call it, where and since when it is protected.

    Attributes:
        chinese: its registered Chinese name.
        aliases: other spellings and nicknames, as (value, language).
        classes: Nice classes of its word mark.
        studio: ground of its official photos.
        line: one model name that is a mark of its own and an everyday word.
        marks: registration numbers in the invented registers, as (office, number).
        never_made: what it never made.
    """

    name: str
    chinese: str
    aliases: tuple[tuple[str, str], ...]
    classes: tuple[int, ...]
    studio: str
    line: str
    marks: tuple[tuple[str, str], ...]
    never_made: tuple[NeverMadeRule, ...]


class _ModelRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    house: str
    name: str
    form: str
    low: int
    high: int
    band: str
    category: str
    noun: Words
    print: str = ""
    canvas: bool = False
    wool: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    houses: tuple[House, ...]
    models: tuple[_ModelRow, ...]


_BROWN, _BLACK, _WINE, _GREEN, _SAND = (
    ((0.55, 0.3, 0.13), (0.36, 0.18, 0.08), (0.93, 0.85, 0.68)),
    ((0.09, 0.085, 0.09), (0.06, 0.06, 0.065), (0.3, 0.29, 0.3)),
    ((0.36, 0.06, 0.1), (0.25, 0.04, 0.07), (0.6, 0.2, 0.2)),
    ((0.1, 0.22, 0.17), (0.07, 0.15, 0.12), (0.62, 0.6, 0.4)),
    ((0.78, 0.68, 0.54), (0.5, 0.34, 0.2), (0.95, 0.9, 0.8)),
)
_LEATHERS: tuple[tuple[Words, Look], ...] = (
    (("cognac", "cognac", "干邑棕"), Look(*_BROWN, GOLD, "Corvane", GRAINED)),
    (("black", "noir", "黑色"), Look(*_BLACK, STEEL, "Corvane", CALF)),
    (("burgundy", "bordeaux", "酒红"), Look(*_WINE, GOLD, "Corvane", GRAINED)),
    (("forest green", "vert sapin", "墨绿"), Look(*_GREEN, GOLD, "Corvane", GRAINED)),
    (("sand", "sable", "沙色"), Look(*_SAND, GOLD, "Corvane", GRAINED)),
)
_CANVAS: tuple[Words, Look] = (
    ("signature canvas", "toile signature", "经典老花"),
    Look((0.68, 0.58, 0.43), (0.4, 0.22, 0.1), (0.9, 0.82, 0.62), GOLD, "Corvane", CANVAS, patterned=True),
)
_SILKS: tuple[tuple[Words, Palette], ...] = (
    (("red", "rouge", "正红"), ((0.95, 0.9, 0.82), (0.62, 0.12, 0.16), (0.14, 0.24, 0.42), (0.86, 0.62, 0.24))),
    (("navy", "marine", "藏青"), ((0.16, 0.24, 0.36), (0.86, 0.8, 0.68), (0.72, 0.36, 0.3), (0.93, 0.74, 0.4))),
    (("rose", "rose", "粉色"), ((0.93, 0.8, 0.78), (0.5, 0.2, 0.34), (0.3, 0.44, 0.42), (0.96, 0.93, 0.88))),
    (("emerald", "émeraude", "祖母绿"), ((0.12, 0.3, 0.28), (0.9, 0.84, 0.7), (0.78, 0.42, 0.2), (0.96, 0.9, 0.78))),
)
_DIALS: tuple[tuple[Words, Colour, Colour, Colour], ...] = (
    (("ivory dial", "cadran ivoire", "象牙白盘"), (0.93, 0.92, 0.88), (0.3, 0.17, 0.09), STEEL),
    (("black dial", "cadran noir", "黑盘"), (0.08, 0.1, 0.13), (0.1, 0.1, 0.11), STEEL),
    (("blue dial", "cadran bleu", "蓝盘"), (0.07, 0.16, 0.3), (0.08, 0.12, 0.2), STEEL),
    (("rose gold", "or rose", "玫瑰金"), (0.95, 0.9, 0.82), (0.42, 0.1, 0.1), ROSE_GOLD),
)


def _colours(row: _ModelRow) -> tuple[Colourway, ...]:
    if row.house == "Corvane":
        looks = (*_LEATHERS, _CANVAS) if row.canvas else _LEATHERS
        return tuple(Colourway(words, look) for words, look in looks)
    if row.house == "Ondrelle":
        seed = sum(map(ord, row.name))
        return tuple(Colourway(w, ScarfLook(row.print, p, "Ondrelle", row.wool, seed)) for w, p in _SILKS)
    return tuple(Colourway(words, WatchLook(dial, strap, metal, "Halcyr")) for words, dial, strap, metal in _DIALS)


def _model(row: _ModelRow) -> Model:
    return Model(row.house, row.name, row.form, row.noun, row.category, row.band, row.low, row.high, _colours(row))


_READ = convert(yaml.safe_load((files(__package__) / "catalogue.yaml").read_text(encoding="utf-8")), _File)
HOUSES = _READ.houses
MODELS = tuple(map(_model, _READ.models))


def house_of(name: str) -> House:
    """The house of that name."""
    return next(house for house in HOUSES if house.name == name)


def models_of(house: str) -> tuple[Model, ...]:
    """All models of one house, in the order of the catalogue."""
    return tuple(model for model in MODELS if model.house == house)


def in_currency(euros: float, currency: str) -> Decimal:
    """An amount in euros as a shop would write it in a currency: rounded to what looks like a price."""
    amount = Decimal(str(euros)) * RATES[currency]
    step = Decimal(50) if amount >= 2000 else Decimal(10) if amount >= 200 else Decimal(1)
    return max((amount / step).quantize(Decimal(1)) * step, Decimal(1)).quantize(Decimal("0.01"))
