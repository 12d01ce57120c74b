"""`scan` from a folder of Parquet into a folder of Parquet, by the engine that was asked for."""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from countermark.cli.exits import INPUT, INTERRUPTED, USAGE
from countermark.cli.talk import Talk
from countermark.formats import Defaults
from countermark.formats.writing import whole_file
from countermark.judge import ENGINE_VERSION
from countermark.model import ImageSource, to_json
from countermark.scan import (
    Engine,
    FolderTally,
    JournalMismatch,
    PartRunner,
    PlaceRefused,
    ScanPlan,
    WorkerLost,
    is_remote,
    problems_of,
    scan_folder,
    shown,
    why,
)


@dataclass(frozen=True)
class Target:
    """What is scanned, to where, by whom."""

    listings: list[str]
    output: str
    engine: Engine
    cluster: str | None
    workers: int
    defaults: Defaults
    rejects: Path | None = None


def is_folder(output: str) -> bool:
    """Whether an output names a folder: it ends in a slash, is one, has an address, or has no ending."""
    if output == "-":
        return False
    return output.endswith("/") or is_remote(output) or Path(output).is_dir() or not Path(output).suffix


def scan_into_folder(
    plan: ScanPlan, images: ImageSource | None, target: Target, talk: Talk, *, as_json: bool
) -> FolderTally:
    """Scan one folder and tell what came of it; leaves with a sentence and a code when it cannot."""
    if len(target.listings) != 1 or not (is_remote(target.listings[0]) or Path(target.listings[0]).is_dir()):
        talk.error("A folder of findings is made from one folder of Parquet. Give one folder, or -o a file.")
        raise typer.Exit(USAGE)
    inputs = hashlib.sha256()
    for part in (ENGINE_VERSION, plan.policy.digest, plan.reference_hash, repr(target.defaults), repr(images)):
        inputs.update(part.encode() + b"\0")
    runner = PartRunner(plan, target.listings[0], target.output, target.defaults)
    try:
        tally = scan_folder(
            runner,
            images,
            inputs=inputs.hexdigest(),
            engine=target.engine,
            workers=target.workers,
            address=target.cluster,
        )
        if target.rejects is not None:
            with whole_file(target.rejects) as file:
                file.writelines(problems_of(runner))
    except (JournalMismatch, PlaceRefused) as error:
        talk.error(str(error))
        raise typer.Exit(INPUT) from error
    except ModuleNotFoundError as error:
        talk.error(f"{error.name} is not installed. Install countermark[cluster], or use --engine local.")
        raise typer.Exit(USAGE) from error
    except WorkerLost as error:
        talk.error(f"{error} What is in place stays: run the same command again to go on.")
        raise typer.Exit(INTERRUPTED) from error
    except OSError as error:
        places = [shown(place) for place in (target.listings[0], target.output) if is_remote(place)]
        if not places:
            raise
        talk.error(f"{' or '.join(places)} cannot be used: {why(error)}.")
        raise typer.Exit(INPUT) from error
    except KeyboardInterrupt:
        talk.error("Interrupted. What is in place stays; run the same command to go on.")
        raise typer.Exit(INTERRUPTED) from None
    _tell(talk, tally, plan, target, as_json=as_json)
    return tally


def say_currencies(talk: Talk, plan: ScanPlan, counted: Mapping[str, int]) -> None:
    """Which prices were compared with nothing, because their currency has neither a usual price nor a rate."""
    known = plan.price.currencies()
    unknown = {code: count for code, count in sorted(counted.items()) if code not in known}
    if known and unknown:
        listed = ", ".join(f"{count:,} in {code}" for code, count in list(unknown.items())[:10])
        talk.say(f"Prices that could not be compared, for want of a usual price or a rate (--rates): {listed}.")


def _tell(talk: Talk, tally: FolderTally, plan: ScanPlan, target: Target, *, as_json: bool) -> None:
    """Counts to a person, or as JSON."""
    if tally.problems:
        where = target.rejects.name if target.rejects else f"{target.output.rstrip('/')}/_problems"
        talk.say(f"{tally.problems:,} problems in the listings are in {where}.")
    resumed = f", {tally.resumed:,} of them from an earlier run" if tally.resumed else ""
    talk.say(f"{tally.listings:,} listings, {tally.findings:,} findings in {tally.parts:,} parts{resumed}.")
    say_currencies(talk, plan, tally.currencies)
    if plan.reading is None:
        talk.say("Words in pictures were not read.")
    if as_json:
        import msgspec

        facts = {
            **msgspec.structs.asdict(tally),
            "engine_version": ENGINE_VERSION,
            "policy_hash": plan.policy.digest,
            "reference_hash": plan.reference_hash,
            "words_in_pictures_read": plan.reading is not None,
            "output": target.output,
        }
        sys.stdout.write(to_json(facts).decode() + "\n")
