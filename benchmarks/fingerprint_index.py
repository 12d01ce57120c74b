"""Radius search over 1 and 10 million 256-bit hashes against faiss, usearch and PDQIndex, one core, same hashes.

Hashes are clustered, as pictures in shops are: families of a picture and its copies, each copy a few bits away.
Queries are copies of stored pictures at 0 to 31 bits, and strangers. Recall is against counting every bit of every
hash. Searches are timed by turns in seconds of the processor. Ours runs as it is found where faiss is installed, and
again as it is where faiss is not.
"""

import importlib.util
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from countermark.signals.image import RADIUS
from countermark.signals.image.index import FingerprintIndex, StoredIndex

Bits = npt.NDArray[np.uint8]
Pairs = set[tuple[int, int]]

#: Hashes held; hashes for the peer whose graph takes minutes to build; queries.
SIZES = {"small": ((200_000,), 20_000, 64), "full": ((1_000_000, 10_000_000), 200_000, 64)}
ROUNDS = 5
FAMILY = 8


def run(size: str) -> dict[str, object]:
    """Search, add and remove at every size; then the approximate peer at the size it can build."""
    counts, graph, asked = SIZES[size]
    figures: dict[str, object] = {"radius": RADIUS, "queries": asked}
    for count in counts:
        figures[f"clustered_{count}"] = _compare(clustered(count), asked)
    figures[f"random_{counts[0]}"] = _compare(_random(counts[0]), asked)
    figures["usearch_graph"] = _graph(clustered(graph), asked)
    figures["changes"] = _changes(counts[0])
    figures["ratios"] = _ratios(figures)
    for key, value in figures.items():
        print(f"   {key}: {value}")
    return figures


def _ratios(figures: dict[str, object]) -> dict[str, dict[str, float]]:
    """How many times as long ours takes as each peer on the same hashes; below 1 it is quicker."""
    ratios: dict[str, dict[str, float]] = {}
    for name, measured in figures.items():
        if not isinstance(measured, dict):
            continue
        for unit in ("single_ms", "batch_ms_a_query"):
            if ways := measured.get(unit):
                ratios[f"{name}_{unit.split('_')[0]}"] = {
                    f"{own}_to_{peer}": round(ways[own] / ways[peer], 2)
                    for own in ways
                    for peer in ways
                    if own.startswith("ours") and not peer.startswith("ours")
                }
    return ratios


