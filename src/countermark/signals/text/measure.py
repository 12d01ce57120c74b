"""The text family: every text signal of a batch of listings."""

import gc
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import accumulate, compress
from typing import Self

import pyarrow as pa

from countermark.model import Portfolio, Signal
from countermark.signals.text.backwards import BackwardsFinder
from countermark.signals.text.code_page import in_page
from countermark.signals.text.compounds import CompoundFinder
from countermark.signals.text.disguises import DisguiseFinder, foreign_fields, mostly_latin
from countermark.signals.text.evidence import BRAND_TEXT, DESCRIPTION, PICTURE, TITLE, Sighting, settle
from countermark.signals.text.excuses import Excused
from countermark.signals.text.folding import latin, plain
from countermark.signals.text.homophones import HomophoneFinder, Spoken
from countermark.signals.text.lookalike import LookalikeFinder
from countermark.signals.text.marks import MarkFinder, sightings_of
from countermark.signals.text.masks import MaskFinder
from countermark.signals.text.names import classes_of, names_of
from countermark.signals.text.patterns import PatternSearch
from countermark.signals.text.phrases import shipped_phrases
from countermark.signals.text.pictures import PictureWords, as_read
from countermark.signals.text.piece_finder import PieceFinder
from countermark.signals.text.senses import SenseFinder
from countermark.signals.text.shapes import ShapeFinder
from countermark.signals.text.squeezed import SqueezedFinder
from countermark.signals.text.unfamiliar import Familiar, Unfamiliar
from countermark.signals.text.views import Block, bare, spaced
from countermark.signals.text.word_hashes import Words
from countermark.signals.text.words import common_words

#: Characters of a field that are read; no honest title is longer, and no description says it only after that.
MOST_CHARACTERS = 2_000
#: Characters of a block: what numpy costs for each call is spread over many, and the arrays of one stay in the cache.
BLOCK_CHARACTERS = 1 << 19
#: Fewer texts are not worth a block of their own.
LEAST_TEXTS = 256
#: Rows of a block, however short their texts.
BLOCK_ROWS = 8_192


