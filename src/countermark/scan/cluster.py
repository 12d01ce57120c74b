"""Many machines: the same parts through Daft on Ray. Imported only when asked for; needs the extra `cluster`."""

import logging
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
import pyarrow as pa

from countermark.model import ImageSource
from countermark.scan.parts import Part, PartRunner

#: Nobody is told what is scanned: set before either library is imported, here and in every worker.
SILENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "DAFT_ANALYTICS_ENABLED": "0",
    "DO_NOT_TRACK": "true",
    "SCARF_NO_ANALYTICS": "true",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
#: Bytes of Ray's object store when it is started here: parts travel as names, not as rows.
STORE_BYTES = 256 * 1024 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cluster:
    """Runs parts on a Ray cluster through Daft.

    Attributes:
        workers: processes of a Ray that is started here; ignored with an address.
        address: a running cluster, None to start one here, with no dashboard and a bounded store.
    """

    runner: PartRunner
    images: ImageSource | None
    workers: int = 2
    address: str | None = None

    def run(self, parts: list[Part]) -> None:
        """One round. Returns also when parts got lost: what is in place afterwards is the only answer that counts."""
        with self._connected() as processes:
            import daft  # noqa: PLC0415

            daft.set_runner_ray(noop_if_initialized=True)
            # A process each: threads do not help Python code.
            scanner = daft.cls(_Scanner, max_concurrency=processes, use_process=True)
            scan = scanner(pickle.dumps((self.runner, self.images)))
            frame = daft.from_pydict({"part": [msgspec.json.encode(part).decode() for part in parts]})
            frame = frame.into_partitions(len(parts))
            try:
                frame.select(scan(daft.col("part"))).collect()
            except Exception as error:  # noqa: BLE001 - Daft and Ray raise many kinds for one event
                # A worker that died takes its round with it; the parts it left are given out again by who called.
                log.warning("A round on the cluster ended early: %s", str(error).split("\n", 1)[0][:300])

    @contextmanager
    def _connected(self) -> Iterator[int]:
        """Connect, give the number of processors there are, and let go again."""
        os.environ.update(SILENT)
        import ray  # noqa: PLC0415

        settings: dict[str, object] = {"address": self.address} if self.address else self._here()
        ray.init(log_to_driver=False, logging_level="error", runtime_env={"env_vars": SILENT}, **settings)
        try:
            yield max(1, int(ray.cluster_resources().get("CPU", 1)))
        finally:
            ray.shutdown()

    def _here(self) -> dict[str, object]:
        return {"num_cpus": self.workers, "include_dashboard": False, "object_store_memory": STORE_BYTES}


class _Scanner:
    """Lives in a worker: the runner is made ready once and not for every part."""

    def __init__(self, made: bytes) -> None:
        import cv2  # noqa: PLC0415

        # One core a worker: threads inside would only fight over it.
        cv2.setNumThreads(1)
        pa.set_cpu_count(1)
        self.runner, self.images = pickle.loads(made)  # noqa: S301 - our own bytes, from who started the scan

    def __call__(self, part: str) -> int:
        """Scan one part; gives how many findings it has."""
        answer = self.runner.run_arrow(pa.RecordBatch.from_pydict({"part": [part]}), self.images)
        return int(answer.column("findings")[0].as_py())
