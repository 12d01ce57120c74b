"""People's decisions in the form that `countermark learn` reads; they name nobody."""

from collections.abc import Iterator
from datetime import datetime

from countermark.evaluate.learning import Decided, decided
from countermark.model import Finding as Record
from countermark.model import from_json
from countermark.node.audit import services as audit
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review.models import Decision
from countermark.node.review.verdicts import Verdict

#: Decisions read from the database at once.
CHUNK = 500
_ANSWERS = {Verdict.INFRINGING.value: True, Verdict.NOT_INFRINGING.value: False}


def decided_findings(member: Member, since: datetime | None = None) -> Iterator[Decided]:
    """Decisions that stand, oldest first: the finding's measured values as the person saw them, the answer, and when.

    What was undone, and what says neither yes nor no (unsure, escalate), is left out. No person, shop, title or note is
    in it. They stream; that they were taken out is written to the trail when the last one was read.

    Raises NotPermitted (Permission.REVIEW_EXPORT), at once.
    """
    member.require(Permission.REVIEW_EXPORT)
    return _rows(member, since)


def _rows(member: Member, since: datetime | None) -> Iterator[Decided]:
    stand = Decision.objects.filter(
        organisation_id=member.organisation_id, verdict__in=_ANSWERS, superseded_by__isnull=True
    )
    if since is not None:
        stand = stand.filter(at__gte=since)
    read = stand.order_by("at", "pk").values_list("verdict", "at", "finding__record").iterator(chunk_size=CHUNK)
    count = 0
    for verdict, at, record in read:
        count += 1
        yield decided(from_json(record, Record), infringing=_ANSWERS[verdict], at=at)
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="decisions.exported",
        detail={"decisions": count, "since": since.isoformat() if since else ""},
    )
