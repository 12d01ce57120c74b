"""`countermark evaluate --adversarial`: attacks made from the rights, their honest twins, and whether recall holds."""

import tempfile
from enum import StrEnum
from pathlib import Path

import msgspec
import typer
import yaml

from countermark.evaluate.share import Share
from countermark.formats import read_portfolio
from countermark.judge import load_policy
from countermark.scan import ScanPlan
from countermark.signals.image.reading import PictureReading, can_read
from countermark.world import draw_market
from countermark.world.adversary.floors import fallen, floors_of, read_floors
from countermark.world.adversary.suite import Outcome, run_suite


class Size(StrEnum):
    """How many cases the suite makes."""

    SMALL = "small"
    FULL = "full"


#: Attacked listings of each sort, by size.
SIZES = {"small": 12, "full": 60}
#: Size and seed of the measurement that the floors were written from.
_MEASURED = ("small", 7)
_HEAD = (
    "# Lowest recall by attack that holds: the lower end of the 95 % Wilson interval of the measurement it was\n"
    "# written from, so that the choice of cases alone does not make the suite fail. Written by --write-floors.\n"
)


def attack(rights: Path | None, size: str, seed: int, write_floors: Path | None, *, as_json: bool) -> None:
    """Run the suite and print it; exit code 1 when a recall fell below its floor."""
    outcomes = _outcomes(rights, SIZES[size], seed)
    if write_floors:
        write_floors.write_text(_HEAD + yaml.safe_dump(floors_of(outcomes), sort_keys=False), encoding="utf-8")
    # The floors that ship were measured on these very cases; other cases are harder or easier and have none.
    # So have all of them where words in pictures are not read: what hides there is not found.
    measured = rights is None and (size, seed) == _MEASURED and not write_floors and can_read()
    below = fallen(outcomes, read_floors()) if measured else []
    if as_json:
        typer.echo(msgspec.json.encode({"seed": seed, "size": size, "attacks": outcomes, "below_floor": below}))
    else:
        typer.echo(_table(outcomes))
        for one in below:
            typer.echo(f"Recall fell below its floor: {one.attack}", err=True)
    if below:
        raise typer.Exit(1)


def _outcomes(rights: Path | None, cases: int, seed: int) -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        source = rights or draw_market(Path(folder), seed=seed, listings=600 if cases > 12 else 20, workers=1).rights
        reading = read_portfolio(source)
        reader = PictureReading() if can_read() else None
        plan = ScanPlan.prepare(reading.portfolio, reading.images, load_policy(), reading=reader)
        return run_suite(reading.portfolio, reading.images, plan, seed=seed, cases=cases)


def _table(outcomes: list[Outcome]) -> str:
    head = f"{'attack':36} {'found':>9} {'recall':>7} {'twins accused':>14}"
    return "\n".join([head, *map(_row, outcomes)])


def _row(one: Outcome) -> str:
    recall = f"{100 * (one.recall.value or 0):.0f} %"
    return f"{one.attack:36} {_counts(one.recall):>9} {recall:>7} {_counts(one.false_alarms):>14}"


def _counts(share: Share) -> str:
    return f"{share.hits} of {share.n}"
