"""`countermark verify`: who signed what, when, and whether anything was changed since; without network and node."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from countermark.cli.exits import FOUND, INPUT
from countermark.cli.talk import Talk
from countermark.proof import Report, standalone_file, verify_extract


def verify(
    file: Annotated[Path | None, typer.Argument(help="An extract: entries of a feed with their proofs.")] = None,
    trust: Annotated[
        list[str] | None,
        typer.Option(
            "--trust",
            metavar="KEY-ID",
            help="Id of an organisation's key that you know from elsewhere; repeat for each. Others are then refused.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every check as JSON.")] = False,
    script: Annotated[
        bool, typer.Option("--script", help="Print a stand-alone program that does the same without Countermark.")
    ] = False,
) -> None:
    """Check a file that a partner, or this node, has exported. Exit code 1: something does not hold.

    [dim]Example[/]  countermark verify case-17.extract.json --trust kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k
    """
    if script:
        typer.echo(standalone_file().read_text(encoding="utf-8"), nl=False)
        return
    if file is None:
        Talk().error("Name a file to check, or give --script.")
        raise typer.Exit(INPUT)
    report = verify_extract(file.read_bytes(), frozenset(trust or ()))
    typer.echo(_as_json(report) if as_json else _as_text(report, trusted=bool(trust)), nl=False)
    if not report.holds:
        raise typer.Exit(FOUND)


def _as_json(report: Report) -> str:
    said = {
        "holds": report.holds,
        "checks": report.checks,
        "fingerprints": report.fingerprints,
        "not_shown": report.not_shown,
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode() + "\n"


def _as_text(report: Report, *, trusted: bool) -> str:
    lines = [f"{'holds' if check.holds else 'FAILS'}  {check.part}: {check.words}" for check in report.checks]
    lines += [f"open   {words}" for words in report.not_shown]
    failure = report.failure
    if failure is not None:
        lines += ["", f"The first thing that does not hold is {failure.part}. Do not rely on this file."]
        return "\n".join(lines) + "\n"
    if not trusted:
        lines += ["", "Compare these fingerprints with those that were read aloud when the agreement was signed:"]
        lines += [f"  {who}\n    {digits}" for who, digits in sorted(report.fingerprints.items())]
    lines += ["", "Everything in this file holds." if not report.not_shown else "What this file shows holds."]
    return "\n".join(lines) + "\n"
