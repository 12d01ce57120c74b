"""Films, photographs and papers, known by their bytes; a film that was cut short while it was sent is refused."""

from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from countermark.formats.limits import MIB
from countermark.formats.picture import PictureLimits, RefusedPicture, inspect_picture
from countermark.node.kernel.errors import Invalid

#: Bytes of a photograph or a paper; a film has a setting of its own.
LARGEST = 40 * MIB
_PHOTO = PictureLimits(bytes=LARGEST, pixels=250_000_000, side=30_000)
_PIXELS = ("image/jpeg", "image/png", "image/webp")
_MOST_BOXES = 200_000
#: ISO 14496-12: brands of still pictures, as phones write them.
_STILL = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "application/pdf": "pdf",
    "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip
#: What a form may ask a phone or a file dialogue for.
ACCEPT = "video/*,image/*,application/pdf"


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is by its bytes: its media type, and how many bytes it has."""

    media_type: str
    size: int

    @property
    def is_film(self) -> bool:
        """Whether it is a film."""
        return self.media_type.startswith("video/")

    @property
    def is_seen(self) -> bool:
        """Whether it shows something: a film or a photograph."""
        return not self.media_type.startswith("application/")


def largest_film() -> int:
    """Bytes of a film (setting COUNTERMARK_MAX_FILM_BYTES)."""
    return int(settings.COUNTERMARK_MAX_FILM_BYTES)


def known(file: BinaryIO, size: int, name: str) -> Known:
    """Say what a file is, and make sure that it is whole. Reads little of a film.

    Args:
        file: at any place.
        size: of the whole, bytes.
        name: as a person knows it, for the refusal.

    Raises:
        Invalid: empty, too large, cut short, or no film, photograph or PDF.
    """
    file.seek(0)
    head = file.read(64)
    media_type = _media_type(head)
    if not media_type:
        raise _refused(name, "unknown-file", "is no film, photograph or PDF", "Save it as MP4, JPEG, PNG or PDF.")
    most = largest_film() if media_type.startswith("video/") else LARGEST
    if size > most:
        raise _refused(name, "file-too-large", f"is larger than {most // MIB} MiB", "Cut it or save it smaller.")
    if media_type in _PIXELS:
        _check_pixels(file, name)
    elif not _is_whole(file, media_type, size, head):
        raise _refused(name, "file-cut-short", "is damaged or was cut short", "Send it again.")
    return Known(media_type, size)


def _refused(name: str, code: str, what: str, mend: str) -> Invalid:
    return Invalid.of("files", code, f"“{name}” {what}.", mend)


def _media_type(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _STILL:
            return "image/heic"
        return "" if brand in {b"avif", b"avis"} else "video/quicktime" if brand == b"qt  " else "video/mp4"
    beginnings = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
    found = next((kind for beginning, kind in beginnings.items() if head.startswith(beginning)), "")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "video/webm" if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head else found


def _check_pixels(file: BinaryIO, name: str) -> None:
    file.seek(0)
    try:
        inspect_picture(file.read(LARGEST + 1), _PHOTO)
    except RefusedPicture as refused:
        raise Invalid.of("files", f"picture-{refused.code}", f"“{name}”: {refused.message}", refused.mend) from refused


def _is_whole(file: BinaryIO, media_type: str, size: int, head: bytes) -> bool:
    if media_type == "application/pdf":
        file.seek(max(0, size - 2048))
        return b"%%EOF" in file.read(2048)
    if media_type == "video/webm":
        return size > len(head)
    wanted = {b"meta", b"mdat"} if media_type == "image/heic" else {b"moov", b"mdat"}
    return wanted <= _boxes(file, size)


def _boxes(file: BinaryIO, size: int) -> set[bytes]:
    """Kinds of the outer boxes (ISO 14496-12, section 4.2); empty unless they fill the file to its last byte."""
    at, found = 0, set[bytes]()
    for _ in range(_MOST_BOXES):
        if at == size:
            return found
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - at
        if len(head) < 8 or length < 8 or at + length > size:
            return set()
        found.add(head[4:8])
        at += length
    return set()
