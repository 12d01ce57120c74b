"""Marks and aliases written plainly."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from countermark.signals.text.codes import Places
from countermark.signals.text.evidence import BRAND_TEXT, DESCRIPTION, FIELD_NAMES, MARK, Sighting
from countermark.signals.text.names import PART, Name
from countermark.signals.text.patterns import PatternFinder, PatternSearch
from countermark.signals.text.views import Block, View

#: What a name is to its house, as the sentence says it.
WHAT = {"mark": "a mark", "alias": "another name", "name": "the name", "part": "part of a mark"}


class Match(NamedTuple):
    """A name found in a block: from `start` to `end` (excluded), in code points of the block."""

    name: Name
    field: int
    start: int
    end: int


class MarkFinder:
    """Finds the names of all houses in spaced views."""

    def __init__(self, names: tuple[Name, ...], search: PatternSearch) -> None:
        owners: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            for spelling in name.patterns:
                owners[spelling].append(name)
        self._owners = list(owners.values())
        self._finder = PatternFinder(list(owners), search)

    def find(self, block: Block, view: View) -> tuple[list[Match], Places]:
        """Matches in a block through a spaced view of it, and the places where matches begin."""
        numbers, first, last = self._finder.find(view, longest=True)
        rows = zip(numbers.tolist(), first.tolist(), last.tolist(), block.field_at(first).tolist(), strict=True)
        matches = [
            Match(name, field, start, end + 1) for number, start, end, field in rows for name in self._owners[number]
        ]
        return matches, first


def sightings_of(block: Block, matches: list[Match]) -> Iterator[Sighting]:
    """Plain matches as sightings: each worth what its name is worth; a brand field names a brand."""
    for name, place, start, end in matches:
        field = block.fields[place]
        if name.what == PART and field == DESCRIPTION:
            continue
        span = block.span(place, start, end)
        text = block.texts[place]
        fills = field == BRAND_TEXT and not any(c.isalnum() for c in text[: span.start] + text[span.end :])
        yield Sighting(
            row=block.rows[place],
            signal=MARK,
            span=span,
            word=name.letters,
            alone=name.worth[1] if fills else name.worth[0],
            backed=name.worth[1],
            brand=name.brand,
            right_id=name.right_id,
            facts=facts_of(name, text[span.start : span.end], field),
            whole_field=fills,
        )


def facts_of(name: Name, found: str, field: str) -> dict[str, str]:
    """Facts that every signal about a house carries: what was found where, and which name it stands for."""
    return {
        "found": found,
        "field": FIELD_NAMES[field],
        "mark": name.written,
        "what": WHAT[name.what],
        "brand": name.brand,
    }
