"""dct256: 256 bits that say which low frequencies of a grey picture are strong and which are weak.

It resembles PDQ in spirit and in length, and is not PDQ: the bits of one mean nothing to the other.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

#: Name and version of the fingerprint; raised whenever the same pixels could give other bits.
ALGORITHM = "dct256/1"

#: Frequencies 1 to 16 in both directions; 0, the mean brightness of a row or column, is left out.
FREQUENCIES = 16
BITS = FREQUENCIES * FREQUENCIES
#: Sides of the grey picture that is transformed, in pixels.
LEAST_SIDE, MOST_SIDE = 24, 256
#: Cosines are rounded to whole 256ths: with sides up to 256 every sum stays below 2^24 and is exact in single
#: precision, whatever the order of summation, so every machine gets the same bits.
_COSINE_ONE = 256
#: Share of the mean strength by which a frequency must stand above the median for its bit to be set: the frequencies
#: that a symmetric drawing does not have give steady zeros instead of dice.
SILENCE = 0.05
#: Grey levels up to which a frequency is rounding noise, for the quality of a picture.
NOISE = 0.1
#: Percent of frequencies that must stand out from noise for a picture to be comparable at all.
USABLE_QUALITY = 60

GreyPixels = npt.NDArray[np.uint8]
Coefficients = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dct256:
    """One hash of one picture.

    Attributes:
        bits: 32 bytes, the frequency (vertical 1, horizontal 1) in the highest bit of the first byte, row by row.
        quality: percent of the 256 frequencies that stand out from noise; a blank picture has 0, photographs 72 and
            more.
    """

    bits: bytes
    quality: int

    def distance(self, other: "Dct256") -> int:
        """Number of differing bits, 0 to 256; unrelated photographs are near 128, and hardly ever below 50."""
        return (int.from_bytes(self.bits) ^ int.from_bytes(other.bits)).bit_count()


def hash_grey(grey: GreyPixels) -> Dct256:
    """Hash a grey picture of shape (height, width), each side between LEAST_SIDE and MOST_SIDE."""
    return hash_coefficients(coefficients(grey))


def coefficients(grey: GreyPixels) -> Coefficients:
    """The low frequencies of a grey picture, shape (16, 16): vertical by horizontal, in grey levels.

    Discrete cosine transform of type II (Ahmed, Natarajan, Rao 1974), taken at the picture's own size, so that nothing
    is resized: `c[u, v] = 4 / (h w) * sum over y, x of p[y, x] cos(pi (2y + 1) u / 2h) cos(pi (2x + 1) v / 2w)`.
    """
    height, width = grey.shape
    rows = (grey.astype(np.float32) - np.float32(128)) @ _cosines(width).T
    both = _cosines(height).astype(np.float64) @ rows.astype(np.float64)
    both *= 4.0 / (_COSINE_ONE * _COSINE_ONE * height * width)
    return both


def hash_coefficients(found: Coefficients) -> Dct256:
    """A bit is set where `c - median > SILENCE * mean(|c - median|)`, over the 256 frequencies."""
    above = found.ravel() - _median(found)
    strength = np.abs(above)
    bits = np.packbits(above > SILENCE * strength.mean()).tobytes()
    return Dct256(bits, 100 * int(np.count_nonzero(strength > NOISE)) // BITS)


def _median(found: Coefficients) -> float:
    # As np.median, which spends more time on looking at its argument than on sorting 256 numbers.
    middle = np.partition(found, (BITS // 2 - 1, BITS // 2), axis=None)[BITS // 2 - 1 : BITS // 2 + 1]
    return float(middle[0] + middle[1]) / 2


@lru_cache(maxsize=2 * MOST_SIDE)
def _cosines(size: int) -> npt.NDArray[np.float32]:
    place, frequency = np.arange(size), np.arange(1, FREQUENCIES + 1)[:, None]
    exact = np.cos(np.pi * (2 * place + 1) * frequency / (2 * size))
    cosines: npt.NDArray[np.float32] = np.rint(_COSINE_ONE * exact).astype(np.float32)
    cosines.flags.writeable = False
    return cosines


#: The eight ways to lay a picture down: turned so many quarters (counter-clockwise), mirrored first or not.
TURNS = {
    "as is": (0, False),
    "mirrored": (0, True),
    "turned by 90 degrees": (1, False),
    "turned by 180 degrees": (2, False),
    "turned by 270 degrees": (3, False),
    "mirrored and turned by 90 degrees": (1, True),
    "mirrored and turned by 180 degrees": (2, True),
    "mirrored and turned by 270 degrees": (3, True),
}


def turned(found: Coefficients, quarters: int, *, mirrored: bool) -> Coefficients:
    """The coefficients of a picture after mirroring left to right and turning, without looking at it again.

    Mirroring changes the sign of every odd frequency along that direction; a quarter turn swaps the directions and
    mirrors one of them.
    """
    odd = np.where(np.arange(1, FREQUENCIES + 1) % 2, -1.0, 1.0)
    laid = found * odd if mirrored else found
    for _ in range(quarters):
        laid = laid.T * odd[:, None]
    return laid
