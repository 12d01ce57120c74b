"""Marks that appear only after tricks are undone."""

from collections.abc import Iterator

import numpy as np

from countermark.signals.text.apart import BareFinder
from countermark.signals.text.codes import Places
from countermark.signals.text.directions import OVERRIDE, as_drawn, as_written
from countermark.signals.text.evidence import DESCRIPTION, DISGUISED, MARK, Sighting
from countermark.signals.text.folding import is_styled, latin, plain
from countermark.signals.text.marks import MarkFinder, Match, facts_of
from countermark.signals.text.names import PART, Name
from countermark.signals.text.patterns import PatternSearch
from countermark.signals.text.tricks import (
    APART,
    APART_VALUE,
    LOOKALIKE,
    REVERSED,
    SEPARATED,
    SIGNS,
    Spelling,
    explain,
    judge_gaps,
    script_of,
    strength_of,
)
from countermark.signals.text.views import Block, View, spaced

#: With figures or signs for letters, this many letters must still be letters, and at least half.
LEAST_LETTERS = 3


class DisguiseFinder:
    """Finds names behind look-alikes, styled and hidden letters, figures for letters, and letters pulled apart."""

    def __init__(self, names: tuple[Name, ...], marks: MarkFinder, bare: PatternSearch) -> None:
        self._names = names
        self._marks = marks
        self._apart = BareFinder([name.letters for name in names], bare)

    def find(self, block: Block, bare: View, taken: Places) -> Iterator[Sighting]:
        """Sightings in a block and its bare view that do not begin where a plain name was found (`taken`)."""
        for one in self._apart.find(block, bare, taken):
            match = Match(self._names[one.number], one.field, one.start, one.end)
            yield from _sighting(block, match, one.found, one.spelling)

    def find_restored(self, block: Block, view: View) -> Iterator[Sighting]:
        """Sightings in a block of foreign fields through the view that reads them as `LATIN` does."""
        matches, _ = self._marks.find(block, view)
        for match in matches:
            offset = block.offsets[match.field]
            found = block.texts[match.field][match.start - offset : match.end - offset]
            spelling = explain(found, match.name.letters)
            if spelling is not None and spelling.tricks:
                yield from _sighting(block, match, found, spelling)

    def find_drawn(self, block: Block) -> Iterator[Sighting]:
        """Sightings in stretches of foreign fields that direction characters draw from right to left."""
        fields = [field for field, text in enumerate(block.texts) if OVERRIDE in text]
        if not fields:
            return
        drawn = Block([as_drawn(block.texts[f]) for f in fields], fields, [block.fields[f] for f in fields])
        matches, _ = self._marks.find(drawn, spaced(drawn.codes, latin()))
        for match in matches:
            field, offset = drawn.rows[match.field], drawn.offsets[match.field]
            place = as_written(block.texts[field], match.start - offset, match.end - offset)
            if place is not None:
                start, end = (block.offsets[field] + one for one in place)
                found = block.joined[start:end]
                one = Match(match.name, field, start, end)
                yield from _sighting(block, one, found, Spelling((REVERSED,), len(match.name.letters)))


def foreign_fields(block: Block) -> list[int]:
    """Fields where `LATIN` reads something else than `PLAIN`, in order."""
    if block.codes.dtype == np.uint8:
        return []
    beyond_ascii = np.flatnonzero(block.codes > 0x7F)
    codes = block.codes[beyond_ascii]
    changed = beyond_ascii[latin().single[codes] != plain().single[codes]]
    fields: list[int] = np.unique(block.field_at(changed)).tolist()
    return fields


def mostly_latin(found: str) -> bool:
    """Whether at least half of the letters are Latin, plain or styled: words of other scripts have no look-alikes."""
    latins = sum(c.isascii() or is_styled(c) for c in found)
    return 2 * latins >= len(found)


def _sighting(block: Block, match: Match, found: str, spelling: Spelling) -> Iterator[Sighting]:
    if not spelling.tricks and not spelling.gaps:
        return  # as plain as can be: found as such, or part of a longer name
    name, field = match.name, block.fields[match.field]
    gaps = judge_gaps(spelling, name.words)
    if (
        gaps is None
        or not _is_believable(block, match, found, spelling)
        or (name.what == PART and field == DESCRIPTION)
    ):
        return
    tricks = tuple(sorted({*spelling.tricks, *([SEPARATED] if gaps == SEPARATED else [])}))
    value = strength_of(tricks) if tricks else APART_VALUE if gaps == APART else 1.0
    alone, backed = name.worth
    yield Sighting(
        row=block.rows[match.field],
        signal=DISGUISED if tricks else MARK,
        span=block.span(match.field, match.start, match.end),
        word=name.letters,
        alone=value * alone,
        backed=value * backed,
        brand=name.brand,
        right_id=name.right_id,
        facts=facts_of(name, found, field) | ({"tricks": ", ".join(tricks)} if tricks else {}),
    )


def _is_believable(block: Block, match: Match, found: str, spelling: Spelling) -> bool:
    """Enough real letters under figures and signs; and a word of another script is no disguise among its own."""
    letters = match.name.letters
    if SIGNS in spelling.tricks and letters.isascii():
        return spelling.letters >= max(LEAST_LETTERS, len(letters) / 2)
    if LOOKALIKE in spelling.tricks and spelling.letters == 0:
        offset = block.offsets[match.field]
        text = block.texts[match.field]
        around = text[: match.start - offset] + text[match.end - offset :]
        scripts = {script_of(c) for c in found if c.isalpha()}
        return not any(c.isalpha() and script_of(c) in scripts for c in around)
    return True
