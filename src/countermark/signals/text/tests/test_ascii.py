"""ASCII texts take a path of their own through memory; what is found must not depend on it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.signals.text import views
from countermark.signals.text.codes import Codes, codes_of
from countermark.signals.text.folding import latin, plain, skeleton
from countermark.signals.text.tests.houses import HOUSES

PIECES = (
    "Corvane", "C0rvane", "C*rvane", "Corvaaane", "Corvanne", "C o r v a n e", "corvanebags", "Onclrelle", "kefan",
    "珂梵", "柯梵", "珂*", "Соrvаnе", "replica", "r e p l i c a", "not a", "1:1", "AAA", "WhatsApp",
    "+86 138 **** 8000", "\u200b", "é", ".", " ", *"€™Ł“´·）", "Cörväne", "C€rvane", "Corvane®", "répliqué", "pas d’",
)  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join)


def wide(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(TEXT, min_size=4, max_size=4))
def test_narrow_and_wide_characters_give_the_same_signals(titles: list[str], descriptions: list[str]):
    batch = pa.RecordBatch.from_pydict(
        {"title": _storable(titles), "description": _storable(descriptions[: len(titles)])}
    )
    narrow = HOUSES.measure(batch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "codes_of", wide)
        patch.setattr(views, "block_codes", wide)
        assert HOUSES.measure(batch) == narrow


@pytest.mark.parametrize("fold", [plain(), latin(), skeleton()], ids=["plain", "latin", "skeleton"])
def test_a_fold_of_narrow_characters_is_the_fold_of_wide_ones(fold):
    text = "".join(map(chr, range(0x80)))
    (narrow, kept), (broad, ends) = fold.codes(codes_of(text)), fold.codes(wide(text))
    assert narrow.dtype == np.uint8
    assert narrow.tolist() == broad.tolist()
    assert kept is None if ends is None else kept.tolist() == ends.tolist()


def test_rows_keep_their_places_when_ascii_and_other_titles_alternate():
    titles = ["Corvane bag", "珂梵 手袋", "", "Halcyr watch", "Соrvаnе bag"] * 3
    one_by_one = [HOUSES.measure_text(title) for title in titles]
    assert HOUSES.measure(pa.RecordBatch.from_pydict({"title": titles})) == one_by_one


def _storable(texts: list[str]) -> list[str]:
    """Arrow stores no lone surrogates."""
    return [text.encode("utf-8", "ignore").decode() for text in texts]
