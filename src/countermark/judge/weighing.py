"""Signals to signed weights to one risk: the strongest of each name counts, once, and the sum is log-odds."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from countermark.judge.policy import Curve
from countermark.model import InvalidRecord, Signal


@dataclass(frozen=True, slots=True)
class Weighed:
    """A signal as it counts.

    Attributes:
        signal: the strongest of its name.
        weight: what it adds to the log-odds, signed, 6 places, never 0.
    """

    signal: Signal
    weight: float


def weigh(signals: Iterable[Signal], brand: str, curves: Mapping[str, Curve]) -> list[Weighed]:
    """Weigh what was measured about one house, largest absolute weight first; signals of other houses are left out.

    Of several signals of one name only the strongest counts, so that ten copies of a photo are no tenfold proof, and
    neither order nor repetition changes anything.

    Raises:
        InvalidRecord: for a signal that has no curve, or a value outside [0, 1].
    """
    strongest: dict[str, Signal] = {}
    for signal in signals:
        if signal.brand and signal.brand != brand:
            continue
        if not 0 <= signal.value <= 1:
            raise InvalidRecord("signal", f"{signal.name} measured {signal.value}.", "A value lies between 0 and 1.")
        held = strongest.get(signal.name)
        if held is None or _counts_before(signal, held):
            strongest[signal.name] = signal
    weighed = []
    for name, signal in strongest.items():
        weight = _curve(name, curves).at(signal.value)
        if weight:
            weighed.append(Weighed(signal, weight))
    weighed.sort(key=lambda w: (-abs(w.weight), w.signal.name))
    return weighed


def _counts_before(signal: Signal, held: Signal) -> bool:
    if signal.value != held.value:
        return signal.value > held.value
    # Equal strength: one that names a right is more use to a lawyer; among those, any fixed order will do.
    if bool(signal.right_id) is not bool(held.right_id):
        return bool(signal.right_id)
    return msgspec.json.encode(signal, order="deterministic") < msgspec.json.encode(held, order="deterministic")


def _curve(name: str, curves: Mapping[str, Curve]) -> Curve:
    try:
        return curves[name]
    except KeyError:
        raise InvalidRecord("signal", f"{name!r} has no weight.", "Give it one in the policy, or 0.") from None


def risk_of(log_odds: float) -> float:
    """Probability behind log-odds, rounded to 6 places."""
    if log_odds >= 0:
        return round(1 / (1 + math.exp(-log_odds)), 6)
    odds = math.exp(log_odds)
    return round(odds / (1 + odds), 6)


def log_odds_of(base: float, weights: Iterable[float]) -> float:
    """Base and weights added exactly, so that their order cannot matter even in the last digit."""
    return math.fsum((base, *weights))
