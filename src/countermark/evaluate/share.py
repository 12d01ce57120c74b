"""A share of a count, with what the count allows one to say about it."""

import math
from typing import Self

import msgspec

#: Standard normal quantile of 97.5 %: two-sided 95 %.
Z = 1.959963984540054


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share of `hits` in `n` (n > 0), both ends in [0, 1].

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
    """
    share, z2 = hits / n, Z * Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # The ends at no hit and at all hits are 0 and 1 exactly; floating point misses them by a hair.
    return (0.0 if hits == 0 else max(0.0, centre - half)), (1.0 if hits == n else min(1.0, centre + half))


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """`hits` of `n`.

    Attributes:
        hits, n: the counts.
        value: hits / n; None when n is 0: nothing was counted, which is neither 0 nor 1.
        low, high: 95 % Wilson interval, None when n is 0.
    """

    hits: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, hits: int, n: int) -> Self:
        """A share with its interval, rounded to 6 places."""
        if n == 0:
            return cls(hits=0, n=0)
        low, high = wilson(hits, n)
        return cls(hits=hits, n=n, value=round(hits / n, 6), low=round(low, 6), high=round(high, 6))
