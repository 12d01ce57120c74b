"""Entries of several parts: what no single phrase says, but one of each part near the others does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from countermark.signals.text.lexicon import Entry

#: Places of one part in one field that are looked at; a hostile text repeats a word a thousand times.
MOST_PLACES = 16


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an entry: the entry and the number of the part in it."""

    entry: Entry
    number: int


@dataclass(slots=True)
class Gathering:
    """The places at which parts were found, gathered over a block, until it is asked which of them stand together."""

    places: dict[tuple[int, str], dict[int, list[tuple[int, int]]]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, part: Part, place: int, start: int, end: int) -> None:
        """Take in that a part stands from `start` to `end` (excluded) in the field number `place`."""
        entry = part.entry
        self.entries[entry.id] = entry
        found = self.places.setdefault((place, entry.id), {}).setdefault(part.number, [])
        if len(found) < MOST_PLACES:
            found.append((start, end))

    def complete(self) -> Iterator[tuple[int, Entry, int, int]]:
        """Field, entry, start and end of every entry of which all parts stand within its reach, once a field."""
        for (place, name), parts in self.places.items():
            entry = self.entries[name]
            if len(parts) == len(entry.together):
                nearest = _nearest([parts[number] for number in range(len(entry.together))])
                if nearest is not None and nearest[1] - nearest[0] <= entry.within:
                    yield place, entry, *nearest


def parts_of(entries: tuple[Entry, ...], searched_for: Mapping[str, str]) -> dict[str, list[Part]]:
    """Every phrase of every part, as it is searched in a spaced view (`views.patterns_of`)."""
    owners: dict[str, list[Part]] = {}
    for entry in entries:
        for number, phrases in enumerate(entry.together):
            for searched in dict.fromkeys(searched_for[phrase] for phrase in phrases):
                owners.setdefault(searched, []).append(Part(entry, number))
    return owners


def _nearest(parts: list[list[tuple[int, int]]]) -> tuple[int, int] | None:
    """The shortest stretch, among those that begin from a place of the first part, with one place of each part.

    Parts must not overlap: `logo` in `logo engraved` is not a second thing said. None when they all do.
    """
    stretches = [stretch for first in parts[0] if (stretch := _reached(first, parts[1:]))]
    return min(stretches, key=lambda stretch: stretch[1] - stretch[0], default=None)


def _reached(reach: tuple[int, int], parts: list[list[tuple[int, int]]]) -> tuple[int, int] | None:
    for places in parts:
        start, end = reach
        apart = [(min(start, first), max(end, last)) for first, last in places if first >= end or last <= start]
        if not apart:
            return None
        reach = min(apart, key=lambda one: one[1] - one[0])
    return reach
