"""Fingerprints a second from JPEG bytes, one core, against `pdqhash` and `imagehash`; and what each recognises.

Every way decodes the same bytes in the same run. What is recognised is measured at the radius the product uses (31 of
256 bits, for all three), on the edits of `_edits.py`; a photo counts as confused when any other photo is within it.
"""

import io
import random
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks._edits import EDITS, encode
from countermark.model import ImageRef, ImageRole, Portfolio, Right, RightKind
from countermark.signals.image import RADIUS, FingerprintIndex, ImageSignals, fingerprint

PHOTOS = Path(__file__).parents[2] / "shared" / "data" / "photos"
#: Photos timed, timed for the slow peers, references to search among, photos edited, unrelated photos.
SIZES = {"small": (300, 100, 500, 15, 200), "full": (1200, 300, 1500, 80, 1000)}
ROUNDS = 5


def run(size: str) -> dict[str, object]:
    """Time the fingerprint and its peers, then count what each recognises."""
    timed, timed_slow, known, edited, unrelated = SIZES[size]
    photos = _photos()
    cv2.setNumThreads(1)
    figures = _speed(photos[:timed], timed_slow) | _search_speed()
    figures["recognised_percent"] = _recognised(photos[:known], edited)
    figures["confused_of_unrelated"] = _confused(photos[:known], photos[known : known + unrelated])
    for key, value in figures.items():
        print(f"   {key}: {value}")
    return figures


def _photos() -> list[bytes]:
    """Real photographs, or drawn ones where the real are not here."""
    paths = sorted(PHOTOS.glob("*/*.jpg"))
    random.Random(5).shuffle(paths)
    return [path.read_bytes() for path in paths] or [_drawn(seed) for seed in range(2500)]


def _drawn(seed: int) -> bytes:
    dice = np.random.default_rng(seed)
    coarse = dice.integers(0, 256, (24, 18, 3)).astype(np.uint8)
    picture = cv2.resize(coarse, (400, 533), interpolation=cv2.INTER_CUBIC).astype(int) + dice.normal(
        0, 8, (533, 400, 1)
    )
    return encode(np.clip(picture, 0, 255).astype(np.uint8), 80)


# --- speed -------------------------------------------------------------------------------------------------------


def _speed(photos: list[bytes], slow: int) -> dict[str, object]:
    import simplejpeg

    ways = {
        "fingerprints_a_second": (fingerprint, photos),
        "pdqhash_a_second": (_pdq, photos[:slow]),
        "imagehash_phash16_a_second": (_phash, photos[:slow]),
        "grey_decode_alone_a_second": (lambda data: simplejpeg.decode_jpeg(data, "GRAY"), photos),
    }
    ours, pdq, phash, decode = _rates(list(ways.values()))
    return {
        "photos": "real" if PHOTOS.is_dir() else "drawn",
        **{name: round(rate) for name, rate in zip(ways, (ours, pdq, phash, decode), strict=True)},
        "ratio_to_pdqhash": round(ours / pdq, 2),
        "ratio_to_imagehash": round(ours / phash, 2),
        "share_of_grey_decode_rate": round(ours / decode, 2),
    }


def _rates(ways: list[tuple[Callable[[bytes], object], list[bytes]]]) -> list[float]:
    """Photos a second of the processor for each way, the best of a few rounds by turns."""
    best = [float("inf")] * len(ways)
    for _ in range(ROUNDS):
        for number, (measure, photos) in enumerate(ways):
            start = time.process_time()
            for data in photos:
                measure(data)
            best[number] = min(best[number], (time.process_time() - start) / len(photos))
    return [1 / seconds for seconds in best]


def _pdq(data: bytes) -> np.ndarray:
    import pdqhash

    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.packbits(pdqhash.compute(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))[0])


def _phash(data: bytes) -> np.ndarray:
    import imagehash
    from PIL import Image

    return np.packbits(imagehash.phash(Image.open(io.BytesIO(data)), hash_size=16).hash)


def _search_speed() -> dict[str, object]:
    """One query among a million hashes, beside faiss on the same hashes and one core."""
    import faiss

    bits = np.random.default_rng(6).integers(0, 256, (1_000_000, 32), dtype=np.uint8)
    index = FingerprintIndex()
    index.add_many(range(len(bits)), [one.tobytes() for one in bits])
    flat = faiss.IndexBinaryFlat(256)
    flat.add(bits)
    faiss.omp_set_num_threads(1)
    queries = bits[::100_003]
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        start = time.process_time()
        for query in queries:
            index.search(query.tobytes(), RADIUS)
        middle = time.process_time()
        for query in queries:
            flat.range_search(query[None], RADIUS + 1)
        end = time.process_time()
        best = [min(best[0], middle - start), min(best[1], end - middle)]
    ours, peer = (seconds / len(queries) * 1000 for seconds in best)
    return {
        "search_1m_ms": round(ours, 2),
        "search_1m_faiss_flat_ms": round(peer, 2),
        "search_1m_ratio_to_faiss_flat": round(ours / peer, 2),
    }


# --- what is recognised ------------------------------------------------------------------------------------------


class _Bytes:
    """An image source over a list of pictures."""

    def __init__(self, photos: list[bytes]) -> None:
        self.photos = photos

    def read(self, uri: str) -> bytes:
        return self.photos[int(uri)]


def _signals(photos: list[bytes]) -> ImageSignals:
    """Every photo as the official one of a house of its own."""
    rights = tuple(
        Right(
            brand=str(number),
            kind=RightKind.COPYRIGHT,
            title="photo",
            references=(ImageRef(uri=str(number), role=ImageRole.OFFICIAL),),
        )
        for number in range(len(photos))
    )
    return ImageSignals(Portfolio(rights=rights), _Bytes(photos))


def _brands_seen(signals: ImageSignals, pictures: list[bytes]) -> list[set[str]]:
    import pyarrow as pa

    rows = pa.array([[str(number)] for number in range(len(pictures))], pa.list_(pa.string()))
    batch = pa.RecordBatch.from_pydict({"images": rows})
    return [{signal.brand for signal in row} for row in signals.measure(batch, _Bytes(pictures))]


def _recognised(photos: list[bytes], edited: int) -> dict[str, list[int]]:
    """For each edit, percent of copies within the radius: ours, pdqhash, imagehash."""
    signals = _signals(photos)
    originals = [cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) for data in photos[:edited]]
    peers = {peer: [peer(data) for data in photos[:edited]] for peer in (_pdq, _phash)}
    shares = {}
    for name, edit in EDITS.items():
        dice = np.random.default_rng(5)
        copies = [encode(edit(picture, dice)) for picture in originals]
        found = [sum(str(n) in seen for n, seen in enumerate(_brands_seen(signals, copies)))]
        for peer, hashes in peers.items():
            found.append(sum(_differs(one, peer(copy)) <= RADIUS for one, copy in zip(hashes, copies, strict=True)))
        shares[name] = [round(100 * count / edited) for count in found]
    return shares


def _differs(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.bitwise_count(one ^ other).sum())


def _confused(photos: list[bytes], unrelated: list[bytes]) -> str:
    """Unrelated photos within the radius of any reference in any position; a true duplicate in the data counts too."""
    confused = sum(bool(seen) for seen in _brands_seen(_signals(photos), unrelated))
    return f"{confused} of {len(unrelated)}, against {len(photos)} references"


def main() -> None:
    """Run at the small size and print."""
    run("small")


if __name__ == "__main__":
    main()
