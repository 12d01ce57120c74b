"""`countermark demo`: an invented market and three nodes that work on it together; it reuses what is already there."""

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countermark.cli.demo_cast import AURELLE, TEAM, Cast
from countermark.cli.demo_stage import DEMO_SETTINGS
from countermark.cli.demo_team import PASSPHRASE, Team, is_free, team_in
from countermark.cli.exits import INPUT
from countermark.cli.node_running import Opening, run_together
from countermark.cli.node_start import start_django
from countermark.cli.talk import Talk

if TYPE_CHECKING:
    from countermark.cli.demo_node import Demo


def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the demo keeps everything it makes.")] = Path(
        "var/demo"
    ),
    listings: Annotated[int, typer.Option("--listings", min=50, help="Listings in the market.")] = 1500,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same market.")] = 7,
    port: Annotated[
        int, typer.Option("--port", help="First loopback port; the next free ones are taken when it is in use.")
    ] = 8000,
    serve: Annotated[bool, typer.Option(help="Start the nodes when everything is ready.")] = True,
    alone: Annotated[bool, typer.Option("--alone", help="Only the rights holder's node, without partners.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print where to look and how to log in as JSON.")] = False,
) -> None:
    """Draw a market, scan it, start three nodes on loopback ports, and say where to look and how to log in."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if alone:
        _alone(folder, port, listings=listings, seed=seed, serve=serve, as_json=as_json)
    else:
        _together(folder, port, listings=listings, seed=seed, serve=serve, as_json=as_json)


def _together(folder: Path, port: int, *, listings: int, seed: int, serve: bool, as_json: bool) -> None:
    talk = Talk()
    if (folder / "countermark.sqlite3").exists():
        talk.error(f"In {folder} lies the demo of one node. Add --alone to go on with it, or choose another --folder.")
        raise typer.Exit(INPUT)
    team = team_in(folder, port)
    if team is None:
        talk.error("A port of the nodes is in use, perhaps by a demo that runs already. Stop that, or choose --port.")
        raise typer.Exit(INPUT)
    try:
        team.prepare(talk.say, listings=listings, seed=seed)
    except subprocess.CalledProcessError as error:
        talk.error("The demo could not be prepared; the lines above say why. Run it again to go on from there.")
        raise typer.Exit(INPUT) from error
    if not serve:
        _tell_team(team, as_json=as_json)
        return
    talk.say("Starting the three nodes.")
    opening = Opening(tuple(team.address(cast) for cast in TEAM), lambda: _tell_team(team, as_json=as_json))
    if not run_together(team.commands(), opening):
        talk.error("A process ended by itself; the lines above say why.")
        raise typer.Exit(INPUT)
    talk.say("\nStopped. Everything is kept: run it again to go on.")


def _alone(folder: Path, port: int, *, listings: int, seed: int, serve: bool, as_json: bool) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = DEMO_SETTINGS
    os.environ["COUNTERMARK_HOME"] = str(folder.resolve())
    start_django(DEMO_SETTINGS)
    from countermark.cli.demo_node import Demo

    talk = Talk()
    stage = Demo(folder, AURELLE, talk)
    stage.scan_market(stage.found(), listings=listings, seed=seed)
    free = next((one for one in range(port, port + 20) if is_free(one)), None)
    if free is None:
        talk.error(f"No free port from {port} to {port + 19}. Choose another with --port.")
        raise typer.Exit(INPUT)
    address = f"http://127.0.0.1:{free}/"
    if not serve:
        _tell_alone(stage, address, as_json=as_json)
        return
    talk.say("Starting the node.")
    opening = Opening((address,), lambda: _tell_alone(stage, address, as_json=as_json))
    if not run_together([(["serve", "--port", str(free)], {}), (["work"], {})], opening):
        talk.error("The node ended by itself; the lines above say why.")
        raise typer.Exit(INPUT)


def _tell_alone(stage: "Demo", address: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"address": address, "logins": stage.logins()}))
        return
    lines = ["", *_people(AURELLE, address, stage.logins()), "", _FIRST, "", _LAST, ""]
    typer.echo("\n".join(lines))


def _tell_team(team: Team, *, as_json: bool) -> None:
    if as_json:
        nodes = {cast.party: {"address": team.address(cast), "logins": team.logins(cast)} for cast in TEAM}
        typer.echo(json.dumps({"nodes": nodes, "passphrase": PASSPHRASE}))
        return
    lines = [""]
    for cast in TEAM:
        lines += [*_people(cast, team.address(cast), team.logins(cast)), ""]
    lines += [_FIRST, _THEN, "", f"The organisations' keys open with: {PASSPHRASE}", "", _LAST, ""]
    typer.echo("\n".join(lines))


def _people(cast: Cast, address: str, logins: dict[str, str]) -> list[str]:
    head = f"{cast.name} ({cast.kind.replace('_', ' ')}) is at {address}"
    rows = [
        f"  {person.email:24} {logins[person.email]:18} {person.name}, {person.role}"
        for person in cast.people
        if person.email in logins
    ]
    return [head, *rows]


_FIRST = "Start with Ana: open Review, decide with I, N or U, undo with Z. Press ? for all keys."
_THEN = (
    "Then as the administrators of both sides: open Agreements, read the one that is offered, compare the\n"
    "fingerprints, sign. From then on the two work as one team: see Cases and Exchange."
)
_LAST = "Ctrl-C stops it; everything is kept."
