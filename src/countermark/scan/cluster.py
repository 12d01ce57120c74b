"""Many machines: Daft on Ray deals parts out, each machine runs its pool. Needs the extra `cluster`."""

import logging
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as pa

from countermark.model import ImageSource
from countermark.scan.local import scan_batches
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
        with self._connected() as machines:
            import daft  # noqa: PLC0415

            daft.set_runner_ray(noop_if_initialized=True)
            scan = daft.func.batch(return_dtype=daft.DataType.int64())(_on_a_machine)
            made = pickle.dumps((self.runner, self.images, None if self.address else self.workers))
            frame = daft.from_pydict({"part": [msgspec.json.encode(part).decode() for part in _dealt(parts, machines)]})
            try:
                frame.into_partitions(min(machines, len(parts))).select(scan(daft.col("part"), made)).collect()
            except Exception as error:  # noqa: BLE001 - Daft and Ray raise many kinds for one event
                # A machine that died takes its round with it; the parts it left are given out again by who called.
                log.warning("A round on the cluster ended early: %s", str(error).split("\n", 1)[0][:300])

    @contextmanager
    def _connected(self) -> Iterator[int]:
        """Connect, give the number of machines there are, and let go again."""
        os.environ.update(SILENT)
        import ray  # noqa: PLC0415

        settings: dict[str, Any] = {"address": self.address} if self.address else self._here()
        ray.init(log_to_driver=False, logging_level=logging.ERROR, runtime_env={"env_vars": SILENT}, **settings)
        connected: Any = ray
        try:
            yield max(1, sum(bool(node["Alive"]) for node in connected.nodes()))
        finally:
            ray.shutdown()

    def _here(self) -> dict[str, object]:
        return {"num_cpus": self.workers, "include_dashboard": False, "object_store_memory": STORE_BYTES}


def _dealt(parts: list[Part], machines: int) -> list[Part]:
    """Parts in an order that gives each machine every so-manyth of them: neighbours are often alike in size."""
    return [part for machine in range(machines) for part in parts[machine::machines]]


def _on_a_machine(parts, made: bytes):  # type: ignore[no-untyped-def]  # Daft reads annotations at run time
    """Scan a column of parts in a pool of this machine's processors; gives the findings of each.

    The pool is the one that a single machine uses, so a killed process is replaced here, and only a lost machine is
    an event for the cluster.
    """
    runner, images, workers = pickle.loads(made)  # noqa: S301 - our own bytes, from who started the scan
    batches = [pa.RecordBatch.from_pydict({"part": [part]}) for part in parts.to_pylist()]
    answers = scan_batches(runner, batches, images, workers=max(2, workers or os.cpu_count() or 1))
    return [answer.column("findings")[0].as_py() for answer in answers]
