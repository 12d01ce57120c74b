"""Input made to hurt: what every door has to stand, for tests and for showing that it does. Each is small to make."""

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

#: Bytes of the longest line that is built at a time.
_PIECE = 1 << 16


def _jpeg(height: int = 240, width: int = 320) -> bytes:
    y, x = np.mgrid[0:height, 0:width]
    picture = np.stack([x % 256, y % 256, (x * y) % 256], axis=2).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", picture)[1])


# --- pictures ------------------------------------------------------------------------------------------------------


def png_bomb(width: int = 10_000, height: int = 10_000) -> bytes:
    """A PNG of a few hundred bytes that promises so many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )


def jpeg_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A JPEG whose header promises so many pixels."""
    data = bytearray(_jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def scan_bomb(scans: int = 2_000) -> bytes:
    """A progressive JPEG that repeats its last scan: small to send, slow to decode."""
    picture = cv2.imdecode(np.frombuffer(_jpeg(64, 64), np.uint8), cv2.IMREAD_COLOR)
    data = bytes(cv2.imencode(".jpg", np.asarray(picture), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1])
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def truncated_jpeg(share: float = 0.5) -> bytes:
    """A JPEG of which only the first part arrived."""
    data = _jpeg()
    return data[: int(len(data) * share)]


def polyglot() -> bytes:
    """A JPEG that is a web page with a script as well."""
    return _jpeg() + b"<html><script>document.title='run'</script></html>"


def archive_behind_picture() -> bytes:
    """A JPEG with the beginning of a ZIP archive behind it."""
    return _jpeg() + b"PK\x03\x04" + bytes(60) + b"PK\x05\x06" + bytes(18)


def svg_as_photo() -> bytes:
    """A drawing with a script, to be named `photo.jpg`."""
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>'


def animated_gif() -> bytes:
    """A GIF of two frames, to be named `photo.jpg`."""
    buffer = BytesIO()
    frames = [Image.new("P", (32, 32), colour) for colour in (0, 255)]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


#: Pictures by name, each with the bytes it stands for.
PICTURES: dict[str, Callable[[], bytes]] = {
    "png-bomb.png": png_bomb,
    "jpeg-bomb.jpg": jpeg_bomb,
    "scan-bomb.jpg": scan_bomb,
    "truncated.jpg": truncated_jpeg,
    "polyglot.jpg": polyglot,
    "archive.jpg": archive_behind_picture,
    "svg.jpg": svg_as_photo,
    "gif.jpg": animated_gif,
}


# --- listings ------------------------------------------------------------------------------------------------------


def endless_line(length: int = 2 * 1024**3) -> Iterator[bytes]:
    """One JSON line of a length, in pieces, so that nobody has to hold it: two gigabytes by default."""
    head, tail = b'{"id": "1", "title": "', b'"}\n'
    yield head
    left = length - len(head) - len(tail)
    piece = b"a" * _PIECE
    while left > 0:
        yield piece[:left]
        left -= _PIECE
    yield tail


def deep_json(depth: int = 100_000) -> bytes:
    """One JSON line that nests so deep."""
    return b'{"id": "1", "title": ' + b"[" * depth + b"]" * depth + b"}\n"


def bad_listings_csv() -> str:
    """A CSV in which only the first and the last row are in order."""
    rows = (
        "id,title,price,currency,marketplace,captured_at",
        "1,Good tote,129.00,EUR,Bazaar,2026-11-03T10:00:00Z",
        "2,No number,NaN,EUR,Bazaar,2026-11-03T10:00:00Z",
        "3,Endless,Infinity,EUR,Bazaar,2026-11-03T10:00:00Z",
        "4,Owes you,-5.00,EUR,Bazaar,2026-11-03T10:00:00Z",
        "5,Too many noughts,1e400,EUR,Bazaar,2026-11-03T10:00:00Z",
        "6,Sea shells,12.00,SHL,Bazaar,2026-11-03T10:00:00Z",
        "7,From the future,12.00,EUR,Bazaar,9999-12-31T23:59:59Z",
        "8,No such day,12.00,EUR,Bazaar,2026-02-30T10:00:00Z",
        "1,The same id again,12.00,EUR,Bazaar,2026-11-03T10:00:00Z",
        ",No id,12.00,EUR,Bazaar,2026-11-03T10:00:00Z",
        '9,"Broken ""quote,12.00,EUR,Bazaar,2026-11-03T10:00:00Z"',
        "10,<script>alert(1)</script> belt,59.00,EUR,Bazaar,2026-11-03T10:00:00Z",
    )
    return "\n".join(rows) + "\n"


def lone_surrogate_line() -> bytes:
    """A JSON line whose title holds half a character, which no UTF-8 file can."""
    return b'{"id": "1", "title": "\\ud83d tote", "marketplace": "Bazaar"}\n'


def wrongly_encoded_line() -> bytes:
    """A JSON line in Latin-1 that claims nothing."""
    return json.dumps({"id": "1", "title": "Foulard en soie, état neuf"}, ensure_ascii=False).encode("latin-1") + b"\n"


def direction_trick() -> str:
    """A title that reads differently from what it says, by marks that turn the direction of writing."""
    return "genuine \u202eenavroC\u202c tote"
