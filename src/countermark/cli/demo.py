"""`countermark demo`: an invented market, scanned, and a node to look at it with; it reuses what is already there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from countermark.cli.exits import INPUT
from countermark.cli.node_start import start_django
from countermark.cli.talk import Talk

DEMO_SETTINGS = "countermark.node.config.settings.demo"


def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the demo keeps everything it makes.")] = Path(
        "var/demo"
    ),
    listings: Annotated[int, typer.Option("--listings", min=50, help="Listings in the market.")] = 4000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same market.")] = 7,
    port: Annotated[
        int, typer.Option("--port", help="Loopback port; the next free one is taken when it is in use.")
    ] = 8000,
    serve: Annotated[bool, typer.Option(help="Start the node when everything is ready.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print where to look and how to log in as JSON.")] = False,
) -> None:
    """Draw a market, scan it, start a node on a loopback port, and say where to look and how to log in."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    os.environ["DJANGO_SETTINGS_MODULE"] = DEMO_SETTINGS
    os.environ["COUNTERMARK_HOME"] = str(folder.resolve())
    start_django(DEMO_SETTINGS)
    from countermark.cli.demo_node import Demo

    talk = Talk()
    stage = Demo(folder, talk)
    stage.prepare(listings=listings, seed=seed)
    free = _free_port(port)
    if free is None:
        talk.error(f"No free port from {port} to {port + 19}. Choose another with --port.")
        raise typer.Exit(INPUT)
    stage.tell(f"http://127.0.0.1:{free}/", as_json=as_json)
    if serve:
        _serve(free, talk)


def _free_port(first: int) -> int | None:
    import socket

    for port in range(first, first + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return None


def _serve(port: int, talk: Talk) -> None:
    """Run pages and worker as two processes; Ctrl-C, a closed terminal or the death of one stops both."""
    command = [sys.executable, "-m", "countermark.cli.main", "node"]
    children = [
        subprocess.Popen([*command, "serve", "--port", str(port)], start_new_session=True),
        subprocess.Popen([*command, "work"], start_new_session=True),
    ]
    stopping = [False]

    def stop(*_: object) -> None:
        stopping[0] = True

    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, stop)
    while not stopping[0] and all(child.poll() is None for child in children):
        time.sleep(0.2)
    died = [child for child in children if child.poll() is not None]
    _stop(children)
    if died and not stopping[0]:
        talk.error("The node stopped by itself; the lines above say why.")
        raise typer.Exit(INPUT)
    talk.say("\nStopped. Everything is kept: run it again to go on.")


def _stop(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
