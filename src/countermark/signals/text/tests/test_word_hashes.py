"""Words by hash: each keeps its own wherever it stands, and what was looked at in vain changes no answer."""

import random
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from countermark.model import Portfolio
from countermark.signals.text import TextSignals, word_hashes
from countermark.signals.text.codes import codes_of
from countermark.signals.text.tests.houses import word_mark
from countermark.signals.text.word_hashes import BASE, InVain, Words, hashes_of

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def drawn(number: int) -> list[str]:
    chance = random.Random(3)
    return ["".join(chance.choices(LETTERS, k=chance.randint(4, 24))) for _ in range(number)]


@pytest.mark.parametrize("before", range(9))
def test_a_word_has_one_hash_at_every_place_of_eight_octets(before: int):
    words = Words(codes_of(" " * before + " ".join(drawn(200))))
    assert words.whole.tolist() == [Words(codes_of(word)).whole[0] for word in drawn(200)]


def test_many_words_have_as_many_hashes():
    assert len(hashes_of(drawn(50_000))) == len(set(drawn(50_000)))


def test_words_that_share_all_letters_but_one_differ_whichever_the_factors(monkeypatch: pytest.MonkeyPatch):
    words = [place * "a" + "b" + (23 - place) * "a" for place in range(24)]
    chance = random.Random(4)
    for _ in range(1_000):
        factors = tuple(np.uint64(chance.getrandbits(64) | 1) for _ in range(3))
        monkeypatch.setattr(word_hashes, "_FACTORS", factors)
        assert len(hashes_of([*words, *(word[:-1] for word in words)])) == 48


def test_hashes_of_a_wide_text_are_those_of_a_narrow_one():
    assert Words(codes_of("corvane 珂梵 handbags")).whole.tolist() == Words(codes_of("corvane handbags")).whole.tolist()


def test_the_last_to_come_keeps_a_slot():
    in_vain = InVain()
    one = np.uint64(1)
    same_slot = np.array([one, next(n for n in range(2, 1 << 20) if _slot(in_vain, n) == _slot(in_vain, 1))], np.uint64)
    in_vain.remember(same_slot[:1])
    assert in_vain.unknown(same_slot).tolist() == [1]
    in_vain.remember(same_slot[1:])
    assert in_vain.unknown(same_slot).tolist() == [0]


def _slot(in_vain: InVain, number: int) -> int:
    return int(in_vain._slots(np.array([number], dtype=np.uint64))[0])


def test_what_a_word_means_does_not_depend_on_what_was_asked_before(monkeypatch: pytest.MonkeyPatch):
    """Near names beside figures, where they count for nothing, then alone; and with a memory of one slot."""
    titles = ["REF Corvanne77", "Corvanne bag", "clasp corvaaane", "Onclrelle", "bluevane scarf", "corvanebags"]
    portfolio = Portfolio(rights=(word_mark("Corvane", "Corvane"), word_mark("Ondrelle", "Ondrelle")))
    fresh = [TextSignals(portfolio).measure_text(title) for title in titles]
    assert [bool(signals) for signals in fresh] == [False, True, True, True, False, True]
    for bits in (16, 1):
        monkeypatch.setattr(InVain, "BITS", bits)
        signals = TextSignals(portfolio)
        for _ in range(2):
            assert signals.measure(pa.RecordBatch.from_pydict({"title": titles})) == fresh
            assert [signals.measure_text(title) for title in reversed(titles)] == fresh[::-1]


def test_no_two_processes_have_one_hash_for_a_word():
    asked = "from countermark.signals.text.word_hashes import hashes_of; print(hashes_of(['corvanne'])[0])"
    runs = [subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True) for _ in range(2)]
    assert runs[0].stdout != runs[1].stdout


@pytest.mark.parametrize("factors", [(3, 5, 7), (BASE, BASE + 2, 2**64 - 1)])
def test_whichever_the_factors_the_same_is_found(monkeypatch: pytest.MonkeyPatch, factors: tuple[int, ...]):
    titles = pa.RecordBatch.from_pydict({"title": ["Corvanne", "Korvane", "clasp corvaaane", "corvanebags", "caravan"]})
    portfolio = Portfolio(rights=(word_mark("Corvane", "Corvane"),))
    found = TextSignals(portfolio).measure(titles)
    assert [bool(signals) for signals in found] == [True, True, True, True, False]
    monkeypatch.setattr(word_hashes, "_FACTORS", tuple(map(np.uint64, factors)))
    assert TextSignals(portfolio).measure(titles) == found
