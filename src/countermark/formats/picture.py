"""Pictures from outside: known by their bytes, measured before they are decoded, refused when they are two things."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import simplejpeg
from PIL import Image, ImageOps, UnidentifiedImageError

from countermark.formats.limits import MIB
from countermark.formats.picture_bytes import PictureFacts, RefusedPicture, read_jpeg, read_png, read_webp, recognise

__all__ = [
    "PictureFacts",
    "PictureLimits",
    "RefusedPicture",
    "decode_rgb",
    "inspect_picture",
    "turned_upright",
    "verify_picture",
]


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Bounds on one picture.

    Attributes:
        bytes: of the file.
        pixels: width times height, whatever an orientation says.
        side: pixels of the longer side.
    """

    bytes: int = 20 * MIB
    pixels: int = 40_000_000
    side: int = 20_000


_READERS = {"image/jpeg": read_jpeg, "image/png": read_png, "image/webp": read_webp}
_PILLOW = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def inspect_picture(data: bytes, limits: PictureLimits = PictureLimits()) -> PictureFacts:
    """Say what a picture is without decoding a pixel.

    The type comes from the bytes, never from a name. JPEG, PNG and WebP are known; of an animation the first frame
    counts. A file that is cut short, or that carries an archive, a page or a script, is refused.

    Raises:
        RefusedPicture: with a code, what is wrong, and how to mend it.
    """
    if not data:
        raise RefusedPicture("empty", "the file is empty.", "Export the picture again.")
    if len(data) > limits.bytes:
        raise RefusedPicture(
            "too-large",
            f"the file is larger than {limits.bytes // MIB} MiB.",
            "Save it smaller.",
        )
    facts = _READERS[recognise(data)](data)
    if facts.width < 1 or facts.height < 1:
        raise RefusedPicture("no-pixels", "the picture has no width or height.", "Export the picture again.")
    if facts.width * facts.height > limits.pixels or max(facts.width, facts.height) > limits.side:
        raise RefusedPicture(
            "too-many-pixels",
            f"the picture has {facts.width} x {facts.height} pixels, more than {limits.pixels // 1_000_000} megapixels "
            f"or {limits.side} on one side.",
            "Save it smaller.",
        )
    return facts


def decode_rgb(
    data: bytes,
    limits: PictureLimits = PictureLimits(),
    *,
    at_least: int | None = None,
    upright: bool = True,
) -> np.ndarray:
    """Decode a picture as buyers see it: RGB, transparency on white, turned upright as its EXIF says.

    Args:
        data: bytes of a JPEG, PNG or WebP.
        limits: bounds, checked before any pixel is decoded.
        at_least: a JPEG may come back reduced (by 2, 4 or 8), as long as both sides keep this many pixels; it is
            several times faster and enough for a fingerprint.
        upright: False gives the pixels as they are stored.

    Returns:
        Array of shape (height, width, 3), dtype uint8, C order.

    Raises:
        RefusedPicture: also when the bytes do not decode to the last row.
    """
    facts = inspect_picture(data, limits)
    if facts.media_type == "image/jpeg" and facts.channels != 4:
        pixels = _decode_jpeg(data, at_least)
        return turned_upright(pixels, facts.orientation) if upright else pixels
    return _decode_with_pillow(data, facts, upright=upright)


def verify_picture(data: bytes, limits: PictureLimits = PictureLimits()) -> PictureFacts:
    """As `inspect_picture`, and really decode every pixel, so that damage anywhere is seen."""
    facts = inspect_picture(data, limits)
    decode_rgb(data, limits, upright=False)
    return facts


def _decode_jpeg(data: bytes, at_least: int | None) -> np.ndarray:
    try:
        if at_least is None:
            return np.asarray(simplejpeg.decode_jpeg(data, "RGB"))
        return np.asarray(simplejpeg.decode_jpeg(data, "RGB", min_height=at_least, min_width=at_least, min_factor=2))
    except ValueError as error:
        raise _damaged() from error


def _decode_with_pillow(data: bytes, facts: PictureFacts, *, upright: bool) -> np.ndarray:
    # Bounds were checked on the header, against our own limit; Pillow's own limit would only warn.
    try:
        with Image.open(BytesIO(data), formats=[_PILLOW[facts.media_type]]) as picture:
            if picture.size != (facts.width, facts.height):
                raise _damaged()
            picture.load()
            turned = ImageOps.exif_transpose(picture) if upright else picture
            return np.asarray(_on_white(turned))
    except RefusedPicture:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise _damaged() from error


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, picture).convert("RGB")
    if picture.mode.startswith("I"):  # 16-bit grey; Pillow's own conversion would clip it to white
        grey = np.asarray(picture).astype(np.float64)
        picture = Image.fromarray((grey / 257).astype(np.uint8), "L")
    return picture.convert("RGB")


def turned_upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Apply an EXIF orientation (1 to 8, EXIF 2.32 table 4.6.4) to stored pixels, shape (height, width, …)."""
    if orientation in (2, 4, 5, 7):
        pixels = pixels[:, ::-1]
    turns = {3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}.get(orientation, 0)
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns or orientation == 2 else pixels


def _damaged() -> RefusedPicture:
    return RefusedPicture("damaged", "the picture is damaged or cut short.", "Export or download the picture again.")
