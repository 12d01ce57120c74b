"""Lines of a stream, none of them ever longer in memory than the limit."""

from collections.abc import Callable, Iterator

from countermark.formats.streams import CHUNK, Readable


def read_lines(
    stream: Readable, limit: int, *, accept_tail: Callable[[], bool], newline: bytes = b"\n"
) -> Iterator[list[bytes | None]]:
    """Split a stream into lines.

    Args:
        stream: where bytes come from.
        limit: bytes a line may have; of a longer one nothing is kept while the rest of it goes by.
        accept_tail: asked at the end when the last line has no line end: may it be a whole line?
        newline: what ends a line.

    Yields:
        Lines without their line end, several at a time; None stands for a line that was too long.
    """
    held: list[bytes] = []
    size = 0
    skipping = False
    while chunk := stream.read(CHUNK):
        parts = chunk.split(newline)
        tail = parts.pop()
        if parts:
            held.append(parts[0])
            size += len(parts[0])
            first = None if skipping or size > limit else b"".join(held)
            yield [first, *_bounded(parts[1:], limit)]
            held, size, skipping = [], 0, False
        if not skipping and tail:
            held.append(tail)
            size += len(tail)
            if size > limit:
                held, skipping = [], True
    if (skipping or size) and accept_tail():
        yield [None if skipping else b"".join(held)]


def _bounded(lines: list[bytes], limit: int) -> list[bytes | None]:
    if limit >= CHUNK:  # each of them came out of one chunk
        return list(lines)
    return [line if len(line) <= limit else None for line in lines]
