"""Suspensions of a period by their three causes (Reg. (EU) 2022/2065 art. 24(1)(b)), counted from what was decided."""

from datetime import UTC, date, datetime, time, timedelta

from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act
from countermark.node.conduct.states import ActKind, MeasureKind
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

#: Which measure is a suspension, and for what.
CAUSES = {
    (Track.OFFERS, MeasureKind.SUSPENSION): "illegal content",
    (Track.NOTICES, MeasureKind.NO_PROCESSING): "unfounded notices",
    (Track.ANSWERS, MeasureKind.NO_PROCESSING): "unfounded complaints",
}


def suspensions(member: Member, first: date, last: date) -> dict[str, int] | None:
    """Suspensions that were decided in a period, by cause; those that were reversed are none. Days are UTC.

    Returns:
        None where the organisation takes no measures: nothing is recorded there, and that is not zero.

    Raises:
        NotPermitted (NOTICES_VIEW).
    """
    member.require(Permission.NOTICES_VIEW)
    if member.organisation_kind is not OrganisationKind.MARKETPLACE:
        return None
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    acts = Act.objects.filter(measure__organisation_id=member.organisation_id)
    reversed_ = acts.filter(kind=ActKind.REVERSED).values("measure_id")
    decided = acts.filter(kind=ActKind.CONFIRMED, at__gte=begin, at__lt=end).exclude(measure_id__in=reversed_)
    counted = dict.fromkeys(CAUSES.values(), 0)
    for track, kind in decided.values_list("measure__track", "measure__kind"):
        cause = CAUSES.get((Track(track), MeasureKind(kind)))
        if cause is not None:
            counted[cause] += 1
    return counted
