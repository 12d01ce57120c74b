"""`countermark node run`: pages, worker and exchange as processes of one command."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Annotated

import typer

from countermark.cli.exits import INPUT
from countermark.cli.node_start import start_django
from countermark.cli.talk import Talk

#: How long a process may take to stop before it is killed; nothing is lost when it is.
_GRACE_SECONDS = 15.0


def run(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that scan.")] = 1,
) -> None:
    """Run everything of a node: pages, workers, the exchange. Ctrl-C, SIGTERM or the death of one stops all."""
    start_django()
    from django.conf import settings

    commands = [["serve", "--host", host, "--port", str(port)], ["work", "--workers", str(workers)]]
    if settings.COUNTERMARK_NODE_NAME:
        commands.append(["exchange"])
    if not run_together([(command, {}) for command in commands]):
        Talk().error("A process of the node ended by itself; the lines above say why.")
        raise typer.Exit(INPUT)


@dataclass(frozen=True)
class Opening:
    """What is said once every address answers, so that nobody is sent to a page that is not there yet."""

    addresses: tuple[str, ...]
    tell: Callable[[], None]

    def is_open(self) -> bool:
        """Whether a node is ready at every address."""
        return all(_is_ready(address) for address in self.addresses)


def run_together(commands: Sequence[tuple[Sequence[str], Mapping[str, str]]], opening: Opening | None = None) -> bool:
    """Run commands of `countermark node` as processes until told to stop; False when one ended by itself.

    Args:
        commands: arguments, and what is added to the environment, of each.
        opening: what to say, once, as soon as they answer.
    """
    stopping = [False]

    def stop(*_: object) -> None:
        stopping[0] = True

    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, stop)
    start = [sys.executable, "-m", "countermark.cli.main", "node"]
    children = [
        subprocess.Popen([*start, *arguments], env=os.environ | dict(more), start_new_session=True)
        for arguments, more in commands
    ]
    while not stopping[0] and all(child.poll() is None for child in children):
        if opening is not None and opening.is_open():
            opening.tell()
            opening = None
        time.sleep(0.2)
    alone = not stopping[0]
    _stop(children)
    return not alone


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}health/ready", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, HTTPException):
        return False


def _stop(children: "Sequence[subprocess.Popen[bytes]]") -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
