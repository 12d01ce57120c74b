"""Counting with faiss and with numpy give the same, and faiss keeps to its place: one thread, and late."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.signals.image.index import FingerprintIndex, Hits, counting, halves, memory
from countermark.signals.image.tests.index_ways import both_ways, needs_faiss

Bits = npt.NDArray[np.uint8]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few hashes and queries at a time, so that every seam is crossed."""
    for room, name, size in (
        (memory, "BLOCK", 90),
        (halves, "_AT_ONCE", 40),
        (halves, "_QUERIES", 3),
        (counting, "_AT_ONCE", 40),
    ):
        monkeypatch.setattr(room, name, size)


def by_hand(stored: Bits, queries: Bits, radius: int) -> list[tuple[int, int, int]]:
    """Query, distance, key of everything near, in the order of `Hits`."""
    far = np.bitwise_count(stored[None] ^ queries[:, None]).sum(axis=2, dtype=int)
    return sorted((q, int(far[q, k]), k) for q, k in np.argwhere(far <= radius).tolist())


def told(hits: Hits) -> list[tuple[int, int, int]]:
    return list(zip(hits.query.tolist(), hits.distance.tolist(), hits.key.tolist(), strict=True))


def filled(stored: Bits, *, faiss: bool | None) -> FingerprintIndex:
    index = FingerprintIndex(faiss=faiss)
    index.add_many(range(len(stored)), [one.tobytes() for one in stored])
    return index


@st.composite
def hashes(draw: st.DrawFn) -> Bits:
    """Families round a few centres, where all may differ in one half alone, or in nothing; shape (n, 32)."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    size, families = draw(st.integers(1, 250)), draw(st.integers(1, 4))
    centres = dice.integers(0, 256, (families, 32)).astype(np.uint8)
    if draw(st.booleans()):
        centres[0] = draw(st.sampled_from([0, 255]))
    flips = dice.random((size, 256)) < draw(st.sampled_from([0, 0.02, 0.12, 0.5])) * dice.random((size, 1))
    where = draw(st.sampled_from([slice(0, 0), slice(0, 128), slice(128, 256), slice(64, 192), slice(0, 256)]))
    kept = np.zeros(256, bool)
    kept[where] = True
    return centres[dice.integers(0, families, size)] ^ np.packbits(flips & kept, axis=1)


@both_ways
@settings(deadline=None, max_examples=120)
@given(hashes(), st.integers(1, 8), st.one_of(st.integers(-1, 300), st.sampled_from([0, 31, 32, 127, 128, 129, 256])))
def test_clustered_and_adversarial_hashes_are_found_exactly(faiss: bool, stored: Bits, asked: int, radius: int) -> None:
    index = filled(stored, faiss=faiss)
    queries = np.concatenate([stored[:asked], ~stored[:1]])
    hits = index.search_many([one.tobytes() for one in queries], radius)
    assert told(hits) == by_hand(stored, queries, radius)
    for query in queries[-2:]:
        one = index.search(query.tobytes(), radius)
        assert [(hit.distance, hit.key) for hit in one] == [row[1:] for row in by_hand(stored, query[None], radius)]


@both_ways
@pytest.mark.parametrize("radius", [0, 31, 128, 256])
def test_hashes_that_are_all_alike_are_all_found(faiss: bool, radius: int) -> None:
    stored = np.zeros((500, 32), np.uint8)
    stored[::7] = 255
    index = filled(stored, faiss=faiss)
    assert told(index.search_many([bytes(32)] * 5, radius)) == by_hand(stored, np.zeros((5, 32), np.uint8), radius)


@both_ways
def test_room_grows_by_a_quarter_at_most(faiss: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "BLOCK", 5000)
    index = FingerprintIndex(faiss=faiss)
    for key in range(1300):
        index.add(key, bytes([key % 256]) * 32)
        assert key < 64 or sum(block.nbytes for block in index._blocks) <= 40 * len(index)
    assert [hit.key for hit in index.search(bytes([7]) * 32, 0)] == list(range(7, 1300, 256))


@needs_faiss
@pytest.mark.parametrize("receiver", [False, True])
def test_a_pickle_opens_where_faiss_is_and_where_it_is_not(receiver: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = np.random.default_rng(1).integers(0, 4, (300, 32)).astype(np.uint8)
    monkeypatch.setattr(memory, "can_count", lambda: not receiver)
    monkeypatch.setattr(halves, "can_count", lambda: not receiver)
    sent = pickle.dumps(filled(stored, faiss=None))
    monkeypatch.setattr(memory, "can_count", lambda: receiver)
    monkeypatch.setattr(halves, "can_count", lambda: receiver)
    monkeypatch.setattr(halves, "_MANY_HELD", 0)
    index = pickle.loads(sent)
    assert told(index.search_many([stored[4].tobytes()], 40)) == by_hand(stored, stored[4:5], 40)


@both_ways
def test_several_threads_search_at_once(faiss: bool) -> None:
    stored = np.random.default_rng(2).integers(0, 4, (400, 32)).astype(np.uint8)
    index = filled(stored, faiss=faiss)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda at: told(index.search_many([stored[at].tobytes()], 45)), range(200)))
    assert answers == [by_hand(stored, stored[at : at + 1], 45) for at in range(200)]


@pytest.fixture
def three_threads() -> Iterator[None]:
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    yield
    faiss.omp_set_num_threads(before)


@needs_faiss
@pytest.mark.usefixtures("three_threads")
def test_faiss_counts_on_one_thread_and_keeps_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    import faiss

    seen = []
    count = halves.FaissCounting._of_some

    def watched(*given: Any) -> Any:
        seen.append(faiss.omp_get_max_threads())
        return count(*given)

    monkeypatch.setattr(halves.FaissCounting, "_of_some", watched)
    index = filled(np.zeros((10, 32), np.uint8), faiss=True)
    assert len(index.search(bytes(32), 0)) == 10
    assert (seen, faiss.omp_get_max_threads()) == ([1], 3)
    monkeypatch.setattr(halves.FaissCounting, "_of_some", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        index.search(bytes(32), 0)
    assert faiss.omp_get_max_threads() == 3


FORKED = """
import os
import faiss, numpy as np
from countermark.signals.image.index import FingerprintIndex
faiss.omp_set_num_threads(4)
vectors = np.random.default_rng(1).random((4000, 16), np.float32)
flat = faiss.IndexFlatL2(16)
flat.add(vectors)
flat.search(vectors, 3)  # starts faiss's threads
index = FingerprintIndex(faiss=True)
index.add_many([1, 2], [bytes(32), b"\\xff" * 32])
child = os.fork()
if not child:
    os._exit(0 if [hit.key for hit in index.search(bytes(32), 31)] == [1] else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@needs_faiss
def test_a_forked_process_does_not_wait_for_threads_that_it_has_not() -> None:
    subprocess.run([sys.executable, "-c", FORKED], check=True, timeout=60)


LATE = """
import sys
import numpy as np
from countermark.signals.image.index import FingerprintIndex
index = FingerprintIndex()
for held, imported in ((1000, False), (200_000, True)):
    index.add_arrays(np.arange(held), np.zeros((held, 4), np.uint64))
    index.search(b"\\xff" * 32, 31)
    assert ("faiss" in sys.modules) is imported, held
"""


@needs_faiss
def test_faiss_is_imported_by_the_first_search_that_is_worth_it() -> None:
    subprocess.run([sys.executable, "-c", LATE], check=True, timeout=60)
