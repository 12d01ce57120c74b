"""Findings that people decided to infringe: what a rights holder would now act on."""

from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review.models import Decision
from countermark.node.review.verdicts import Verdict

#: Decisions that are looked through, the newest first.
_MOST = 1_000


def decided_infringing(member: Member, size: int = _MOST) -> list[str]:
    """Ids of findings whose standing decision says that they infringe, the newest first, at most 1,000.

    Raises NotPermitted (REVIEW_VIEW).
    """
    member.require(Permission.REVIEW_VIEW)
    rows = Decision.objects.filter(
        organisation_id=member.organisation_id,
        verdict=Verdict.INFRINGING,
        superseded_by__isnull=True,
        finding__current=True,
    )
    return list(rows.order_by("-pk").values_list("finding__core_id", flat=True)[: min(size, _MOST)])
