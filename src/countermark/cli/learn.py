"""`countermark learn`: a policy from people's decisions."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from countermark.cli.exits import INPUT
from countermark.cli.talk import Talk
from countermark.evaluate.learning import Lesson, read_decisions
from countermark.evaluate.learning import learn as learn_from
from countermark.formats.writing import whole_file
from countermark.judge import load_policy


class Method(StrEnum):
    """How curves are fitted."""

    AUTO = "auto"
    LINES = "lines"
    BOOSTED = "boosted"


#: What is said about the newest decisions: words, field of `Measured`.
_FIGURES = (
    ("expected calibration error", "calibration_error"),
    ("Brier score", "brier"),
    ("log-loss", "log_loss"),
)


def learn(
    decisions: Annotated[
        list[Path], typer.Argument(help="Decisions, JSON Lines: finding_id, infringing, decided_at, signals.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the learned policy.")],
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Start from this policy, not the shipped one.")
    ] = None,
    method: Annotated[
        Method, typer.Option("--method", help="auto measures both kinds of curves and keeps the better.")
    ] = Method.AUTO,
    base_rate: Annotated[
        float | None,
        typer.Option("--base-rate", help="Share of infringing findings to come, where the decisions' share differs."),
    ] = None,
    leash: Annotated[
        float | None,
        typer.Option("--leash", help="No weight reaches more than this many times its starting weight; 2 is careful."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was learned as JSON.")] = False,
) -> None:
    """Learn weights from decisions: older ones train, newer ones calibrate, the newest only measure.

    [dim]Example[/]  countermark learn decisions.jsonl --out policy.yaml
    """
    rows = (row for file in decisions for row in read_decisions(file))
    try:
        lesson = learn_from(rows, load_policy(policy), method=method.value, base_rate=base_rate, leash=leash)
    except ImportError as error:
        Talk().error("Boosting is not installed. Install it with: pip install 'countermark[learn]'")
        raise typer.Exit(INPUT) from error
    with whole_file(out) as file:
        file.write(lesson.policy.source)
    typer.echo(_json(lesson) if as_json else _text(lesson, out))


def _json(lesson: Lesson) -> str:
    said = {"policy_hash": lesson.policy.digest, "candidates": lesson.candidates, "learned": lesson.learned}
    return msgspec.json.encode(said).decode()


def _text(lesson: Lesson, out: Path) -> str:
    learned, before, after = lesson.learned, lesson.learned.before, lesson.learned.after
    counts = f"{learned.trained_on:,} trained, {learned.calibrated_on:,} calibrated, {after.decisions:,} measured"
    days = f"{learned.first[:10]} to {learned.last[:10]}"
    lines = [
        f"Learned from {learned.decisions:,} decisions ({learned.infringing:,} infringing), {days}: {counts}.",
        "",
        "Log-loss on the decisions that chose:",
        *(f"  {n:<12} {loss:.4f}{'  chosen' * (n == learned.method)}" for n, loss in sorted(lesson.candidates.items())),
        "",
        f"{f'On the newest {after.decisions:,} decisions':<32} {'before':>8} {'after':>8}",
        *(f"  {words:<30} {getattr(before, name):8.4f} {getattr(after, name):8.4f}" for words, name in _FIGURES),
        "",
        f"Written to {out} (SHA-256 {lesson.policy.digest}). Use it with: countermark scan … --policy {out}",
    ]
    return "\n".join(lines)
