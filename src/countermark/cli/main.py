"""`countermark`: find counterfeits, say why, act with due process, prove it."""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from countermark.cli import demo, evaluate, explain, fingerprint, law, learn, node, scan, schema, verify, world
from countermark.cli.exits import INPUT, INTERRUPTED
from countermark.cli.talk import Talk
from countermark.formats import UnreadableSource
from countermark.judge import ENGINE_VERSION
from countermark.model import InvalidRecord


class Guarded(TyperGroup):
    """Every expected failure of any command ends in one sentence and an exit code, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what cannot be read is exit code 3."""
        try:
            return super().invoke(ctx)
        except UnreadableSource as error:
            Talk().error(error.problem.sentence())
        except (InvalidRecord, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            Talk().error(str(error))
        raise typer.Exit(INPUT)


app = typer.Typer(
    name="countermark",
    cls=Guarded,
    help="Find counterfeits together: explainable, contestable, verifiable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("scan")(scan.scan)
app.command("explain")(explain.explain)
app.command("evaluate")(evaluate.evaluate)
app.command("learn")(learn.learn)
app.command("verify")(verify.verify)
app.command("world")(world.world)
app.command("schema")(schema.schema)
app.command("fingerprint")(fingerprint.fingerprint)
app.command("demo")(demo.demo)
app.add_typer(law.app, name="law")
app.add_typer(node.app, name="node")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"countermark {ENGINE_VERSION}")
        raise typer.Exit


@app.callback()
def countermark(
    version: Annotated[
        bool, typer.Option("--version", help="Print the engine version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Find counterfeits together: explainable, contestable, verifiable."""


def run() -> None:
    """Entry point."""
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        Talk().error("Interrupted.")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    run()
