"""The test of misuse: four factors, each with its numbers, alike for offers, answers and notices. Pure.

Source: Reg. (EU) 2022/2065 art. 23(3): absolute number in a period, share of the total, gravity and consequences,
intention where it can be seen.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from countermark.node.conduct.cases import Case, Fate
from countermark.node.conduct.policy import Frequent, Policy


class Track(StrEnum):
    """Whose conduct: offers or answers of a seller, notices of one who files; of a payee nothing is counted."""

    OFFERS = "offers"
    ANSWERS = "answers"
    NOTICES = "notices"
    PAYMENTS = "payments"


class Factors(msgspec.Struct, frozen=True, kw_only=True):
    """The four factors.

    Attributes:
        track: a `Track`.
        days: of the period.
        number: decided against the person in the period.
        total: of all offers, answers or notices of the period.
        share: number / total; 0 when there is nothing.
        gravest: points of the gravest case; for notices and answers, days for which offers were wrongly down.
        consequences: how many cases had the highest points; for notices, how many offers were wrongly down.
        warned: a warning in force had reached the person.
        after_warning: cases decided after a warning had reached the person: what shows intention.
        unshown: notices refused because the right was not shown, which a filer knows beforehand.
        is_frequent: number and share both reach the policy.
        notices: ids of the cases, to look at.
    """

    track: Track
    days: int
    number: int
    total: int
    share: float
    gravest: int
    consequences: int
    warned: bool
    after_warning: int
    unshown: int
    is_frequent: bool
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What is looked at: the end of the period, the whole number for the share, when a warning reached the person."""

    at: datetime
    total: int | None = None
    warned_at: datetime | None = None


def factors(track: Track, cases: Iterable[Case], policy: Policy, period: Period) -> Factors:
    """Weigh the conduct of one person.

    Args:
        track: whose conduct.
        cases: of that person.
        policy: days, what is frequent, points.
        period: its end; `total` is the number of listings for offers, and counted from the cases otherwise.
    """
    start = period.at - timedelta(days=policy.misuse.window_days)
    recent = [one for one in cases if one.decided_at is not None and start < one.decided_at <= period.at]
    against, total = _SORTED[track](recent, policy)
    total = max(len(against), total if period.total is None else period.total)
    share = round(len(against) / total, 4) if total else 0.0
    warned = period.warned_at
    gravest, consequences = _gravity(track, against, policy)
    frequent: Frequent = getattr(policy.misuse, track.value)
    return Factors(
        track=track,
        days=policy.misuse.window_days,
        number=len(against),
        total=total,
        share=share,
        gravest=gravest,
        consequences=consequences,
        warned=warned is not None,
        after_warning=sum(bool(warned and one.decided_at and one.decided_at > warned) for one in against),
        unshown=sum(one.refusal == "right_not_shown" for one in against),
        is_frequent=len(against) >= frequent.number and share >= frequent.share,
        notices=tuple(one.notice for one in against),
    )


def _offers(cases: Sequence[Case], policy: Policy) -> tuple[list[Case], int]:
    found = [one for one in cases if one.fate is Fate.UPHELD and policy.strikes.points_of(one.ground)]
    return found, len(cases)


def _answers(cases: Sequence[Case], _policy: Policy) -> tuple[list[Case], int]:
    answered = [one for one in cases if one.answered]
    return [one for one in answered if one.kept and one.fate is Fate.UPHELD], len(answered)


def _notices(cases: Sequence[Case], policy: Policy) -> tuple[list[Case], int]:
    unfounded = set(policy.misuse.unfounded)
    # A filer that takes its own mistake back shows good faith: that tells in the rates, not here.
    return [one for one in cases if unfounded & {one.refusal, one.back_reason}], len(cases)


_SORTED: dict[Track, Callable[[Sequence[Case], Policy], tuple[list[Case], int]]] = {
    Track.OFFERS: _offers,
    Track.ANSWERS: _answers,
    Track.NOTICES: _notices,
}


def _gravity(track: Track, cases: Sequence[Case], policy: Policy) -> tuple[int, int]:
    if track is not Track.NOTICES:
        points = [policy.strikes.points_of(one.ground) for one in cases]
        gravest = max(points, default=0)
        return gravest, points.count(gravest) if points else 0
    down = [(one.back_at - one.decided_at).days for one in cases if one.back_at and one.decided_at]
    return max(down, default=0), len(down)
