"""The fingerprint of a picture: its hash as it is, and again without the borders laid round it."""

from dataclasses import dataclass

from countermark.signals.image.borders import inside_borders
from countermark.signals.image.dct256 import (
    ALGORITHM,
    LEAST_SIDE,
    USABLE_QUALITY,
    Dct256,
    GreyPixels,
    hash_grey,
)
from countermark.signals.image.pixels import grey_pixels

_NOTHING = Dct256(bytes(32), 0)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What one picture is recognised by.

    Attributes:
        whole: hash of the picture as it is.
        inside: hashes of what is left when uniform borders are cut, the outermost cut first; none without borders.
        algorithm: name and version; fingerprints of two versions are never compared.
    """

    whole: Dct256
    inside: tuple[Dct256, ...] = ()
    algorithm: str = ALGORITHM

    def usable(self, quality: int = USABLE_QUALITY) -> tuple[Dct256, ...]:
        """The hashes that say enough to be compared; none for blank pictures and placeholders."""
        return tuple(one for one in (self.whole, *self.inside) if one.quality >= quality)


def fingerprint(data: bytes) -> Fingerprint:
    """Fingerprint the bytes of a JPEG, PNG or WebP.

    The same bytes give the same fingerprint on every machine with the same JPEG decoder.

    Raises:
        RefusedPicture: (of `formats.picture`) too large, of another type, or beyond decoding.
    """
    return fingerprint_grey(grey_pixels(data))


def fingerprint_grey(grey: GreyPixels) -> Fingerprint:
    """Fingerprint a grey picture of shape (height, width), dtype uint8, each side at most 256.

    A picture narrower than 24 pixels has no usable fingerprint: its quality is 0.
    """
    if min(grey.shape) < LEAST_SIDE:
        return Fingerprint(_NOTHING)
    return Fingerprint(hash_grey(grey), tuple(hash_grey(box.cut(grey)) for box in inside_borders(grey)))
