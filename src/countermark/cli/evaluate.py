"""`countermark evaluate`: findings against the truth."""

from pathlib import Path
from typing import Annotated

import typer

from countermark.evaluate import evaluate as compare
from countermark.evaluate import render_text
from countermark.formats import read_findings, read_truth
from countermark.model import to_json


def evaluate(
    findings: Annotated[str, typer.Argument(help="Findings as written by scan; - reads standard input.")],
    truth: Annotated[Path, typer.Argument(help="Truth per listing: .csv, .jsonl or .parquet.")],
    bound: Annotated[
        float | None,
        typer.Option(
            "--bound",
            help="Also find the risk above which at most this share of honest listings lies (0.005 is 1 in 200).",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Measure precision, recall by kind, reliability of the stated risk, and confusion by brand.

    [dim]Example[/]  countermark evaluate findings.parquet truth.jsonl
    """
    report = compare(read_findings(findings), read_truth(truth), bound=bound)
    typer.echo(to_json(report).decode() if as_json else render_text(report))
