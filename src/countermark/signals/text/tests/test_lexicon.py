"""Every entry of the lexicon is walked; a broken lexicon says what is wrong."""

from collections import Counter

import pyarrow as pa
import pytest

from countermark.model import InvalidRecord, Signal
from countermark.signals.text.evidence import GENUINE, REPLICA
from countermark.signals.text.folding import plain
from countermark.signals.text.lexicon import SIGNAL_OF_SENSE, Entry, read_lexicon, shipped_lexicon
from countermark.signals.text.tests.houses import HOUSES, value_of
from countermark.signals.text.views import pattern

ENTRIES = shipped_lexicon().entries
POSITIVE = [(entry, text) for entry in ENTRIES for text in entry.examples.positive]
NEGATIVE = [(entry, text) for entry in ENTRIES for text in entry.examples.negative]
PHRASES = [(entry, phrase) for entry in ENTRIES for phrase in entry.phrases]


def signal(entry: Entry, text: str) -> Signal | None:
    name = SIGNAL_OF_SENSE[entry.sense]
    measured = {one.name: one for one in HOUSES.measure_text(text)}
    return measured[name] if name in measured and entry.id in measured[name].facts["entries"].split(", ") else None


def identify(part: object) -> str:
    return part.id if isinstance(part, Entry) else str(part)


@pytest.mark.parametrize(("entry", "text"), POSITIVE, ids=identify)
def test_a_positive_example_is_found_with_its_weight(entry: Entry, text: str):
    found = signal(entry, text)
    assert found is not None
    assert found.value >= entry.weight_alone
    assert found.spans


@pytest.mark.parametrize(("entry", "text"), NEGATIVE, ids=identify)
def test_a_negative_example_is_not_found(entry: Entry, text: str):
    assert signal(entry, text) is None


def spellings(entry: Entry) -> list[str]:
    """Every phrase of an entry; of one of several parts, every phrase beside the first of each other part."""
    beside = [
        " ".join(one if number == part else others[0] for number, others in enumerate(entry.together))
        for part, phrases in enumerate(entry.together)
        for one in phrases
    ]
    return [*entry.phrases, *beside]


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if not entry.shape], ids=identify)
def test_each_phrase_is_found_between_other_words(entry: Entry):
    said = spellings(entry)
    measured = HOUSES.measure(pa.RecordBatch.from_pydict({"title": [f"Corvane tote {one} tote" for one in said]}))
    found = [{name for signal in row for name in signal.facts.get("entries", "").split(", ")} for row in measured]
    assert [one for one, names in zip(said, found, strict=True) if entry.id not in names] == []


def test_no_phrase_loses_letters_when_it_is_folded():
    searched = [(phrase, pattern(phrase, plain())) for entry in ENTRIES for phrase in entry.phrases]
    assert [phrase for phrase, folded in searched if any(ord(sign) > 0x1F000 for sign in phrase) or not folded] == []


def test_no_folded_phrase_belongs_to_two_entries():
    owners = Counter((pattern(phrase, plain())) for entry in ENTRIES for phrase in dict.fromkeys(entry.phrases))
    doubled = {
        phrase
        for phrase, times in owners.items()
        if times > 1 and len({entry.id for entry, one in PHRASES if pattern(one, plain()) == phrase}) > 1
    }
    assert doubled == set()


def test_every_entry_has_examples_of_both_sorts_a_meaning_and_a_source():
    for entry in ENTRIES:
        assert len(entry.examples.positive) >= 2
        assert len(entry.examples.negative) >= 1
        assert entry.meaning
        assert entry.source
        assert entry.language in ("en", "fr", "zh", "und")


def test_every_sense_speaks_english_french_and_chinese():
    said = {(entry.sense, entry.language) for entry in ENTRIES}
    assert {("replica", "en"), ("replica", "fr"), ("replica", "zh")} <= said
    assert {("genuine", "en"), ("genuine", "fr"), ("genuine", "zh")} <= said


@pytest.mark.parametrize(
    "text",
    [
        "no replica",
        "We sell no fakes, no copies, no replicas",
        "not a copy watch",
        "this is not a replica",
        "pas une réplique",
        "sans contrefaçon",
        "ce n'est pas une copie conforme",
        "méfiez-vous des contrefaçons",
        "évitez les répliques",
        "please do not ask for replicas",
        "非高仿",
        "不是复刻",
        "高仿勿扰",
    ],
)
def test_a_denied_replica_word_becomes_honest_context(text: str):
    assert value_of(REPLICA, text) == 0
    assert value_of(GENUINE, text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "No box. Replica watch",
        "no box, good replica",
        "pas cher réplique montre",
        "非常高仿",
        "replica, not original",
        "without papers replica",
    ],
)
def test_a_denial_of_something_else_leaves_the_replica_word(text: str):
    assert value_of(REPLICA, text) > 0


def test_two_words_of_one_entry_count_once_and_both_are_shown():
    once, twice = HOUSES.measure_text("replica tote"), HOUSES.measure_text("replica tote, replicas")
    assert once[0].value == twice[0].value
    assert [len(once[0].spans), len(twice[0].spans)] == [1, 2]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("[", "lexicon"),
        ("negation: 1\nentries: []", "negation"),
        ("entries: [{id: x}]", "missing"),
    ],
)
def test_a_broken_lexicon_says_what_is_wrong(broken: str, said: str):
    with pytest.raises(InvalidRecord, match=said):
        read_lexicon(broken)


ENTRY = """
negation: {words: [], fillers: [], before: x, after: x}
entries:
  - {id: a, sense: %s, language: en, weight: %s, meaning: m, source: s, %s examples: {positive: [], negative: []}}
"""


@pytest.mark.parametrize(
    ("sense", "weight", "more"),
    [
        ("praise", 0.5, "phrases: [a],"),
        ("replica", 1.5, "phrases: [a],"),
        ("replica", 0.5, ""),
        ("replica", 0.5, "phrases: [a], shape: b,"),
        ("replica", 0.5, "phrases: [a], together: [[a], [b]],"),
        ("replica", 0.5, "together: [[a]],"),
        ("replica", 0.5, "together: [[a], []],"),
        ("replica", 0.5, "shape: '(',"),
        ("replica", 0.5, "phrases: [a], unknown: 1,"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(sense: str, weight: float, more: str):
    with pytest.raises(InvalidRecord, match="lexicon"):
        read_lexicon(ENTRY % (sense, weight, more))