def clustered(count: int) -> Bits:
    """Families of eight: a picture and seven copies with 0 to 40 bits flipped; shape (count, 32)."""
    dice = np.random.default_rng(6)
    bits = np.repeat(dice.integers(0, 256, (-(-count // FAMILY), 32), dtype=np.uint8), FAMILY, axis=0)[:count]
    for start in range(0, count, 100_000):
        part = bits[start : start + 100_000]
        share = dice.random(len(part)).astype(np.float32) * 40 / 256
        flips = np.packbits(dice.random((len(part), 256), dtype=np.float32) < share[:, None], axis=1)
        flips[::FAMILY] = 0
        part ^= flips
    return bits


def _random(count: int) -> Bits:
    return np.random.default_rng(7).integers(0, 256, (count, 32), dtype=np.uint8)


def _queries(bits: Bits, asked: int) -> Bits:
    """Three copies of something stored to one stranger."""
    dice = np.random.default_rng(8)
    queries = bits[dice.choice(len(bits), asked, replace=False)].copy()
    for number in range(asked):
        places = dice.choice(256, dice.integers(0, 32), replace=False)
        queries[number] ^= np.packbits(np.isin(np.arange(256), places))
        if number % 4 == 3:
            queries[number] = dice.integers(0, 256, 32)
    return queries


def _truth(bits: Bits, queries: Bits) -> Pairs:
    pairs = set()
    for start in range(0, len(bits), 250_000):
        part = np.ascontiguousarray(bits[start : start + 250_000]).view(np.uint64)
        for number, query in enumerate(np.ascontiguousarray(queries).view(np.uint64)):
            near = np.flatnonzero(np.bitwise_count(part ^ query).sum(axis=1, dtype=np.uint16) <= RADIUS)
            pairs.update((number, start + place) for place in near.tolist())
    return pairs


def _compare(bits: Bits, asked: int) -> dict[str, object]:
    """Milliseconds a query, one by one and as a batch, the ways in turn; and recall."""
    import faiss

    faiss.omp_set_num_threads(1)
    queries = _queries(bits, asked)
    as_bytes = [query.tobytes() for query in queries]
    ours, without = _ours(bits), _ours(bits, faiss=False)
    flat = faiss.IndexBinaryFlat(256)
    flat.add(bits)
    few = slice(None, None, 4 if len(bits) > 2_000_000 else 1)
    singly: dict[str, Callable[[], object]] = {
        "ours": lambda: [ours.search(query, RADIUS) for query in as_bytes[few]],
        "ours_without_faiss": lambda: [without.search(query, RADIUS) for query in as_bytes[few]],
        "faiss_flat": lambda: [flat.range_search(query[None], RADIUS + 1) for query in queries[few]],
    }
    together: dict[str, Callable[[], object]] = {
        "ours": lambda: ours.search_many(as_bytes, RADIUS),
        "ours_without_faiss": lambda: without.search_many(as_bytes, RADIUS),
        "faiss_flat": lambda: flat.range_search(queries, RADIUS + 1),
    }
    truth = _truth(bits, queries)
    recall = {
        "ours": _recall(_pairs_of_ours(ours, as_bytes), truth),
        "ours_without_faiss": _recall(_pairs_of_ours(without, as_bytes), truth),
        "faiss_flat": _recall(_pairs_of_faiss(flat, queries), truth),
    }
    if (pdq := _pdq_index(bits)) is not None:
        asked_as_hex = [query.hex() for query in as_bytes]
        singly["pdq_index"] = lambda: [pdq.query(query) for query in asked_as_hex[few]]
        found = {(n, match.metadata) for n, query in enumerate(asked_as_hex) for match in pdq.query(query)}
        recall["pdq_index"] = _recall(found & truth, truth)
    return {
        "near_pairs": len(truth),
        "single_ms": _milliseconds(singly, len(as_bytes[few])),
        "batch_ms_a_query": _milliseconds(together, asked),
        "recall": recall,
        "bytes_a_hash_beside_the_key": round(sum(words.nbytes for words in ours._blocks) / len(ours), 2),
    }


def _ours(bits: Bits, *, faiss: bool | None = None) -> FingerprintIndex:
    index = FingerprintIndex(faiss=faiss)
    index.add_arrays(np.arange(len(bits)), np.ascontiguousarray(bits).view(np.uint64))
    return index


def _pairs_of_ours(index: FingerprintIndex, queries: list[bytes]) -> Pairs:
    hits = index.search_many(queries, RADIUS)
    return set(zip(hits.query.tolist(), hits.key.tolist(), strict=True))


def _pairs_of_faiss(index: object, queries: Bits) -> Pairs:
    # faiss counts a hash as near when it differs in less than the radius.
    limits, _, places = index.range_search(queries, RADIUS + 1)  # type: ignore[attr-defined]
    rows = np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64)))
    return set(zip(rows.tolist(), places.tolist(), strict=True))


def _recall(found: Pairs, truth: Pairs) -> float:
    """Share of the near pairs found; more than the truth would be an error of ours."""
    assert found <= truth
    return round(len(found & truth) / max(len(truth), 1), 4)


def _pdq_index(bits: Bits) -> Any:
    """The index of ThreatExchange, which is faiss inside, at its own radius of 31; None where it is not installed."""
    if importlib.util.find_spec("threatexchange") is None:
        return None
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex

    return PDQIndex(entries=[(one.tobytes().hex(), place) for place, one in enumerate(bits)])


def _graph(bits: Bits, asked: int) -> dict[str, object]:
    """usearch keeps a graph: quick and not exact, and it knows no radius, so its nearest are cut at ours."""
    from usearch.index import Index

    queries = _queries(bits, asked)
    truth = _truth(bits, queries)
    index = Index(ndim=256, metric="hamming", dtype="b1")
    start = time.perf_counter()
    index.add(np.arange(len(bits)), bits, threads=1)
    built = time.perf_counter() - start
    found = {
        (number, int(key))
        for number, query in enumerate(queries)
        for match in [index.search(query, 2 * FAMILY, threads=1)]
        for key, far in zip(match.keys, match.distances, strict=True)
        if far <= RADIUS
    }
    ours, as_bytes = _ours(bits), [query.tobytes() for query in queries]
    return {
        "hashes": len(bits),
        "single_ms": _milliseconds(
            {
                "ours": lambda: [ours.search(query, RADIUS) for query in as_bytes],
                "usearch": lambda: [index.search(query, 2 * FAMILY, threads=1) for query in queries],
            },
            asked,
        ),
        "usearch_recall": _recall(found & truth, truth),
        "usearch_build_s": round(built, 1),
        "usearch_bytes_a_hash": round(index.memory_usage / len(bits)),
    }


def _changes(count: int) -> dict[str, object]:
    """Adding, removing, opening and compacting an index kept on disk."""
    bits = clustered(count)
    hashes = [one.tobytes() for one in bits]
    figures: dict[str, object] = {"hashes": count}
    with tempfile.TemporaryDirectory() as folder:
        with StoredIndex(Path(folder)) as index:
            figures["add_all_s"] = _seconds(lambda: index.add_many(range(count), hashes))
            figures["add_one_then_find_it_ms"] = 1000 * _seconds(
                lambda: (index.add_many([count], [bytes(32)]), index.search(bytes(32), 0))
            )
            figures["remove_one_ms"] = 1000 * _seconds(lambda: index.remove_many([count // 2]))
            figures["remove_a_thousand_ms"] = 1000 * _seconds(lambda: index.remove_many(range(0, 2000, 2)))
            figures["compact_s"] = _seconds(index.compact)
        figures["disk_bytes_a_hash_with_key"] = sum(p.stat().st_size for p in Path(folder).iterdir()) / count
        figures["open_s"] = _seconds(lambda: StoredIndex(Path(folder)).close())
    return {key: round(float(value), 3) for key, value in figures.items()}  # type: ignore[arg-type]


def _seconds(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    act()
    return clock() - start


def _milliseconds(ways: dict[str, Callable[[], object]], queries: int) -> dict[str, float]:
    """For each query, the best of a few rounds by turns, on one core: whatever else runs here slows all alike."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, act in ways.items():
            best[name] = min(best[name], _seconds(act, time.process_time))
    return {name: round(1000 * seconds / queries, 3) for name, seconds in best.items()}


def main() -> None:
    """Run at the small size and print."""
    run("small")


if __name__ == "__main__":
    main()
