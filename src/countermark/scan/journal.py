"""What a scan has done so far, on disk: killed at any moment, it goes on where it stood."""

import os
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.formats.arrow import FINDING_SCHEMA
from countermark.model import RowProblem
from countermark.model.decoding import decode
from countermark.scan.pictures import TOLD, told

#: Batches of findings kept in one part file; a killed scan repeats at most this many and what is in flight.
BATCHES_PER_PART = 8


class JournalMismatch(RuntimeError):
    """The partial work beside the output belongs to other inputs; it is not mixed in and not thrown away silently."""


class _Header(msgspec.Struct, frozen=True):
    """What the partial work was made from; equal headers may be continued."""

    inputs: str
    batches_per_part: int


class Journal:
    """A folder `<output>.partial` beside the output: a header and numbered part files, each whole or absent."""

    def __init__(self, folder: Path, batches_done: int) -> None:
        self.folder = folder
        self.batches_done = batches_done

    @classmethod
    def open(cls, output: Path, inputs: str) -> Self:
        """Start or take up the journal of a scan.

        Args:
            output: where the findings will stand.
            inputs: a hash over everything that decides them (engine, policy, references, listings, batch size).

        Raises:
            JournalMismatch: partial work with other inputs is there; the message says how to go on.
        """
        folder = output.with_name(output.name + ".partial")
        header = _Header(inputs, BATCHES_PER_PART)
        header_file = folder / "header.json"
        if header_file.exists():
            if decode(header_file.read_bytes(), _Header) != header:
                raise JournalMismatch(
                    f"{folder.name} holds an interrupted scan of other listings, rights, policy or engine. "
                    "Run that scan again to finish it, or remove the folder to start afresh."
                )
            return cls(folder, len(cls._parts(folder)) * BATCHES_PER_PART)
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(header_file, msgspec.json.encode(header))
        return cls(folder, 0)

    def keep(self, answers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass findings through and put them on disk, `BATCHES_PER_PART` at a time, each part in one atomic rename.

        Only whole parts count as done, except the last one of a scan, after which nothing follows.
        """
        stream = iter(answers)
        part = len(self._parts(self.folder))
        while taken := list(islice(stream, BATCHES_PER_PART)):
            _write_part(self.folder / f"part-{part:06d}.parquet", taken)
            part += 1
            yield from taken

    def findings(self) -> Iterator[pa.RecordBatch]:
        """Everything kept so far, in the order of the listings."""
        for part in self._parts(self.folder):
            with pq.ParquetFile(part) as file:
                yield from file.iter_batches()

    def problems(self) -> Iterator[RowProblem]:
        """What was told beside the findings kept so far: pictures that could not be looked at."""
        yield from told(pq.read_schema(part).metadata for part in self._parts(self.folder))

    def close(self) -> None:
        """Remove the partial work, once the output stands."""
        shutil.rmtree(self.folder)

    @staticmethod
    def _parts(folder: Path) -> list[Path]:
        return sorted(folder.glob("part-*.parquet"))


def _write_part(path: Path, batches: list[pa.RecordBatch]) -> None:
    sink = pa.BufferOutputStream()
    problems = list(told(batch.schema.metadata for batch in batches))
    schema = FINDING_SCHEMA.with_metadata({TOLD: msgspec.json.encode(problems)})
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))
    _write_whole(path, sink.getvalue().to_pybytes())


def _write_whole(path: Path, data: bytes) -> None:
    """Whole or absent, even when the power goes: write aside, sync, rename."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
