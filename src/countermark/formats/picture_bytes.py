"""The outer shape of JPEG, PNG and WebP files, read by hand: what they are, how large, where they end."""

import re
import zlib
from dataclasses import dataclass


class RefusedPicture(Exception):
    """A picture that is not taken in.

    Attributes:
        code: short and stable (`too-many-pixels`).
        message: what is wrong, one sentence.
        mend: what its owner can do, one sentence.
    """

    def __init__(self, code: str, message: str, mend: str) -> None:
        super().__init__(code, message, mend)
        self.code = code
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}"


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What the header of a picture says.

    Attributes:
        media_type: `image/jpeg`, `image/png` or `image/webp`.
        width, height: pixels as stored, before any turning.
        orientation: EXIF orientation, 1 (upright) to 8.
        animated: more than one frame; only the first one is ever looked at.
        channels: 1 grey, 3 colour, 4 colour with transparency or CMYK.
        trailing: bytes after the end of the picture; harmless ones (padding, a camera's own notes) are let through.
    """

    media_type: str
    width: int
    height: int
    orientation: int = 1
    animated: bool = False
    channels: int = 3
    trailing: int = 0


#: Beginnings of files that people take for pictures, and what they are.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF"),
    (b"BM", "a bitmap"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"%PDF", "a PDF"),
    (b"8BPS", "a Photoshop file"),
    (b"PK\x03\x04", "an archive"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML or SVG file"),
    (b"<", "a web page"),
)
_MARKUP = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:\?xml|!doctype|svg|html|script)", re.IGNORECASE | re.DOTALL)

#: What has no business inside a photo: pages, scripts and archives that other programs would open.
_FOREIGN = re.compile(
    rb"<script|<html|<!doctype|<\?php|<svg|<iframe|<body|javascript:|%PDF-|PK\x03\x04|PK\x05\x06|Rar!\x1a|7z\xbc\xaf\x27\x1c",
    re.IGNORECASE,
)
_CHUNKS = 20_000
_SCANS = 100


def recognise(data: bytes) -> str:
    """The media type of a picture, from its first bytes; raises RefusedPicture for everything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        raise _unsupported("a HEIC, AVIF or video file")
    if _MARKUP.match(data[:1024]):
        raise _unsupported("an SVG drawing or a web page")
    start = data[:16].lstrip().lower()
    kind = next((kind for magic, kind in _OTHERS if start.startswith(magic.lower())), "no picture we know")
    raise _unsupported(kind)


def _unsupported(kind: str) -> RefusedPicture:
    return RefusedPicture("unsupported-type", f"the file is {kind}.", "Save it as JPEG, PNG or WebP.")


def _cut() -> RefusedPicture:
    return RefusedPicture("damaged", "the picture is damaged or cut short.", "Export or download the picture again.")


def _check_foreign(part: bytes) -> None:
    if _FOREIGN.search(part):
        raise RefusedPicture(
            "polyglot",
            "the file is a picture and a page, script or archive at once.",
            "Open it in a picture program and save it anew.",
        )


# --- JPEG (ITU-T T.81 annex B) -------------------------------------------------------------------------------------

_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive; the rest no shop and no browser uses
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
# The fill bytes before a marker are not asked for: `\xff+` at the front would make the search twenty times as slow.
_MARKER = re.compile(rb"\xff[^\xff\x00\xd0-\xd7]", re.DOTALL)


@dataclass(slots=True)
class _Jpeg:
    """What the segments of a JPEG said so far."""

    frame: tuple[int, int, int] | None = None
    orientation: int = 1
    scans: int = 0

    def see(self, marker: int, body: bytes) -> None:
        if marker in _OTHER_FRAMES or (marker in _FRAMES and self.frame):
            raise _unsupported("a JPEG of a kind that browsers do not show")
        if marker in _FRAMES:
            self.frame = _frame(body)
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            self.orientation = exif_orientation(body[6:])
        elif marker == 0xDA:
            self.scans += 1
            if self.scans > _SCANS:
                raise RefusedPicture("too-many-scans", "the JPEG has too many scans.", "Save it as a baseline JPEG.")
        if marker == 0xFE or 0xE0 <= marker <= 0xEF:
            _check_foreign(body)


def read_jpeg(data: bytes) -> PictureFacts:
    """Walk the segments of a JPEG to its end marker; raises RefusedPicture."""
    at, seen = 2, _Jpeg()
    while True:
        marker, at = _next_marker(data, at)
        if marker == 0xD9:
            break
        if marker in _ALONE:
            continue
        body = _segment(data, at)
        at += len(body) + 2
        seen.see(marker, body)
        if marker == 0xDA:
            at = _end_of_scan(data, at)
    if seen.frame is None or not seen.scans:
        raise _cut()
    _check_foreign(data[at:])
    height, width, channels = seen.frame
    return PictureFacts("image/jpeg", width, height, seen.orientation, channels=channels, trailing=len(data) - at)


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] != b"\xff":
        raise _cut()
    while data[at : at + 1] == b"\xff":  # fill bytes
        at += 1
    if at >= len(data):
        raise _cut()
    return data[at], at + 1


