"""What the tests of this room do over and over: take an item, judge it, look at its state; and records to judge."""

from countermark.model import Finding as Record
from countermark.model import Kind, Level
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.states import FindingState
from countermark.node.review import services
from countermark.node.review.verdicts import Verdict

SECOND_LOOK = FindingFilters(states=frozenset({FindingState.SECOND_LOOK}))
ESCALATED = FindingFilters(states=frozenset({FindingState.ESCALATED}))
EVERYTHING = FindingFilters()


def take(member, filters=EVERYTHING):
    item = services.open_next(member, filters)
    assert item is not None
    return item


def judge(member, item, verdict=Verdict.INFRINGING, reason="counterfeit", note="", **more):
    core_id = item.finding.row.core_id
    given = {"lease_token": item.lease.token} | more
    return services.decide(member, core_id, verdict=verdict, reason=reason, note=note, **given)


def state_of(finding):
    return Finding.objects.get(pk=finding.pk).state


def record(*reasons):
    """A finding as the engine makes it, with these reasons."""
    return Record(
        id="fnd_1",
        listing_id="lst_1",
        marketplace="Bazaar",
        external_id="1",
        seller_id="slr_1",
        brand="Corvane",
        right_id="",
        kind=Kind.OBVIOUS_FAKE,
        risk=0.9,
        level=Level.HIGH,
        expected_harm=1.0,
        base=-2.0,
        reasons=reasons,
        engine_version="1",
        policy_hash="",
        reference_hash="",
        listing_hash="",
    )
