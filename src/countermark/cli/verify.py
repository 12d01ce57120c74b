"""`countermark verify`: who signed what, when, and whether anything was changed since; without network and node."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from countermark.cli.exits import FOUND, INPUT
from countermark.cli.talk import Talk
from countermark.proof import Refused, Report, read_authorities, standalone_file, verify_bag, verify_extract


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(help="An extract (entries of a feed with their proofs), or an evidence bag: a folder or a ZIP."),
    ] = None,
    trust: Annotated[
        list[str] | None,
        typer.Option(
            "--trust",
            metavar="KEY-ID",
            help="Id of an organisation's key that you know from elsewhere; repeat for each. Others are then refused.",
        ),
    ] = None,
    authority: Annotated[
        list[Path] | None,
        typer.Option(
            "--authority",
            metavar="PEM",
            help="Certificates of a timestamp authority that you know from elsewhere; repeat for each. Others are then "
            "refused.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every check as JSON.")] = False,
    script: Annotated[
        bool, typer.Option("--script", help="Print a stand-alone program that does the same without Countermark.")
    ] = False,
) -> None:
    """Check a file or a bag that a partner, or this node, has exported. Exit code 1: something does not hold.

    [dim]Example[/]  countermark verify case-17.extract.json --trust kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k
    """
    if script:
        typer.echo(standalone_file().read_text(encoding="utf-8"), nl=False)
        return
    if file is None:
        Talk().error("Name a file to check, or give --script.")
        raise typer.Exit(INPUT)
    report = _report(file, frozenset(trust or ()), authority or [])
    if trust and file.is_file() and _begins_as_object(file):
        report.fingerprints.clear()  # nothing is left to compare
    typer.echo(_as_json(report) if as_json else _as_text(report), nl=False)
    if not report.holds:
        raise typer.Exit(FOUND)


def _report(file: Path, trust: frozenset[str], authorities: list[Path]) -> Report:
    try:
        known = [read_authorities(one.read_bytes()) for one in authorities]
        if file.is_dir() or not _begins_as_object(file):
            return verify_bag(file, trust, known)
        return verify_extract(file.read_bytes(), trust)
    except OSError as error:
        Talk().error(f"{error.filename} cannot be read: {error.strerror}.")
        raise typer.Exit(INPUT) from error
    except Refused as refused:
        Talk().error(str(refused))
        raise typer.Exit(INPUT) from refused


def _begins_as_object(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(64).lstrip()[:1] == b"{"


def _as_json(report: Report) -> str:
    said = {
        "holds": report.holds,
        "checks": report.checks,
        "fingerprints": report.fingerprints,
        "not_shown": report.not_shown,
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode() + "\n"


def _as_text(report: Report) -> str:
    lines = [f"{'holds' if check.holds else 'FAILS'}  {check.part}: {check.words}" for check in report.checks]
    lines += [f"open   {words}" for words in report.not_shown]
    failure = report.failure
    if failure is not None:
        lines += ["", f"The first thing that does not hold is {failure.part}. Do not rely on this file."]
        return "\n".join(lines) + "\n"
    if report.fingerprints:
        lines += ["", "Compare these fingerprints with those that you know from elsewhere, on paper or read aloud:"]
        lines += [f"  {who}\n    {digits}" for who, digits in sorted(report.fingerprints.items())]
    lines += ["", "Everything in this file holds." if not report.not_shown else "What this file shows holds."]
    return "\n".join(lines) + "\n"
