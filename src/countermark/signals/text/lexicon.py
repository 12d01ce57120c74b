"""The lexicon: words that say something whichever the house, read from `lexicon.yaml`."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any

import msgspec
import yaml

from countermark.model import InvalidRecord
from countermark.model.decoding import convert
from countermark.signals.text.evidence import CONTACT, GENUINE, REPLICA

FILE = Path(__file__).with_name("lexicon.yaml")
SIGNAL_OF_SENSE = {"replica": REPLICA, "contact": CONTACT, "genuine": GENUINE}

#: One part alone would be phrases.
LEAST_PARTS = 2


class Examples(msgspec.Struct, frozen=True):
    """Texts in which an entry must be found, and in which it must not."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that words can say.

    Attributes:
        id: stable name.
        sense: `replica`, `contact` or `genuine`.
        language: BCP 47; `und` when it is the same in several.
        weight: how surely one occurrence means it, in [0, 1].
        alone: the same where the listing names no house; equal to `weight` when left out.
        meaning: completes “the listing …”.
        source: where the entry comes from.
        phrases: searched folded, at word boundaries; or
        shape: a regular expression on the original text; or
        together: parts, each a list of such phrases; one of each part must stand in the same field
        within: at most this many characters, from the first letter of the first to the last of the last.
        apart: also found when letters are pulled apart, replaced or hidden.
        unless: phrases in the same field that take the meaning away.
        unless_about: topics of the lexicon whose phrases do the same.
        deniable: a negation before it denies it (`not a replica`); false for what is itself said with one.
        of_parts: says nothing of the goods where it follows the name of a part of them (`strap not original`).
    """

    id: str
    sense: str
    language: str
    weight: float
    meaning: str
    source: str
    examples: Examples
    phrases: tuple[str, ...] = ()
    shape: str = ""
    together: tuple[tuple[str, ...], ...] = ()
    within: int = 60
    apart: bool = False
    unless: tuple[str, ...] = ()
    unless_about: tuple[str, ...] = ()
    of_parts: bool = False
    deniable: bool = True
    alone: float | None = None

    @property
    def weight_alone(self) -> float:
        """The weight in a listing that names no house."""
        return self.weight if self.alone is None else self.alone

    def __post_init__(self) -> None:
        known = self.sense in SIGNAL_OF_SENSE
        if not known or not 0 < self.weight <= 1 or not 0 <= self.weight_alone <= self.weight:
            raise InvalidRecord(f"lexicon {self.id}", "sense or weight is wrong.", "See the head of lexicon.yaml.")
        if [bool(self.phrases), bool(self.shape), bool(self.together)].count(True) != 1:
            raise InvalidRecord(
                f"lexicon {self.id}", "it needs phrases, a shape or parts together.", "Give one of the three."
            )
        if self.together and (len(self.together) < LEAST_PARTS or not all(self.together) or self.within < 1):
            raise InvalidRecord(f"lexicon {self.id}", "parts together are two or more, none empty.", "Add phrases.")


class Negation(msgspec.Struct, frozen=True):
    """How a replica word is denied: see the head of lexicon.yaml."""

    words: tuple[str, ...]
    fillers: tuple[str, ...]
    before: str
    after: str
    promises: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    are: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    after_words: tuple[str, ...] = ()
    others_zh: str = "(?!)"


class Lexicon(msgspec.Struct, frozen=True):
    """All entries, how they are denied, and topics in which words of the trade are honest.

    `asides` are further words of a topic that offers of a house's goods use as well: they count only where no house is
    named.
    """

    negation: Negation
    entries: tuple[Entry, ...]
    topics: dict[str, tuple[str, ...]] = {}
    asides: dict[str, tuple[str, ...]] = {}

    def every_phrase(self) -> Iterator[str]:
        """All that is looked for in words: phrases of entries, of their parts, and what takes a meaning away."""
        yield from chain.from_iterable((*self.topics.values(), *self.asides.values()))
        for entry in self.entries:
            yield from chain(entry.phrases, entry.unless, *entry.together)

    def __post_init__(self) -> None:
        if strange := set(self.asides) - set(self.topics):
            raise InvalidRecord("lexicon", f"no topic {min(strange)} for these asides.", "Add it under topics.")
        for entry in self.entries:
            unknown = set(entry.unless_about) - set(self.topics)
            if unknown:
                raise InvalidRecord(f"lexicon {entry.id}", f"no topic {min(unknown)}.", "Add it under topics.")


def read_lexicon(text: str) -> Lexicon:
    """Read a lexicon from YAML.

    Raises:
        InvalidRecord: when it is no lexicon, an id occurs twice or a shape is no regular expression.
    """
    try:
        loaded: Any = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 safe either way
        lexicon = convert(_written_out(loaded), Lexicon)
        for entry in lexicon.entries:
            re.compile(entry.shape)
    except (yaml.YAMLError, msgspec.ValidationError, re.error) as error:
        raise InvalidRecord("lexicon", f"{error}.", "See the head of lexicon.yaml.") from error
    ids = [entry.id for entry in lexicon.entries]
    if len(set(ids)) != len(ids):
        raise InvalidRecord("lexicon", "an id occurs twice.", "Give each entry its own.")
    return lexicon


def _written_out(loaded: Any) -> Any:
    """The same with the phrases of its topics written out: `fake|faux plant|moss` stands for four."""
    topics = loaded.get("topics") if isinstance(loaded, dict) else None
    if not isinstance(topics, dict):
        return loaded
    written = {
        name: list(chain(*map(_choices, said))) if isinstance(said, list) else said for name, said in topics.items()
    }
    return loaded | {"topics": written}


def _choices(phrase: Any) -> list[Any]:
    if not isinstance(phrase, str) or "|" not in phrase:
        return [phrase]
    return [" ".join(words) for words in product(*(word.split("|") for word in phrase.split()))]


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon that comes with the program."""
    return read_lexicon(FILE.read_text(encoding="utf-8"))
