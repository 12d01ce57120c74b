"""Words, numbers and ideographs of a spaced view as hashes, and the pairs of neighbours among them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.codes import ASCII, Codes, Places, codes_of, narrowed, translated
from countermark.signals.text.folding import plain
from countermark.signals.text.views import FIELD_END, IDEOGRAPH, SPACE, View, classes, spaced
from countermark.signals.text.word_hashes import hashes_at

Hashes = NDArray[np.uint64]

#: Odd. Fixed, unlike those of `word_hashes`: weights are looked up by these hashes in every process alike.
_MIX, _LENGTH, _PAIR, _TRIPLE, *_factors = (
    np.uint64(one)
    for one in (
        0x9E3779B97F4A7C15, 0xA0761D6478BD642F, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
        0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3,
    )
)  # fmt: skip
_FACTORS, _HIGH = tuple(_factors), np.uint64(32)
#: All figures are read as nine: 120 and 450 say the same of a sentence, 12 and 1200 do not.
_NINES = bytes(ord("9") if chr(octet).isdigit() and octet < ASCII else octet for octet in range(256))


@dataclass(frozen=True)
class Tokens:
    """Stretches of a view, each with its hash.

    Attributes:
        hashes, starts, ends: of each word, number or single ideograph, in order; end excluded.
        follows: whether the next one stands in the same field right after it; False for the last.
        ideograph: whether it is one.
        fields: the number of the field, counted from 0, that each stands in.
    """

    hashes: Hashes
    starts: Places
    ends: Places
    follows: NDArray[np.bool_]
    ideograph: NDArray[np.bool_]
    fields: Places

    def features(self) -> tuple[Hashes, Places, Places]:
        """Hashes of all single tokens, pairs and threes of ideographs, with the first and the last token of each."""
        one = np.arange(len(self.hashes))
        two = np.flatnonzero(self.follows)
        three = two[:-1][(np.diff(two) == 1)] if len(two) else two
        three = three[self.ideograph[three] & self.ideograph[three + 1] & self.ideograph[three + 2]]
        pairs = _joined(self.hashes[two], self.hashes[two + 1], _PAIR)
        threes = _joined(_joined(self.hashes[three], self.hashes[three + 1], _PAIR), self.hashes[three + 2], _TRIPLE)
        return (
            np.concatenate([self.hashes, pairs, threes]),
            np.concatenate([one, two, three]),
            np.concatenate([one, two + 1, three + 2]),
        )


def _joined(first: Hashes, second: Hashes, factor: np.uint64) -> Hashes:
    joined: Hashes = (first * factor + second) * _MIX
    joined ^= joined >> _HIGH
    return joined


def tokens_of(codes: Codes) -> Tokens:
    """Tokens of a spaced view (`views.spaced`), given as its code points."""
    inside = np.zeros(len(codes) + 2, bool)
    np.not_equal(codes, SPACE, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    ideograph = np.zeros(len(starts), bool)
    if codes.dtype != np.uint8:
        starts, ends, ideograph = _apart(codes, starts, ends)
    hashes = _hashes(codes, starts, ends, ideograph)
    separators = codes[starts] == ord(FIELD_END)
    fields = np.cumsum(separators)
    kept = ~separators
    follows = np.zeros(len(starts), bool)
    follows[:-1] = kept[1:]
    return Tokens(hashes[kept], starts[kept], ends[kept], follows[kept], ideograph[kept], fields[kept])


def _apart(codes: Codes, starts: Places, ends: Places) -> tuple[Places, Places, NDArray[np.bool_]]:
    """Runs without a space with those of ideographs, which stand with nothing else, taken one by one."""
    kinds = classes().of(codes)
    words = kinds[starts] != IDEOGRAPH
    single = np.flatnonzero(kinds == IDEOGRAPH)
    begin, end = np.concatenate([starts[words], single]), np.concatenate([ends[words], single + 1])
    order = np.argsort(begin, kind="stable")
    return begin[order], end[order], order >= np.count_nonzero(words)


def _hashes(codes: Codes, starts: Places, ends: Places, ideograph: NDArray[np.bool_]) -> Hashes:
    """A hash of each stretch: its first 24 characters, eight octets at a time, and its length; figures are nines.

    Letters beyond ASCII, other than ideographs, are not told apart, so that it is the same in 8 bits and in 32.
    """
    octets = translated(narrowed(codes), _NINES)
    lengths = ends - starts
    hashes = hashes_at(octets * (codes < ASCII), starts, lengths, _FACTORS)
    hashes += lengths.astype(np.uint64) * _LENGTH
    hashes[ideograph] += codes[starts[ideograph]] * _PAIR
    hashes *= _MIX
    hashes ^= hashes >> _HIGH
    return hashes


def features_of(texts: Iterable[str]) -> list[dict[str, int]]:
    """Of each text its features, spelt out, with how often each occurs; for learning and tests.

    A space stands between two tokens unless both are ideographs; figures are nines.
    """
    return [_spelt(spaced(codes_of(f" {text} "), plain())) for text in texts]


def _spelt(view: View) -> dict[str, int]:
    tokens = tokens_of(view.codes)
    _, first, last = tokens.features()
    words = [
        re.sub("[0-9]", "9", view.text[start:end])
        for start, end in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    ]
    clings = tokens.ideograph[:-1] & tokens.ideograph[1:]
    spelt: dict[str, int] = {}
    for begin, end in zip(first.tolist(), last.tolist(), strict=True):
        said = words[begin]
        for at in range(begin, end):
            said += ("" if clings[at] else " ") + words[at + 1]
        spelt[said] = spelt.get(said, 0) + 1
    return spelt
