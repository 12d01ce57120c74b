"""The index finds exactly what is within the radius, whatever was added and removed before."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.signals.image.index import FingerprintIndex, Hit, memory
from countermark.signals.image.tests.index_ways import both_ways

BLOCK = 1000
BITS = st.binary(min_size=32, max_size=32)
NEAR = st.tuples(st.sampled_from([bytes(32), b"\xff" * 32, b"\x0f" * 32]), st.sets(st.integers(0, 255), max_size=60))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand hashes a block, so that a few thousand show what happens between blocks."""
    monkeypatch.setattr(memory, "BLOCK", BLOCK)


def flipped(bits: bytes, places: set[int]) -> bytes:
    number = int.from_bytes(bits)
    for place in places:
        number ^= 1 << place
    return number.to_bytes(32)


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


@both_ways
@settings(deadline=None, max_examples=60)
@given(st.lists(NEAR, max_size=90), NEAR, st.integers(0, 254), st.sets(st.integers(0, 89), max_size=30))
def test_it_finds_what_counting_by_hand_finds(
    faiss: bool, stored: list[tuple[bytes, set[int]]], asked: tuple[bytes, set[int]], radius: int, removed: set[int]
) -> None:
    index = FingerprintIndex(faiss=faiss)
    hashes = {key: flipped(*one) for key, one in enumerate(stored)}
    index.add_many(list(hashes), list(hashes.values()))
    for key in removed:
        assert index.remove(key) == (1 if hashes.pop(key, None) is not None else 0)
    query = flipped(*asked)
    by_hand = sorted((distance(query, bits), key) for key, bits in hashes.items() if distance(query, bits) <= radius)
    assert index.search(query, radius) == [Hit(key, far) for far, key in by_hand]
    assert len(index) == len(hashes)


@both_ways
def test_hits_beyond_the_first_block_are_found(faiss: bool) -> None:
    index = FingerprintIndex(faiss=faiss)
    stored = np.random.default_rng(1).integers(0, 256, (2 * BLOCK + 5, 32)).astype(np.uint8)
    index.add_many(range(len(stored)), [one.tobytes() for one in stored])
    for key in (0, BLOCK - 1, BLOCK, 2 * BLOCK, 2 * BLOCK + 4):
        assert index.search(stored[key].tobytes(), 31) == [Hit(key, 0)]


@both_ways
def test_a_batch_answers_as_its_queries_one_by_one(faiss: bool) -> None:
    index = FingerprintIndex(faiss=faiss)
    index.add_many([7, 7, 9], [bytes(32), b"\x01" + bytes(31), b"\xff" * 32])
    queries = [b"\xff" * 32, b"\xaa" * 32, bytes(32)]
    hits = index.search_many(queries, 31)
    assert hits.query.tolist() == [0, 2, 2]
    assert hits.key.tolist() == [9, 7, 7]
    assert hits.distance.tolist() == [0, 0, 1]


@both_ways
def test_removing_a_key_takes_all_its_hashes(faiss: bool) -> None:
    index = FingerprintIndex(faiss=faiss)
    index.add_many([1, 2, 1], [bytes(32), bytes(32), b"\x01" + bytes(31)])
    assert index.remove(1) == 2
    assert index.search(bytes(32), 31) == [Hit(2, 0)]
    assert index.remove(1) == 0


@both_ways
def test_what_was_added_last_is_found_at_once(faiss: bool) -> None:
    index = FingerprintIndex(faiss=faiss)
    for key in range(200):
        bits = bytes([key]) * 32
        index.add(key, bits)
        assert Hit(key, 0) in index.search(bits, 0)


@both_ways
def test_the_very_opposite_is_not_near(faiss: bool) -> None:
    index = FingerprintIndex(faiss=faiss)
    index.add(1, b"\xff" * 32)
    assert index.search(bytes(32), 31) == []


@both_ways
@given(st.lists(BITS, max_size=5), BITS)
@settings(deadline=None, max_examples=20)
def test_it_travels_to_another_process(faiss: bool, stored: list[bytes], query: bytes) -> None:
    index = FingerprintIndex(faiss=faiss)
    index.add_many(range(len(stored)), stored)
    assert pickle.loads(pickle.dumps(index)).search(query, 128) == index.search(query, 128)


@both_ways
@pytest.mark.parametrize("bits", [b"", bytes(31), bytes(33)])
def test_a_hash_of_another_length_is_refused(faiss: bool, bits: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        FingerprintIndex(faiss=faiss).add(1, bits)


@both_ways
def test_keys_without_hashes_are_refused(faiss: bool) -> None:
    with pytest.raises(ValueError, match="2 keys for 1 hashes"):
        FingerprintIndex(faiss=faiss).add_many([1, 2], [bytes(32)])


@both_ways
def test_an_empty_index_and_an_empty_batch_find_nothing(faiss: bool) -> None:
    assert FingerprintIndex(faiss=faiss).search(bytes(32), 255) == []
    index = FingerprintIndex(faiss=faiss)
    index.add(1, bytes(32))
    assert len(index.search_many([], 31).key) == 0


@both_ways
def test_many_keys_over_many_blocks_are_removed_at_once(faiss: bool) -> None:
    index = FingerprintIndex(faiss=faiss)
    stored = np.random.default_rng(2).integers(0, 256, (2 * BLOCK + 1, 32)).astype(np.uint8)
    index.add_many(range(len(stored)), [one.tobytes() for one in stored])
    gone = [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK, 5 * BLOCK]
    assert index.remove_many(gone) == 5
    assert len(index) == len(stored) - 5
    assert [len(index.search(stored[key].tobytes(), 0)) for key in gone[:5]] == [0] * 5
    for key in (2, BLOCK + 1, 2 * BLOCK - 1):
        assert index.search(stored[key].tobytes(), 31) == [Hit(key, 0)]
    assert sorted(key for keys, _ in index.arrays() for key in keys.tolist()) == sorted(
        set(range(len(stored))) - set(gone)
    )


@both_ways
@pytest.mark.parametrize("radius", [31, 45, 100, 255])
def test_a_block_full_of_near_hashes_is_counted_exactly(radius: int, faiss: bool) -> None:
    dice = np.random.default_rng(3)
    centre = dice.integers(0, 256, 32).astype(np.uint8)
    noise = np.packbits(dice.random((500, 256)) < dice.random((500, 1)), axis=1)
    stored = [(centre ^ one).tobytes() for one in noise]
    index = FingerprintIndex(faiss=faiss)
    index.add_many(range(500), stored)
    by_hand = sorted((far, key) for key, one in enumerate(stored) if (far := distance(centre.tobytes(), one)) <= radius)
    assert index.search(centre.tobytes(), radius) == [Hit(key, far) for far, key in by_hand]
