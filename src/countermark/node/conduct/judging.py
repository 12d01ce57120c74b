"""What stands against a subject now: strikes and factors, with the warning that reached it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from countermark.node.conduct import lawful, misuse, reading, strikes
from countermark.node.conduct.misuse import Factors, Period, Track
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.policy import policy_in_use
from countermark.node.conduct.states import IN_FORCE, ActKind, MeasureKind, Standing, standing_of
from countermark.node.conduct.strikes import Count
from countermark.node.kernel.time import now

#: Acts that prove that a measure reached the person.
REACHED = frozenset({ActKind.TOLD, ActKind.RECEIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What stands against one subject on one track.

    Attributes:
        factors: the four factors.
        points: of strikes for offers, cases otherwise.
        count: strikes; empty but for offers.
        warning: the warning in force that reached the subject; None when there is none.
    """

    factors: Factors
    points: int
    count: Count
    warning: Measure | None


def against(organisation_id: int, track: Track, subject: str) -> Against:
    """Weigh a subject as it stands now. One that is unknown has nothing against it."""
    policy, moment = policy_in_use(), now()
    sellers, since = track is not Track.NOTICES, moment - timedelta(days=policy.misuse.window_days)
    cases = (
        reading.of_seller(organisation_id, subject) if sellers else reading.of_filer(organisation_id, subject, since)
    )
    warning, warned_at = standing_warning(organisation_id, track, subject)
    total = reading.listings_of(organisation_id, subject) if track is Track.OFFERS else None
    factors = misuse.factors(track, cases, policy, Period(at=moment, total=total, warned_at=warned_at))
    counted = strikes.count(cases, policy.strikes, moment) if track is Track.OFFERS else Count()
    points = counted.points if track is Track.OFFERS else factors.number
    return Against(factors=factors, points=points, count=counted, warning=warning)


def acts_of(measure: Measure) -> list[Act]:
    """What was done with a measure, in order."""
    return sorted(measure.acts.all(), key=lambda one: one.number)


def standing(measure: Measure, acts: Sequence[Act] | None = None) -> Standing:
    """Where a measure stands today."""
    done = acts_of(measure) if acts is None else acts
    return standing_of([one.kind for one in done], measure.ends_on, now().date())


def standing_warning(organisation_id: int, track: Track, subject: str) -> tuple[Measure | None, datetime | None]:
    """The latest warning in force that is proved to have reached the subject, and when it did."""
    rows = Measure.objects.filter(
        organisation_id=organisation_id, track=track, subject=subject, kind=MeasureKind.WARNING
    )
    for one in rows.prefetch_related("acts").order_by("-pk")[:50]:
        acts = acts_of(one)
        reached = [act for act in acts if act.kind in REACHED]
        if reached and standing(one, acts) in IN_FORCE and lawful.read(acts[-1].matter).state == "warned":
            return one, reached[0].at
    return None, None
