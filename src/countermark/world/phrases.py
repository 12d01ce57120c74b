"""How people write their offers: the lines of `phrases.yaml`, by story and language."""

from importlib.resources import files

import msgspec
import yaml

from countermark.model.decoding import convert

Lines = tuple[str, ...]
#: Lines by story, then by language.
Stories = dict[str, dict[str, Lines]]
#: The same words in English, French and Chinese.
Words = tuple[str, str, str]


class Thing(msgspec.Struct, frozen=True):
    """Something that another maker makes: how it is drawn, its names, its place on the marketplace, usual euros."""

    form: str
    names: Words
    category: str
    low: int
    high: int


class NamedColour(msgspec.Struct, frozen=True):
    """A colour by its names; red, green, blue from 0 to 1."""

    names: Words
    rgb: tuple[float, float, float]


class Lookalikes(msgspec.Struct, frozen=True):
    """Spellings near the name of one house."""

    latin: Lines
    chinese: Lines


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    titles: Stories
    descriptions: Stories
    things: tuple[Thing, ...]
    colours: tuple[NamedColour, ...]
    lookalikes: dict[str, Lookalikes]


_READ = convert(yaml.safe_load((files(__package__) / "phrases.yaml").read_text(encoding="utf-8")), _File)

TITLES, DESCRIPTIONS = _READ.titles, _READ.descriptions
THINGS, COLOURS, LOOKALIKES = _READ.things, _READ.colours, _READ.lookalikes
