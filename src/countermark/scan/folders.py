"""Folder in, folder out: the driver that splits the work, lets an engine do it, and does again what got lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec
import pyarrow as pa
import pyarrow.fs as pafs

from countermark.model import ImageSource
from countermark.model.decoding import decode
from countermark.scan.journal import JournalMismatch
from countermark.scan.local import WorkerLost, scan_batches
from countermark.scan.parts import (
    Part,
    PartRunner,
    PartTally,
    digest_of,
    find_parts,
    levels_in_place,
    missing,
    problems_in_place,
    tally_of,
)
from countermark.scan.places import open_place, put, shown

#: Rounds in which parts that an engine lost are given out again.
ROUNDS = 3
#: Beside the parts: what they were made from.
HEADER = "_countermark.json"


class Engine(StrEnum):
    """Who runs the parts."""

    LOCAL = "local"
    RAY = "ray"


class FolderTally(msgspec.Struct, kw_only=True):
    """What a scan of a folder came to.

    Attributes:
        parts: pieces of work in all.
        resumed: those that were in place from an earlier run.
        again: those that were given out once more because nothing was in place after a round.
        by_level: how many findings have each risk.
        currencies: how many listings ask a price in each currency.
    """

    listings: int = 0
    problems: int = 0
    findings: int = 0
    parts: int = 0
    resumed: int = 0
    again: int = 0
    by_level: dict[str, int] = {}
    currencies: dict[str, int] = {}


class _Header(msgspec.Struct, frozen=True):
    inputs: str
    parts: int


def scan_folder(
    runner: PartRunner,
    images: ImageSource | None,
    *,
    inputs: str,
    engine: Engine = Engine.LOCAL,
    workers: int = 1,
    address: str | None = None,
) -> FolderTally:
    """Scan every part of `runner.source` into `runner.output`; parts already in place from the same inputs are kept.

    Args:
        runner: the plan with its two folders.
        images: where pictures come from; on a cluster every machine must reach it.
        inputs: a hash over everything besides the listings that decides the findings.
        engine: a pool of processes here, or Daft on Ray.
        workers: processes of the pool, or of a Ray that is started here.
        address: a running Ray cluster (`ray://…` or `auto`); None starts one here.

    Raises:
        JournalMismatch: the output folder holds findings of other inputs.
        PlaceRefused: an address is none of a store, or holds credentials.
        OSError: a store or a folder cannot be used (`places.why` says it in words).
        WorkerLost: a part was not in place after all rounds, or killed its worker twice.
        ModuleNotFoundError: the engine is not installed.
    """
    parts = find_parts(runner.source)
    _claim(runner.output, _Header(f"{inputs}:{digest_of(parts)}", len(parts)))
    todo = missing(runner.output, parts)
    tally = FolderTally(parts=len(parts), resumed=len(parts) - len(todo))
    run = _engine(engine, runner, images, workers, address)
    for round_ in range(ROUNDS):
        if not todo:
            break
        tally.again += len(todo) if round_ else 0
        run(todo)
        todo = missing(runner.output, todo)
    if todo:
        raise WorkerLost(f"{len(todo)} of {len(parts)} parts were lost {ROUNDS} times, the first is {todo[0].name}.")
    for part in parts:
        _add(tally, tally_of(runner.output, part), levels_in_place(runner.output, part))
    return tally


def problems_of(runner: PartRunner) -> Iterator[bytes]:
    """Everything that was wrong with the listings, as JSON Lines, in the order of the input folder.

    Read from beside the parts that are in place, so it is whole whoever ran them and in how many runs.
    """
    for part in find_parts(runner.source):
        yield problems_in_place(runner.output, part)


def _engine(
    engine: Engine, runner: PartRunner, images: ImageSource | None, workers: int, address: str | None
) -> Callable[[list[Part]], None]:
    if engine is Engine.RAY:
        from countermark.scan.cluster import Cluster  # noqa: PLC0415 - an extra, and slow to import

        return Cluster(runner, images, workers=workers, address=address).run

    def here(parts: list[Part]) -> None:
        for _ in scan_batches(runner, map(as_batch, parts), images, workers=workers):
            pass

    return here


def as_batch(part: Part) -> pa.RecordBatch:
    """A part as a batch of one row, the shape that drivers pass on."""
    return pa.RecordBatch.from_pydict({"part": [msgspec.json.encode(part).decode()]})


def _claim(output: str, header: _Header) -> None:
    filesystem, root = open_place(output)
    path = f"{root}/{HEADER}"
    if filesystem.get_file_info(path).type == pafs.FileType.File:
        with filesystem.open_input_file(path) as file:
            if decode(file.read(), _Header) == header:
                return
        raise JournalMismatch(
            f"{shown(output)} holds findings of other listings, rights, policy or engine. "
            "Choose another folder, or empty it."
        )
    put(filesystem, path, msgspec.json.encode(header))


def _add(tally: FolderTally, part: PartTally, levels: Counter[str]) -> None:
    tally.listings += part.listings
    tally.problems += part.problems
    tally.findings += part.findings
    for code, count in part.currencies.items():
        tally.currencies[code] = tally.currencies.get(code, 0) + count
    for level, count in sorted(levels.items()):
        tally.by_level[level] = tally.by_level.get(level, 0) + count
