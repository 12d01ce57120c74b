"""`countermark node signer`: the process that holds the keys."""

from pathlib import Path
from typing import Annotated

import typer

from countermark.cli.exits import USAGE
from countermark.cli.node_folder import told
from countermark.cli.talk import Talk


def signer(
    socket: Annotated[
        Path | None,
        typer.Option("--socket", help="Where to listen; default: COUNTERMARK_SIGNER, or in the home folder."),
    ] = None,
    group: Annotated[
        str,
        typer.Option("--group", help="Processes whose main group is this one may ask too; default: only this user."),
    ] = "",
) -> None:
    """Hold the keys in a process of its own and sign for the node; set COUNTERMARK_SIGNER for `serve` and `work`.

    Needs COUNTERMARK_HOME, COUNTERMARK_KEY_PASSPHRASE_FILE and the node's name, and no database. Stops on SIGTERM.
    """
    with told():
        import asyncio

        from countermark.node.config import logging as logs
        from countermark.node.config.environment import text
        from countermark.node.config.keys import home, key_passphrase, needed_node_name, signer_path
        from countermark.node.exchange.keeping import passphrases, serving
        from countermark.node.exchange.keeping.desk import Desk
        from countermark.node.exchange.keeping.forms import Forms
        from countermark.node.exchange.keeping.keyring import KeyFolder
        from countermark.node.exchange.keeping.signers import FOLDER
        from countermark.node.kernel import time

        serving.keep_out_debuggers()
        logs.configure(text("COUNTERMARK_LOG_LEVEL", "INFO").upper())
        forms = Forms(needed_node_name(), clock=time.now)
        desk = Desk(KeyFolder(home() / FOLDER, passphrases.from_text(key_passphrase), forms), time.now)
        desk.open_all()
        path = socket or Path(signer_path() or home() / "signer.sock")
        asyncio.run(serving.Server(desk, path, _group(group)).run())


def _group(name: str) -> int | None:
    import grp

    if not name:
        return None
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        Talk().error(f"There is no group {name}.")
        raise typer.Exit(USAGE) from error
