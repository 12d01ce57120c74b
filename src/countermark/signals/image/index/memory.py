"""Radius search over 256-bit hashes: exact, in memory, with adding and removing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from countermark.signals.image.index.counting import WORDS, Near, Words, joined
from countermark.signals.image.index.halves import BLOCK, can_count, counting, room

_START = 64

Keys = npt.NDArray[np.int64]


class Hit(NamedTuple):
    """One hash within the radius: whose it is, and how many bits differ."""

    key: int
    distance: int


@dataclass(frozen=True, slots=True)
class Hits:
    """All hits of a batch of queries, as three arrays of one length, sorted by query, then distance, then key."""

    query: Keys
    key: Keys
    distance: Keys


class FingerprintIndex:
    """Hashes under keys of the caller's choice; one key may have several. 32 bytes a hash and 8 its key.

    Hashes lie in blocks of `BLOCK`; nothing is copied when it grows, and what is removed is replaced by the last hash.
    Every search looks at half of every hash and at the rest of the few that pass, so it is exact; a million take about
    a millisecond with faiss, two without. Several threads may search at once, while none adds or removes. Picklable:
    what is held travels, and lies there as suits that machine.

    Args:
        faiss: count with faiss always, or never; by default where it is installed and there is enough to count. The
            answers are the same.
    """

    def __init__(self, *, faiss: bool | None = None) -> None:
        self._faiss = faiss
        # Every block is full but the last one, which `_room` of the count says.
        self._blocks: list[Words] = []
        self._keys: list[Keys] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, key: int, bits: bytes) -> None:
        """Add one hash of 32 bytes under a key; visible to the next search."""
        self.add_many([key], [bits])

    def add_many(self, keys: Sequence[int], bits: Sequence[bytes]) -> None:
        """Add hashes of 32 bytes, each under the key at the same place.

        Raises:
            ValueError: when the lengths differ or a hash is not 32 bytes long.
        """
        if len(keys) != len(bits):
            raise ValueError(f"{len(keys)} keys for {len(bits)} hashes")
        self.add_arrays(np.asarray(keys, np.int64), as_words(bits))

    def add_arrays(self, keys: Keys, words: Words) -> None:
        """The same from arrays: keys of shape (n,), hashes of shape (n, 4).

        Raises:
            ValueError: when the shapes do not fit one another.
        """
        if words.shape != (len(keys), WORDS):
            raise ValueError(f"{len(keys)} keys for hashes of shape {words.shape}")
        taken = 0
        while taken < len(keys):
            block, place, free = self._room(len(keys) - taken)
            more = min(free, len(keys) - taken)
            self._blocks[block][:, :, place : place + more] = words[taken : taken + more].T.reshape(2, 2, more)
            self._keys[block][place : place + more] = keys[taken : taken + more]
            self._count += more
            taken += more

    def remove(self, key: int) -> int:
        """Take out every hash of a key; returns how many there were."""
        return self.remove_many([key])

    def remove_many(self, keys: Sequence[int]) -> int:
        """Take out every hash of these keys; returns how many there were. One pass over all keys."""
        wanted = np.asarray(keys, np.int64)
        removed = 0
        # From the back, so that the hash which fills a gap has been looked at already.
        for block in reversed(range(len(self._blocks))):
            held = self._keys[block][: self._held(block)]
            gone = held == wanted[0] if len(wanted) == 1 else np.isin(held, wanted)
            for place in np.flatnonzero(gone)[::-1].tolist():
                self._fill_gap(block, place)
                removed += 1
        return removed

    def arrays(self) -> Iterator[tuple[Keys, Words]]:
        """Everything held, block by block: keys (n,) and hashes (n, 4); for writing it down."""
        for block, words in enumerate(self._blocks):
            held = self._held(block)
            yield self._keys[block][:held], words[:, :, :held].transpose(2, 0, 1).reshape(held, WORDS)

    def search(self, bits: bytes, radius: int) -> list[Hit]:
        """Every hash that differs from `bits` (32 bytes) in at most `radius` bits, nearest first."""
        hits = self.search_many([bits], radius)
        return [Hit(*pair) for pair in zip(hits.key.tolist(), hits.distance.tolist(), strict=True)]

    def search_many(self, queries: Sequence[bytes], radius: int) -> Hits:
        """The same for many queries at once; `Hits.query` counts them from 0."""
        way = counting(as_words(queries), radius, self._count, faiss=self._faiss)
        found: list[Near] = []
        for number, block in enumerate(self._blocks):
            near = way.near(block[:, :, : self._held(number)])
            if len(near.place):
                found.append(near._replace(place=self._keys[number][near.place]))
        return _in_order(*joined(found))

    def __reduce__(self) -> tuple[type[Self], tuple[()], tuple[bool | None, list[tuple[Keys, Words]]]]:
        """A pickle carries what is held, not the room kept free."""
        return type(self), (), (self._faiss, list(self.arrays()))

    def __setstate__(self, state: tuple[bool | None, list[tuple[Keys, Words]]]) -> None:
        self._faiss, held = state
        for keys, words in held:
            self.add_arrays(keys, words)

    def _held(self, block: int) -> int:
        return min(BLOCK, self._count - block * BLOCK)

    def _room(self, wanted: int) -> tuple[int, int, int]:
        """Block, place in it and free places after it for the next hashes; makes at least one free."""
        block, place = divmod(self._count, BLOCK)
        if block == len(self._blocks):
            size = min(BLOCK, max(_START, wanted))
            self._blocks.append(self._empty(size))
            self._keys.append(np.empty(size, np.int64))
        size = len(self._keys[block])
        if place + wanted > size < BLOCK:
            size = min(BLOCK, max(size * 5 // 4, place + wanted))
            words, keys = self._empty(size), np.empty(size, np.int64)
            words[:, :, :place], keys[:place] = self._blocks[block][:, :, :place], self._keys[block][:place]
            self._blocks[block], self._keys[block] = words, keys
        return block, place, size - place

    def _empty(self, size: int) -> Words:
        return room(size, for_faiss=can_count() if self._faiss is None else self._faiss)

    def _fill_gap(self, block: int, place: int) -> None:
        last_block, last = divmod(self._count - 1, BLOCK)
        self._blocks[block][:, :, place] = self._blocks[last_block][:, :, last]
        self._keys[block][place] = self._keys[last_block][last]
        self._count -= 1
        if last == 0:
            del self._blocks[last_block], self._keys[last_block]


def as_words(bits: Sequence[bytes]) -> Words:
    """Hashes of 32 bytes as an array of shape (n, 4); the byte order does not matter for counting differences.

    Raises:
        ValueError: when one is not 32 bytes long.
    """
    if any(len(one) != 8 * WORDS for one in bits):
        raise ValueError("a hash of 256 bits has 32 bytes")
    return np.frombuffer(b"".join(bits), np.uint64).reshape(-1, WORDS)


def _in_order(query: Keys, key: Keys, distance: Keys) -> Hits:
    order = np.lexsort((key, distance, query))
    return Hits(query[order], key[order], distance[order])
