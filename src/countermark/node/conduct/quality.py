"""Rates of one who files: how often a notice stood, how often a seller's answer succeeded. The same on both nodes.

Counted are notices decided in the last whole months up to the end of yesterday (UTC), so both sides have had every
entry of the time. A notice whose offer came back counts against the filer, whatever brought it back, except a
withdrawal that was no mistake: that is neither for nor against.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

import msgspec

from countermark.evaluate.share import Share
from countermark.law.periods import months_later
from countermark.node.conduct.cases import Case, Fate
from countermark.node.conduct.policy import Limit, Quality
from countermark.proof.canonical import canonical

ALL = "all"


class Tier(StrEnum):
    """What a rate says: too few decisions, good, near the limit, beyond it, beyond it and not by chance."""

    FEW = "few"
    GOOD = "good"
    NEAR = "near"
    BEYOND = "beyond"
    SURELY_BEYOND = "surely_beyond"


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Rates of one ground, or of `all`.

    Attributes:
        ground: code of the ground.
        success: notices that stand, of those decided. 95 % Wilson interval.
        countered: notices whose offer came back after the seller's answer, of those decided.
        refused, back, errors: what tells against the filer.
        tier: the worse of both rates.
        reserve: further failures before the success rate falls under its limit; 0 when it is under it.
    """

    ground: str
    success: Share
    countered: Share
    refused: int
    back: int
    errors: int
    tier: Tier
    reserve: int


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """The rates of one filer.

    Attributes:
        first, last: days that were counted, both included, UTC.
        rates: `all` first, then each ground by its code.
        policy: version of the policy.
    """

    first: date
    last: date
    rates: tuple[Rate, ...]
    policy: str

    @property
    def code(self) -> str:
        """16 hexadecimal digits of the SHA-256 over the canonical JSON, to compare aloud with the other side."""
        digest = hashlib.sha256(canonical(msgspec.to_builtins(self))).hexdigest()[:16]
        return " ".join(digest[start : start + 4] for start in range(0, 16, 4))

    @property
    def alarms(self) -> tuple[Rate, ...]:
        """Rates that are near a limit or beyond it."""
        return tuple(one for one in self.rates if one.tier not in {Tier.FEW, Tier.GOOD})


def window(at: datetime, months: int) -> tuple[datetime, datetime]:
    """First moment that is counted, and the first that is not: whole days, up to the end of yesterday, UTC."""
    today = at.astimezone(UTC).date()
    first, _ = months_later(today, -months)
    return datetime.combine(first, time.min, UTC), datetime.combine(today, time.min, UTC)


def rates(cases: Iterable[Case], policy: Quality, at: datetime, version: str = "") -> Rates:
    """Count the rates of one filer.

    Args:
        cases: of that filer, as they stood at the end of yesterday.
        policy: months, limits.
        at: now.
        version: of the policy.
    """
    start, end = window(at, policy.months)
    grouped: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.decided_at is None or not start <= case.decided_at < end or _is_neutral(case):
            continue
        grouped[ALL].append(case)
        grouped[case.ground or "other"].append(case)
    order = [ALL, *sorted(set(grouped) - {ALL})]
    return Rates(
        first=start.date(),
        last=(end - timedelta(days=1)).date(),
        rates=tuple(_rate(ground, grouped[ground], policy) for ground in order),
        policy=version,
    )


def _is_neutral(case: Case) -> bool:
    return case.fate is Fate.WITHDRAWN and not case.error


def _rate(ground: str, cases: list[Case], policy: Quality) -> Rate:
    success = Share.of(sum(not one.is_against_filer for one in cases), len(cases))
    countered = Share.of(sum(one.came_back_after_answer for one in cases), len(cases))
    return Rate(
        ground=ground,
        success=success,
        countered=countered,
        refused=sum(one.fate is Fate.REFUSED for one in cases),
        back=sum(one.fate is Fate.REVERSED for one in cases),
        errors=sum(one.error for one in cases),
        tier=max((_low(success, policy.success), _high(countered, policy.countered)), key=list(Tier).index)
        if len(cases) >= policy.fewest
        else Tier.FEW,
        reserve=_reserve(success, policy.success.limit),
    )


def _low(share: Share, limit: Limit) -> Tier:
    """Of a rate that should be high."""
    if share.value is None or share.high is None:
        return Tier.FEW
    if share.value < limit.limit:
        return Tier.SURELY_BEYOND if share.high < limit.limit else Tier.BEYOND
    return Tier.NEAR if share.value < limit.alarm else Tier.GOOD


def _high(share: Share, limit: Limit) -> Tier:
    """Of a rate that should be low."""
    if share.value is None or share.low is None:
        return Tier.FEW
    if share.value > limit.limit:
        return Tier.SURELY_BEYOND if share.low > limit.limit else Tier.BEYOND
    return Tier.NEAR if share.value > limit.alarm else Tier.GOOD


def _reserve(share: Share, limit: float) -> int:
    """The largest number of decided notices that may still turn, of those counted, without falling under the limit."""
    return max(0, int(share.hits - limit * share.n + 1e-9))
