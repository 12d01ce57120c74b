"""How a listing's words as a whole read: like offers of imitations, or like other listings."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from countermark.model import Signal, Span
from countermark.signals.text.codes import Places
from countermark.signals.text.evidence import DESCRIPTION, FIELD_NAMES, TITLE, WORDING, spans_of
from countermark.signals.text.folding import plain
from countermark.signals.text.measure import MOST_CHARACTERS
from countermark.signals.text.views import Block, View, spaced
from countermark.signals.text.wording.tokens import tokens_of
from countermark.signals.text.wording.weights import UNKNOWN, Reals, shipped_weights

#: Share of offers of imitations among labelled texts that read so, from which on it is said.
LEAST = 0.5
#: Rows of a block.
BLOCK_ROWS = 1_024
#: Stretches that are quoted, the least share of the strongest one's weight that another must have, and what each word
#: of one costs, so that it ends where words say little.
MOST_QUOTED, WORTH_QUOTING, LENGTH_COSTS = 4, 0.4, 0.3


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
        """The stretches that speak most for it, at most four."""
        view = spaced(block.codes, plain())
        tokens = tokens_of(view.codes)
        hashes, first, last = tokens.features()
        scores = _scores(len(tokens.hashes), self._table.of(hashes), first, last) - LENGTH_COSTS
        least = 0.0
        for _ in range(MOST_QUOTED):
            start, end, total = _strongest(scores.tolist(), tokens.fields.tolist())
            if total <= least:
                break
            least = least or WORTH_QUOTING * total
            yield _span(block, view, int(tokens.starts[start]), int(tokens.ends[end - 1]))
            scores[start:end] = -np.inf


def _scores(count: int, weights: Reals, first: Places, last: Places) -> NDArray[np.float64]:
    """What each token adds: its own weight, and its share of the weights of pairs and threes that it stands in."""
    lengths = last - first + 1
    scores = np.zeros(count)
    for further in range(int(lengths.max(initial=0))):
        inside = lengths > further
        scores += np.bincount(first[inside] + further, weights[inside] / lengths[inside], count)
    return scores


def _strongest(scores: Sequence[float], fields: Sequence[int]) -> tuple[int, int, float]:
    """The stretch within one field whose scores add up to most (J. Kadane's scan): start, end (excluded) and sum."""
    best = (0, 0, 0.0)
    begun, total = 0, 0.0
    for at, score in enumerate(scores):
        if total <= 0 or (at and fields[at] != fields[at - 1]):
            begun, total = at, 0.0
        total += score
        if total > best[2]:
            best = (begun, at + 1, total)
    return best


def _texts(batch: pa.RecordBatch, field: str, rows: list[int]) -> list[str]:
    column = batch.schema.get_field_index(field)
    if column < 0:
        return [""] * len(rows)
    taken = batch.column(column).take(pa.array(rows, pa.int64())).to_pylist()
    return [(text or "")[:MOST_CHARACTERS] for text in taken]


def _span(block: Block, view: View, start: int, end: int) -> Span:
    first, last = view.original(np.array([start, end - 1])).tolist()
    return block.span(block.field_of(first), first, last + 1)
