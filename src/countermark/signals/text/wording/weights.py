"""The learned weights of words, pairs and ideographs, read from `wording.tsv` and looked up for many at once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countermark.model import InvalidRecord
from countermark.signals.text.codes import codes_of
from countermark.signals.text.folding import plain
from countermark.signals.text.views import FIELD_END, spaced
from countermark.signals.text.wording.tokens import Hashes, tokens_of

FILE = Path(__file__).with_name("wording.tsv")
#: Added to the number of known features, so that two words of a short title do not say as much as twenty.
UNKNOWN = 6
#: Factors of the tables: what loses its slot in one stands in the next.
_FACTORS = tuple(np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA24BAED4963EE407))
_SLOTS_FOR_EACH, _LEAST_BITS = 8, 14

Reals = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """An additive model of wording: log-odds = base + scale × (sum of weights) ÷ √(features known + `UNKNOWN`).

    Attributes:
        base, scale: fitted on texts that the weights had not seen.
        features: spelt as in a spaced view, longer numbers as nines.
    """

    base: float
    scale: float
    features: dict[str, float]


class Table:
    """Weights by hash: three tables of slots, so that a look costs the same whatever is asked.

    What finds its slot taken stands in the next, much smaller one. A slot holds half of a hash: of other words one in
    some ten thousand million is taken for a feature.
    """

    def __init__(self, hashes: Hashes, weights: Reals) -> None:
        """Raises ValueError when two features share a hash, or too many share slots."""
        if len(np.unique(hashes)) != len(hashes):
            raise ValueError("two features have one hash")
        self._tables: list[tuple[np.uint64, np.uint64, NDArray[np.uint32], Reals]] = []
        left = np.arange(len(hashes))
        for factor in _FACTORS:
            bits = max(_LEAST_BITS, (_SLOTS_FOR_EACH * len(left)).bit_length())
            shift = np.uint64(64 - bits)
            held, values = np.zeros(1 << bits, np.uint32), np.zeros(1 << bits, np.float32)
            slots = (hashes[left] * factor) >> shift
            taken, first = np.unique(slots, return_index=True)
            held[taken], values[taken] = _checked(hashes[left[first]]), weights[left[first]]
            self._tables.append((factor, shift, held, values))
            left = np.delete(left, first)
        if len(left):
            raise ValueError(f"{len(left)} features find no slot")

    def of(self, hashes: Hashes) -> Reals:
        """The weight of each hash, 0 where it is no feature's."""
        checked = _checked(hashes)
        out = np.zeros(len(hashes), np.float32)
        for factor, shift, held, values in self._tables:
            slots = (hashes * factor) >> shift
            same = np.flatnonzero(held[slots] == checked)
            out[same] = values[slots[same]]
        return out


def _checked(hashes: Hashes) -> NDArray[np.uint32]:
    """The half of a hash that a slot keeps; never 0, which is an empty slot."""
    return np.asarray(hashes, np.uint64).astype(np.uint32) | np.uint32(1)


def read_weights(text: str) -> Weights:
    """Read weights written by `build_wording`.

    Raises:
        InvalidRecord: naming the line that is none.
    """
    numbers: dict[str, float] = {}
    features: dict[str, float] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        name, _, number = line.partition("\t")
        try:
            (numbers if name in ("=base", "=scale") else features)[name] = float(number)
        except ValueError:
            raise InvalidRecord(
                f"wording, line {at}", "it is no feature, tab, number.", "Build the file anew."
            ) from None
    if set(numbers) != {"=base", "=scale"}:
        raise InvalidRecord("wording", "base or scale is missing.", "Build the file anew.")
    return Weights(numbers["=base"], numbers["=scale"], features)


def table_of(weights: Weights) -> Table:
    """The table of all features, hashed as the views are."""
    spelt = list(weights.features)
    view = spaced(codes_of(" " + f" {FIELD_END} ".join(spelt) + " "), plain())
    tokens = tokens_of(view.codes)
    hashes, first, last = tokens.features()
    # Of each line the one feature that reaches from its first token to its last.
    begins = np.concatenate([[True], ~tokens.follows[:-1]])
    whole = np.flatnonzero(begins[first] & ~tokens.follows[last])
    order = whole[np.argsort(first[whole], kind="stable")]
    if len(order) != len(spelt):
        raise InvalidRecord("wording", "a feature is not spelt as texts are read.", "Build the file anew.")
    return Table(hashes[order], np.array(list(weights.features.values()), np.float32))


@cache
def shipped_weights() -> tuple[Weights, Table]:
    """The weights that come with the program, and their table."""
    weights = read_weights(FILE.read_text(encoding="utf-8"))
    return weights, table_of(weights)
