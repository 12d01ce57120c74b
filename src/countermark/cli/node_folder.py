"""What the commands about keys share: where the keys are, how a passphrase is asked, how a failure is told."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countermark.cli.exits import REFUSED, USAGE
from countermark.cli.talk import Talk

if TYPE_CHECKING:
    from countermark.node.exchange.keeping.keyring import KeyFolder
    from countermark.node.exchange.keeping.passphrases import Passphrase, PassphraseSource

PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="File whose first line is the passphrase; default: the settings, or ask."),
]


@contextmanager
def told() -> Iterator[None]:
    """Say in one sentence why keys cannot be used: exit code 4; a setting that is missing or wrong: 2."""
    try:
        from django.core.exceptions import ImproperlyConfigured

        from countermark.node.exchange.keeping.problems import KeyProblem
        from countermark.proof import Refused
    except ImportError as error:
        Talk().error("The node is not installed. Install it with: pip install 'countermark[node]'")
        raise typer.Exit(USAGE) from error
    try:
        yield
    except KeyProblem as problem:
        Talk().error(problem.detail)
        raise typer.Exit(REFUSED) from None
    except Refused as refused:
        Talk().error(str(refused))
        raise typer.Exit(REFUSED) from None
    except ImproperlyConfigured as error:
        Talk().error(f"{error} Every setting has a heading in docs/reference/settings.md.")
        raise typer.Exit(USAGE) from None


def folder_of_node(passphrase_file: Path | None = None, *, twice: bool = False) -> "KeyFolder":
    """The node's key folder; with a passphrase from a file, from the settings, or asked once it is needed."""
    from countermark.node.config.keys import home, node_name
    from countermark.node.exchange.keeping.forms import Forms
    from countermark.node.exchange.keeping.keyring import KeyFolder
    from countermark.node.exchange.keeping.signers import FOLDER

    source = passphrase_source(passphrase_file, "Passphrase of the node", twice=twice, settings=True)
    return KeyFolder(home() / FOLDER, source, Forms(node_name()))


def passphrase_source(
    file: Path | None, question: str, *, twice: bool = False, settings: bool = False
) -> "PassphraseSource":
    """Where a passphrase comes from; it is asked without echo, and at most once a command."""
    from countermark.node.config.environment import text
    from countermark.node.config.keys import key_passphrase
    from countermark.node.exchange.keeping import passphrases

    name = "COUNTERMARK_KEY_PASSPHRASE"
    if file is not None:
        return passphrases.from_file(file)
    if settings and (text(name) or text(f"{name}_FILE")):
        return passphrases.from_text(key_passphrase)
    return _asking(question, twice=twice)


def _asking(question: str, *, twice: bool) -> "Callable[[], Passphrase]":
    from countermark.node.exchange.keeping.passphrases import Passphrase
    from countermark.node.exchange.keeping.problems import WrongPassphrase

    @cache
    def ask() -> Passphrase:
        if not sys.stdin.isatty():
            raise WrongPassphrase(f"{question}: there is no terminal to ask at. Give a file with --passphrase-file.")
        return Passphrase(typer.prompt(question, hide_input=True, confirmation_prompt=twice, err=True))

    return ask
