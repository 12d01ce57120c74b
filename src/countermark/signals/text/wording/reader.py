"""How a listing's words as a whole read: like offers of imitations, or like other listings."""

import math
from collections.abc import Iterable, Iterator
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from countermark.model import Signal, Span
from countermark.signals.text.evidence import DESCRIPTION, FIELD_NAMES, TITLE, WORDING, spans_of
from countermark.signals.text.folding import plain
from countermark.signals.text.views import Block, View, spaced
from countermark.signals.text.wording.tokens import tokens_of
from countermark.signals.text.wording.weights import UNKNOWN, shipped_weights

#: Share of offers of imitations among labelled texts that read so, from which on it is said.
LEAST = 0.5
#: Characters of a field that are read, as the other text signals do.
MOST_CHARACTERS = 2_000
#: Rows of a block.
BLOCK_ROWS = 1_024
#: Stretches that are quoted, and the least share of the strongest one's weight that another must have.
MOST_QUOTED, WORTH_QUOTING = 4, 0.35


class WordingSignals:
    """Adds up learned weights of words over titles and descriptions. Read only; the same rows give the same signals."""

    def __init__(self) -> None:
        self._weights, self._table = shipped_weights()

    def __reduce__(self) -> tuple[type[Self], tuple[()]]:
        return type(self), ()

    def measure(self, batch: pa.RecordBatch, rows: Iterable[int]) -> dict[int, Signal]:
        """The signal of those of the given rows that read like offers of imitations.

        Reads the columns `title` and `description` (`formats.arrow.LISTING_SCHEMA`), each up to its first 2,000
        characters; a missing column or value counts as empty. It speaks about the listing, whichever the house, so it
        is worth asking only where something points to one. Offsets of spans are code points of the original text.
        """
        asked = sorted(set(rows))
        fields = {name: _texts(batch, name, asked) for name in (TITLE, DESCRIPTION)}
        found: dict[int, Signal] = {}
        for start in range(0, len(asked), BLOCK_ROWS):
            some = range(start, min(start + BLOCK_ROWS, len(asked)))
            shares = self._shares(fields, some)
            for at in np.flatnonzero(shares >= LEAST).tolist():
                texts = {name: column[some[at]] for name, column in fields.items()}
                if signal := self._signal(asked[some[at]], texts, float(shares[at])):
                    found[asked[some[at]]] = signal
        return found

    def measure_text(self, title: str, *, description: str = "") -> Signal | None:
        """The signal of one listing given as plain strings; for explanations, examples and tests."""
        return self.measure(pa.RecordBatch.from_pydict({TITLE: [title], DESCRIPTION: [description]}), [0]).get(0)

    def _shares(self, fields: dict[str, list[str]], rows: range) -> NDArray[np.float64]:
        """For each row the share of offers of imitations among labelled texts that read so, 0 to 1."""
        sums, counts = np.zeros(len(rows)), np.zeros(len(rows))
        for name, column in fields.items():
            block = Block([column[row] for row in rows], list(rows), [name] * len(rows))
            tokens = tokens_of(spaced(block.codes, plain()).codes)
            hashes, first, _ = tokens.features()
            weights = self._table.of(hashes)
            known = np.flatnonzero(weights)
            places = tokens.fields[first[known]]
            sums += np.bincount(places, weights[known], len(rows))
            counts += np.bincount(places, minlength=len(rows))
        odds = self._weights.base + self._weights.scale * sums / np.sqrt(counts + UNKNOWN)
        return np.asarray(np.where(counts > 0, 1 / (1 + np.exp(-odds)), 0.0))

    def _signal(self, row: int, texts: dict[str, str], share: float) -> Signal | None:
        fields = [name for name, text in texts.items() if text]
        block = Block([texts[name] for name in fields], [row] * len(fields), fields)
        spans = spans_of(self._quoted(block))
        if not spans:
            return None
        share = math.floor(share * 1000) / 1000  # never more than it is
        found = ", ".join(dict.fromkeys(texts[span.field][span.start : span.end] for span in spans))
        named = ", ".join(dict.fromkeys(FIELD_NAMES[span.field] for span in spans))
        facts = {"found": found, "field": named, "share": f"{100 * share:.0f}"}
        return Signal(name=WORDING, value=share, spans=spans, facts=facts)

    def _quoted(self, block: Block) -> Iterator[Span]:
        """The stretches that speak most for it, at most four, no two touching."""
        view = spaced(block.codes, plain())
        tokens = tokens_of(view.codes)
        hashes, first, last = tokens.features()
        weights = self._table.of(hashes)
        stretches: list[tuple[int, int]] = []
        for at in np.argsort(-weights, kind="stable").tolist():
            if len(stretches) == MOST_QUOTED or weights[at] <= max(0.0, WORTH_QUOTING * float(weights.max())):
                break
            stretches = _joined(stretches, (int(first[at]), int(last[at])))
        for begin, end in stretches:
            yield _span(block, view, int(tokens.starts[begin]), int(tokens.ends[end]))


def _texts(batch: pa.RecordBatch, field: str, rows: list[int]) -> list[str]:
    column = batch.schema.get_field_index(field)
    if column < 0:
        return [""] * len(rows)
    taken = batch.column(column).take(pa.array(rows, pa.int64())).to_pylist()
    return [(text or "")[:MOST_CHARACTERS] for text in taken]


def _joined(stretches: list[tuple[int, int]], more: tuple[int, int]) -> list[tuple[int, int]]:
    """Stretches of tokens with one more, those that touch it joined to it."""
    touching = [one for one in stretches if one[0] <= more[1] + 1 and more[0] <= one[1] + 1]
    whole = min([more[0], *(one[0] for one in touching)]), max([more[1], *(one[1] for one in touching)])
    return [one for one in stretches if one not in touching] + [whole]


def _span(block: Block, view: View, start: int, end: int) -> Span:
    first, last = view.original(np.array([start, end - 1])).tolist()
    return block.span(block.field_of(first), first, last + 1)
