"""What takes the meaning of a word of the trade away: a phrase beside it, or what the listing is about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from countermark.signals.text.evidence import TITLE
from countermark.signals.text.lexicon import Entry, Lexicon
from countermark.signals.text.views import Block

#: Topics that say in what sense a word near them is meant, and not what the whole listing is about.
OF_A_WORD = frozenset({"goods", "exchange", "unbranded"})


@dataclass(frozen=True, slots=True)
class Excuse:
    """What one phrase does to one entry.

    Attributes:
        entry: id of the entry.
        is_topic: says what the listing is about, so a title speaks for the description as well.
        is_aside: an ordinary word of offers, too: excuses only where no house is named.
    """

    entry: str
    is_topic: bool = False
    is_aside: bool = False


def excuses_of(lexicon: Lexicon, searched_for: Mapping[str, str]) -> dict[str, list[Excuse]]:
    """Every excuse by its phrase, as `searched_for` says it is searched in a spaced view."""
    owners: dict[str, dict[Excuse, None]] = defaultdict(dict)
    for entry in lexicon.entries:
        phrases = [(phrase, Excuse(entry.id)) for phrase in entry.unless]
        for topic in entry.unless_about:
            is_topic, asides = topic not in OF_A_WORD, lexicon.asides.get(topic, ())
            phrases += [(phrase, Excuse(entry.id, is_topic)) for phrase in lexicon.topics[topic]]
            phrases += [(phrase, Excuse(entry.id, is_topic, is_aside=True)) for phrase in asides]
        for phrase, excuse in phrases:
            owners[searched_for[phrase]][excuse] = None
    return {phrase: list(excuses) for phrase, excuses in owners.items()}


@dataclass(slots=True)
class Excused:
    """What is excused in a batch, filled field by field, titles first: a title says what a description is about."""

    by_title: dict[int, set[Excuse]] = field(default_factory=lambda: defaultdict(set))
    _always: set[tuple[int, str]] = field(default_factory=set)
    _without_a_house: set[tuple[int, str]] = field(default_factory=set)

    def take(self, block: Block, found: Iterable[tuple[int, Excuse]]) -> None:
        """Take in the excuses found in a block, by the number of their field, in place of those of the block before."""
        self._always, self._without_a_house = set(), set()
        for number, excuse in found:
            self._put(number, excuse)
            if excuse.is_topic and block.fields[number] == TITLE:
                self.by_title[block.rows[number]].add(excuse)
        for number, row in enumerate(block.rows) if self.by_title else ():
            for excuse in self.by_title.get(row, ()) if block.fields[number] != TITLE else ():
                self._put(number, excuse)

    def is_excused(self, number: int, entry: Entry) -> bool:
        """Whether an entry says nothing in a field (by its number in the block), whatever the listing names."""
        return (number, entry.id) in self._always

    def needs_a_house(self, number: int, entry: Entry) -> bool:
        """Whether it says something only where the listing names a house."""
        return (number, entry.id) in self._without_a_house

    def _put(self, number: int, excuse: Excuse) -> None:
        (self._without_a_house if excuse.is_aside else self._always).add((number, excuse.entry))
