"""One file named on a command line: opened, or told why not."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from countermark.formats.problems import UnreadableSource, problem


@contextmanager
def open_source(source: str | Path | BinaryIO) -> Iterator[tuple[BinaryIO, str]]:
    """Open a file for reading and give it with its name; `-` is standard input, an open file is passed through.

    Raises:
        UnreadableSource: when there is no such file or it cannot be opened.
    """
    if not isinstance(source, str | Path):
        yield source, Path(str(getattr(source, "name", "stream"))).name
        return
    if str(source) == "-":
        yield sys.stdin.buffer, "stdin"
        return
    path = Path(source)
    try:
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise UnreadableSource(problem("not-found", source=path.name)) from error
    except OSError as error:
        words = {"reason": error.strerror or type(error).__name__}
        raise UnreadableSource(problem("cannot-read", source=path.name, words=words)) from error
    with file:
        yield file, path.name
