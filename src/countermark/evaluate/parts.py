"""Findings counted by part: does the stated risk come true within each kind and level, and what does each signal do?"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from countermark.evaluate.share import Share
from countermark.judge.weighing import log_odds_of, risk_of
from countermark.model import Finding, Kind, Level


class StatedAndTrue(msgspec.Struct, frozen=True, kw_only=True):
    """Findings of one part: the mean of their stated risk, and the share that is true."""

    part: str
    stated: float
    true: Share


class WithoutSignal(msgspec.Struct, frozen=True, kw_only=True):
    """What one signal does.

    Attributes:
        signal: its name.
        true: of the findings that rest on it, the share that is true.
        brier_without: Brier score over all findings, had the signal weighed nothing, minus the score as it is: above 0
            the signal helps.
    """

    signal: str
    true: Share
    brier_without: float


class Parts:
    """Counts findings one by one; memory grows with kinds, levels and signals only."""

    def __init__(self) -> None:
        self._stated: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0])
        self._signals: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0])
        self._count = 0

    def add(self, finding: Finding, *, true: bool) -> None:
        """Count one finding."""
        self._count += 1
        for part in (finding.kind.value, finding.level.value):
            _count(self._stated[part], finding.risk, true=true)
        log_odds = log_odds_of(finding.base, (reason.weight for reason in finding.reasons))
        squared = (finding.risk - true) ** 2
        for reason in finding.reasons:
            without = (risk_of(log_odds - reason.weight) - true) ** 2
            _count(self._signals[reason.signal], without - squared, true=true)

    def by_kind(self) -> tuple[StatedAndTrue, ...]:
        """One row a kind that occurs."""
        return self._rows(Kind)

    def by_level(self) -> tuple[StatedAndTrue, ...]:
        """One row a level that occurs, high first."""
        return self._rows(Level)

    def by_signal(self) -> tuple[WithoutSignal, ...]:
        """One row a signal that occurs, by name."""
        return tuple(
            WithoutSignal(signal=name, true=Share.of(int(hits), int(n)), brier_without=round(change / self._count, 6))
            for name, (n, hits, change) in sorted(self._signals.items())
        )

    def _rows(self, names: Iterable[str]) -> tuple[StatedAndTrue, ...]:
        return tuple(
            StatedAndTrue(part=str(name), stated=round(total / n, 6), true=Share.of(int(hits), int(n)))
            for name in names
            for n, hits, total in [self._stated.get(name, [0, 0, 0.0])]
            if n
        )


def _count(row: list[float], amount: float, *, true: bool) -> None:
    row[0] += 1
    row[1] += true
    row[2] += amount
