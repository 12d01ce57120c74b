"""`countermark explain`: why a finding was made, and what speaks against it."""

from typing import Annotated

import typer

from countermark.cli.exits import INPUT
from countermark.cli.talk import Talk
from countermark.formats import read_findings
from countermark.judge import explain as explain_finding
from countermark.judge import render_text
from countermark.model import Finding, to_json


def explain(
    finding_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="A finding (fnd_…), a listing (lst_…) or the marketplace's own listing id."),
    ],
    findings: Annotated[str, typer.Argument(help="Findings as written by scan; - reads standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
) -> None:
    """Say in plain words why a listing was found, with what speaks against it.

    [dim]Example[/]  countermark explain fnd_6Z0… findings.parquet
    """
    talk = Talk()
    matches = [f for f in read_findings(findings) if finding_id in (f.id, f.listing_id, f.external_id)]
    if not matches:
        talk.error(f"{finding_id} is not in {findings}. A scan reports only listings with a reason to look.")
        raise typer.Exit(INPUT)
    for finding in matches:
        typer.echo(_written(finding, as_json=as_json))


def _written(finding: Finding, *, as_json: bool) -> str:
    explanation = explain_finding(finding)
    return to_json(explanation).decode() if as_json else render_text(explanation)
