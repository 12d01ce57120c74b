"""Finding the words of the lexicon, and whether they are denied."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.apart import BareFinder
from countermark.signals.text.codes import Places
from countermark.signals.text.denials import Said
from countermark.signals.text.evidence import FIELD_NAMES, GENUINE, REPLICA, Sighting
from countermark.signals.text.excuses import Excused
from countermark.signals.text.lexicon import SIGNAL_OF_SENSE, Entry
from countermark.signals.text.patterns import PatternFinder, PatternSearch
from countermark.signals.text.phrases import Phrases
from countermark.signals.text.together import Gathering
from countermark.signals.text.tricks import SEPARATED, judge_gaps
from countermark.signals.text.views import FIGURE, Block, View, classes

#: Between two words of one phrase, these make it two.
PHRASE_END = re.compile(r"[,;!?()|，；！？（）。]")
#: What a denied replica word weighs as honest context: counterfeiters deny, too.
DENIED_WEIGHT = 0.4


class SenseFinder:
    """Finds entries of a lexicon in a block."""

    def __init__(self, phrases: Phrases, search: PatternSearch, bare: PatternSearch) -> None:
        self._phrases = phrases
        self._finder = PatternFinder(phrases.patterns, search)
        self._bare = BareFinder(phrases.bare, bare)

    def find(self, block: Block, view: View, bare: View, excused: Excused) -> Iterator[Sighting]:
        """Sightings in a block through its spaced and its bare view: as phrases, pulled apart, and by shape.

        `excused` goes from block to block of a batch, titles first.
        """
        numbers, first, last = self._finder.find(view, longest=False)
        fields = block.field_at(first)
        whole = ~self._cut_from_a_number(block, numbers, last)
        excusing = self._phrases.excusing[numbers] & whole
        excuses = (self._phrases.excuses[number] for number in numbers[excusing].tolist())
        excused.take(block, zip(fields[excusing].tolist(), excuses, strict=True))
        kept = self._worth_a_look(numbers, fields) & whole
        hits = list(zip(*(column[kept].tolist() for column in (numbers, first, last, fields)), strict=True))
        for number, start, end, field in self._longest(hits):
            for entry in self._phrases.said[number]:
                if not PHRASE_END.search(block.joined[start : end + 1]):
                    yield from self._sighting(block, field, start, end + 1, entry, excused)
        yield from self._standing_together(block, hits, excused)
        yield from self._pulled_apart(block, bare, first, excused)
        yield from self._by_shape(block, excused)

    def _worth_a_look(self, numbers: Places, fields: Places) -> NDArray[np.bool_]:
        """Which hits Python must see: what says something, and parts where a first part stands in the same field."""
        opened = np.unique(fields[self._phrases.opens[numbers]])
        worth: NDArray[np.bool_] = self._phrases.speaks[numbers] | np.isin(fields, opened)
        return worth

    def _cut_from_a_number(self, block: Block, numbers: Places, last: Places) -> NDArray[np.bool_]:
        """Which hits are a piece of an article number: the `7A` of `T7A3N` is no grade."""
        cut: NDArray[np.bool_] = self._phrases.may_be_cut[numbers]
        cut[cut] = classes().of(block.codes[last[cut] + 1]) == FIGURE
        return cut

    def _longest(self, hits: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
        """Hits that say something, without those inside a longer one: `copie` in `copie conforme` says nothing more."""
        reached = -1
        for hit in hits:  # in the order of their starts, the longest first
            number, _, end, _ = hit
            if self._phrases.said[number] and end > reached:
                reached = end
                yield hit

    def _standing_together(
        self, block: Block, hits: list[tuple[int, int, int, int]], excused: Excused
    ) -> Iterator[Sighting]:
        gathering = Gathering()
        for number, start, end, field in hits:
            for part in self._phrases.parts[number]:
                gathering.add(part, field, start, end + 1)
        for field, entry, start, end in gathering.complete():
            yield from self._sighting(block, field, start, end, entry, excused)

    def _pulled_apart(self, block: Block, bare: View, taken: Places, excused: Excused) -> Iterator[Sighting]:
        for one in self._bare.find(block, bare, taken):
            words, entry = self._phrases.apart[one.number]
            gaps = judge_gaps(one.spelling, words)
            tricked = one.spelling.tricks or gaps == SEPARATED
            if gaps is not None and tricked:
                yield from self._sighting(block, one.field, one.start, one.end, entry, excused)

    def _by_shape(self, block: Block, excused: Excused) -> Iterator[Sighting]:
        text = block.joined
        for opening, shape, entry in self._phrases.shapes:
            for match in shape.finditer(text) if opening in text else ():
                if not (text[match.start()].isalnum() and text[match.start() - 1].isalnum()):
                    field = block.field_of(match.start())
                    yield from self._sighting(block, field, match.start(), match.end(), entry, excused)

    def _sighting(
        self, block: Block, field: int, start: int, end: int, entry: Entry, excused: Excused
    ) -> Iterator[Sighting]:
        if excused.is_excused(field, entry):
            return
        span = block.span(field, start, end)
        text = block.texts[field]
        signal, meaning = SIGNAL_OF_SENSE[entry.sense], entry.meaning
        alone, backed = entry.weight_alone, entry.weight
        if excused.needs_a_house(field, entry):
            alone = 0.0
        said = Said(text[: span.start] if signal == REPLICA else "")
        if signal == REPLICA and self._phrases.denials.is_about_others(said):
            return
        if entry.of_parts and self._phrases.denials.is_about_a_part(said, text[span.end :]):
            return
        if signal == REPLICA and entry.deniable and self._phrases.denials.deny(said, text[span.end :]):
            signal, meaning = GENUINE, "says that the goods are no copy"
            alone = backed = DENIED_WEIGHT
        yield Sighting(
            row=block.rows[field],
            signal=signal,
            span=span,
            word=entry.id,
            alone=alone,
            backed=backed,
            facts={
                "found": text[span.start : span.end],
                "meaning": meaning,
                "field": FIELD_NAMES[block.fields[field]],
                "entries": entry.id,
            },
        )
