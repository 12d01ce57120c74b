"""Reading what another machine answers, with a bound on what is held, also of what was compressed.

httpx's own reading unpacks a piece of the network at once: a gzip of four megabytes hands over 64 MiB in one step, and
a server may send gzip although it was asked for identity.
"""

import zlib

import httpx

#: How `Content-Encoding` is unpacked, as zlib's window bits; deflate is the zlib format (RFC 9110, 8.4.1.2).
_WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class AnswerTooLong(Exception):
    """An answer, packed or unpacked, has more bytes than were allowed."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The answer has more than {most_bytes} bytes.")


def encoding_of(response: httpx.Response) -> str:
    """How the body is packed, in small letters; empty for not at all."""
    said = str(response.headers.get("content-encoding", "")).strip().lower()
    return "" if said == "identity" else said


def read_packed(response: httpx.Response, most_bytes: int) -> bytes:
    """The body as it came over the wire.

    Args:
        response: not read yet (`client.stream`, or straight from the transport).
        most_bytes: never more than this, and one piece of the network, is held.

    Raises:
        AnswerTooLong: also before the first byte, when the answer announces its length.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > most_bytes:
        raise AnswerTooLong(most_bytes)
    held = bytearray()
    for piece in response.iter_raw():
        held += piece
        if len(held) > most_bytes:
            raise AnswerTooLong(most_bytes)
    return bytes(held)


def read_unpacked(response: httpx.Response, most_bytes: int) -> bytes:
    """The body, unpacked where it came as gzip or deflate.

    Args:
        response: not read yet.
        most_bytes: of the packed and of the unpacked body.

    Raises:
        AnswerTooLong: either is longer.
        httpx.DecodingError: packed in another way, in several, or broken.
    """
    encoding = encoding_of(response)
    if encoding and encoding not in _WINDOW_BITS:
        raise httpx.DecodingError(f"The answer is packed as {encoding[:40]!r}.")
    packed = read_packed(response, most_bytes)
    if not encoding or not packed:
        return packed
    unpacking = zlib.decompressobj(_WINDOW_BITS[encoding])
    try:
        unpacked = unpacking.decompress(packed, most_bytes + 1)
    except zlib.error as error:
        raise httpx.DecodingError("The answer cannot be unpacked.") from error
    if len(unpacked) > most_bytes:
        raise AnswerTooLong(most_bytes)
    if not unpacking.eof or unpacking.unused_data:
        raise httpx.DecodingError("The answer ends too soon or too late.")
    return unpacked
