"""`countermark world`: draw a synthetic market with its truth."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from countermark.cli.talk import Talk
from countermark.world import draw_market


def world(
    folder: Annotated[Path, typer.Argument(help="Where to draw it; made when missing.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same market, byte for byte.")] = 7,
    listings: Annotated[int, typer.Option("--listings", min=1, max=1_000_000, help="How many listings.")] = 4000,
    as_json: Annotated[bool, typer.Option("--json", help="Print where everything is, as JSON.")] = False,
) -> None:
    """Draw an invented market: rights, listings with pictures, sellers, rings, and the truth about each.

    [dim]Example[/]  countermark world market --listings 500
    """
    talk = Talk()
    with talk.count("Drawing", listings) as advance:
        files = draw_market(folder, seed=seed, listings=listings, progress=advance)
    paths = {"rights": files.rights, "listings": files.listings, "truth": files.truth, "sellers": files.sellers}
    if as_json:
        typer.echo(msgspec.json.encode({name: str(path) for name, path in paths.items()}))
    else:
        for name, path in paths.items():
            talk.say(f"{name:9} {path}")
