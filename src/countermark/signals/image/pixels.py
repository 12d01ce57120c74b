"""Bytes to pixels, small and grey or in colour, at the lowest cost, whoever made the bytes."""

import cv2
import numpy as np
import numpy.typing as npt
import simplejpeg

from countermark.formats.picture import PictureLimits, RefusedPicture, decode_rgb, inspect_picture, turned_upright
from countermark.signals.image.dct256 import MOST_SIDE, GreyPixels

#: Pixels that the shorter side keeps when a JPEG is decoded at a half, a quarter or an eighth.
SIDE = 96
#: Passes over the whole picture that a JPEG may ask for; encoders make about ten, an attack thousands.
MOST_SCANS = 100
LIMITS = PictureLimits()

#: Parts of its size at which the transform of a JPEG is decoded for free.
_SCALES = (8, 4, 2, 1)
_BASELINE = (0xC0, 0xC1)
_NO_FRAME = (0xC4, 0xC8, 0xCC)


def grey_pixels(data: bytes) -> GreyPixels:
    """Decode a JPEG, PNG or WebP as a grey picture of at most MOST_SIDE a side, each side reduced by itself.

    Pixels are taken as stored: an EXIF orientation is not applied, because references are compared in all eight
    positions anyway. A JPEG that is damaged or cut short is decoded as far as it goes, as browsers do: a copy must not
    hide behind one spoilt byte. Transparency lies on white.

    Returns:
        Array of shape (height, width), dtype uint8; luma of ITU-R BT.601.

    Raises:
        RefusedPicture: not a picture we know, too large, or beyond decoding; checked before pixels are touched.
    """
    jpeg = _small_jpeg(data, "GRAY") if data.startswith(b"\xff\xd8") else None
    return _bounded(_grey_other(data) if jpeg is None else jpeg[:, :, 0])


def light_pixels(data: bytes) -> GreyPixels:
    """As `grey_pixels`, of the same shape, but the lightness: the mean of the strongest and the weakest colour.

    Luma changes when somebody turns the hues of a picture, and what was lighter may become darker; lightness (the L of
    HSL, Joblove and Greenberg 1978) does not change at all.

    Raises:
        RefusedPicture: as `grey_pixels`.
    """
    jpeg = _small_jpeg(data, "BGR") if data.startswith(b"\xff\xd8") else None
    one, two, three = cv2.split(decode_rgb(data, LIMITS, upright=False) if jpeg is None else jpeg)
    strongest, weakest = cv2.max(cv2.max(one, two), three), cv2.min(cv2.min(one, two), three)
    return _bounded(np.asarray(cv2.addWeighted(strongest, 0.5, weakest, 0.5, 0), np.uint8))


def _bounded(grey: GreyPixels) -> GreyPixels:
    """Each side reduced by itself to at most MOST_SIDE."""
    height, width = grey.shape
    if max(height, width) <= MOST_SIDE:
        return grey
    size = (min(width, MOST_SIDE), min(height, MOST_SIDE))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def colour_pixels(data: bytes, longest: int) -> npt.NDArray[np.uint8]:
    """Decode a JPEG, PNG or WebP in colour, upright as its EXIF says, the longer side at most `longest` pixels.

    A JPEG is decoded at the smallest scale of its transform that still has them, and as far as it goes when it is
    damaged. A smaller picture is never enlarged.

    Returns:
        Array of shape (height, width, 3), dtype uint8: blue, green, red.

    Raises:
        RefusedPicture: as `grey_pixels`.
    """
    jpeg = _reduced_jpeg(data, longest, "BGR") if data.startswith(b"\xff\xd8") else None
    if jpeg is None:
        return _within(np.asarray(cv2.cvtColor(decode_rgb(data, LIMITS), cv2.COLOR_RGB2BGR), np.uint8), longest)
    return _within(turned_upright(jpeg, orientation(data)), longest)


def detail_pixels(data: bytes, longest: int) -> GreyPixels:
    """As `colour_pixels`, in grey and as stored: an EXIF orientation is not applied. Shape (height, width)."""
    jpeg = _reduced_jpeg(data, longest, "GRAY") if data.startswith(b"\xff\xd8") else None
    return _within(_grey_other(data) if jpeg is None else jpeg[:, :, 0], longest)


def _within(pixels: npt.NDArray[np.uint8], longest: int) -> npt.NDArray[np.uint8]:
    """Both sides reduced by the same share until the longer one fits."""
    height, width = pixels.shape[:2]
    if max(height, width) <= longest:
        return np.ascontiguousarray(pixels)
    share = longest / max(height, width)
    size = max(round(width * share), 1), max(round(height * share), 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _reduced_jpeg(data: bytes, longest: int, colours: str) -> npt.NDArray[np.uint8] | None:
    """A JPEG at the smallest scale of its transform that has `longest`; None for spaces that need more care."""
    if longest < 1:
        raise ValueError(f"longest must be at least 1, not {longest}")
    height, width, space = _jpeg_header(data)
    if space in ("CMYK", "YCCK"):
        return None
    scale = next(s for s in _SCALES if s == 1 or max(height, width) >= s * longest)
    return _decoded(data, colours, height, width, scale)


def orientation(data: bytes) -> int:
    """EXIF orientation, 1 to 8; 1 for files that a stricter reader would refuse."""
    try:
        return inspect_picture(data, LIMITS).orientation
    except RefusedPicture:
        return 1


def _grey_other(data: bytes) -> GreyPixels:
    colours = decode_rgb(data, LIMITS, upright=False)
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), np.uint8)


def _small_jpeg(data: bytes, space: str) -> npt.NDArray[np.uint8] | None:
    """A JPEG at a scale that its transform gives for free; None for colour spaces that need more care."""
    height, width, colours = _jpeg_header(data)
    if colours in ("CMYK", "YCCK"):
        return None
    scale = next(s for s in _SCALES if s == 1 or min(height, width) >= s * SIDE)
    return _decoded(data, space, height, width, scale)


def _decoded(data: bytes, colours: str, height: int, width: int, scale: int) -> npt.NDArray[np.uint8]:
    """The pixels of a JPEG of this height and width at one part in `scale`, as far as they go."""
    least = {"min_height": -(-height // scale), "min_width": -(-width // scale), "min_factor": 1}
    try:
        return np.asarray(simplejpeg.decode_jpeg(data, colours, strict=False, **least))
    except ValueError as error:
        raise _damaged() from error


def _jpeg_header(data: bytes) -> tuple[int, int, str]:
    """Height, width and colour space of a JPEG within bounds."""
    if len(data) > LIMITS.bytes:
        raise RefusedPicture("too-large", "the file is too large.", "Save it smaller or stronger compressed.")
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(data)
    except ValueError as error:
        raise _damaged() from error
    _check_bounds(data, height, width)
    return height, width, colours


def _check_bounds(data: bytes, height: int, width: int) -> None:
    if height * width > LIMITS.pixels or max(height, width) > LIMITS.side:
        raise RefusedPicture("too-many-pixels", f"the picture has {width} x {height} pixels.", "Save it smaller.")
    if _may_have_many_scans(data) and data.count(b"\xff\xda") > MOST_SCANS:
        raise RefusedPicture("too-many-scans", "the JPEG has too many scans.", "Save it as a baseline JPEG.")


def _may_have_many_scans(data: bytes) -> bool:
    """Whether the frame of a JPEG is of a sort whose scans can be nearly empty (ITU-T T.81, table B.1)."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            return marker not in _BASELINE
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return True


def _damaged() -> RefusedPicture:
    return RefusedPicture("damaged", "the picture is damaged or cut short.", "Export or download the picture again.")
