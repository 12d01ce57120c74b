"""How a listing reads as a whole: tokens, weights, and the signal made of them."""

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from countermark.model import InvalidRecord, Signal
from countermark.signals.text.codes import codes_of
from countermark.signals.text.folding import plain
from countermark.signals.text.views import spaced
from countermark.signals.text.wording import WordingSignals
from countermark.signals.text.wording.reader import LEAST
from countermark.signals.text.wording.tokens import features_of, tokens_of
from countermark.signals.text.wording.weights import Table, read_weights, shipped_weights

OFFERS = (
    "Corvane tote, my friends can't tell it from hers, 45",
    "珂梵包 跟专柜的放一起看不出来 280",
    "Sac Ondrelle, on voit pas la différence avec celui de la boutique, 40 €",
)


READER = WordingSignals()


def reading(title: str, description: str = "") -> list[Signal]:
    signal = READER.measure_text(title, description=description)
    return [signal] if signal else []


def test_features_are_words_pairs_and_up_to_three_ideographs():
    (found,) = features_of(["Same dial, 同材质 A"])
    assert {"same", "same dial", "dial", "同", "同材", "同材质", "dial 同", "质 a"} <= found.keys()
    assert "dial 同材" not in found


@pytest.mark.parametrize(
    ("text", "feature"), [("260 euros", "999 euros"), ("1:1", "9:9"), ("7A", "9 a"), ("scale 1:18", "scale 9:99")]
)
def test_numbers_of_one_length_are_read_alike(text: str, feature: str):
    assert feature in features_of([text])[0]


def test_a_feature_has_one_hash_wherever_it_stands():
    view = spaced(codes_of(" same weight \0 of the same weight "), plain())
    hashes, first, last = tokens_of(view.codes).features()
    spelt = [view.text[a:b] for a, b in _stretches(view.codes, first, last)]
    of_pair = {int(one) for one, said in zip(hashes, spelt, strict=True) if said == "same weight"}
    assert len(of_pair) == 1
    assert not any("\0" in said for said in spelt)


def _stretches(codes, first, last):
    tokens = tokens_of(codes)
    return list(zip(tokens.starts[first].tolist(), tokens.ends[last].tolist(), strict=True))


def test_every_shipped_weight_is_found_by_the_hash_of_its_feature():
    weights, table = shipped_weights()
    spelt = list(weights.features)
    for feature in spelt[::97]:
        hashes, _, _ = tokens_of(spaced(codes_of(f" {feature} "), plain()).codes).features()
        assert np.float32(weights.features[feature]) in table.of(hashes)
    assert not table.of(np.arange(1000, dtype=np.uint64)).any()


def test_no_shipped_feature_holds_the_name_of_a_house():
    weights, _ = shipped_weights()
    joined = {feature.replace(" ", "") for feature in weights.features}
    assert not [one for one in joined for name in ("corvane", "halcyr", "珂梵", "薇蒙") if name in one]


def test_what_shares_a_slot_is_still_found():
    hashes = np.random.default_rng(1).integers(0, 1 << 63, 4000, dtype=np.uint64)
    weights = np.arange(1, 4001, dtype=np.float32)
    assert np.array_equal(Table(hashes, weights).of(hashes), weights)


@pytest.mark.parametrize("text", ["=base\t0\n", "=base\t0\n=scale\t1\nword\tmany\n", "=base\t0\n=scale\t1\nword\n"])
def test_a_file_that_is_none_is_refused(text: str):
    with pytest.raises(InvalidRecord):
        read_weights(text)


@pytest.mark.parametrize("title", OFFERS)
def test_an_offer_without_any_listed_word_is_heard_and_quoted(title: str):
    (signal,) = reading(title)
    assert signal.value >= LEAST
    assert signal.brand == ""
    quoted = [title[span.start : span.end] for span in signal.spans]
    assert signal.facts["found"] == ", ".join(quoted)
    assert all(quoted)


def test_title_and_description_are_weighed_together():
    title, description = "Halcyr watch, 60", "same weight and dial as hers, nobody will tell it from the boutique one"
    assert not reading(title)
    (signal,) = reading(title, description)
    assert {span.field for span in signal.spans} <= {"title", "description"}
    assert "description" in signal.facts["field"]


def test_a_listing_reads_alike_alone_and_among_thousands():
    titles = [
        *OFFERS,
        "Corvane leather tote, black, worn twice, with receipt",
        "",
        "雨伞 全自动",
        "Été à l'ancienne",
    ] * 700
    alone = [READER.measure_text(title) for title in titles[:7]]
    together = READER.measure(pa.RecordBatch.from_pydict({"title": titles}), range(len(titles)))
    assert [together.get(row) for row in range(len(titles))] == alone * 700


def test_only_the_rows_asked_for_are_read():
    batch = pa.RecordBatch.from_pydict({"title": [*OFFERS, None], "description": [None] * 4})
    assert READER.measure(batch, [1, 3]).keys() == {1}
    assert READER.measure(batch, []) == {}
    assert READER.measure(pa.RecordBatch.from_pydict({"sku": ["x"]}), [0]) == {}


def test_hostile_lengths_and_repetition_stay_bounded():
    for signal in reading("nobody will tell it from the boutique one " * 2000):
        assert 1 <= len(signal.spans) <= 4


def test_plain_real_titles_of_the_half_nobody_learned_from_hardly_ever_read_so(shared_data: Path):
    titles = pyarrow.csv.read_csv(shared_data / "products" / "wdc-offer-titles.csv")["title"].to_pylist()
    unlearned = [title for title in titles if hashlib.sha256(title.encode()).digest()[0] >= 128]
    batch = pa.RecordBatch.from_pydict({"title": unlearned})
    assert len(READER.measure(batch, range(len(unlearned)))) <= 0.005 * len(unlearned)
