"""Whole batches: order, absence, pickling, hostile texts, and no row that another row could change."""

import pickle
from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.model import Portfolio, Signal
from countermark.signals.text import SPECS, TextSignals, measure
from countermark.signals.text.tests.houses import HOUSES, houses

TITLES = [
    "Corvane tote",
    "",
    "plain bag",
    "C0rvane 高仿 1:1",
    "珂*手袋 加V",
    "Ondrele scarf",
    "Сorvane Halcyr",
    "strap compatible with Halcyr",
    "\u202eenavroC",
    "Corvaaane #corvanebags",
]
PIECES = [*TITLES, "Meridian", "\0", "\n", "𝐂", "\u0301", "*", "~", "1:1", "no replica", "ﬁ", "💥", "a" * 30, " "]
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6).map(" ".join)


def batch_of(titles: Sequence[str | None], **columns: Sequence[str | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"title": pa.array(titles, pa.string())} | columns)


def test_each_row_has_its_own_list_and_most_are_empty():
    measured = HOUSES.measure(batch_of(["bag", "Corvane", "bag"]))
    assert [len(row) for row in measured] == [0, 1, 0]
    measured[0].append(measured[1][0])
    assert measured[2] == []


@settings(deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=6), st.data())
def test_a_row_measures_the_same_alone_and_in_any_company(titles: list[str], data):
    order = data.draw(st.permutations(range(len(titles))))
    together = HOUSES.measure(batch_of([titles[place] for place in order]))
    for row, place in enumerate(order):
        assert together[row] == HOUSES.measure_text(titles[place])


@settings(deadline=None)
@given(title=TEXT, description=TEXT, brand_text=TEXT)
def test_every_signal_is_sound_whatever_the_text(title: str, description: str, brand_text: str):
    texts = {"title": title, "description": description, "brand_text": brand_text}
    signals = HOUSES.measure_text(title, description=description, brand_text=brand_text)
    assert len({(s.name, s.brand) for s in signals}) == len(signals)
    assert signals == sorted(signals, key=lambda s: (s.name, s.brand))
    known = {spec.name: spec for spec in SPECS}
    for signal in signals:
        assert signal.name in known
        assert 0 < signal.value <= 1
        assert 1 <= len(signal.spans) <= 8
        for span in signal.spans:
            assert 0 <= span.start < span.end <= len(texts[span.field])
        assert_found_is_quoted(signal, texts)


def assert_found_is_quoted(signal: Signal, texts: dict[str, str]) -> None:
    if signal.brand:
        assert any(texts[span.field][span.start : span.end] == signal.facts["found"] for span in signal.spans) or (
            len(signal.spans) == 8
        )


def test_small_blocks_measure_as_large_ones(monkeypatch):
    batch = batch_of(TITLES, description=TITLES[::-1], brand_text=TITLES)
    whole = HOUSES.measure(batch)
    monkeypatch.setattr(measure, "BLOCK_CHARACTERS", 16)
    monkeypatch.setattr(measure, "BLOCK_ROWS", 3)
    assert HOUSES.measure(batch) == whole


def test_a_pickled_copy_measures_the_same():
    copy = pickle.loads(pickle.dumps(HOUSES))
    assert copy.portfolio == houses()
    assert copy.measure(batch_of(TITLES)) == HOUSES.measure(batch_of(TITLES))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_any_arrow_type_of_text_is_read(kind: pa.DataType):
    column = pa.array(["Corvane", None], pa.string()).cast(kind)
    assert [len(row) for row in HOUSES.measure(pa.RecordBatch.from_arrays([column], ["title"]))] == [1, 0]


def test_missing_columns_nulls_and_empty_batches_give_nothing():
    assert HOUSES.measure(batch_of([])) == []
    assert HOUSES.measure(batch_of([None, None])) == [[], []]
    assert HOUSES.measure(pa.RecordBatch.from_pydict({"other": [1]})) == [[]]
    rows = HOUSES.measure(batch_of([None, "bag"], description=[None, "Corvane"], brand_text=["Corvane", None]))
    assert [[signal.value for signal in row] for row in rows] == [[1.0], [0.5]]


def test_a_sliced_batch_measures_its_own_rows():
    batch = batch_of(["Corvane", "bag", "Halcyr"]).slice(1, 2)
    assert [[s.brand for s in row] for row in HOUSES.measure(batch)] == [[], ["Halcyr"]]


def test_fields_are_read_up_to_a_bound():
    far = "x " * 1_000
    assert HOUSES.measure_text(far + "Corvane") == []
    assert HOUSES.measure_text("bag", description=far + "Corvane") == []
    assert HOUSES.measure_text(far[: -len("Corvane ")] + "Corvane") != []


HOSTILE = [
    "Corvane " * 250,
    "C*rvane " * 250,
    "c.o.r.v.a.n.e " * 140,
    "l" * 2_000,
    "l " * 1_000,
    "*" * 2_000,
    "a*" * 1_000,
    "珂*" * 1_000,
    "ﷺ" * 2_000,
    "\u0301" * 2_000,
    "\u202e" * 2_000,
    "\u200b" * 2_000,
    "𝐂" * 2_000,
    "1:" * 1_000,
    "replica " * 250,
    "+1" * 1_000,
    "\0" * 2_000,
    "߀" * 2_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_measured_within_bounds(text: str):
    for signal in HOUSES.measure_text(text, description=text, brand_text=text):
        assert len(signal.spans) <= 8
        assert 0 < signal.value <= 1


def test_a_large_portfolio_finds_each_of_its_marks():
    from countermark.signals.text.tests.houses import word_mark

    marks = [f"{a}{b}{c}yx" for a in ("bral", "corv", "dren") for b in ("ova", "ine", "ust") for c in "abcdefghij"]
    signals = TextSignals(Portfolio(rights=tuple(word_mark(mark, mark) for mark in marks)))
    rows = signals.measure(batch_of([f"new {mark} bag" for mark in marks]))
    assert [[s.brand for s in row if s.name == "text.mark"] for row in rows] == [[mark] for mark in marks]


def test_the_listing_schema_is_understood():
    arrow = pytest.importorskip("countermark.formats.arrow")
    from countermark.model import Listing, Seller, Text

    listing = Listing(
        marketplace="Bazaar",
        external_id="B-1",
        title=Text("Соrvane tote", "en"),
        seller=Seller(marketplace="Bazaar", external_id="S-1"),
        captured_at=datetime(2026, 11, 1, tzinfo=UTC),
        brand_text="Corvane",
    )
    batch = arrow.listings_to_batch([listing])
    assert [s.name for s in HOUSES.measure(batch)[0]] == ["text.disguised_mark", "text.mark"]


def test_a_repeated_mark_is_one_signal_that_shows_every_place_and_quotes_the_first():
    (signal,) = HOUSES.measure_text("CORVANE tote, box by Corvane, corvane")
    assert (signal.value, signal.facts["found"]) == (1.0, "CORVANE")
    assert [(span.start, span.end) for span in signal.spans] == [(0, 7), (21, 28), (30, 37)]
