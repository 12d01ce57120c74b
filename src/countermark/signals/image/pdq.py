"""PDQ, for exchange with others: computed by the library `pdqhash`, which wraps the code that Meta published.

Our own searches use DCT-256 (`dct256.py`), which is as long as PDQ and not the same: the two are never compared.
"""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from countermark.formats.picture import PictureLimits, decode_rgb

#: Quality from which the authors of PDQ advise to compare at all.
USABLE_PDQ_QUALITY = 50
#: Bits of 256 that may differ in a match, as they advise.
PDQ_RADIUS = 31


class NoPdq(RuntimeError):
    """The library is not installed."""


@dataclass(frozen=True, slots=True)
class Pdq:
    """A PDQ hash.

    Attributes:
        bits: 32 bytes, in the order in which PDQ writes them as 64 hexadecimal digits.
        quality: 0 to 100; below `USABLE_PDQ_QUALITY` the picture is too plain to be compared.
    """

    bits: bytes
    quality: int

    def distance(self, other: "Pdq") -> int:
        """How many bits differ."""
        return (int.from_bytes(self.bits) ^ int.from_bytes(other.bits)).bit_count()


def pdq(data: bytes) -> Pdq:
    """PDQ of the bytes of a JPEG, PNG or WebP, of the pixels as stored: an EXIF orientation is not applied.

    Hashes computed elsewhere may differ in a few bits, since PDQ leaves decoding and the first reduction of large
    pictures to whoever computes it. Published hashes of JPEGs come out bit for bit (the tests of this room).

    Raises:
        RefusedPicture: not a picture we know, too large, or beyond decoding.
        NoPdq: without the extra `pictures`.
    """
    if find_spec("pdqhash") is None:
        raise NoPdq('PDQ needs an extra. Install "countermark[pictures]".')
    # Imported late: it belongs to an extra.
    import pdqhash  # noqa: PLC0415

    bits, quality = pdqhash.compute(np.ascontiguousarray(decode_rgb(data, PictureLimits(), upright=False)))
    return Pdq(np.packbits(np.asarray(bits, np.uint8)).tobytes(), int(quality))