class TextSignals:
    """Measures what the words of listings say about the houses of a portfolio.

    Built once from a portfolio (0.2 s for 1,000 marks), then read only: the same batch gives the same signals in any
    order, process or year. Picklable: it travels as its portfolio and is built again where it arrives.
    """

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        names = names_of(portfolio)
        words, letters, sounds = PatternSearch(), PatternSearch(), PatternSearch()
        classes = classes_of(portfolio)
        self._marks = MarkFinder(names, words)
        self._disguises = DisguiseFinder(names, self._marks, letters)
        self._masks = MaskFinder(names, classes)
        self._squeezed = SqueezedFinder(names)
        self._homophones = HomophoneFinder(names, words, sounds)
        self._shapes = ShapeFinder(names)
        self._lookalikes = LookalikeFinder(names)
        self._compounds = CompoundFinder(names)
        self._backwards = BackwardsFinder(names)
        self._pieces = PieceFinder(names, classes, words, sounds)
        words_of_names = {word for name in names for spelling in name.patterns for word in spelling.split()}
        self._familiar = Familiar(words_of_names | common_words())
        self._senses = SenseFinder(shipped_phrases(), words, letters)

    def __reduce__(self) -> tuple[type[Self], tuple[Portfolio]]:
        return type(self), (self.portfolio,)

    def measure(self, batch: pa.RecordBatch, read: Mapping[int, PictureWords] | None = None) -> list[list[Signal]]:
        """Text signals of every row: at most one a name and house, sorted; an empty list for most rows.

        Reads the columns `title`, `brand_text` and `description` (`formats.arrow.LISTING_SCHEMA`), each up to its
        first 2,000 characters; a missing column or value counts as empty. Offsets of spans are code points of the
        original text. `read` gives by row what was read in its pictures; spans in those words have the field
        `picture`, and what was read less surely counts for less.
        """
        with uncollected():
            return self._measured(batch, read or {})

    def _measured(self, batch: pa.RecordBatch, read: Mapping[int, PictureWords]) -> list[list[Signal]]:
        sightings: dict[int, list[Sighting]] = defaultdict(list)
        excused = Excused()
        for field in (TITLE, BRAND_TEXT, DESCRIPTION):
            for block in _blocks(field, _texts(batch, field)):
                for sighting in self._sightings(block, excused, names=field != DESCRIPTION):
                    sightings[sighting.row].append(sighting)
        for sighting in self._in_pictures(read, excused):
            sightings[sighting.row].append(sighting)
        return [settle(sightings[row]) if row in sightings else [] for row in range(batch.num_rows)]

    def _in_pictures(self, read: Mapping[int, PictureWords], excused: Excused) -> Iterator[Sighting]:
        texts: list[str | None] = [None] * (max(read, default=-1) + 1)
        for row, words in read.items():
            texts[row] = words.text
        for block in _blocks(PICTURE, texts):
            for sighting in self._sightings(block, excused, names=True):
                yield as_read(sighting, read[sighting.row])

    def measure_text(self, title: str, *, description: str = "", brand_text: str = "") -> list[Signal]:
        """Text signals of one listing given as plain strings; for explanations, examples and tests."""
        columns = {TITLE: [title], DESCRIPTION: [description], BRAND_TEXT: [brand_text]}
        return self.measure(pa.RecordBatch.from_pydict(columns))[0]

    def _sightings(self, block: Block, excused: Excused, *, names: bool) -> Iterator[Sighting]:
        """Everything seen in a block; near-misses only where texts are names (titles and brand fields)."""
        view, letters = spaced(block.codes, plain()), bare(block.codes)
        matches, taken = self._marks.find(block, view)
        yield from sightings_of(block, matches)
        yield from self._disguises.find(block, letters, taken)
        yield from self._restored(block, names=names)
        yield from self._masks.find(block)
        yield from self._senses.find(block, view, letters, excused)
        if names:
            words, spoken = Words(view.codes), Spoken(block)
            unfamiliar = Unfamiliar(block, view, words, self._familiar)
            yield from self._squeezed.find(block, view, words)
            yield from self._homophones.find(block, view, spoken)
            yield from self._shapes.find(block, view)
            yield from self._lookalikes.find(block, unfamiliar)
            yield from self._compounds.find(block, unfamiliar)
            yield from self._backwards.find(block, unfamiliar)
            yield from self._pieces.find(block, view, spoken)
            unfamiliar.looked_at()

    def _restored(self, block: Block, *, names: bool) -> Iterator[Sighting]:
        """The few fields that a reader takes for other letters than a machine does, read again as the reader does."""
        fields = foreign_fields(block)
        if fields:
            part = block.part(fields)
            view = spaced(part.codes, latin())
            yield from self._disguises.find_restored(part, view)
            yield from self._disguises.find_drawn(part)
            if names:
                near = self._lookalikes.find(part, Unfamiliar(part, view, Words(view.codes), self._familiar))
                yield from (one for one in near if mostly_latin(one.facts["found"]))


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the cycle collector for a moment, if it runs.

    Sightings and signals hold no cycles, but so many are made that the collector would pass through everything a
    portfolio and its finders hold, again and again: a seventh of the time.
    """
    runs = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if runs:
            gc.enable()


def _texts(batch: pa.RecordBatch, field: str) -> list[str | None]:
    """A column as strings, None where it is null; empty when the batch has no such column or nothing in it."""
    column = batch.schema.get_field_index(field)
    if column < 0 or batch.column(column).null_count == batch.num_rows:
        return []
    texts: list[str | None] = batch.column(column).to_pylist()
    return texts


def _blocks(field: str, column: list[str | None]) -> Iterator[Block]:
    """The texts of a column in blocks of about `BLOCK_CHARACTERS`; empty texts are left out.

    ASCII texts, most of a Western market, come in blocks of their own, and so do those of our code page: those pass
    through memory in 8 bits a character and need no look at other scripts. Texts too few for a block of their own join
    the next wider ones. Which block a text is in changes nothing that is found.
    """
    rows = [row for row, text in enumerate(column) if text]
    texts = [text[:MOST_CHARACTERS] for text in column if text]
    for narrow in (str.isascii, _fits_page, bool):
        fits = list(map(narrow, texts))
        if sum(fits) >= LEAST_TEXTS or narrow is bool:
            yield from _cut(field, list(compress(rows, fits)), list(compress(texts, fits)))
            others = [not one for one in fits]
            rows, texts = list(compress(rows, others)), list(compress(texts, others))


def _fits_page(text: str) -> bool:
    return in_page(text) is not None


def _cut(field: str, rows: list[int], texts: list[str]) -> Iterator[Block]:
    filled = list(accumulate(map(len, texts)))
    start = 0
    while start < len(texts):
        before = filled[start - 1] if start else 0
        end = min(max(start + 1, bisect_right(filled, before + BLOCK_CHARACTERS)), start + BLOCK_ROWS)
        yield Block(texts[start:end], rows[start:end], [field] * (end - start))
        start = end
