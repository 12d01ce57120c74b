"""`countermark fingerprint`: the hash of pictures, to compare with a partner who computes the same."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from countermark.cli.exits import INPUT
from countermark.cli.talk import Talk
from countermark.formats import FolderImages
from countermark.formats.picture import RefusedPicture
from countermark.model import ImageUnavailable
from countermark.signals.image import fingerprint as fingerprint_of
from countermark.signals.image.pdq import NoPdq, pdq


class Algorithm(StrEnum):
    """Which hash."""

    PDQ = "pdq"
    DCT256 = "dct256"


class Hashed(msgspec.Struct, frozen=True):
    """One line of the answer: 64 hexadecimal digits, quality as the algorithm counts it, and the file."""

    algorithm: str
    hash: str
    quality: int
    file: str


def fingerprint(
    files: Annotated[list[Path], typer.Argument(help="Pictures: JPEG, PNG or WebP.", show_default=False)],
    algorithm: Annotated[
        Algorithm, typer.Option("--algorithm", help="pdq, as others compute it, or dct256, this engine's own.")
    ] = Algorithm.PDQ,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print the fingerprint of each picture: hash, quality, file.

    [dim]Examples[/]
      countermark fingerprint official/*.jpg
      countermark fingerprint --algorithm dct256 --json photo.jpg
    """
    talk, refused = Talk(), 0
    for file in files:
        try:
            one = _hashed(file, algorithm)
        except (ImageUnavailable, RefusedPicture) as error:
            talk.error(f"{file}: {error}")
            refused += 1
            continue
        except NoPdq as error:
            talk.error(str(error))
            raise typer.Exit(INPUT) from error
        typer.echo(msgspec.json.encode(one).decode() if as_json else f"{one.hash} {one.quality} {one.file}")
    if refused:
        raise typer.Exit(INPUT)


def _hashed(file: Path, algorithm: Algorithm) -> Hashed:
    data = FolderImages(file.parent).read(file.name)
    if algorithm is Algorithm.PDQ:
        found = pdq(data)
        return Hashed(algorithm, found.bits.hex(), found.quality, str(file))
    own = fingerprint_of(data).whole
    return Hashed(algorithm, own.bits.hex(), own.quality, str(file))