def _segment(data: bytes, at: int) -> bytes:
    length = int.from_bytes(data[at : at + 2], "big")
    if length < 2 or at + length > len(data):
        raise _cut()
    return data[at + 2 : at + length]


def _frame(body: bytes) -> tuple[int, int, int]:
    if len(body) < 6 or body[0] != 8 or body[5] not in (1, 3, 4):
        raise _unsupported("a JPEG of a kind that browsers do not show")
    return int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big"), body[5]


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker after the coded pixels stands."""
    found = _MARKER.search(data, at)
    if found is None:
        raise _cut()
    return found.start()


def exif_orientation(tiff: bytes) -> int:
    """Orientation from an EXIF block (TIFF 6.0 directory, tag 0x0112); 1 when it says nothing sensible."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(min(number(first, 2), 512)):
        at = first + 2 + 12 * entry
        if number(at, 2) == 0x0112:
            value = number(at + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1


# --- PNG (W3C PNG, third edition) ----------------------------------------------------------------------------------


def read_png(data: bytes) -> PictureFacts:
    """Walk the chunks of a PNG to its end; raises RefusedPicture."""
    width, height, orientation, animated, channels, at = 0, 0, 1, False, 3, 8
    for count in range(_CHUNKS):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if len(kind) < 4 or at > len(data):
            raise _cut()
        if (count == 0) != (kind == b"IHDR") or zlib.crc32(kind + body) != int.from_bytes(data[at - 4 : at], "big"):
            raise _cut()
        if kind == b"IHDR":
            width, height, channels = _png_header(body)
        elif kind == b"acTL":
            animated = True
        elif kind == b"eXIf":
            orientation = exif_orientation(body)
        elif kind == b"IEND":
            _check_foreign(data[at:])
            return PictureFacts("image/png", width, height, orientation, animated, channels, len(data) - at)
        elif kind not in (b"IDAT", b"fdAT"):
            _check_foreign(body)
    raise RefusedPicture("too-many-chunks", "the PNG has too many parts.", "Save it anew in a picture program.")


def _png_header(body: bytes) -> tuple[int, int, int]:
    if len(body) != 13:
        raise _cut()
    channels = {0: 1, 2: 3, 3: 3, 4: 4, 6: 4}.get(body[9])
    if channels is None:
        raise _cut()
    return int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"), channels


# --- WebP (RFC 9649) -----------------------------------------------------------------------------------------------


def read_webp(data: bytes) -> PictureFacts:
    """Walk the chunks of a WebP to its end; raises RefusedPicture."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data) or end < 20:
        raise _cut()
    size: tuple[int, int] | None = None
    orientation, animated, channels, at = 1, False, 3, 12
    for _ in range(_CHUNKS):
        if at + 8 > end:
            break
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
        if at > end + 1:
            raise _cut()
        if size is None and kind in (b"VP8X", b"VP8 ", b"VP8L"):
            size = _webp_size(kind, body)
            animated = kind == b"VP8X" and bool(body[0] & 0x02)
            channels = 4 if kind == b"VP8L" or (kind == b"VP8X" and body[0] & 0x10) else 3
        elif kind == b"EXIF":
            orientation = exif_orientation(body.removeprefix(b"Exif\0\0"))
        if kind not in (b"VP8 ", b"VP8L", b"ANMF", b"ALPH"):
            _check_foreign(body)
    if size is None:
        raise _cut()
    _check_foreign(data[end:])
    return PictureFacts("image/webp", *size, orientation, animated, channels, len(data) - end)


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X" and len(body) >= 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    if kind == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    raise _cut()
