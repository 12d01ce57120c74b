"""Does a stated risk come true? Ten bins, the expected calibration error, and the Brier score."""

import math

import msgspec

#: Bins of equal width over [0, 1].
BINS = 10
#: Findings state risks to this many parts: whole numbers keep 0.3 out of the bin below.
PARTS = 1_000_000


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Findings whose stated risk lies in [low, high), the last bin with 1 included.

    Attributes:
        count: findings.
        stated: mean stated risk, None when there are none.
        true: share that is true, None when there are none.
    """

    low: float
    high: float
    count: int
    stated: float | None
    true: float | None


class Reliability(msgspec.Struct, frozen=True, kw_only=True):
    """Stated risk against truth, over findings of listings that the truth knows.

    Attributes:
        bins: ten, from 0 to 1.
        calibration_error: sum over bins of share of findings x |stated - true| (ECE); None without findings.
            Source: Naeini, Cooper, Hauskrecht, Obtaining well calibrated probabilities by Bayesian binning, AAAI 2015.
        by_chance: what that error would be on average, were every stated risk true: few findings never come out even.
            Each bin's gap is then nearly normal with variance sum of risk x (1 - risk), so its mean size is
            sqrt(2 / pi x variance). An error near it says nothing against the risks; None without findings.
        brier: mean of (risk - truth)^2; None without findings.
            Source: G. W. Brier, Verification of forecasts expressed in terms of probability, 1950.
    """

    bins: tuple[Bin, ...]
    calibration_error: float | None
    by_chance: float | None
    brier: float | None


class ReliabilityTally:
    """Counts findings one by one; memory does not grow."""

    def __init__(self) -> None:
        self._count = [0] * BINS
        self._stated = [0.0] * BINS
        self._true = [0] * BINS
        self._spread = [0.0] * BINS
        self._squares = 0.0

    def add(self, risk: float, *, true: bool) -> None:
        """Count one finding with its stated risk in [0, 1]."""
        place = min(round(risk * PARTS) * BINS // PARTS, BINS - 1)
        self._count[place] += 1
        self._stated[place] += risk
        self._true[place] += true
        self._spread[place] += risk * (1 - risk)
        self._squares += (risk - true) ** 2

    def result(self) -> Reliability:
        """The table and both figures, rounded to 6 places."""
        total = sum(self._count)
        gaps = sum(abs(stated - true) for stated, true in zip(self._stated, self._true, strict=True))
        chance = sum(math.sqrt(2 / math.pi * spread) for spread in self._spread)
        return Reliability(
            bins=tuple(map(self._bin, range(BINS))),
            calibration_error=round(gaps / total, 6) if total else None,
            by_chance=round(chance / total, 6) if total else None,
            brier=round(self._squares / total, 6) if total else None,
        )

    def _bin(self, place: int) -> Bin:
        count = self._count[place]
        return Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            count=count,
            stated=round(self._stated[place] / count, 6) if count else None,
            true=round(self._true[place] / count, 6) if count else None,
        )
