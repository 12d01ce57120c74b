"""What the commands of a node share: Django made ready, the member in whose name, results printed."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from countermark.cli.exits import INPUT, USAGE
from countermark.cli.talk import Talk

if TYPE_CHECKING:
    from countermark.node.parties.access import Member

Operator = Annotated[
    str, typer.Option("--as", help="E-mail of the member in whose name it is done; default: the first administrator.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def start_django(settings: str = "countermark.node.config.settings.production") -> None:
    """Make Django ready; says how to install the node when only the base package is there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ImportError as error:
        Talk().error("The node is not installed. Install it with: pip install 'countermark[node]'")
        raise typer.Exit(USAGE) from error
    try:
        django.setup()
    except ImproperlyConfigured as error:
        Talk().error(f"{error} Every setting has a heading in docs/reference/settings.md.")
        raise typer.Exit(USAGE) from error


def member_of(email: str) -> "Member":
    """The member with that address; the first administrator when it is empty. Says why not, and leaves."""
    from countermark.node.kernel.errors import Problem
    from countermark.node.parties import selectors

    try:
        return selectors.operator(email)
    except Problem as problem:
        Talk().error(str(problem))
        raise typer.Exit(INPUT) from problem


def print_result(result: dict[str, object], *, as_json: bool) -> None:
    """Print a result as lines, or as JSON."""
    import msgspec

    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    for key, value in result.items():
        sys.stdout.write(f"{key.replace('_', ' '):15} {value}\n")
