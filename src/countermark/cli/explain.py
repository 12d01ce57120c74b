"""`countermark explain`: why a finding was made, and what speaks against it."""

from pathlib import Path
from typing import Annotated

import typer

from countermark.cli.exits import FOUND, INPUT
from countermark.cli.talk import Talk
from countermark.formats import read_findings
from countermark.judge import Depth, Language, Policy, load_policy, recompute, render_text
from countermark.judge import explain as explain_finding
from countermark.model import Finding, InvalidRecord, to_json


def explain(
    finding_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="A finding (fnd_…), a listing (lst_…) or the marketplace's own listing id."),
    ],
    findings: Annotated[str, typer.Argument(help="Findings as written by scan; - reads standard input.")],
    language: Annotated[Language, typer.Option("--language", help="Language of the words.")] = Language.EN,
    depth: Annotated[
        Depth, typer.Option("--depth", help="Sentences only, with signed bars, or with raw values too.")
    ] = Depth.VALUES,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy", help="The policy it was made with, to say what would change it; default: the shipped."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
) -> None:
    """Say in plain words why a listing was found, with what speaks against it, and compute it again.

    Exit code 1: what is recorded does not follow from its values and its policy.

    [dim]Example[/]  countermark explain fnd_6Z0… findings.parquet
    """
    talk = Talk()
    matches = [f for f in read_findings(findings) if finding_id in (f.id, f.listing_id, f.external_id)]
    if not matches:
        talk.error(f"{finding_id} is not in {findings}. A scan reports only listings with a reason to look.")
        raise typer.Exit(INPUT)
    numbers = load_policy(policy)
    changed = False
    for finding in matches:
        same = _same(finding, numbers, talk, asked=policy is not None)
        explanation = explain_finding(finding, language, same)
        typer.echo(to_json(explanation).decode() if as_json else render_text(explanation, depth=depth))
        changed |= same is not None and not _holds(finding, same, talk)
    if changed:
        raise typer.Exit(FOUND)


def _holds(finding: Finding, policy: Policy, talk: Talk) -> bool:
    """Whether the finding comes out of its own values again; says so, or what does not follow."""
    try:
        recompute(finding, policy)
    except InvalidRecord as error:
        talk.error(f"{finding.id}: {error}")
        return False
    talk.say(f"{finding.id} was computed again from its values and its policy: the same to the last digit.")
    return True


def _same(finding: Finding, policy: Policy, talk: Talk, *, asked: bool) -> Policy | None:
    """The policy, where it is the one that made the finding: another would say something untrue about it."""
    if finding.policy_hash == policy.digest:
        return policy
    if asked:
        talk.say(f"{finding.id} was made with another policy; what would change it is left out.")
    return None
