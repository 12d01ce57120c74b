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
    """What is excused in a batch, filled block by block, titles first: a title says what a description is about.

    Most fields with an excuse have nothing that it could excuse, so what they say is looked at when it is asked for.
    """

    by_title: dict[int, list[Excuse]] = field(default_factory=lambda: defaultdict(list))
    _block: Block | None = None
    _found: dict[int, list[Excuse]] = field(default_factory=dict)
    _entries: dict[int, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    def take(self, block: Block, found: Iterable[tuple[int, list[Excuse]]]) -> None:
        """Take in the excuses found in a block, by the number of their field, in place of those of the block before."""
        self._block, self._found, self._entries = block, defaultdict(list), {}
        for number, excuses in found:
            self._found[number] += excuses
            if block.fields[number] == TITLE:
                self.by_title[block.rows[number]] += excuses

    def is_excused(self, number: int, entry: Entry) -> bool:
        """Whether an entry says nothing in a field (by its number in the block), whatever the listing names."""
        return entry.id in self._entries_of(number)[0]

    def needs_a_house(self, number: int, entry: Entry) -> bool:
        """Whether it says something only where the listing names a house."""
        return entry.id in self._entries_of(number)[1]

    def _entries_of(self, number: int) -> tuple[frozenset[str], frozenset[str]]:
        """The entries that are excused in a field always, and where no house is named."""
        if number not in self._entries:
            excuses = [*self._found.get(number, ()), *self._said_by_title(number)]
            always, without_a_house = (
                frozenset(one.entry for one in excuses if one.is_aside is aside) for aside in (False, True)
            )
            self._entries[number] = always, without_a_house
        return self._entries[number]

    def _said_by_title(self, number: int) -> list[Excuse]:
        """What the title of a listing excuses in its other fields."""
        if self._block is None or self._block.fields[number] == TITLE:
            return []
        return [one for one in self.by_title.get(self._block.rows[number], ()) if one.is_topic]
