"""The policy as a record: weights, limits, kinds and harm, with the hash of the file they came from."""

from bisect import bisect_left
from itertools import pairwise
from pathlib import Path

import msgspec

from countermark.judge.learned import Learned
from countermark.model import Kind, Level

#: The policy that ships with the engine; it works before any decision exists.
SHIPPED = Path(__file__).with_name("policy.yaml")
#: The numbers that people set by hand: what learning starts from.
HAND_SET = Path(__file__).with_name("policy.yaml")

#: In a term of a kind rule: `condition.used` is about the state that the listing claims, not about a signal.
CONDITION_PREFIX = "condition."


class Curve(msgspec.Struct, frozen=True):
    """What a signal adds to the log-odds, as straight lines through points.

    Attributes:
        points: (value, log-odds) with rising value in (0, 1]; the line starts at (0, 0) and stays level after the last.
            All log-odds have one sign and never turn back towards 0, so that more of a signal never counts less.
    """

    points: tuple[tuple[float, float], ...]

    def at(self, value: float) -> float:
        """Log-odds at a value in [0, 1], rounded to 6 places as the finding records it."""
        if len(self.points) == 1 and self.points[0][0] == 1.0:
            return round(self.points[0][1] * value, 6)
        return round(self._between(value), 6)

    def _between(self, value: float) -> float:
        place = bisect_left(self.points, value, key=lambda point: point[0])
        if place == len(self.points):
            return self.points[-1][1]
        start, low = self.points[place - 1] if place else (0.0, 0.0)
        end, high = self.points[place]
        return low + (high - low) * (value - start) / (end - start)

    @property
    def largest(self) -> float:
        """Log-odds at value 1: the most that the signal can add, signed."""
        return self.points[-1][1]

    def is_monotone(self) -> bool:
        """Whether more of the signal never counts less, and all of it to one side."""
        levels = [0.0, *(log_odds for _, log_odds in self.points)]
        steps = [later - earlier for earlier, later in pairwise(levels)]
        return all(step >= 0 for step in steps) or all(step <= 0 for step in steps)


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where risk as a word begins: `high` and `medium`; everything reported below is low."""

    high: float
    medium: float

    def word(self, risk: float) -> Level:
        """The word for a risk in [0, 1]."""
        if risk >= self.high:
            return Level.HIGH
        return Level.MEDIUM if risk >= self.medium else Level.LOW


class Term(msgspec.Struct, frozen=True):
    """One condition in a kind rule: a signal that counted with at least this value, or a claimed condition."""

    name: str
    least: float = 0.0


class KindRule(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table of kinds; the first line that holds names the kind.

    Attributes:
        kind: what the finding then is.
        all: each of these counted.
        any: at least one of these counted, when there are any.
        none: none of these counted.
        outweighed: what speaks against must weigh more than what speaks for.
    """

    kind: Kind
    all: tuple[Term, ...] = ()
    any: tuple[Term, ...] = ()
    none: tuple[Term, ...] = ()
    outweighed: bool = False

    def holds_always(self) -> bool:
        """Whether the rule asks for nothing."""
        return not (self.all or self.any or self.none or self.outweighed)


class Harm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How expected harm is counted.

    Attributes:
        largest_stock: units counted at most.
        unknown_price_share: price as a share of the band's middle where either is not known.
        kinds: how much each kind matters, 0 to 1.
    """

    largest_stock: int
    unknown_price_share: float
    kinds: dict[Kind, float]


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Everything by which signals become a risk, a word, a kind and an order of work.

    Attributes:
        base_rate: log-odds before any reason.
        weights: signal name to what it adds.
        levels: limits between the words.
        report: findings of less risk are not reported.
        kinds: ordered table; the last rule holds always.
        harm: for ordering the queue.
        learned: how base and weights came from decisions; None when they were set by hand.
        digest: SHA-256 in hex of the file's bytes.
        source: the file's bytes, to be kept beside findings, so that they can be recomputed.
    """

    base_rate: float
    weights: dict[str, Curve]
    levels: Levels
    report: float
    kinds: tuple[KindRule, ...]
    harm: Harm
    learned: Learned | None = None
    digest: str
    source: bytes = msgspec.field(default=b"")
