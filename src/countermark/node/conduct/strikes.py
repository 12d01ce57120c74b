"""Strikes of a seller: which upheld notices count, for how much and until when. Pure, from cases and the policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from countermark.node.conduct.cases import Case, Fate
from countermark.node.conduct.policy import Strikes


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One upheld notice, or several of a house that count as one.

    Attributes:
        cases: at least one, the earliest first.
        points: of the gravest of them.
        at: of the first decision.
        until: it counts before this moment.
    """

    cases: tuple[Case, ...]
    points: int
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A case that does not count, and why: `reversed`, `withdrawn`, `contested`, `over`, `no_points`."""

    case: Case
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What counts against a seller now.

    Attributes:
        strikes: newest first.
        left: upheld once, and not counted.
        points: sum of the strikes.
    """

    strikes: tuple[Strike, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def points(self) -> int:
        """All points together."""
        return sum(one.points for one in self.strikes)

    @property
    def next_end(self) -> datetime | None:
        """When the next strike ceases to count."""
        return min((one.until for one in self.strikes), default=None)


def count(cases: Iterable[Case], policy: Strikes, at: datetime) -> Count:
    """Count the strikes of one seller.

    Args:
        cases: of that seller, in any order; only those that a platform decided are looked at.
        policy: window, points, what counts together.
        at: now.
    """
    standing: list[Case] = []
    left: list[Left] = []
    for case in sorted((one for one in cases if one.decided_at), key=lambda one: (_decided(one), one.notice)):
        why = _why_not(case, policy, at)
        if not why:
            standing.append(case)
        elif why != "refused":
            left.append(Left(case=case, why=why))
    return Count(strikes=tuple(reversed(_together(standing, policy))), left=tuple(reversed(left)))


def _why_not(case: Case, policy: Strikes, at: datetime) -> str:
    if case.fate is not Fate.UPHELD and not (case.fate is Fate.CONTESTED and policy.contested_count):
        return str(case.fate)
    if not policy.points_of(case.ground):
        return "no_points"
    return "over" if _decided(case) + timedelta(days=policy.window_days) <= at else ""


def _together(cases: list[Case], policy: Strikes) -> list[Strike]:
    """Cases of one house within `together_days` of the first are one strike; its end is that of the first."""
    near, groups, open_of = timedelta(days=policy.together_days), [], dict[str, list[Case]]()
    for case in cases:
        group = open_of.get(case.house)
        if group is None or _decided(case) - _decided(group[0]) >= near:
            group = open_of[case.house] = []
            groups.append(group)
        group.append(case)
    return [_strike(group, policy) for group in groups]


def _strike(group: list[Case], policy: Strikes) -> Strike:
    first = _decided(group[0])
    points = max(policy.points_of(one.ground) for one in group)
    return Strike(cases=tuple(group), points=points, at=first, until=first + timedelta(days=policy.window_days))


def _decided(case: Case) -> datetime:
    assert case.decided_at is not None
    return case.decided_at
