"""Copies for showing: decoded and encoded again, so that nothing but pixels reaches a browser."""

from io import BytesIO

from PIL import Image

from countermark.formats.picture import decode_rgb
from countermark.node.evidence.store import Form

#: Longest side of each copy, in pixels, and its JPEG quality.
SIDES = {Form.FULL: 1600, Form.THUMB: 320}
QUALITY = {Form.FULL: 85, Form.THUMB: 80}

#: What every copy is.
MEDIA_TYPE = "image/jpeg"


def shown_copy(original: bytes, form: Form) -> bytes:
    """A JPEG of at most `SIDES[form]` pixels a side, upright, in RGB, without any metadata of the original.

    Raises RefusedPicture when the original does not decode.
    """
    side = SIDES[form]
    picture = Image.fromarray(decode_rgb(original, at_least=side))
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=QUALITY[form], optimize=False)
    return encoded.getvalue()
