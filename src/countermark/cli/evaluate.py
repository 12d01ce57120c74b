"""`countermark evaluate`: findings against the truth."""

from pathlib import Path
from typing import Annotated

import typer

from countermark.cli.adversarial import Size, attack
from countermark.evaluate import bound_from_decisions, render_bound, render_text
from countermark.evaluate import evaluate as compare
from countermark.evaluate.conformal import RECENT
from countermark.evaluate.learning import read_decisions
from countermark.formats import read_findings, read_truth
from countermark.judge import load_policy
from countermark.model import to_json


def evaluate(
    findings: Annotated[str | None, typer.Argument(help="Findings as written by scan; - reads standard input.")] = None,
    truth: Annotated[Path | None, typer.Argument(help="Truth per listing: .csv, .jsonl or .parquet.")] = None,
    bound: Annotated[
        float | None,
        typer.Option(
            "--bound",
            help="Also find the risk above which at most this share of honest listings lies (0.005 is 1 in 200).",
        ),
    ] = None,
    decisions: Annotated[
        list[Path] | None,
        typer.Option(
            "--decisions",
            help="Instead of findings and truth, for --bound: what people decided last, JSON Lines; repeat for more.",
        ),
    ] = None,
    recent: Annotated[int, typer.Option("--recent", min=1, help="With --decisions: how many, the newest.")] = RECENT,
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="With --decisions: the policy whose risks are meant; default: the shipped."),
    ] = None,
    adversarial: Annotated[
        bool, typer.Option("--adversarial", help="Attack the engine instead: no findings, no truth needed.")
    ] = False,
    rights: Annotated[Path | None, typer.Option("--rights", help="With --adversarial: your own rights file.")] = None,
    size: Annotated[Size, typer.Option("--size", help="With --adversarial: how many cases.")] = Size.SMALL,
    seed: Annotated[int, typer.Option("--seed", min=0, help="With --adversarial: decides every case.")] = 7,
    write_floors: Annotated[
        Path | None, typer.Option("--write-floors", help="With --adversarial: write what holds now as floors.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Measure precision, recall by kind, reliability of the stated risk, and confusion by brand.

    With --decisions and --bound it finds only the risk above which an automatic act would be rare enough, from what
    people decided last; it refuses where there are too few.

    [dim]Example[/]  countermark evaluate findings.parquet truth.jsonl
    """
    if adversarial:
        attack(rights, size.value, seed, write_floors, as_json=as_json)
        return
    if decisions:
        if bound is None or findings is not None or truth is not None:
            raise typer.BadParameter("--decisions needs --bound, and takes neither findings nor truth")
        rows = (row for file in decisions for row in read_decisions(file))
        found = bound_from_decisions(rows, load_policy(policy), bound, recent=recent)
        typer.echo(to_json(found).decode() if as_json else render_bound(found))
        return
    if findings is None or truth is None:
        raise typer.BadParameter("give findings and truth, or --adversarial")
    report = compare(read_findings(findings), read_truth(truth), bound=bound)
    typer.echo(to_json(report).decode() if as_json else render_text(report))
