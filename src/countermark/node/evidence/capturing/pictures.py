"""Which bytes are a whole picture: decoded once, here, where nothing is lost should a decoder be taken over."""

import warnings
from io import BytesIO

from PIL import Image

MOST_PIXELS = 40_000_000
_SUFFIX = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def suffix_of(data: bytes) -> str:
    """`jpg`, `png` or `webp`, as the bytes say; empty when they are none of these, too large or damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(data), formats=tuple(_SUFFIX)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return ""
                picture.load()
                return _SUFFIX.get(picture.format or "", "")
    except Exception:  # noqa: BLE001 - decoders raise whatever they like; it is then no picture
        return ""
