"""The real scan of a folder of Parquet by each engine: our pool, Daft's own, Daft on Ray; and what a billion takes.

Peer in the same run: the plan run over the same batches in one process, with no engine at all. Photos are drawn here;
the family of images as it stands is timed beside decoding alone, so that one table says what bounds a day of listings.
"""

import gc
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.million import _batch, _write_rights
from countermark.formats import Defaults, listings_to_batch, read_portfolio
from countermark.judge import load_policy
from countermark.model import (
    ImageRef,
    ImageRole,
    Listing,
    Portfolio,
    Right,
    RightKind,
    RightStatus,
    Seller,
    Text,
)
from countermark.scan import Engine, PartRunner, ScanPlan, scan_folder
from countermark.scan.parts import find_parts, read_part
from countermark.signals.image import ImageSignals

SIZES = {"small": (4, 5_000), "full": (8, 25_000)}
A_DAY = 86_400
A_BILLION = 1_000_000_000


def run(size: str) -> dict[str, object]:
    """Time each engine over the same folder; all must leave the same bytes."""
    files, rows = SIZES[size]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        marks = _write_rights(folder / "rights.yaml")
        _write_folder(folder / "in", files, rows, marks)
        reading = read_portfolio(folder / "rights.yaml")
        plan = ScanPlan.prepare(reading.portfolio, reading.images, load_policy(None))
        seconds = {"one process, no engine (peer)": _alone(plan, folder / "in")}
        written = {}
        for label, engine in (("local pool", Engine.LOCAL), ("daft on ray", Engine.RAY)):
            seconds[label] = _folder(plan, folder, label, engine)
            written[label] = _bytes(folder / label)
        seconds["daft, own engine"] = _daft_alone(plan, folder)
        written["daft, own engine"] = _bytes(folder / "daft, own engine")
    listings = files * rows
    same = len({tuple(sorted(each.items())) for each in written.values()}) == 1
    if not same:
        raise RuntimeError("two engines left different bytes")
    figures: dict[str, object] = {"listings": listings, "same_bytes": same, "workers": 2}
    figures |= {f"seconds: {label}": round(value, 1) for label, value in seconds.items()}
    figures |= {f"listings a second: {label}": round(listings / value) for label, value in seconds.items()}
    figures |= _capacity(listings / seconds["one process, no engine (peer)"])
    for key, value in figures.items():
        print(f"   {key}: {value}")
    return figures


def _write_folder(folder: Path, files: int, rows: int, marks: list[str]) -> None:
    folder.mkdir()
    for number in range(files):
        batch = _batch(number * rows, rows, marks, random.Random(number))
        pq.write_table(pa.Table.from_batches([batch]), folder / f"{number:03d}.parquet", row_group_size=rows)


def _alone(plan: ScanPlan, folder: Path) -> float:
    started = time.perf_counter()
    for part in find_parts(str(folder)):
        for batch, _ in read_part(str(folder), part, Defaults()):
            plan.run_arrow(batch, None)
    return time.perf_counter() - started


def _runner(plan: ScanPlan, folder: Path, label: str) -> PartRunner:
    shutil.rmtree(folder / label, ignore_errors=True)
    return PartRunner(plan, str(folder / "in"), str(folder / label), Defaults())


def _folder(plan: ScanPlan, folder: Path, label: str, engine: Engine) -> float:
    gc.collect()
    started = time.perf_counter()
    scan_folder(_runner(plan, folder, label), None, inputs="benchmark", engine=engine, workers=2)
    return time.perf_counter() - started


def _daft_alone(plan: ScanPlan, folder: Path) -> float:
    """Daft's own engine on one machine, without our pool: one function over the parts, in threads."""
    runner = _runner(plan, folder, "daft, own engine")
    parts = [msgspec.json.encode(part).decode() for part in find_parts(runner.source)]
    (folder / "made").write_bytes(pickle.dumps((runner, parts)))
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", _DAFT, str(folder / "made")], check=True)
    return time.perf_counter() - started


#: A process of its own, because Daft keeps to one runner a process.
_DAFT = """
import os, pickle, sys
os.environ.update({"DAFT_ANALYTICS_ENABLED": "0", "DO_NOT_TRACK": "true", "SCARF_NO_ANALYTICS": "true"})
import daft, pyarrow as pa
runner, parts = pickle.loads(open(sys.argv[1], "rb").read())
daft.set_runner_native()
@daft.func(return_dtype=daft.DataType.int64())
def scan(part: str):
    return runner.run_arrow(pa.RecordBatch.from_pydict({"part": [part]}), None).column("findings")[0].as_py()
daft.from_pydict({"part": parts}).select(scan(daft.col("part"))).collect()
"""


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.findings.parquet")}


def cores_for_a_billion(each_second: float) -> float:
    """Cores that a billion things a day keep busy, when one core does so many a second; no room for peaks."""
    return A_BILLION / A_DAY / each_second


def _capacity(listings_a_core: float) -> dict[str, object]:
    """Cores for a billion listings a day, by text alone and with one photo each."""
    decode, family = _photos(40)
    both = 1 / (1 / listings_a_core + 1 / family)
    return {
        "listings a second a core": round(listings_a_core),
        "photos a second a core, decoded whole and in colour": round(decode, 1),
        "photos a second a core, whole image family": round(family, 1),
        "cores for a billion a day, text, price and seller": round(cores_for_a_billion(listings_a_core), 1),
        "cores for a billion a day, with one photo each": round(cores_for_a_billion(both)),
    }


class _Drawn:
    """Photos of 1,000 pixels a side with detail at several scales, kept as JPEG."""

    def __init__(self, count: int) -> None:
        self.files = {f"{number}.jpg": _drawn(number) for number in range(count)}

    def read(self, uri: str) -> bytes:
        return self.files[uri]


def _drawn(number: int) -> bytes:
    dice = np.random.default_rng(number)
    canvas = np.zeros((1000, 1000, 3), np.float32)
    for cells in (4, 12, 40, 150):
        canvas += cv2.resize(dice.uniform(0, 64, (cells, cells, 3)).astype(np.float32), (1000, 1000))
    return bytes(cv2.imencode(".jpg", canvas.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


def _photos(count: int) -> tuple[float, float]:
    """Photos a second on one core: decoded alone, and through the whole family against twenty references."""
    cv2.setNumThreads(1)
    drawn = _Drawn(count + 20)
    references = tuple(ImageRef(uri=f"{number}.jpg", role=ImageRole.OFFICIAL) for number in range(20))
    right = Right(
        brand="Corvane", kind=RightKind.COPYRIGHT, title="photos", status=RightStatus.IN_FORCE, references=references
    )
    family = ImageSignals(Portfolio(rights=(right,)), drawn)
    uris = [f"{number}.jpg" for number in range(20, count + 20)]
    batch = listings_to_batch(
        [
            Listing(
                marketplace="B",
                external_id=uri,
                title=Text("tote"),
                images=(ImageRef(uri=uri),),
                seller=Seller(marketplace="B", external_id="s"),
                captured_at=datetime(2026, 11, 1, tzinfo=UTC),
            )
            for uri in uris
        ]
    )
    started = time.perf_counter()
    for uri in uris:
        cv2.imdecode(np.frombuffer(drawn.read(uri), np.uint8), cv2.IMREAD_COLOR)
    decoded = time.perf_counter()
    family.measure(batch, drawn)
    return count / (decoded - started), count / (time.perf_counter() - decoded)
