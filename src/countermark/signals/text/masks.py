"""Marks with letters masked: `C*rvane`, `Corv~`, `珂*`.

A star is also a multiplication sign and a footnote, a wave is also a smile. So: letters that show must be the mark's,
in place, and at least half of them must show. Alone it counts from three Latin letters or two ideographs on, when one
house only fits and no everyday word does. Fewer letters count little alone (`WEAK`), and fully with a second clue:
another name of the house, or replica or contact words in the same listing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from countermark.signals.text.codes import CODE_POINTS, CodeTable, Folded
from countermark.signals.text.evidence import DISGUISED, NAME_PART, Sighting
from countermark.signals.text.folding import latin
from countermark.signals.text.marks import facts_of
from countermark.signals.text.masked_letters import ANYWHERE, BETWEEN, MaskedIdeographs, MaskedLatin, Reading
from countermark.signals.text.names import GENERIC, PART, Name
from countermark.signals.text.piece_finder import facts_of_piece, worth
from countermark.signals.text.pieces import MASKED as MASKED_PIECE
from countermark.signals.text.pieces import MOST_HOUSES
from countermark.signals.text.surroundings import around, is_foreign
from countermark.signals.text.tricks import MASKED
from countermark.signals.text.views import IDEOGRAPH, LETTER, Block, classes

#: One ideograph or two Latin letters and a mask, alone.
WEAK = 0.3
#: As many masks as hidden letters, one mask for several, and what a second clue makes of a weak one.
EXACT, LOOSE, BACKED = 0.9, 0.75, 0.7
SURE_LATIN, SURE_IDEOGRAPHS = 3, 2
#: Names of so few ideographs may be weak with one of them showing.
SHORT_NAME = 3


_BETWEEN = [ord(mask) for mask in BETWEEN]


@cache
def _mask_table() -> CodeTable:
    """Which code points mask a letter, full-width forms included."""
    table = np.zeros(CODE_POINTS, dtype=np.uint8)
    for code in (*range(0x80), *range(0x2000, 0x3100), *range(0xFE00, 0x10000)):
        folded = latin()(chr(code))
        table[code] = folded != "" and folded in ANYWHERE + BETWEEN
    table[ord("×")] = True
    table[0x1F300:0x1FB00] = True
    return CodeTable(table)


class MaskFinder:
    """Finds names with masked letters; looks closer only at fields that have a mask beside a letter."""

    def __init__(self, names: tuple[Name, ...], classes: Mapping[str, frozenset[int]]) -> None:
        self._names = [name for name in names if name.what != PART]
        self._classes = classes
        letters = [name.letters for name in self._names]
        self._readers = (MaskedLatin(letters), MaskedIdeographs(letters))

    def find(self, block: Block) -> Iterator[Sighting]:
        """Sightings in a block."""
        for field in masked_fields(block):
            folded = latin().text(block.texts[field])
            by_place: dict[tuple[int, int], list[Reading]] = defaultdict(list)
            for reader in self._readers:
                for reading in reader.read(folded.text):
                    by_place[reading.start, reading.end].append(reading)
            for readings in by_place.values():
                yield from self._sightings(block, field, folded, readings)
                yield from self._hints(block, field, folded, readings)

    def _sightings(self, block: Block, field: int, folded: Folded, readings: list[Reading]) -> Iterator[Sighting]:
        best = [reading for reading in readings if reading.exact] or readings
        one_house = len({self._names[reading.number].brand for reading in best}) == 1
        for reading in best:
            name = self._names[reading.number]
            start, end = folded.span(reading.start, reading.end)
            offset = block.offsets[field]
            span = block.span(field, start + offset, end + offset)
            alone, backed = _values(reading, name, one_house=one_house)
            shown = f"{reading.visible} of {reading.visible + reading.hidden}"
            found = block.texts[field][span.start : span.end]
            yield Sighting(
                row=block.rows[field],
                signal=DISGUISED,
                span=span,
                word=f"{name.letters} masked",
                alone=alone,
                backed=backed,
                brand=name.brand,
                right_id=name.right_id,
                facts=facts_of(name, found, block.fields[field]) | {"tricks": MASKED, "visible": shown},
                wants_intent=_is_plausible(reading, name) and one_house,
            )

    def _hints(self, block: Block, field: int, folded: Folded, readings: list[Reading]) -> Iterator[Sighting]:
        """One letter or two and a mask, beside words for goods: a piece of each of the few names that it may hide."""
        texts = block.texts[field]
        start, end = folded.span(readings[0].start, readings[0].end)
        few = {self._names[one.number].brand: one for one in readings if _may_hint(one, self._names[one.number])}
        if not few or len({self._names[one.number].brand for one in readings}) > MOST_HOUSES:
            return
        for brand, reading in few.items():
            name = self._names[reading.number]
            seen = around(texts, start, end, self._classes.get(brand, frozenset()), beside=True)
            if seen is None or (name.is_latin and not is_foreign(texts, start, end)):
                continue
            value = worth(len(few), everyday=True)
            offset = block.offsets[field]
            yield Sighting(
                row=block.rows[field],
                signal=NAME_PART,
                span=block.span(field, start + offset, end + offset),
                word=f"{name.letters} masked",
                alone=value,
                backed=value,
                brand=brand,
                right_id=name.right_id,
                facts=facts_of(name, texts[start:end], block.fields[field])
                | facts_of_piece(MASKED_PIECE, len(few), seen, everyday=True),
            )


def _may_hint(reading: Reading, name: Name) -> bool:
    """Whether what shows of a name is its beginning, cut off from all else: two Latin letters or one ideograph."""
    return reading.cut_off and name.worth != GENERIC and reading.visible >= (2 if name.is_latin else 1)


def masked_fields(block: Block) -> list[int]:
    """Fields with a mask beside a letter or ideograph, in order."""
    masks = np.flatnonzero(_mask_table().of(block.codes).view(bool))
    sides = block.codes[masks - 1], block.codes[masks + 1]
    letters = [(kind == LETTER) | (kind == IDEOGRAPH) for kind in map(classes().of, sides)]
    telling = letters[0] | letters[1]
    if block.codes.dtype == np.uint8:
        # No character is hidden here, so what masks only between two letters has a letter or a mask on both sides.
        before, after = (
            letter | _mask_table().of(side).view(bool) for letter, side in zip(letters, sides, strict=True)
        )
        telling &= (before & after) | ~np.isin(block.codes[masks], _BETWEEN)
    fields: list[int] = np.unique(block.field_at(masks[telling])).tolist()
    return fields


def _is_plausible(reading: Reading, name: Name) -> bool:
    """Whether words of intent in the same listing are enough of a second clue."""
    return name.is_distinctive and not reading.ordinary and (reading.visible > 1 or not name.is_latin)


def _values(reading: Reading, name: Name, *, one_house: bool) -> tuple[float, float]:
    """(alone, with a second clue) of a reading."""
    half = reading.visible >= reading.hidden
    value = EXACT if reading.exact else LOOSE
    sure = reading.visible >= (SURE_LATIN if name.is_latin else SURE_IDEOGRAPHS)
    if not name.is_distinctive or not one_house or reading.ordinary:
        return 0.0, value if half else BACKED
    if half and sure:
        return value, value
    few_ideographs = not name.is_latin and len(name.letters) <= SHORT_NAME
    weak = reading.cut_off and (few_ideographs or (half and reading.visible >= 2))
    return (WEAK if weak else 0.0), BACKED
